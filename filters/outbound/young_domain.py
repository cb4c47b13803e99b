"""OUT-MISSEND: a recipient's domain was registered lately, as a list says."""

from collections.abc import Iterator

from config.policy import Organisation
from filters.finding import Evidence, Sight
from filters.lures.hosts import below
from filters.rule import rule
from filters.trigger import Given
from filters.views import ByRecipients


@rule(control="OUT-MISSEND", direction="outbound", wakes=(Given.MEMORY,))
def young_domain(
    mail: ByRecipients, organisation: Organisation, *, domains: tuple[str, ...]
) -> Iterator[Sight]:
    """A recipient's domain stands in `domains`, a list of young ones that the organisation keeps, or is below one."""
    young = frozenset(domain.lower() for domain in domains)
    for recipient in mail.leaving.outside(organisation) if young else ():
        if below(recipient.address.rpartition("@")[2], young):
            yield Sight(
                (Evidence(recipient.address[:120], "header:to"),),
                {"address": recipient.address[:120]},
                recipients=(recipient.index,),
                about=(recipient.address,),
            )
