"""The policy's exceptions as people see them: in force, near their end, or over; how often each was used (OPS-EXCEPTION).

The policy ends them by itself (filters/decision/decide.py looks at the day); here it is seen, and noted who was told.
"""

import datetime
from collections.abc import Mapping, Sequence
from enum import StrEnum

import msgspec

from config.cases import spoken
from config.policy import Policy
from directory.account import canonical
from quarantine.policies.counts import Counts, Month
from storage.bound import bound
from storage.interfaces import Already, Database, Transaction
from storage.statements import insert_into

ENDING = 30
"""Days before its end from which an exception is shown as ending."""
WARNED = 7
"""Days before its end at which its owner and the administrators are told; a week: its renewal needs somebody's word."""
LATE = 30
"""Days after its end for which that is still news, to a node that did not run on the day."""
MONTHS = 12
"""Of which figures are shown, the current one included."""

_TOLD = "SELECT exception, until, standing FROM exception_told WHERE tenant = :tenant"
_TELL = (
    insert_into("exception_told", ("tenant", "exception", "until", "standing", "at"))
    + " ON CONFLICT (tenant, exception, until, standing) DO NOTHING"
)


class ExceptionState(StrEnum):
    """Whether an exception counts on a day: it does, it does for ENDING days at most, or no more."""

    IN_FORCE = "in_force"
    ENDING = "ending"
    OVER = "over"


class SeenException(msgspec.Struct, frozen=True):
    """An exception on a day.

    when     what it asks of a mail, by key (config/cases.py: spoken)
    until    its last day (ISO date); `left`: days until then, below zero when it is over
    months   those in which it was used, the oldest first
    """

    rule: str
    name: str
    when: dict[str, str]
    then: str
    owner: str
    approved_by: str
    reason: str
    until: str
    left: int
    months: tuple[Month, ...] = ()

    @property
    def standing(self) -> ExceptionState:
        if self.left < 0:
            return ExceptionState.OVER
        return ExceptionState.ENDING if self.left <= ENDING else ExceptionState.IN_FORCE

    @property
    def used(self) -> int:
        """Mails in all months that are shown."""
        return sum(month.mails for month in self.months)

    @property
    def last(self) -> str:
        """The last day on which it was used (ISO date), "" for never."""
        return self.months[-1].last if self.months else ""

    @property
    def key(self) -> str:
        return f"{self.rule}/{self.name}"


def seen(
    policy: Policy, today: datetime.date, months: Mapping[tuple[str, str], Sequence[Month]] = {}
) -> list[SeenException]:
    """The exceptions of a policy, those that end first before the others, and those that are over last."""
    found = []
    for number, each in enumerate(policy.exceptions):
        name = each.called(number)
        one = SeenException(
            each.rule, name, spoken(each.when), each.then, each.owner.strip(), each.approved_by.strip(),
            each.reason.strip(), each.until.isoformat(), (each.until - today).days,
            tuple(months.get((each.rule, name), ())),
        )  # fmt: skip
        found.append(one)
    return sorted(found, key=lambda one: (one.left < 0, one.until, one.key))


async def with_figures(
    policy: Policy, counts: Counts, tenant: str, today: datetime.date
) -> list[SeenException]:
    """The same with a tenant's figures of MONTHS months. Raises StoreError."""
    first = today.replace(day=1)
    for _ in range(MONTHS - 1):
        first = (first - datetime.timedelta(days=1)).replace(day=1)
    return seen(policy, today, await counts.by_month(tenant, first.isoformat()))


def agreed_by(author: str, policy: Policy, before: Policy | None) -> list[str]:
    """The exceptions that are new in a policy and name as the one who agreed the very person who writes them in."""
    known = before.exceptions if before is not None else ()
    return [
        each.called(number)
        for number, each in enumerate(policy.exceptions)
        if each not in known and canonical(each.approved_by) == canonical(author)
    ]


async def untold(database: Database, tenant: str, every: Sequence[SeenException]) -> list[SeenException]:
    """Those whose owner and administrators have not heard yet that the end is near, or was. Raises StoreError."""
    news = [one for one in every if -LATE <= one.left <= WARNED]
    if not news:
        return []
    rows = await bound(database, tenant).read(lambda t: t.execute(_TOLD, {"tenant": tenant}))
    told = {(row["exception"], row["until"], row["standing"]) for row in rows}
    return [one for one in news if (one.key, one.until, one.standing.value) not in told]


def tell(transaction: Transaction, tenant: str, every: Sequence[SeenException], now: float) -> None:
    """Note that they hear of these now. Raises Already."""
    for one in every:
        row = {"exception": one.key, "until": one.until, "standing": one.standing.value, "at": now}
        transaction.execute(_TELL, {"tenant": tenant, **row})
        if transaction.changed() != 1:
            raise Already("told")
