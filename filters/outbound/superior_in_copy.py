"""OUT-APPROVE: a superior of the sender shall get a copy of what leaves."""

from collections.abc import Iterator

from config.policy import Organisation
from filters.finding import Sight
from filters.rule import rule
from filters.trigger import Given
from filters.views import ByFields
from mail.address import without_tag


@rule(control="OUT-APPROVE", direction="outbound", wakes=(Given.SENDER,))
def superior_in_copy(mail: ByFields, organisation: Organisation) -> Iterator[Sight]:
    """Somebody outside gets the mail, and none of the sender's superiors does: neither the head of their department nor
    their manager, as far as the directory knows them. Nothing is missing where the sender has no superior."""
    superiors, recipients = mail.facts.superiors, mail.facts.envelope.recipients
    if not superiors:
        return
    known = {without_tag(address) for address in superiors}
    outside = tuple(i for i, address in enumerate(recipients) if not organisation.internal(address))
    if outside and not any(without_tag(address) in known for address in recipients):
        yield Sight(recipients=outside, values={"address": superiors[0][:200]})
