"""OUT-MISSEND: partners that never stood in one mail."""

from collections.abc import Iterator

from config.policy import Organisation
from filters.finding import Evidence, Sight
from filters.lures.hosts import is_customers
from filters.reading.leaving import FREQUENT, Addressee, Leaving
from filters.rule import rule
from filters.trigger import Given
from filters.views import ByRecipients


@rule(control="OUT-MISSEND", direction="outbound", wakes=(Given.MEMORY,))
def apart(mail: ByRecipients, organisation: Organisation) -> Iterator[Sight]:
    """Two companies that we know see each other in To and Cc, which never happened, and the mail greets one of them at most."""
    leaving, memory = mail.leaving, mail.leaving.memory
    if mail.facts.learning:
        return
    thread = memory.thread.people if memory.thread is not None else frozenset()
    there: dict[str, list[Addressee]] = {}
    for recipient in leaving.outside(organisation):
        if recipient.address in leaving.visible and not is_customers(recipient.domain):
            there.setdefault(recipient.domain, []).append(recipient)
    known = [d for d in there if memory.at(d).ours >= FREQUENT / 4]
    met = [d for d in known if any(r.address in thread for r in there[d])]
    pairs = [
        (one, other)
        for n, one in enumerate(known)
        for other in known[n + 1 :]
        if not (one in met and other in met)
        and other not in memory.at(one).beside
        and one not in memory.at(other).beside
    ]
    concerned = {domain for pair in pairs for domain in pair}
    greeted = {d for d in concerned if _is_greeted(leaving, organisation, d, there[d])}
    if not pairs or greeted == concerned:
        return
    # The stranger is who is greeted least, belongs to others least, and to whom the sender writes least.
    odd = min(
        concerned - greeted,
        key=lambda d: (
            d in met,
            -sum(d in pair for pair in pairs),
            leaving.mentions(d, organisation),
            any(r.address in leaving.first for r in there[d]),
            memory.at(d).mine,
        ),
    )
    beside = next(a if b == odd else b for a, b in pairs if odd in (a, b))
    about = tuple(r.address for r in there[odd])
    yield Sight(
        (Evidence(", ".join(about)[:200], "header:to"),),
        {"address": about[0][:120], "other": beside[:120]},
        about=about[:5],
    )


def _is_greeted(leaving: Leaving, organisation: Organisation, domain: str, there: list[Addressee]) -> bool:
    return leaving.greets_firm(domain, organisation) or any(leaving.greets(r) for r in there)
