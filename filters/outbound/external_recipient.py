"""OUT-DELAY: mail to the outside is delayed, so that its sender can take it back."""

from collections.abc import Iterator

from config.policy import Organisation
from filters.finding import Sight
from filters.rule import rule
from filters.trigger import Always
from filters.views import ByFields


@rule(control="OUT-DELAY", direction="outbound", wakes=(Always("it looks at the envelope"),))
def external_recipient(mail: ByFields, organisation: Organisation, *, group: bool) -> Iterator[Sight]:
    """A recipient is outside our own domains.

    `group`: also delay mail to group companies.
    """
    ours = organisation.internal if group else organisation.group
    recipients = mail.facts.envelope.recipients
    outside = tuple(i for i, a in enumerate(recipients) if not ours(a))
    if outside:
        of_group = sum(organisation.group(recipients[i]) for i in outside)
        whom = "" if not of_group else "group" if of_group == len(outside) else "both"
        yield Sight(recipients=outside, values={"count": str(len(outside)), "whom": whom})
