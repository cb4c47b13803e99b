"""What the virus scanner said of a mail, as rules of both directions see it (Facts.scan)."""

from collections.abc import Iterator

from filters.facts import Facts
from filters.finding import Evidence, Sight

SHOWN = 5
"""Names of what was found that people are shown."""


def infected(facts: Facts) -> Iterator[Sight]:
    """What was found, by the names that the scanner gives it."""
    if facts.scan is not None and facts.scan.names:
        evidence = tuple(Evidence(name[:120], "") for name in facts.scan.names[:SHOWN])
        yield Sight(
            evidence, values={"names": ", ".join(facts.scan.names[:SHOWN])}, recipients=_everybody(facts)
        )


def unseen(facts: Facts) -> Iterator[Sight]:
    """That nobody looked, or not at all of it, and why. What was found is enough by itself."""
    scan = facts.scan
    if scan is not None and scan.lack and not scan.names:
        evidence = (Evidence(scan.detail[:200], ""),)
        yield Sight(evidence, values={"why": scan.lack}, recipients=_everybody(facts))


def _everybody(facts: Facts) -> tuple[int, ...]:
    """Our own people, too: a virus is none the less one in a mail that stays in the house."""
    return tuple(range(len(facts.envelope.forward_paths)))
