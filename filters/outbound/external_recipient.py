"""OUT-DELAY: mail to the outside waits, so that its sender can take it back."""

from collections.abc import Iterator

from config.policy import Organisation
from filters.finding import Sight
from filters.rule import Mail, rule


@rule(control="OUT-DELAY", direction="outbound")
def external_recipient(mail: Mail, organisation: Organisation, *, group: bool) -> Iterator[Sight]:
    """Somebody outside our own domains gets this mail.

    `group`: also wait for mail to group companies.
    """
    ours = organisation.internal if group else organisation.group
    outside = tuple(i for i, a in enumerate(mail.facts.envelope.recipients) if not ours(a))
    if outside:
        yield Sight(recipients=outside, values={"count": str(len(outside))})
