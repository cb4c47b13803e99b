"""How much one person may send, as both databases count it."""

from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from config.cases import Group, Staff
from config.policy import Policy, Sending, SendingCase, Whose
from directory.people import People
from filters.facts import Person
from quarantine.queue import sender_limits
from quarantine.queue.sender_limits import AGE, DAY, SHORT, TEN_MINUTES, Exhausted, SenderLimits, SenderUse
from quarantine.store import Store
from storage.interfaces import Database
from storage.spool import Spool
from tests.quarantine.items import item, settle_in

NOW = 1_800_000_000.0
SENDER = Person("sender", addresses=("sender@example.jp",), department="sales")


class Watch:
    """A clock that tests move."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> float:
        return self.now


@pytest.fixture
async def store(database: Database, tmp_path: Path) -> Store:
    await settle_in(database)
    return Store(database, Spool(tmp_path / "spool"), "node1")


def limits(store: Store, clock: Callable[[], float], **sending: object) -> SenderLimits:
    policy = Policy(
        sending=Sending(**sending),  # type: ignore[arg-type]
        groups={"sales": Group(people=Staff(department="sales"))},
    )
    return SenderLimits(store.database, lambda tenant: policy, clock, lambda tenant: "Asia/Tokyo")


async def send(store: Store, recipients: int, at: float, **changes: object) -> None:
    addresses = [f"r{number}@example.com" for number in range(recipients)]
    await store.put([item(*addresses, accepted_at=at, **changes)], at, "sender")


async def test_whoever_has_used_it_up_hears_when_it_works_again(store: Store) -> None:
    clock = Watch()
    await send(store, 3, NOW - 500)
    await send(store, 4, NOW - 100, approvals=("president",))
    await send(store, 9, NOW - 50, owner="hanako")
    await send(store, 9, NOW - 50, direction="notice")
    assert await limits(store, clock, per_10_minutes=8).exhausted("default", SENDER) is None
    full = await limits(store, clock, per_10_minutes=7).exhausted("default", SENDER)
    assert full == Exhausted(TEN_MINUTES, 7, NOW + 100)
    again = limits(store, clock, per_10_minutes=7)
    clock.now = NOW + 100
    assert await again.exhausted("default", SENDER) is None
    assert await again.exhausted("other", SENDER) is None


async def test_a_day_counts_apart(store: Store) -> None:
    clock = Watch()
    await send(store, 5, NOW - 80_000)
    await send(store, 2, NOW - 700)
    mine = limits(store, clock, per_10_minutes=2, per_day=6)
    assert await mine.exhausted("default", SENDER) == Exhausted(DAY, 6, NOW - 80_000 + DAY)


async def test_one_mail_however_large_fits_into_what_is_unused_and_what_is_said_counts(store: Store) -> None:
    clock = Watch()
    mine = limits(store, clock, per_10_minutes=3)
    assert await mine.exhausted("default", SENDER) is None
    mine.under_way("default", "sender", 1000)
    assert await mine.exhausted("default", SENDER) == Exhausted(TEN_MINUTES, 3, NOW), "not beside another one"
    mine.under_way("default", "sender", -1000)
    assert await mine.exhausted("default", SENDER) is None
    mine.sent("default", "sender", 1000, NOW)
    assert await mine.exhausted("default", SENDER) == Exhausted(TEN_MINUTES, 3, NOW + TEN_MINUTES)


async def test_what_another_node_takes_counts_after_a_while_and_soon_where_it_matters(store: Store) -> None:
    clock = Watch()
    mine = limits(store, clock, per_10_minutes=10)
    assert await mine.exhausted("default", SENDER) is None
    await send(store, 5, NOW + 1)
    clock.now = NOW + AGE
    assert await mine.exhausted("default", SENDER) is None
    await send(store, 5, clock.now)
    clock.now += SHORT
    assert await mine.exhausted("default", SENDER) is not None
    assert await limits(store, clock, per_10_minutes=10).exhausted("default", SENDER) is not None, (
        "a new start"
    )


@pytest.mark.parametrize(
    ("case", "full"), [({"per_10_minutes": 0}, False), ({"per_day": 1}, True), ({}, True)]
)
async def test_some_have_other_limits(store: Store, case: dict[str, int], full: bool) -> None:
    await send(store, 4, NOW - 10)
    cases = (SendingCase(Whose("sales"), **case),)
    mine = limits(store, Watch(), per_10_minutes=4, per_day=9, cases=cases)
    assert (await mine.exhausted("default", SENDER) is not None) == full
    other = msgspec.structs.replace(SENDER, department="legal")
    assert await mine.exhausted("default", other) is not None


async def test_without_a_limit_nothing_is_read_or_remembered(store: Store) -> None:
    mine = limits(store, Watch(), per_10_minutes=0, per_day=0)
    await store.database.close()
    assert await mine.exhausted("default", SENDER) is None
    mine.sent("default", "sender", 1, NOW)
    assert mine._senders["default", "sender"].sent == []


async def test_what_is_being_taken_counts_for_the_others_until_it_is_known(store: Store) -> None:
    mine = limits(store, Watch(), per_10_minutes=3)
    assert await mine.exhausted("default", SENDER) is None
    assert mine.claim("default", "sender", 1000) is None, "one mail however large"
    assert mine.claim("default", "sender", 1) == Exhausted(TEN_MINUTES, 3, NOW)
    mine.unclaim("default", "sender", 1000)  # it was refused
    assert mine.claim("default", "sender", 2) is None
    mine.sent("default", "sender", 2, NOW)
    mine.unclaim("default", "sender", 2)
    assert mine.claim("default", "sender", 1) is None
    assert mine.claim("default", "sender", 1) == Exhausted(TEN_MINUTES, 3, NOW + TEN_MINUTES)


async def test_a_clock_that_was_a_year_ahead_keeps_nobody_from_sending(store: Store) -> None:
    clock = Watch()
    mine = limits(store, clock, per_10_minutes=5, per_day=5)
    clock.now = NOW + 365 * DAY
    await send(store, 5, clock.now)
    assert await mine.exhausted("default", SENDER) is not None
    mine.sent("default", "sender", 5, clock.now)
    clock.now = NOW  # set right
    assert await mine.exhausted("default", SENDER) is None
    assert await limits(store, clock, per_day=5).exhausted("default", SENDER) is None
    await send(store, 5, NOW + 1)
    clock.now = NOW + AGE + 1
    assert await mine.exhausted("default", SENDER) is not None, "it counts on"


async def test_a_clock_set_back_a_little_gives_nobody_a_second_limit(store: Store) -> None:
    clock = Watch()
    await send(store, 5, NOW)
    mine = limits(store, clock, per_10_minutes=5)
    clock.now = NOW - 300
    assert await mine.exhausted("default", SENDER) == Exhausted(TEN_MINUTES, 5, NOW + TEN_MINUTES)
    clock.now = NOW + TEN_MINUTES
    assert await mine.exhausted("default", SENDER) is None


async def test_how_near_people_are_to_their_limits_is_told_in_numbers(store: Store) -> None:
    cases = (SendingCase(Whose("sales"), per_day=10),)  # the sender's department
    await send(store, 8, NOW - 3000)  # 8 of 10 a day
    await send(store, 3, NOW - 100, owner="hanako")  # 3 of 5 in ten minutes
    await send(store, 5, NOW - 100, owner="boss")  # all of 5
    await send(store, 90, NOW - DAY - 1, owner="taro")  # the day before
    await send(store, 90, NOW - 100, owner="nobody")
    await send(store, 90, NOW - 100, owner="taro", direction="notice")
    await send(store, 90, NOW - 100, owner="taro", tenant="acme")
    people = People(store.database)
    mine = limits(store, Watch(), per_10_minutes=5, per_day=100, cases=cases)
    assert await mine.used(people, "default") == SenderUse(5, 100, 1, senders=3, near=1, full=1, most=100)
    assert await mine.used(people, "other") == SenderUse(5, 100, 1)
    free = limits(store, Watch(), per_10_minutes=0, per_day=0)
    assert await free.used(people, "default") == SenderUse(senders=3)
    people.close()


async def test_no_more_is_looked_at_than_there_is_time_for(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sender_limits, "COUNTED", 4)
    await send(store, 9, NOW - 3000)
    await send(store, 3, NOW - 100, owner="hanako")
    people = People(store.database)
    used = await limits(store, Watch(), per_10_minutes=0, per_day=10).used(people, "default")
    assert (used.senders, used.most) == (2, 30), "the latest"
    people.close()
