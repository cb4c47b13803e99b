"""Everybody whom a wait concerns is told, once, and no wait is without an end."""

import datetime
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import pytest

from config.cases import Calendar, Waits
from directory.account import Account, Role
from filters.examined import Summary
from gateway.notices import Notices
from gateway.rounds.wait_rounds import BATCH, WaitRounds
from mail.envelope import ForwardPath
from quarantine.item import Event, Item, NotAllowed, Recipient, State
from quarantine.letters.letter import Post
from quarantine.rights import Actor, SystemPart
from quarantine.store import Query
from tests.gateway.rounds.test_quarantine_rounds import Desk, desk, keep
from tests.gateway.test_unlock import message_of, text_of
from tests.quarantine.items import item
from tests.services.node import policy_of

MONDAY = datetime.datetime(2026, 11, 30, 10, tzinfo=ZoneInfo("Asia/Tokyo")).timestamp()
HOUR = 3600.0
DAY = 24 * HOUR
CHIEF = Account("chief", {"ja": "社長"}, ("chief@example.co.jp",), roles=(Role.USER, Role.PRESIDENT))
DEPUTY = Account("deputy", {"ja": "副社長"}, ("deputy@example.co.jp",), roles=(Role.USER, Role.APPROVER))
HANAKO = Actor("hanako", tenant="default")


@asynccontextmanager
async def office(tmp_path: Path, **changes: Any) -> AsyncIterator[Desk]:
    async with desk(tmp_path, **{"notices": {"waits": True}, **changes}) as here:
        await here.people.save(CHIEF, MONDAY)
        here.clock.now = MONDAY
        yield here


def rounds(here: Desk, waits: Waits | None = None, **changes: Any) -> WaitRounds:
    url = "https://console.example"
    notices = Notices(here.store, here.people, Post(here.settings, here.store.blobs.put), here.settings, url)
    policy = policy_of(**({"waits": waits} if waits else {}), **changes)
    return WaitRounds(here.settings, here.store, here.people, notices, lambda tenant: policy, here.clock, url)


def leaving(**changes: Any) -> Item:
    return item(**{"owner": "taro", "accepted_at": MONDAY, "approvals": ("department_head",), **changes})


async def hears(here: Desk, keeper: WaitRounds, at: float) -> dict[str, str]:
    """Who gets which letter in a round at this moment: subject and text by login."""
    found = await hears_all(here, keeper, at)
    assert all(len(letters) == 1 for letters in found.values()), "one letter to each"
    return {login: letters[0] for login, letters in found.items()}


async def hears_all(here: Desk, keeper: WaitRounds, at: float) -> dict[str, list[str]]:
    """All letters of a round at this moment."""
    here.clock.now = at
    before = {i.id for i in await here.store.find(Query("default", direction="notice", limit=1000))}
    await keeper.look()
    new = await here.store.find(Query("default", direction="notice", limit=1000))
    found: dict[str, list[str]] = {}
    for one in new:
        if one.id not in before:
            content = bytes(await here.store.blobs.get(one.blob))
            found.setdefault(one.owner, []).append(f"{message_of(content)['Subject']}\n{text_of(content)}")
    return found


async def test_the_head_is_told_reminded_and_overruled_by_time(tmp_path: Path) -> None:
    async with office(tmp_path) as here:
        keeper = rounds(here, Waits(ask_next=False))
        one = await keep(here, leaving())
        told = await hears(here, keeper, MONDAY + 1)
        assert set(told) == {"hanako"}
        assert "【承認依頼】" in told["hanako"]
        assert "山田太郎" in told["hanako"]
        assert "https://console.example/approvals" in told["hanako"]
        assert await hears(here, rounds(here), MONDAY + 2) == {}, "once, also after a new start"
        assert "【再通知】" in (await hears(here, keeper, MONDAY + 4 * HOUR + 2))["hanako"]
        late = await hears(here, keeper, MONDAY + DAY + 1 * HOUR + 3)
        assert set(late) == {"admin"}
        assert "【承認遅延】" in late["admin"]
        for day in (2, 7, 9):  # a day at least after the letter before
            reminded = (await hears(here, keeper, MONDAY + day * DAY + HOUR + 4))["taro"]
            assert "【送信保留中】" in reminded
            assert "送信されず" in reminded
        assert await hears(here, keeper, MONDAY + 10 * DAY + HOUR + 5) == {}
        assert (await here.store.get(one.id, "default")).state is State.WITHDRAWN
        assert "【未送信】" in (await hears(here, keeper, MONDAY + 10 * DAY + HOUR + 6))["taro"]
        assert await hears(here, keeper, MONDAY + 30 * DAY) == {}


@pytest.mark.parametrize(
    ("friday", "monday"), [("2027-03-26 17:00", "2027-03-29 12:00"), ("2027-10-29 17:00", "2027-11-01 12:00")]
)
async def test_a_weekend_on_which_the_clocks_change_moves_no_reminder(
    tmp_path: Path, friday: str, monday: str
) -> None:
    """An hour of Friday and three of Monday to the reminder, and five more to the next in line."""
    begun, reminded = (
        datetime.datetime.fromisoformat(each).replace(tzinfo=ZoneInfo("Europe/Berlin")).timestamp()
        for each in (friday, monday)
    )
    async with office(tmp_path, console={"port": 0, "timezone": "Europe/Berlin"}) as here:
        keeper = rounds(here, Waits(days=6.0, reminders=(3.0,)), calendar=Calendar(holidays=""))
        here.clock.now = begun
        await keep(here, leaving(accepted_at=begun))
        assert set(await hears(here, keeper, begun + 1)) == {"hanako"}
        assert await hears(here, keeper, reminded - 1) == {}
        assert "【再通知】" in (await hears(here, keeper, reminded + 1))["hanako"]
        assert await hears(here, keeper, reminded + 5 * HOUR - 1) == {}
        one = await keep_on(here, keeper, reminded + 5 * HOUR + 2)
        assert one.approvals == ("president (next in line)",), "nine hours of work are over"


async def keep_on(here: Desk, keeper: WaitRounds, at: float) -> Item:
    """The only mail that waits, after a round at this moment."""
    assert await hears(here, keeper, at) == {}
    (one,) = await here.store.find(Query("default", state=(State.HELD,), direction="outbound"))
    return one


async def test_after_a_working_day_the_next_in_line_is_asked_and_after_them_the_administrators(
    tmp_path: Path,
) -> None:
    """The president in the head's place; nobody in hers, although somebody is the last in line."""
    async with office(tmp_path) as here:
        await here.people.save(DEPUTY, MONDAY)
        keeper = rounds(here)
        one = await keep(here, leaving())
        assert set(await hears(here, keeper, MONDAY + 1)) == {"hanako"}
        reminded = await hears(here, keeper, MONDAY + 4 * HOUR + 2)
        assert "次の承認者に引き継ぐか" in reminded["hanako"]
        assert await hears(here, keeper, MONDAY + DAY - 1) == {}, "eight hours and 59 minutes of work"
        assert await hears(here, keeper, MONDAY + DAY + HOUR + 3) == {}
        assert (await here.store.get(one.id, "default")).approvals == ("president (next in line)",)
        told = await hears(here, keeper, MONDAY + DAY + HOUR + 4)
        assert set(told) == {"taro", "hanako", "chief"}
        assert "新しい依頼先は社長です" in told["taro"]
        assert f"https://console.example/mail/{one.id}" in told["taro"]
        assert "あなたの操作は不要です" in told["hanako"]
        assert "【承認依頼】" in told["chief"]
        assert "【再通知】" in (await hears(here, keeper, MONDAY + DAY + 5 * HOUR + 5))["chief"]
        late = await hears(here, keeper, MONDAY + 2 * DAY + 2 * HOUR)
        assert set(late) == {"admin"}
        assert "【承認遅延】" in late["admin"]
        with pytest.raises(NotAllowed):
            await here.store.change(one.id, Event.APPROVE, HANAKO, here.clock.now)
        chief = Actor("chief", tenant="default")
        await here.store.change(one.id, Event.APPROVE, chief, here.clock.now, {"role": "president"})
        assert "社長が承認しました" in (await hears(here, keeper, MONDAY + 2 * DAY + 3 * HOUR))["taro"]


async def test_several_mails_are_one_letter_and_soon_after_comes_none(tmp_path: Path) -> None:
    async with office(tmp_path) as here:
        keeper = rounds(here)
        for _ in range(3):
            await keep(here, leaving())
        told = await hears(here, keeper, MONDAY + 1)
        assert "3件" in told["hanako"].splitlines()[0]
        await keep(here, leaving())
        assert await hears(here, keeper, MONDAY + 10) == {}
        assert "1件" in (await hears(here, keeper, MONDAY + 62))["hanako"].splitlines()[0]


async def test_the_copies_of_one_mail_are_one_letter(tmp_path: Path) -> None:
    """OUT-BCC makes a copy for each recipient; whoever sent or approves the mail sees one."""
    async with office(tmp_path) as here:
        keeper = rounds(here, Waits(ask_next=False))
        alike = {"mail_id": "each", "rewrites": ("each",)}
        copies = [
            await keep(
                here,
                leaving(**alike, recipients=(Recipient(ForwardPath(f"buyer{n}@client.example", (), "")),)),
            )
            for n in range(3)
        ]
        (told,) = (await hears(here, keeper, MONDAY + 1)).values()
        assert "承認待ちのメールが1件" in told
        for number in range(3):
            assert f"buyer{number}[at]client" in told
        for at in (4 * HOUR + 2, DAY + HOUR + 3):
            await hears(here, keeper, MONDAY + at)
        reminded = (await hears(here, keeper, MONDAY + 2 * DAY + 2 * HOUR))["taro"]
        assert "buyer0@client.example, buyer1@client.example, buyer2@client.example" in reminded
        for copy in copies:
            detail = {"role": "department_head", "comment": "確認済み"}
            await here.store.change(copy.id, Event.APPROVE, HANAKO, MONDAY + 3 * DAY, detail)
        approved = (await hears(here, keeper, MONDAY + 3 * DAY + 1))["taro"]
        assert "【承認】" in approved
        assert "buyer2@client.example" in approved


async def test_whoever_must_wait_for_their_letter_keeps_nobody_elses(tmp_path: Path) -> None:
    """More waits for one reader than a round looks at: they are put off, and the president's is behind them."""
    async with office(tmp_path) as here:
        keeper = rounds(here)
        await keep(here, leaving())
        await hears(here, keeper, MONDAY + 1)
        many = [leaving(accepted_at=MONDAY + 2) for _ in range(BATCH)]
        await here.store.put(many, MONDAY + 2, "test")
        await here.store.put([leaving(approvals=("president",))], MONDAY + 3, "test")
        here.clock.now = MONDAY + 4
        assert await keeper.look() == BATCH
        assert set(await hears(here, keeper, MONDAY + 4)) == {"chief"}
        assert await keeper.look() == 0, "nothing is asked over and over"
        assert f"{BATCH}件" in (await hears(here, keeper, MONDAY + 62))["hanako"].splitlines()[0]


@pytest.mark.parametrize(("delay", "says"), [(0, "まもなく送信されます"), (9000, "12:3")])
async def test_the_sender_hears_who_agreed_and_when_it_leaves(tmp_path: Path, delay: int, says: str) -> None:
    async with office(tmp_path) as here:
        keeper = rounds(here)
        one = await keep(here, leaving(delay=delay))
        await hears(here, keeper, MONDAY + 1)
        await here.store.change(one.id, Event.APPROVE, HANAKO, MONDAY + 5, {"role": "department_head"})
        told = await hears(here, keeper, MONDAY + 6)
        assert set(told) == {"taro"}
        assert "鈴木花子が承認しました" in told["taro"]
        assert says in told["taro"]


async def test_the_sender_hears_who_refused_and_why(tmp_path: Path) -> None:
    async with office(tmp_path) as here:
        keeper = rounds(here)
        one = await keep(here, leaving())
        detail = {"role": "department_head", "comment": "金額を直してください"}
        await here.store.change(one.id, Event.DENY, HANAKO, MONDAY + 5, detail)
        told = await hears(here, keeper, MONDAY + 6)
        assert set(told) == {"taro"}, "and the head, who has decided, is not asked"
        assert "【却下】" in told["taro"]
        assert "金額を直してください" in told["taro"]


@pytest.mark.parametrize("changes", [{"delay": 300}, {"delay": 0}], ids=["timed", "queued"])
async def test_nobodys_mail_is_discarded_unannounced(tmp_path: Path, changes: dict[str, Any]) -> None:
    """Mail that waits for no person, of which its sender thinks that it leaves."""
    async with office(tmp_path) as here:
        keeper = rounds(here)
        one = await keep(here, leaving(approvals=(), **changes))
        assert await hears(here, keeper, MONDAY + 1) == {}
        detail = {"reason": "宛先が違うため", "tell": True}
        await here.store.change(one.id, Event.DISCARD, Actor("admin", tenant="default"), MONDAY + 5, detail)
        told = await hears(here, keeper, MONDAY + 6)
        assert set(told) == {"taro"}
        assert "【未送信】" in told["taro"]
        assert "宛先が違うため" in told["taro"]
        assert await hears(here, keeper, MONDAY + DAY) == {}
        own = await keep(here, leaving(approvals=(), **changes))
        await here.store.change(own.id, Event.RECALL, Actor("taro", tenant="default"), MONDAY + 5)
        assert await hears(here, keeper, MONDAY + 2 * DAY) == {}, "their own act"


async def test_whose_mail_an_operator_stops_hears_that_it_waits(tmp_path: Path) -> None:
    async with office(tmp_path) as here:
        keeper = rounds(here)
        one = await keep(here, leaving(approvals=(), delay=300))
        own = await keep(here, leaving(approvals=(), delay=300))
        await here.store.change(own.id, Event.STOP, Actor("taro", tenant="default"), MONDAY + 5)
        await here.store.change(
            one.id, Event.STOP, Actor("operator:root", SystemPart.COMMAND_LINE, "default"), MONDAY + 5
        )
        told = await hears(here, keeper, MONDAY + 6)
        assert set(told) == {"taro"}
        assert f"/mail/{one.id}" in told["taro"]


async def test_where_nobody_can_agree_the_administrators_are_told_at_once(tmp_path: Path) -> None:
    """No president, and the only approver sent the mail."""
    async with office(tmp_path) as here:
        await here.people.save(msgspec.structs.replace(CHIEF, disabled=True), MONDAY)
        await keep(here, leaving(approvals=("president",), owner="hanako"))
        told = await hears(here, rounds(here), MONDAY + 1)
        assert set(told) == {"admin"}
        assert "承認できる人がいません（必要な役割：社長）" in told["admin"]


async def test_the_next_in_line_is_asked_whenever_somebody_is_missing(tmp_path: Path) -> None:
    async with office(tmp_path) as here:
        keeper = rounds(here)
        own = await keep(here, leaving(owner="hanako"))
        assert await hears(here, keeper, MONDAY + 1) == {}
        assert (await here.store.get(own.id, "default")).approvals == ("president (next in line)",)
        assert set(await hears(here, keeper, MONDAY + 2)) == {"chief"}
        (entry,) = await here.store.entries("default", item=own.id, event="ask_next")
        assert (entry.actor, entry.detail["instead_of"]) == ("housekeeping", ["department_head"])
        later = await keep(here, leaving(approvals=("president",), accepted_at=MONDAY + 3))
        assert set(await hears(here, keeper, MONDAY + 70)) == {"chief"}
        await here.people.save(msgspec.structs.replace(CHIEF, disabled=True), MONDAY)  # and leaves
        await hears(here, keeper, MONDAY + 4 * HOUR + 71)
        assert (await here.store.get(later.id, "default")).approvals == ("approver (last in line)",)
        assert set(await hears(here, keeper, MONDAY + 4 * HOUR + 80)) == {"hanako"}
        assert (await here.store.get(own.id, "default")).asks == ("president",), (
            "hanako sent it: nobody is left"
        )


async def test_the_next_step_is_told_when_the_one_before_is_done(tmp_path: Path) -> None:
    async with office(tmp_path) as here:
        keeper = rounds(here)
        one = await keep(here, leaving(approvals=("department_head, then president",)))
        assert set(await hears(here, keeper, MONDAY + 1)) == {"hanako"}
        await here.store.change(one.id, Event.APPROVE, HANAKO, MONDAY + 5, {"role": "department_head"})
        assert set(await hears(here, keeper, MONDAY + 6)) == {"chief"}
        assert "【再通知】" in (await hears(here, keeper, MONDAY + 4 * HOUR + 7))["chief"]


async def test_mail_under_review_is_the_administrators(tmp_path: Path) -> None:
    async with office(tmp_path) as here:
        await keep(here, leaving(approvals=(), holds=("own_pattern",)))
        assert "【確認依頼】" in (await hears(here, rounds(here), MONDAY + 1))["admin"]


async def test_mail_that_waits_for_its_sender_ends_too(tmp_path: Path) -> None:
    async with office(tmp_path) as here:
        keeper = rounds(here)
        one = await keep(here, leaving(approvals=(), delay=10**9))
        assert await hears(here, keeper, MONDAY + 1) == {}, "the letter about the hold is enough"
        for day in (1, 7, 9):
            assert "taro" in await hears(here, keeper, MONDAY + day * DAY + 2)
        await hears(here, keeper, MONDAY + 10 * DAY + 3)
        assert (await here.store.get(one.id, "default")).state is State.WITHDRAWN


async def past_the_end(here: Desk, keeper: WaitRounds, since: float) -> dict[str, str]:
    """Rounds until the time of a wait is over; what is heard in the one behind its end."""
    for day in (0, 1, 7, 9, 10):
        await hears(here, keeper, since + day * DAY + 1)
    return await hears(here, keeper, since + 10 * DAY + 2)


@pytest.mark.parametrize(
    ("changes", "leaves"),
    [
        ({"delay": 10**9}, True),
        ({"holds": ("own_pattern",)}, True),
        ({"holds": ("corrupt_attachment",)}, False),
        ({"approvals": ("department_head",)}, False),
    ],
)
async def test_the_policy_may_let_mail_leave_but_never_instead_of_a_word_or_a_look(
    tmp_path: Path, changes: dict[str, Any], leaves: bool
) -> None:
    async with office(tmp_path) as here:
        keeper = rounds(here, Waits("send", ask_next=False))
        one = await keep(here, leaving(**{"approvals": (), **changes}))
        reminded = ""
        for day in range(12):
            told = await hears(here, keeper, MONDAY + day * DAY + HOUR * 3)
            reminded = told.get("taro", "") if day == 9 else reminded
            if (await here.store.get(one.id, "default")).state is not State.HELD:
                break
        assert ("自動で送信" in reminded) == leaves
        assert (await here.store.get(one.id, "default")).state is (
            State.QUEUED if leaves else State.WITHDRAWN
        )
        told = await hears(here, keeper, here.clock.now + 1)
        assert ("【送信】" if leaves else "【未送信】") in told["taro"], "never silently"


async def test_an_administrator_decides_in_the_place_of_a_sender_who_does_nothing(tmp_path: Path) -> None:
    async with office(tmp_path) as here:
        keeper = rounds(here, Waits("escalate"))
        one = await keep(here, leaving(approvals=(), delay=300))
        await here.store.change(one.id, Event.STOP, Actor("taro", tenant="default"), MONDAY + 1)
        told = await past_the_end(here, keeper, MONDAY + 1)
        assert set(told) == {"admin"}
        assert "送信者の操作がないまま" in told["admin"]
        admin = Actor("admin", tenant="default")
        after = await here.store.change(one.id, Event.RELEASE, admin, here.clock.now + 5, {"reason": "ok"})
        assert after.state is State.QUEUED
        assert set(await hears(here, keeper, here.clock.now + 6)) == {"taro"}


async def test_a_mail_ends_as_its_own_rule_says(tmp_path: Path) -> None:
    async with office(tmp_path) as here:
        keeper = rounds(here)
        soon = await keep(here, leaving(approvals=(), delay=10**9, untouched=Waits("send", 2, (1.0,))))
        usual = await keep(here, leaving(approvals=(), delay=10**9))
        states = []
        for day in range(4):
            told = await hears_all(here, keeper, MONDAY + day * DAY + 1)
            states.append([(await here.store.get(one.id, "default")).state for one in (soon, usual)])
            if day == 1:
                assert sum("自動で送信" in letter for letter in told["taro"]) == 1
        assert states == [[State.HELD, State.HELD]] * 2 + [[State.QUEUED, State.HELD]] * 2


async def test_an_approval_that_nobody_gives_goes_up_the_line_and_no_further(tmp_path: Path) -> None:
    """Head, then president, then who is last in line; each has the whole time, and those concerned hear of it."""
    async with office(tmp_path) as here:
        await here.people.save(DEPUTY, MONDAY)
        keeper = rounds(here, Waits("escalate", 4, (1.0, 3.0), ask_next=False))
        one = await keep(here, leaving())
        assert set(await hears(here, keeper, MONDAY + 1)) == {"hanako"}
        await hears(here, keeper, MONDAY + 5 * HOUR)
        await hears(here, keeper, MONDAY + DAY + HOUR)
        first = await hears(here, keeper, MONDAY + 2 * DAY + HOUR)
        assert "次の承認者に承認を依頼します" in first["taro"]
        await hears(here, keeper, MONDAY + 3 * DAY + HOUR)
        await hears(here, keeper, MONDAY + 4 * DAY + HOUR)
        assert (await here.store.get(one.id, "default")).approvals == ("president (next in line)",)
        told = await hears(here, keeper, MONDAY + 4 * DAY + HOUR + 1)
        assert set(told) == {"taro", "hanako", "chief"}
        assert "依頼先：所属部門長）。新しい依頼先は社長です" in told["taro"]
        assert "【承認依頼の終了】" in told["hanako"]
        assert "【承認依頼】" in told["chief"]
        (entry,) = await here.store.entries("default", item=one.id, event="ask_next")
        assert entry.detail["late"] is True
        heard: list[str] = []
        for day in range(5, 40):
            heard += await hears(here, keeper, MONDAY + day * DAY + 2 * HOUR)
        assert heard.index("deputy") > heard.index("taro"), "reminders first, as in the first round"
        assert (await here.store.get(one.id, "default")).state is State.WITHDRAWN, (
            "nobody comes after the last"
        )
        passed = await here.store.entries("default", item=one.id, event="ask_next")
        assert [entry.detail["approvals"] for entry in passed] == [
            ["president (next in line)"],
            ["approver (last in line)"],
        ]
        assert passed[1].at - passed[0].at >= 4 * DAY


@pytest.mark.parametrize("delay", [300, 10**9])
async def test_mail_of_who_has_left_is_the_administrators_and_the_head_knows(
    tmp_path: Path, delay: int
) -> None:
    """Until the end of the last day it is the sender's; then it does not leave on its own, and an administrator may
    send it."""
    last = datetime.date(2026, 11, 30)
    async with office(tmp_path) as here:
        keeper = rounds(here)
        taro = await here.people.account("default", "taro")
        assert taro is not None
        await here.people.save(msgspec.structs.replace(taro, leaving=last), MONDAY)
        midnight = MONDAY + 14 * HOUR
        one = await keep(here, leaving(approvals=(), delay=delay, accepted_at=midnight - 100))
        here.clock.now = midnight - 1
        assert await keeper.stop_abandoned() == 0
        here.clock.now = midnight + 1
        assert await keeper.stop_abandoned(everything=False) == 0, "it does not leave yet"
        assert await keeper.stop_abandoned() == 1
        assert await keeper.stop_abandoned() == 0
        held = await here.store.get(one.id, "default")
        assert (held.state, held.holds, held.due_at) == (State.HELD, ("sender_gone",), None)
        told = await hears(here, keeper, midnight + 2)
        assert set(told) == {"admin", "hanako"}
        assert "送信者のアカウントがない、または在籍期間が過ぎています" in told["admin"]
        assert "管理者が判断します" in told["hanako"]
        admin = Actor("admin", tenant="default")
        after = await here.store.change(one.id, Event.RELEASE, admin, midnight + 5, {"reason": "ok"})
        assert after.state is State.QUEUED


async def test_what_leaves_within_seconds_is_looked_at_in_every_round(tmp_path: Path) -> None:
    async with office(tmp_path) as here:
        one = await keep(here, leaving(approvals=(), delay=300, owner="nobody"))
        keeper = rounds(here)
        here.clock.now = MONDAY + 285
        assert await keeper.stop_abandoned(everything=False) == 1
        assert (await here.store.get(one.id, "default")).holds == ("sender_gone",)


async def test_without_letters_waits_still_end(tmp_path: Path) -> None:
    async with office(tmp_path, notices={"waits": False}) as here:
        keeper, when = rounds(here), MONDAY
        one = await keep(here, leaving())
        for _ in range(16):
            assert await hears(here, keeper, when := when + 11 * DAY) == {}
        assert (await here.store.get(one.id, "default")).state is State.WITHDRAWN


@pytest.mark.parametrize(("reverse_path", "hears_the_end"), [("taro@example.co.jp", {"taro"}), ("", set())])
async def test_nobody_writes_to_a_machine(tmp_path: Path, reverse_path: str, hears_the_end: set[str]) -> None:
    """Mail that a program sent (RFC 3834): no reminder; that it will not leave is told as a DSN tells it."""
    async with office(tmp_path) as here:
        keeper = rounds(here)
        await keep(here, leaving(summary=Summary("x", automatic=True), reverse_path=reverse_path))
        assert set(await hears(here, keeper, MONDAY + 1)) == {"hanako"}, "who decides is told all the same"
        heard: set[str] = set()
        for day in range(1, 12):
            heard |= set(await hears(here, keeper, MONDAY + day * DAY + 9 * HOUR))
        assert heard == {"hanako", "chief", "admin"}, "who is asked in turn"
        for hour in (1, 2):
            last = await hears(here, keeper, MONDAY + 14 * DAY + hour * HOUR)
        assert set(last) == hears_the_end
