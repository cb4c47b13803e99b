"""No wait without somebody who is told, and none without an end."""

import datetime
import itertools
from collections.abc import Iterator
from functools import reduce
from operator import or_
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import pytest

from config.business_hours import BusinessHours
from config.cases import Calendar, Waits
from config.consequence import UNTIL_RELEASED, consequence
from config.load import shipped
from config.sense import senseless
from config.words import LANGUAGES
from directory.account import Account, Role
from filters.decision.decide import verdict_of
from filters.finding import Finding
from quarantine.item import Act, Event, Item, State
from quarantine.lifecycle import TABLE, UNATTENDED, accept, apply, possible
from quarantine.rights import NOBODY, asked, verbs
from quarantine.waits.steps import DAY, HEARS, OWN, Readers, Times, Wait, ending, kind_of, next_at, steps
from tests.quarantine.items import item

TOKYO = BusinessHours(Calendar(), "Asia/Tokyo")


def at(text: str) -> float:
    return datetime.datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("Asia/Tokyo")).timestamp()


@pytest.mark.parametrize("kind", Wait)
def test_somebody_is_told_the_sender_is_warned_and_it_ends(kind: Wait) -> None:
    every = steps(kind, Times())
    assert all(step.readers is not Readers.NOBODY for step in every[:-1])
    assert all(step.letter for step in every[kind is Wait.SENDER : -1])
    assert every[-1].ends
    assert not any(step.ends for step in every[:-1])
    assert every[-2].readers is Readers.SENDER, "nobody's mail is returned unannounced"
    if kind is not Wait.SENDER:  # who hears of it in the letter about the hold
        assert not every[0].hours
        assert not every[0].days


@pytest.mark.parametrize(
    ("changes", "kind"),
    [
        ({"approvals": ("president",), "holds": ("x",)}, Wait.APPROVAL),
        ({"holds": ("x",)}, Wait.REVIEW),
        ({"delay": UNTIL_RELEASED, "due_at": None}, Wait.SENDER),
        ({"delay": 300, "due_at": None}, Wait.SENDER),  # stopped
        ({"delay": 300, "due_at": 5.0}, None),
        ({"delay": 300, "due_at": 5.0, "self_review": True}, Wait.SENDER),
        ({"approvals": ("president",), "self_review": True}, Wait.APPROVAL),
        ({"holds": ("x",), "direction": "inbound"}, None),
        ({"holds": ("x",), "state": State.WITHDRAWN}, None),
    ],
)
def test_whose_word_is_missing(changes: dict[str, Any], kind: Wait | None) -> None:
    assert kind_of(item(**{"state": State.HELD, **changes})) is kind


def test_steps_are_counted_in_business_hours_from_the_beginning() -> None:
    every, friday = steps(Wait.APPROVAL, Times()), at("2026-11-27 17:00")
    reminded = next_at(every[0], every[1], friday, friday, TOKYO)
    assert reminded == at("2026-11-30 12:00")
    alerted = next_at(every[1], every[2], friday, reminded, TOKYO)
    assert alerted == at("2026-11-30 17:00")
    assert next_at(every[2], every[3], friday, alerted, TOKYO) == alerted + DAY
    assert next_at(every[3], every[4], friday, alerted + DAY, TOKYO) == friday + 7 * DAY
    assert next_at(every[4], every[5], friday, friday + 7 * DAY, TOKYO) == friday + 9 * DAY
    assert next_at(every[5], every[6], friday, friday + 9 * DAY, TOKYO) == friday + 10 * DAY


@pytest.mark.parametrize("kind", Wait)
def test_after_a_month_of_standstill_nothing_comes_on_the_heels_of_anything(kind: Wait) -> None:
    since = at("2026-11-02 10:00")
    now = since + 30 * DAY
    every = steps(kind, Times())
    for before, step in itertools.pairwise(every):
        due = next_at(before, step, since, now, TOKYO)
        assert due >= now + (DAY if step.days else 4 * 3600)
        now = due


TEXTS = (
    "observe", "tell", "hold", "delay 0s", "delay 5m", "delay 60m fixed", "delay until released", "approve president",
    "approve department_head", "encrypt", "review",
)  # fmt: skip
"""Everything that a rule, a case or an exception can ask of a mail that is not refused."""
WAYS = tuple(
    Waits(on_timeout, days, reminders)
    for on_timeout in ("return", "send", "escalate")
    for days, reminders in ((10.0, (1.0, 7.0, 9.0)), (1.0, (0.5,)), (366.0, (365.0,)))
)
OWNER = Account("sender", addresses=("sender@example.jp",), department="sales")
STAFF = (
    OWNER,
    Account("head", addresses=("head@example.jp",), head_of=("sales",)),
    Account("boss", addresses=("boss@example.jp",), roles=(Role.PRESIDENT,)),
    Account("admin", addresses=("admin@example.jp",), roles=(Role.ADMINISTRATOR,)),
)


def taken(texts: tuple[str, ...], rule: str) -> Item:
    """A mail as it comes into custody, of which several rules want something."""
    verdict = reduce(or_, (verdict_of(Finding(rule, ""), consequence(text)) for text in texts))
    held = item(
        delay=verdict.delay, fixed=verdict.fixed, holds=tuple(verdict.holds), approvals=tuple(verdict.approvals),
        self_review=bool(verdict.reviews), accepted_at=0.0,
    )  # fmt: skip
    return accept(held, 0.0)


def every_item() -> Iterator[Item]:
    for number in (1, 2, 3):
        for texts in itertools.combinations(TEXTS, number):
            for rule in ("own_pattern", "corrupt_attachment"):
                one = taken(texts, rule)
                yield one
                if possible(one, Event.STOP, 1.0):
                    yield apply(one, Act(Event.STOP, 1.0))


def enders(one: Item) -> set[tuple[str, Event]]:
    """Who can end the wait of a mail, and how, after its fixed time."""
    found = set()
    for who in STAFF:
        for event in (
            Event.RECALL,
            Event.SEND_NOW,
            Event.CONFIRM,
            Event.APPROVE,
            Event.DENY,
            Event.RELEASE,
            Event.DISCARD,
        ):
            for voice in asked(who, one, OWNER) if event in (Event.APPROVE, Event.DENY) else (NOBODY,):
                if event.value in verbs(who, one, OWNER) and possible(one, event, 10_000.0, voice.role):
                    found.add((who.login, event))
    return found


def test_each_row_of_the_life_cycle_says_who_hears_of_it() -> None:
    assert set(HEARS) == {event for _, event in TABLE}
    readers = {Readers.SENDER: "sender", Readers.ASKED: "approver", Readers.ADMINISTRATORS: "administrator"}
    for event, hears in HEARS.items():
        if hears.letter:
            key = f"letters.{hears.letter}.{readers[hears.readers]}.text"
            assert all(key in language.sentences for language in LANGUAGES.values()), key
        else:
            assert hears.why, f"nobody hears of {event}, without a reason"
    ends = {
        event
        for (state, event), row in TABLE.items()
        if row[2] is State.WITHDRAWN and state is not State.ACTIVE
    }
    assert {event for event in ends if HEARS[event].readers is not Readers.SENDER} == {Event.RECALL}
    assert HEARS[Event.RECALL] is OWN


@pytest.mark.parametrize("waits", WAYS, ids=str)
def test_no_wait_is_without_a_clock_without_a_reader_and_without_a_way_out(waits: Waits) -> None:
    """Every state that a mail can be taken in, under every policy that check-config accepts."""
    assert senseless(msgspec.structs.replace(shipped(), waits=waits)) == []
    kinds = set()
    for one in every_item():
        kind = kind_of(one)
        kinds.add(kind)
        if kind is None:
            assert one.due_at is not None, "the clock ends it"
            if one.state is State.HELD:
                assert apply(one, Act(Event.DUE, one.due_at)).state is State.QUEUED
            continue
        every = steps(kind, Times(waits=waits))
        told = {step.readers for step in every[:-1] if step.letter}
        assert Readers.SENDER in told
        assert kind is Wait.SENDER or told & {Readers.ASKED, Readers.ADMINISTRATORS}
        assert every[-1].ends
        ways = enders(one)
        assert ("sender", Event.RECALL) in ways
        assert kind is Wait.SENDER or ("admin", Event.DISCARD) in ways
        lets_go = {event for _, event in ways} - {Event.RECALL, Event.DENY, Event.DISCARD}
        unread = "corrupt_attachment" in one.holds
        assert lets_go, "somebody can let it leave"
        event = ending(one, waits, 10_000.0)
        over = apply(one, Act(event, 10_000.0, hold=UNATTENDED))
        if one.approvals or unread:
            assert over.state is State.WITHDRAWN, "no lapse of time stands for a word or a look"
        if event is Event.ESCALATE:
            assert kind_of(over) is Wait.REVIEW
            assert ("admin", Event.RELEASE) in enders(over)
            assert apply(over, Act(Event.RELEASE, 10_001.0)).state is State.QUEUED
            assert ending(over, waits, 20_000.0) is not Event.ESCALATE, "it ends at last"
        else:
            assert over.state is (State.QUEUED if event is Event.ELAPSE else State.WITHDRAWN)
    assert kinds == {None, *Wait}
