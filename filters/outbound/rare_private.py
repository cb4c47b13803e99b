"""OUT-MISSEND: a private mailbox to which hardly anybody here ever wrote."""

from collections.abc import Iterator

from config.policy import Organisation
from filters.finding import Evidence, Sight
from filters.lures.hosts import is_customers
from filters.rule import rule
from filters.trigger import Given
from filters.views import ByRecipients


@rule(control="OUT-MISSEND", direction="outbound", wakes=(Given.MEMORY,))
def rare_private(mail: ByRecipients, organisation: Organisation, *, often: int) -> Iterator[Sight]:
    """An address at a provider for everybody to which the sender never wrote, and all of us less than `often`."""
    memory = mail.leaving.memory
    if mail.facts.learning:
        return
    for recipient in mail.leaving.outside(organisation):
        known = memory.of(recipient.address)
        if is_customers(recipient.domain) and known.ours < often and not known.mine:
            yield Sight(
                (Evidence(recipient.address[:120], "header:to"),),
                {"address": recipient.address[:120]},
                recipients=(recipient.index,),
                about=(recipient.address,),
            )
