"""OUT-MISSEND: an address at a domain that nobody ever wrote to, and that looks like one of ours, a partner's or a known one."""

from collections.abc import Iterator

from config.policy import Organisation
from filters.finding import Evidence, Sight
from filters.lures.hosts import readable
from filters.lures.mistyped import mistyped
from filters.rule import rule
from filters.trigger import Given
from filters.views import ByRecipients


@rule(control="OUT-MISSEND", direction="outbound", wakes=(Given.MEMORY,))
def mistaken_domain(mail: ByRecipients, organisation: Organisation, *, often: int) -> Iterator[Sight]:
    """A recipient's domain is new, and one letter, or another ending, away from a known one.

    `often`: so often somebody here must have written to the known one; our own and partners' domains always count.
    """
    memory, written = (
        mail.leaving.memory,
        (*organisation.domains, *organisation.group_domains, *organisation.partners),
    )
    for recipient in mail.leaving.outside(organisation):
        local = recipient.address.rpartition("@")[0]
        known = [
            domain
            for domain in memory.alike.get(recipient.domain, ())
            if (domain in written or memory.at(domain).ours >= often) and mistyped(recipient.domain, domain)
        ]
        if not known:
            continue
        meant = max(
            known, key=lambda d: (memory.of(f"{local}@{d}").ours, memory.at(d).mine, memory.at(d).ours)
        )
        whom = f"{local}@{meant}" if memory.of(f"{local}@{meant}").ours else meant
        shown = f"{local}@{readable(recipient.address.rpartition('@')[2])}"
        yield Sight(
            (Evidence(shown[:120], "header:to"),),
            {"address": shown[:120], "meant": whom[:120]},
            recipients=(recipient.index,),
            about=(recipient.address,),
            meant=whom,
        )
