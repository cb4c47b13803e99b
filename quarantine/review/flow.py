"""What passed in a time, how it ended, how long people waited for an answer, and whether the log goes on without a gap.

Numbers alone; of all nodes. Diagnostics: StoreError.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from statistics import median

import msgspec

from quarantine.policies.counts import Counts
from storage.bound import bound
from storage.interfaces import Database, Row, Transaction

WAITS = "waits"
"""How mail has ended that has not."""
_ENDED = (
    "SELECT direction, ended, COUNT(*) AS number FROM item WHERE tenant = :tenant AND direction <> 'notice'"
    " AND accepted_at >= :since AND accepted_at < :until GROUP BY direction, ended"
)
_IN_LINE = (
    "SELECT event, COUNT(*) AS number FROM journal WHERE tenant = :tenant AND at >= :since AND at < :until"
    " AND event IN ('pass', 'refuse', 'next_hop_refused') GROUP BY event"
)
_REQUESTS = "SELECT at, settled_at AS answered FROM release_requests WHERE tenant = :tenant AND at >= :since AND at < :until"
_REPORTS = "SELECT at, decided_at AS answered, verdict FROM report WHERE tenant = :tenant AND at >= :since AND at < :until"
_SPANS = (
    "SELECT node, MIN(seq) AS first, MAX(seq) AS last FROM journal"
    " WHERE tenant = :tenant AND at >= :since AND at < :until GROUP BY node ORDER BY node"
)
_WITHIN = "SELECT COUNT(*) AS number FROM journal WHERE tenant = :tenant AND node = :node AND seq >= :first AND seq <= :last"


class Answers(msgspec.Struct, frozen=True):
    """How long people waited for a word: `number` got one, half of them within `median` seconds, all within `slowest`;
    `unanswered` still wait."""

    number: int = 0
    median: float = 0.0
    slowest: float = 0.0
    unanswered: int = 0


class Continuity(msgspec.Struct, frozen=True):
    """A chain of the journal in a time: its entries, and how many numbers between the first and the last have none."""

    chain: str
    entries: int
    missing: int


class Flow(msgspec.Struct, frozen=True):
    """The mail of a time.

    days       mails examined by day (ISO date) and direction
    ended      direction -> how it ended (ItemEnd, or WAITS) -> mails in our custody
    in_line    "pass", "refuse", "next_hop_refused" -> mails that were never in our custody
    requests, reports   recipients who asked for a held mail, and people who reported one
    verdicts   what was decided of the reports -> how many
    """

    days: Mapping[str, Mapping[str, int]]
    ended: Mapping[str, Mapping[str, int]]
    in_line: Mapping[str, int]
    requests: Answers
    reports: Answers
    verdicts: Mapping[str, int]
    chains: tuple[Continuity, ...]

    @property
    def missing(self) -> int:
        """Entries of the log that are not there."""
        return sum(each.missing for each in self.chains)


def answers(waits: Sequence[tuple[float, float | None]]) -> Answers:
    """Of times (asked, answered; None: not yet), UTC seconds."""
    took = sorted(max(0.0, answered - asked) for asked, answered in waits if answered is not None)
    if not took:
        return Answers(unanswered=len(waits))
    return Answers(len(took), median(took), took[-1], len(waits) - len(took))


async def flow(database: Database, tenant: str, since: float, until: float, first: str, after: str) -> Flow:
    """Of a time in UTC seconds, which are the days from `first` on, before `after` (ISO dates)."""
    values = {"tenant": tenant, "since": since, "until": until}
    days, mine = await Counts(database).days(tenant, first, after), bound(database, tenant)
    ended: dict[str, Counter[str]] = defaultdict(Counter)
    for row in await mine.read(lambda t: t.execute(_ENDED, values)):
        ended[row["direction"]][row["ended"] or WAITS] += row["number"]
    in_line = await mine.read(lambda t: t.execute(_IN_LINE, values))
    requests = await mine.read(lambda t: t.execute(_REQUESTS, values))
    reports = await mine.read(lambda t: t.execute(_REPORTS, values))
    return Flow(
        days,
        {direction: dict(each) for direction, each in ended.items()},
        {row["event"]: row["number"] for row in in_line},
        answers(_waits(requests)),
        answers(_waits(reports)),
        dict(Counter(row["verdict"] for row in reports if row["verdict"])),
        tuple(await mine.read(lambda t: _chains(t, values))),
    )


def _waits(rows: Sequence[Row]) -> list[tuple[float, float | None]]:
    return [(row["at"], row["answered"]) for row in rows]


def _chains(transaction: Transaction, values: Mapping[str, object]) -> list[Continuity]:
    found = []
    for row in transaction.execute(_SPANS, values):
        place = {"tenant": values["tenant"], "node": row["node"], "first": row["first"], "last": row["last"]}
        number = transaction.execute(_WITHIN, place)[0]["number"]
        found.append(Continuity(row["node"], number, row["last"] - row["first"] + 1 - number))
    return found
