"""OUT-PII: rows of a registered table, such as the customer list, do not leave unseen."""

from collections.abc import Iterator

from config.policy import Organisation
from filters.finding import Evidence, Sight
from filters.rule import rule
from filters.trigger import Given
from filters.views import ByContent


@rule(control="OUT-PII", direction="outbound", wakes=(Given.REGISTERED,))
def registered_data(mail: ByContent, organisation: Organisation, *, least: int) -> Iterator[Sight]:
    """At least `least` rows of a table registered with `sekisho register table`."""
    if not organisation.registered.indexes:
        return
    reading = mail.reading
    found: dict[str, dict[int, Evidence]] = {}
    for text in reading.texts():
        for row in reading.scan(text, organisation).rows:
            evidence = Evidence(row.quote, text.place, text.origin(row.offset))
            found.setdefault(row.table, {}).setdefault(row.row, evidence)
    for name, rows in found.items():
        if len(rows) >= least:
            shown = tuple(rows.values())[:3]
            values = {"name": name[:60], "count": str(len(rows)), "where": shown[0].part[:80]}
            yield Sight(shown, values=values)
