"""OUT-MISSEND: nobody here ever wrote to a recipient."""

from collections.abc import Iterator

from config.policy import Organisation
from filters.finding import Evidence, Sight
from filters.rule import rule
from filters.trigger import Given
from filters.views import ByRecipients


@rule(control="OUT-MISSEND", direction="outbound", wakes=(Given.MEMORY,))
def first_time(mail: ByRecipients, organisation: Organisation) -> Iterator[Sight]:
    """No mail of ours ever left to this address, once we have learned long enough to say so."""
    if mail.facts.learning:
        return
    for recipient in mail.leaving.outside(organisation):
        if not mail.leaving.memory.of(recipient.address).ours:
            yield Sight(
                (Evidence(recipient.address[:120], "header:to"),),
                {"address": recipient.address[:120]},
                recipients=(recipient.index,),
                about=(recipient.address,),
            )
