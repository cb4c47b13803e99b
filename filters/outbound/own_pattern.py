"""OUT-CLASS: the organisation's own words and patterns."""

from collections.abc import Iterator

from config.policy import Organisation
from filters.finding import Evidence, Sight
from filters.rule import rule
from filters.trigger import Finds
from filters.views import ByContent


@rule(control="OUT-CLASS", direction="outbound", wakes=(Finds(("own",)),))
def own_pattern(mail: ByContent, organisation: Organisation) -> Iterator[Sight]:
    """One of organisation.patterns, anywhere in the mail.

    A pattern's own `then` replaces the rule's. The class rules also see a pattern that has a class.
    """
    if not organisation.patterns:
        return
    reading = mail.reading
    found: dict[str, list[Evidence]] = {}
    counts: dict[str, int] = {}
    for text in reading.texts():
        for match in reading.scan(text, organisation).own:
            name = match.pattern.name
            counts[name] = counts.get(name, 0) + match.count
            found.setdefault(name, []).append(Evidence(match.quote, text.place, text.origin(match.offset)))
    for name, evidence in found.items():
        values = {
            "name": name[:60],
            "count": str(counts[name]),
            "where": evidence[0].part[:80],
            "pattern": name,
        }
        yield Sight(tuple(evidence[:3]), values=values)
