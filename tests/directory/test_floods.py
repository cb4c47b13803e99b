"""Many strangers who write to one mailbox within minutes."""

from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from directory import floods
from directory.floods import KEPT, MAILBOXES, MANY, QUIET, WINDOW, Floods, shared
from storage.interfaces import Database, StoreError

HERE = "default"
SATO = "sato@us.example"


def flood(counts: Floods, number: int, start: float = 0.0, step: float = 10.0) -> list[dict[str, int]]:
    return [counts.note(HERE, [SATO], f"s{n}.example", start + n * step) for n in range(number)]


def test_the_thirtieth_stranger_makes_a_flood_and_it_is_told_once() -> None:
    counts = Floods()
    found = flood(counts, MANY + 5)
    assert found[MANY - 2] == {}
    assert found[MANY - 1] == {SATO: MANY}
    assert found[-1] == {SATO: MANY + 5}
    (told,) = counts.begun()
    assert (told.tenant, told.address, told.strangers) == (HERE, SATO, MANY)
    assert counts.begun() == [told], "until people have heard"
    counts.heard(told)
    assert counts.begun() == []


def test_a_busy_newsletter_hides_no_flood() -> None:
    counts = Floods()
    for n in range(MANY):
        for m in range(KEPT // MANY * 2):
            counts.note(HERE, [SATO], "news.example", n * 10 + m / 100)
        counts.note(HERE, [SATO], f"s{n}.example", n * 10 + 1)
    assert len(counts.begun()) == 1


def test_it_is_told_again_after_a_quiet_time_only() -> None:
    counts = Floods()
    flood(counts, MANY)
    flood(counts, MANY, start=QUIET / 2)
    (told,) = counts.begun()
    counts.heard(told)
    flood(counts, MANY, start=QUIET * 2)
    assert len(counts.begun()) == 1


def test_one_busy_newsletter_and_a_slow_day_are_no_flood() -> None:
    counts = Floods()
    assert not any(counts.note(HERE, [SATO], "news.example", float(n)) for n in range(KEPT))
    assert not any(flood(counts, MANY * 3, start=10_000, step=WINDOW / (MANY - 1) + 1))
    assert counts.begun() == []


def test_mailboxes_and_tenants_are_counted_apart() -> None:
    counts = Floods()
    for n in range(MANY):
        address = f"a{n % 2}@us.example"
        assert counts.note(f"t{n % 2}", [address], f"s{n}.example", float(n)) == {}


def test_what_is_kept_is_bounded() -> None:
    counts = Floods()
    for n in range(MAILBOXES + 50):
        counts.note(HERE, [f"a{n}@us.example"], "s.example", 0.0)
    assert len(counts._lately) == MAILBOXES
    for n in range(KEPT * 2):
        counts.note(HERE, [SATO], f"s{n}.example", 1.0)
    assert len(counts._lately[HERE, SATO]) == KEPT


@given(st.lists(st.tuples(st.integers(0, 40), st.floats(0, 4 * WINDOW)), max_size=120))
def test_only_what_came_within_the_window_counts(mails: list[tuple[int, float]]) -> None:
    counts, seen = Floods(), list[tuple[float, int]]()
    for number, at in sorted(mails, key=lambda each: each[1]):
        seen.append((at, number))
        there = counts.note(HERE, [SATO], f"s{number}.example", at)
        expected = len({n for when, n in seen if when >= at - WINDOW})
        assert there.get(SATO, 0) == (expected if expected >= floods.MANY else 0)


async def test_processes_and_nodes_count_together(database: Database) -> None:
    nodes = [Floods() for _ in range(4)]
    for n in range(MANY - 1):
        assert nodes[n % 4].note(HERE, [SATO], f"s{n}.example", float(n)) == {}
    for each in nodes:
        await shared(each, database, 30.0)
    assert not any(each.begun() for each in nodes)
    for each in nodes:
        each.note(HERE, [SATO], "s0.example", 31.0)
        await shared(each, database, 31.0)
    assert nodes[2].note(HERE, [SATO], "last.example", 32.0) == {SATO: MANY}
    assert nodes[1].note(HERE, [SATO], "s1.example", 33.0) == {}
    await shared(nodes[2], database, 33.0)
    nodes[1].note(HERE, [SATO], "s1.example", 34.0)
    await shared(nodes[1], database, 34.0)
    (told,) = nodes[1].begun()
    assert (told.tenant, told.address, told.strangers) == (HERE, SATO, MANY)


async def test_tenants_and_mailboxes_are_shared_apart_and_old_ones_forgotten(database: Database) -> None:
    one, other = Floods(), Floods()
    for n in range(MANY - 1):
        one.note(HERE, [SATO], f"s{n}.example", float(n))
    await shared(one, database, 30.0)
    other.note("other", [SATO], "x.example", 40.0)
    other.note(HERE, ["taro@us.example"], "x.example", 40.0)
    await shared(other, database, 40.0)
    assert not other.begun()
    other.note(HERE, [SATO], "x.example", WINDOW + 10.0)
    await shared(other, database, WINDOW + 10.0)
    assert not other.begun(), "the first ones are too old by now"
    rows = await database.read(lambda t: t.execute("SELECT tenant, address, domain FROM flood_stranger", {}))
    assert len(rows) < MANY + 3


async def test_what_could_not_be_told_is_told_later(database: Database) -> None:
    floods = Floods()
    floods.note(HERE, [SATO], "a.example", 1.0)
    with patch.object(type(database), "write", side_effect=StoreError("away")), pytest.raises(StoreError):
        await shared(floods, database, 2.0)
    assert floods.news() == [(HERE, SATO, "a.example", 1.0)]
    await shared(floods, database, 3.0)
    assert floods.news() == []
