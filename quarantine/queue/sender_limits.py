"""To how many recipients somebody may write in a while (OUT-DELAY): what they sent of late is counted from the items in custody.

So the numbers survive a restart, hold for all nodes, and cost no statement where mail is taken: they are read once for each
sender and `AGE` seconds, and what this process takes meanwhile is added in memory. The sums of nodes may exceed a limit by
what is sent in that time.

It is asked before a mail, never in the middle of one: whoever has not used up the limit may send one more mail, however many
recipients it has. It is asked once more when the whole mail is there (`claim`): mails that were begun side by side, before
any of them had a recipient, are not all one more mail (docs/adr/0038).
"""

from collections import OrderedDict
from collections.abc import Callable

import msgspec

from config.business_hours import business_hours
from config.cases import several
from config.policies import PolicyOf
from config.policy import Policy, Sending
from directory.people import People
from filters.decision.groups import Groups
from filters.facts import Person
from storage.bound import bound
from storage.interfaces import Database

TEN_MINUTES, DAY = 600.0, 86_400.0
AHEAD = 600.0
"""Seconds by which a clock that was set back may have been wrong: what it says was sent later than that counts for nothing.
Otherwise nobody who sent much while it was a year ahead would send anything for a year."""
AGE, SHORT = 60.0, 5.0
"""Seconds for which a reading counts; and for those who have used up half of a limit."""
SLOT = 60.0
"""Seconds of which no more is remembered than how much it was, and when it ended."""
MOST = 20_000
"""Senders that are remembered; of the others it is read again."""

_SENT = (
    "SELECT CAST((accepted_at - :since) / :slot AS INTEGER) AS slot, MAX(accepted_at) AS at, COUNT(*) AS number"
    " FROM item JOIN recipient ON recipient.item = item.id AND recipient.tenant = item.tenant"
    " WHERE item.tenant = :tenant AND owner = :owner AND accepted_at > :since AND accepted_at <= :until"
    " AND direction = 'outbound' GROUP BY 1"
)
"""To how many recipients somebody wrote, by slots."""

_EVERYBODY = (
    "SELECT owner, COUNT(*) AS number, SUM(CASE WHEN accepted_at > :lately THEN 1 ELSE 0 END) AS lately"
    " FROM (SELECT owner, accepted_at FROM item"
    " JOIN recipient ON recipient.item = item.id AND recipient.tenant = item.tenant"
    " WHERE item.tenant = :tenant AND accepted_at > :since AND accepted_at <= :until AND direction = 'outbound'"
    " ORDER BY accepted_at DESC LIMIT :most) AS sent GROUP BY owner"
)
"""To how many recipients everybody of a tenant wrote, of the latest of them."""
COUNTED = 100_000
"""Recipients that are looked at, to say how near somebody is to a limit."""
NEAR = 0.8
"""Of a limit: who has used up so much is near it."""


class SenderUse(msgspec.Struct, frozen=True):
    """Limits of one tenant and how near its people are to them, in numbers alone.

    per_10_minutes, per_day   recipients that each may write to, 0: any number; `cases`: of how many groups it is another number
    senders                   people who wrote to somebody in a day
    near, full                those of them who used up most of a limit, and all of it
    most                      percent of their limit that whoever is nearest has used
    """

    per_10_minutes: int = 0
    per_day: int = 0
    cases: int = 0
    senders: int = 0
    near: int = 0
    full: int = 0
    most: int = 0


class Exhausted(msgspec.Struct, frozen=True):
    """A limit that is used up: for how many seconds it counts, how much it is, and when it works again (UTC seconds)."""

    window: float
    limit: int
    until: float


class _Sender:
    """What somebody sent: as it was read, and since."""

    def __init__(self) -> None:
        self.read_at = -1e9
        self.sent: list[tuple[float, int]] = []
        self.limited = True
        self.wanted: tuple[tuple[float, int], ...] = ()
        """The limits that counted at the last mail: (window, number)."""
        self.under_way = 0
        """Recipients of mails that are just being said."""
        self.claimed = 0
        """Those among them of mails that are just being taken."""

    def within(self, window: float, now: float) -> int:
        return sum(number for at, number in self.sent if now - window < at <= now + AHEAD)


class SenderLimits:
    """The limits of the policy in force. `zone`: a tenant's time zone, in which its days begin."""

    def __init__(
        self, database: Database, policy: PolicyOf, clock: Callable[[], float], zone: Callable[[str], str]
    ) -> None:
        self._database = database
        self._policy = policy
        self._clock = clock
        self._zone = zone
        self._senders: OrderedDict[tuple[str, str], _Sender] = OrderedDict()
        self._groups: dict[str, tuple[Policy, Groups]] = {}

    async def exhausted(self, tenant: str, person: Person) -> Exhausted | None:
        """The limit that keeps somebody from sending one more mail now. Raises StoreError."""
        now = self._clock()
        limits = self.limits(tenant, person, now)
        wanted = [(DAY, limits.per_day), (TEN_MINUTES, limits.per_10_minutes)]
        wanted = [(window, limit) for window, limit in wanted if limit]
        sender = self._sender(tenant, person.login)
        sender.limited, sender.wanted = bool(wanted), tuple(wanted)
        if not wanted:
            sender.read_at, sender.sent = -1e9, []
            return None
        near = any(2 * sender.within(window, now) >= limit for window, limit in wanted)
        if not 0 <= now - sender.read_at < (SHORT if near else AGE):
            await self._read(sender, tenant, person.login, now)
        for window, limit in wanted:
            if sender.within(window, now) + sender.under_way >= limit:
                return Exhausted(window, limit, _until(sender, now, window, limit, sender.under_way))
        return None

    def claim(self, tenant: str, login: str, number: int) -> Exhausted | None:
        """A mail to so many recipients is about to be taken: the limit that others used up since it was begun, or None; then
        it counts, until `unclaim`."""
        now, sender = self._clock(), self._sender(tenant, login)
        for window, limit in sender.wanted:
            if sender.within(window, now) + sender.claimed >= limit:
                return Exhausted(window, limit, _until(sender, now, window, limit, sender.claimed))
        sender.claimed += number
        return None

    def unclaim(self, tenant: str, login: str, number: int) -> None:
        """It was taken, or was not."""
        sender = self._sender(tenant, login)
        sender.claimed = max(0, sender.claimed - number)

    def limits(self, tenant: str, person: Person, now: float) -> Sending:
        """Those of the first case that fits, else the general ones; 0: none."""
        policy = self._policy(tenant)
        if not policy.sending.cases:
            return policy.sending
        day = business_hours(policy.calendar, self._zone(tenant)).day(now).isoformat()
        mine = self._asked(tenant, policy).of_person(person, day)
        for case in policy.sending.cases:
            if not mine.isdisjoint(several(case.when.groups)):
                return policy.sending.of(case)
        return policy.sending

    async def used(self, people: People, tenant: str) -> SenderUse:
        """How near the people of a tenant are to their limits. Raises StoreError."""
        now = self._clock()
        values = {
            "tenant": tenant, "since": now - DAY, "lately": now - TEN_MINUTES, "until": now + AHEAD, "most": COUNTED,
        }  # fmt: skip
        rows = await bound(self._database, tenant).read(lambda t: t.execute(_EVERYBODY, values))
        persons = {account.login: account.person for account in await people.all(tenant)}
        shares = []
        for row in rows:
            person = persons.get(row["owner"])
            if person is not None:
                own = self.limits(tenant, person, now)
                wrote = ((own.per_day, row["number"]), (own.per_10_minutes, row["lately"]))
                shares.append(max((number / limit for limit, number in wrote if limit), default=0.0))
        general = self._policy(tenant).sending
        return SenderUse(
            general.per_10_minutes, general.per_day, len(general.cases), len(shares),
            near=sum(NEAR <= share < 1 for share in shares), full=sum(share >= 1 for share in shares),
            most=int(100 * max(shares, default=0.0)),
        )  # fmt: skip

    def under_way(self, tenant: str, login: str, number: int) -> None:
        """So many recipients more (or fewer) stand in mails that are not taken yet."""
        sender = self._sender(tenant, login)
        sender.under_way = max(0, sender.under_way + number)

    def sent(self, tenant: str, login: str, number: int, now: float) -> None:
        """A mail to so many recipients was taken."""
        sender = self._sender(tenant, login)
        if sender.limited:
            sender.sent.append((now, number))

    async def _read(self, sender: _Sender, tenant: str, login: str, now: float) -> None:
        values = {"tenant": tenant, "owner": login, "since": now - DAY, "until": now + AHEAD, "slot": SLOT}
        before = len(sender.sent)
        rows = await bound(self._database, tenant).read(
            lambda transaction: transaction.execute(_SENT, values)
        )
        # What was taken while it was read may stand there twice until the next reading.
        sender.sent = [*((row["at"], int(row["number"])) for row in rows), *sender.sent[before:]]
        sender.read_at = now

    def _sender(self, tenant: str, login: str) -> _Sender:
        sender = self._senders.setdefault((tenant, login), _Sender())
        self._senders.move_to_end((tenant, login))
        if len(self._senders) > MOST:
            self._senders.popitem(last=False)
        return sender

    def _asked(self, tenant: str, policy: Policy) -> Groups:
        if tenant not in self._groups or self._groups[tenant][0] is not policy:
            names = {name for case in policy.sending.cases for name in several(case.when.groups)}
            self._groups[tenant] = policy, Groups(policy.groups, policy.organisation, names)
        return self._groups[tenant][1]


def _until(sender: _Sender, now: float, window: float, limit: int, besides: int) -> float:
    """When enough has left the window; at once where only what is just being said (`besides`) fills it."""
    left = sender.within(window, now) + besides
    for at, number in sorted(sender.sent):
        if left < limit:
            break
        if now - window < at <= now + AHEAD:
            left -= number
            until = at + window
            if left < limit:
                return until
    return now
