"""A month in figures: what passed, what the policy did, its exceptions, who approved and how, how held mail ended, how long
people waited for an answer, whether the log is whole (OPS-REVIEW).

Figures of the journal are those of all nodes; those of the policy lack the last seconds of a node that runs.

Diagnostics: StoreError.
"""

import datetime
import json
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from functools import partial
from zoneinfo import ZoneInfo

import msgspec

from config.policy import Policy
from quarantine.item import Event
from quarantine.policies.counts import Counts, PolicyUse
from quarantine.policies.exceptions import SeenException, seen
from quarantine.review.flow import Answers, Flow, answers, flow
from quarantine.waits.attention import Decisions, decided
from storage.bound import bound
from storage.interfaces import Database, Row, Transaction

ENDS = (
    Event.DUE,
    Event.SEND_NOW,
    Event.CONFIRM,
    Event.APPROVE,
    Event.RELEASE,
    Event.ELAPSE,
    Event.RECALL,
    Event.DENY,
    Event.DISCARD,
    Event.EXPIRE,
)
"""What ends a wait of a leaving mail, or a part of it: those that let it go before those that do not."""
PAGE = 10_000
"""Entries of the journal that are read at a time."""

_PAGE = (
    "SELECT journal.at, journal.node, journal.seq, journal.event, journal.actor, item.mail_id, item.accepted_at, journal.detail"
    " FROM journal JOIN item ON item.id = journal.item"
    " WHERE journal.tenant = :tenant AND journal.at >= :since AND journal.at < :until"
    " AND (journal.at, journal.node, journal.seq) > (:since, :node, :seq) AND item.tenant = :tenant"
    " AND item.direction = 'outbound'"
    " AND journal.event IN ('due', 'send_now', 'confirm', 'approve', 'release', 'elapse',"
    " 'recall', 'deny', 'discard', 'expire')"
    " ORDER BY journal.at, journal.node, journal.seq LIMIT :page"
)


class MonthFigures(msgspec.Struct, frozen=True):
    """The figures of a month ("2026-11") of one tenant.

    use         what the policy did
    exceptions  those that counted on a day of it, with the mails of this month alone
    decisions   who was asked to approve, and how they decided; those with the most first
    ends        event -> leaving mails that it happened to
    flow        what passed, in both directions
    approvals   how long approved and denied mails had waited
    """

    month: str
    use: PolicyUse
    exceptions: tuple[SeenException, ...]
    decisions: tuple[Decisions, ...]
    ends: dict[str, int]
    flow: Flow
    approvals: Answers

    @property
    def approved(self) -> int:
        return sum(each.approved for each in self.decisions)

    @property
    def blind(self) -> int:
        """Approvals that were faster than one can read."""
        return sum(each.blind for each in self.decisions)


async def figures(
    database: Database, policy: Policy, tenant: str, month: str, zone: str, today: datetime.date
) -> MonthFigures:
    """Those of a month in a time zone, up to `today`. Raises ValueError when `month` is none."""
    first = datetime.date.fromisoformat(f"{month}-01")
    following = (first + datetime.timedelta(days=31)).replace(day=1)
    counts = Counts(database)
    use = await counts.since(tenant, first.isoformat(), following.isoformat())
    months = await counts.by_month(tenant, first.isoformat())
    used = {key: [one for one in each if one.month == month] for key, each in months.items()}
    last = min(following - datetime.timedelta(days=1), max(today, first))
    exceptions = tuple(one for one in seen(policy, last, used) if one.until >= first.isoformat() or one.used)
    since, until = (_midnight(day, zone) for day in (first, following))
    rows = await _entries(database, tenant, since, until)
    said: dict[str, list[dict[str, object]]] = defaultdict(list)
    items: Counter[str] = Counter()
    for event, _ in {(row["event"], row["mail_id"]) for row in rows}:
        items[event] += 1
    for row in rows:
        if row["event"] in (Event.APPROVE, Event.DENY):
            said[row["actor"]].append({"event": row["event"], **json.loads(row["detail"])})
    people = [decided(login, {}, each) for login, each in said.items()]
    return MonthFigures(
        month,
        use,
        exceptions,
        tuple(sorted(people, key=lambda one: (-one.approved - one.denied, one.person))),
        {event.value: items[event.value] for event in ENDS if items[event.value]},
        await flow(database, tenant, since, until, first.isoformat(), following.isoformat()),
        answers(list(decided_at(rows).values())),
    )


def decided_at(rows: Sequence[Row]) -> dict[str, tuple[float, float | None]]:
    """Mail -> when it was accepted and when approvers had decided on it, of entries in the order of time."""
    return {
        row["mail_id"]: (row["accepted_at"], row["at"])
        for row in rows
        if row["event"] in (Event.APPROVE, Event.DENY)
    }


def _midnight(day: datetime.date, zone: str) -> float:
    return datetime.datetime.combine(day, datetime.time(), ZoneInfo(zone)).timestamp()


async def _entries(database: Database, tenant: str, since: float, until: float) -> list[Row]:
    """The entries of a time in which a wait of a leaving mail ended, page by page."""
    found: list[Row] = []
    values = {"tenant": tenant, "since": since, "until": until, "node": "", "seq": -1, "page": PAGE}
    while True:
        rows = await bound(database, tenant).read(partial(_page, values))
        found += rows
        if len(rows) < PAGE:
            return found
        values |= {"since": rows[-1]["at"], "node": rows[-1]["node"], "seq": rows[-1]["seq"]}


def _page(values: Mapping[str, object], transaction: Transaction) -> list[Row]:
    return transaction.execute(_PAGE, values)
