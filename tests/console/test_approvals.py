"""Approvals (OUT-APPROVE)."""

import asyncio
import datetime
import re

import msgspec
import pytest

from config.policy import Class, Policy
from console.visit import PAGES
from directory.account import Account, Role
from directory.delegations import Action
from filters.examined import ShownFile, Summary
from filters.finding import Evidence, Finding
from filters.ruleset import prepare
from quarantine.item import Agreed, Event, NotAllowed, State
from quarantine.rights import Actor
from quarantine.service.service import Service
from storage.interfaces import Draft
from tests.console.premises import PEOPLE, Premises, Visitor, item, mail, session


async def test_the_head_sees_what_waits_for_them_only(full: Premises) -> None:
    taro = (await (await full.visitor("taro")).get("/approvals")).text
    assert "新製品の価格表" in taro
    assert "見積書" not in taro
    shacho = (await (await full.visitor("shacho")).get("/approvals")).text
    assert "新製品の価格表" not in shacho


async def test_approve_with_a_comment_in_the_journal(full: Premises) -> None:
    taro = await full.visitor("taro")
    before = await full.store.get("approval", "default")
    answer = await taro.post("/mail/approval/approve", bound=before.bound, comment="確認済み")
    assert answer.headers["location"] == "/approvals"
    assert "承認しました" in (await taro.get("/approvals")).text
    after = await full.store.get("approval", "default")
    assert after.approvals == ()
    assert after.state is State.HELD, "the delay goes on"
    (entry,) = await full.store.entries("default", event="approve")
    assert entry.detail["comment"] == "確認済み"
    assert entry.detail["role"] == "department_head"
    (revision,) = await full.parts.people.revisions("default")
    assert entry.detail["directory"] == {"console": revision.revision}, "by which directory they are the head"
    assert (await taro.get("/mail/approval")).status_code == 404, "no longer asked"
    hanako = await full.visitor("hanako")
    for language, name in (("ja", "佐藤 太郎"), ("en", "Taro Sato")):
        page = (await hanako.get(f"/mail/approval?lang={language}")).text
        assert name in page[page.index('class="timeline"') :], "people are called by their names"


async def test_whoever_has_left_agrees_to_nothing(full: Premises) -> None:
    taro, before = await full.visitor("taro"), await full.store.get("approval", "default")
    account = await full.parts.people.account("default", "taro")
    await full.parts.people.save(
        msgspec.structs.replace(account, leaving=datetime.date(2026, 3, 31)), full.now[0]
    )
    actor = Actor("taro", tenant="default")
    detail = {"role": "department_head", "bound": before.bound}
    full.store.today = lambda: "2026-04-01"
    await taro.post("/mail/approval/approve", bound=before.bound)
    with pytest.raises(NotAllowed):
        await full.store.change("approval", Event.APPROVE, actor, full.now[0], detail)
    assert (await full.store.get("approval", "default")).approvals == ("department_head",)
    full.store.today = lambda: "2026-03-31"  # the whole of the last day
    await full.store.change("approval", Event.APPROVE, actor, full.now[0], detail)


async def test_an_approval_of_other_content_does_not_count(full: Premises) -> None:
    taro = await full.visitor("taro")
    await taro.post("/mail/approval/approve", bound="0" * 64)
    assert (await full.store.get("approval", "default")).approvals == ("department_head",)


async def test_deny_needs_a_comment(full: Premises) -> None:
    taro = await full.visitor("taro")
    assert (await taro.post("/mail/approval/deny", comment=" ")).status_code == 400
    await taro.post("/mail/approval/deny", comment="宛先が違います")
    assert (await full.store.get("approval", "default")).state is State.WITHDRAWN
    page = (await (await full.visitor("hanako")).get("/mail/approval")).text
    assert "宛先が違います" in page, "the sender learns why"


async def test_nobody_approves_their_own(place: Premises) -> None:
    boss = next(a for a in PEOPLE if a.login == "taro")
    await place.parts.people.save(msgspec.structs.replace(boss, roles=(*boss.roles, "president")), 2.0)  # type: ignore[arg-type]
    await place.keep(item("own", mail("a", "b"), owner="taro", approvals=("president", "department_head")))
    taro = await place.visitor("taro")
    own = await place.store.get("own", "default")
    assert (await taro.post("/mail/own/approve", bound=own.bound)).status_code == 403
    assert (await place.store.get("own", "default")).approvals == ("president", "department_head")


SECRET = Finding(
    "class_approval", "OUT-APPROVE", (Evidence("社外秘 新製品", "1"),),
    values={"class": "社外秘", "what": "社外秘", "approver": "department_head"},
)  # fmt: skip
OTHER = Finding(
    "confidential_quote", "OUT-BODY", (Evidence("関係者限り", "1"),),
    values={"class": "社外秘", "what": "社外秘"},
)  # fmt: skip


async def guarded(place: Premises, **changes: object) -> None:
    """Mail of a class whose reasons have to be opened; a policy that asks for that."""
    said = {"classes": (Class("社外秘", 2, ()),), "attention_level": 2, **changes}
    organisation = msgspec.structs.replace(place.parts.policy("default").organisation, **said)
    policy = msgspec.structs.replace(place.parts.policy("default"), organisation=organisation)
    place.parts.policy = lambda tenant: policy
    prepare(Policy())
    summary = Summary("計画の送付", "hanako@example.co.jp", "山田 花子", attachments=("計画.txt", "表.csv"))
    await place.keep(
        item("secret", mail("a", "b"), "x@client.example", "y@unknown.example", "z@example.co.jp", delay=305,
             approvals=("department_head",), findings=(SECRET, OTHER), summary=summary)
    )  # fmt: skip


async def furnish_deciding(place: Premises) -> None:
    """A mail whose reasons are to be opened, one that somebody looks at a second time, decisions, and delegations."""
    boss = next(a for a in PEOPLE if a.login == "shacho")
    await place.parts.people.save(msgspec.structs.replace(boss, head_of=("営業部",)), 2.0)
    await guarded(place, may_exclude=("department_head",))
    again = Agreed("taro", "department_head", before=("department_head",), again=True)
    kept = {"approvals": ("department_head",), "findings": (SECRET,)}
    summary = Summary("来期の計画", "hanako@example.co.jp", "山田 花子")
    await place.keep(item("second", mail("a", "b"), agreed=(again,), summary=summary, **kept))
    await place.keep(item("decided", mail("a", "b"), summary=summary, **kept))
    taro, now = await place.visitor("taro"), place.now[0]
    page = (await taro.get("/mail/decided")).text
    (key,) = re.findall(r'name="key" value="([^"]+)"', page)
    await taro.post("/mail/decided/reason", key=key, number="1")
    await taro.post("/mail/decided/approve", bound=(await place.store.get("decided", "default")).bound)
    for who, ahead, actions in (("shacho", 0, (Action.APPROVE, Action.SEND)), ("hanako", 2, (Action.READ,))):
        await place.parts.deputies.delegate(
            Actor("kanri", tenant="default"), who, "taro", actions, starts_at=now + ahead * 86_400,
            ends_at=now + 9 * 86_400, reason="海外出張のため",
        )  # fmt: skip


async def opened(taro: Visitor) -> str:
    """Every reason opened, one after the other; the page then."""
    page = (await taro.get("/mail/secret")).text
    while keys := re.findall(r'name="key" value="([^"]+)"', page):
        answer = await taro.post("/mail/secret/reason", key=keys[0], number="1")
        assert answer.headers["location"] == "/mail/secret#reason-1"
        page = (await taro.get("/mail/secret")).text
    return page


async def test_each_reason_is_opened_before_one_agrees(place: Premises) -> None:
    await guarded(place)
    taro = await place.visitor("taro")
    page = (await taro.get("/mail/secret")).text
    assert "未確認の理由があと2件" in page
    assert "新製品" not in page
    assert "/mail/secret/approve" not in page
    bound = (await place.store.get("secret", "default")).bound
    answer = await taro.post("/mail/secret/approve", bound=bound)
    assert answer.status_code == 400, "whatever the browser says"
    assert "すべての理由を確認してから" in answer.text
    await taro.post("/mail/secret/reason", key="0123456789abcdef", number="1")
    shacho = await place.visitor("shacho")
    assert (await shacho.post("/mail/secret/reason", key="x")).status_code == 404
    page = await opened(taro)
    assert "社外秘 新製品" in page
    assert "関係者限り" in page
    assert page.index("社外秘 新製品") < page.index("クライアント株式会社"), "reasons first"
    assert page.index("unknown.example") < page.index("クライアント株式会社"), "unknown companies first"
    assert "取引先に未登録" in page
    assert (await place.store.get("secret", "default")).approvals, "nothing was agreed to so far"
    place.now[0] += 30
    answer = await taro.post("/mail/secret/approve", bound=bound)
    assert answer.headers["location"] == "/approvals"
    assert (await place.store.get("secret", "default")).approvals == ()


async def test_what_happens_next_is_said_before_and_after(place: Premises) -> None:
    await guarded(place)
    taro = await place.visitor("taro")
    page = await opened(taro)
    time = re.search(r"承認すると： <strong>([^<]*\d\d:\d\d)に送信されます", page)
    assert time, page
    bound = (await place.store.get("secret", "default")).bound
    await taro.post("/mail/secret/approve", bound=bound)
    assert f"承認しました。{time[1]}に送信されます。" in (await taro.get("/approvals")).text
    await place.keep(item("two", mail("a", "b"), approvals=("department_head, then president",)))
    page = (await taro.get("/mail/two")).text
    assert "続いて社長の承認を待ちます" in page
    await taro.post("/mail/two/approve", bound=(await place.store.get("two", "default")).bound)
    assert "次の承認者の判断を待ちます" in (await taro.get("/approvals")).text
    shacho = await place.visitor("shacho")
    assert "すぐに送信されます" in (await shacho.get("/mail/two")).text


async def test_a_file_is_read_as_text_and_that_is_on_record(place: Premises) -> None:
    await guarded(place)
    files: tuple[ShownFile, ...] = (
        ShownFile("計画.txt", "text", "ok", (("", "来期<b>の</b>計画"),)),
        ShownFile("表.csv", verdict="encrypted"),
    )

    async def show(draft: Draft, number: int) -> ShownFile | None:
        return files[number] if number < len(files) else None

    place.parts.show = show
    taro = await place.visitor("taro")
    page = (await taro.get("/mail/secret")).text
    assert page.count("テキストで読む") == 2
    page = (await taro.post("/mail/secret/file", number="0")).text
    assert "来期&lt;b&gt;の&lt;/b&gt;計画" in page
    assert "暗号化されている" in (await taro.post("/mail/secret/file", number="1")).text
    files = ()
    assert "読み取ることができません" in (await taro.post("/mail/secret/file", number="0")).text
    assert (await (await place.visitor("shacho")).post("/mail/secret/file", number="0")).status_code == 404
    looks = await place.store.entries("default", event="look")
    assert [(e.actor, e.detail["file"]) for e in looks] == [("taro", 0), ("taro", 1), ("taro", 0)]


async def test_the_last_in_line_types_a_reason(place: Premises) -> None:
    await place.keep(item("last", mail("a", "b"), approvals=("approver (last in line)",)))
    taro = await place.visitor("taro")
    assert "理由（必須" in (await taro.get("/mail/last")).text
    bound = (await place.store.get("last", "default")).bound
    assert (await taro.post("/mail/last/approve", bound=bound, comment=" ")).status_code == 400
    await taro.post("/mail/last/approve", bound=bound, comment="社長不在のため")
    (entry,) = await place.store.entries("default", event="approve")
    assert entry.detail["comment"] == "社長不在のため"


async def test_blind_approvals_are_counted_and_shown(place: Premises) -> None:
    """Faster than one can read: by facts of ours where reasons were opened, else by when the page was shown."""
    taro = await place.visitor("taro")
    for number, (wait, shown) in enumerate([(1.0, True), (60.0, True), (60.0, False)]):
        await place.keep(
            item(f"m{number}", mail("a", "b"), approvals=("department_head",), findings=(SECRET,))
        )
        if shown:
            assert "shown" not in (await taro.get(f"/mail/m{number}")).text, "nothing that a page could say"
        await (await place.visitor("kansa")).get(f"/mail/m{number}")  # somebody else's look is none of theirs
        place.now[0] += wait
        bound = (await place.store.get(f"m{number}", "default")).bound
        await taro.post(f"/mail/m{number}/approve", bound=bound, shown="1")
    said = [
        (e.detail["blind"], e.detail["seconds"])
        for e in await place.store.entries("default", event="approve")
    ]
    assert said == [(True, 1.0), (False, 60.0), (True, 0.0)]
    page = (await (await place.visitor("kansa")).get("/approvals")).text
    assert "2 (67%)" in page
    assert "承認待ちのメールはありません" not in page, "an auditor approves nothing"
    home = (await (await place.visitor("kansa")).get("/")).text
    assert 'href="/approvals"' in home, "or nobody finds it"
    own = (await taro.get("/approvals")).text
    assert "最近30日間のあなたの判断" in own, "whoever decides sees their own figures, and first"
    assert "2 (67%)" in own
    await place.keep(item("other", mail("a", "b"), approvals=("president",), findings=(SECRET,)))
    bound = (await place.store.get("other", "default")).bound
    await (await place.visitor("shacho")).post("/mail/other/approve", bound=bound, shown="1")
    assert "鈴木 一郎" in (await (await place.visitor("kansa")).get("/approvals")).text
    assert "鈴木 一郎" not in (await taro.get("/approvals")).text, (
        "figures about others are not for everybody"
    )
    assert "あなたの判断" not in (await (await place.visitor("hanako")).get("/approvals")).text


async def test_another_one_looks_a_second_time_where_the_policy_wants_it(place: Premises) -> None:
    await guarded(place, second_look=5, attention_level=None)
    boss = next(a for a in PEOPLE if a.login == "shacho")
    await place.parts.people.save(msgspec.structs.replace(boss, head_of=("営業部",)), 2.0)
    for dice, again in ((0.05, False), (0.0499, True)):
        place.parts.dice = lambda dice=dice: dice  # type: ignore[misc]
        await place.keep(item(f"d{again}", mail("a", "b"), approvals=("department_head",)))
        taro = await place.visitor("taro")
        one = await place.store.get(f"d{again}", "default")
        await taro.post(f"/mail/d{again}/approve", bound=one.bound)
        after = await place.store.get(f"d{again}", "default")
        assert bool(after.approvals) is again
        assert (await taro.get(f"/mail/d{again}")).status_code == 404, "not by the same person"
    shacho = await place.visitor("shacho")
    page = (await shacho.get("/mail/dTrue")).text
    assert "このメールは佐藤 太郎が承認しましたが、再確認の対象に選ばれました" in page
    assert "picked for a second look" in (await shacho.get("/mail/dTrue?lang=en")).text
    await shacho.post("/mail/dTrue/approve", bound=after.bound)
    assert (await place.store.get("dTrue", "default")).approvals == (), "and that is the last look"


def test_there_is_no_way_to_agree_to_several_at_once() -> None:
    assert [p.path for p in PAGES if "approve" in p.path] == ["/mail/{id}/approve"]


async def test_a_sender_leaves_somebody_out_only_where_the_policy_says_so(place: Premises) -> None:
    boss = next(a for a in PEOPLE if a.login == "shacho")
    await place.parts.people.save(msgspec.structs.replace(boss, head_of=("営業部",)), 2.0)
    await guarded(place)
    hanako = await place.visitor("hanako")
    assert "/exclude" not in (await hanako.get("/mail/secret")).text
    await hanako.post("/mail/secret/exclude", person="taro", reason="本人に関する相談")
    assert (await place.store.get("secret", "default")).excluded == ()
    await place.parts.people.save(msgspec.structs.replace(boss, head_of=()), 2.0)
    organisation = msgspec.structs.replace(
        place.parts.policy("default").organisation, may_exclude=("department_head",)
    )
    place.parts.policy = lambda tenant: Policy(organisation=organisation)
    assert "/exclude" not in (await hanako.get("/mail/secret")).text, "not the only one"
    await place.parts.people.save(msgspec.structs.replace(boss, head_of=("営業部",)), 2.0)
    page = (await hanako.get("/mail/secret")).text
    assert '<option value="taro">佐藤 太郎</option>' in page
    assert (await hanako.post("/mail/secret/exclude", person="taro", reason=" ")).status_code == 400
    for nobody in ("hanako", "kansa", "x"):
        await hanako.post("/mail/secret/exclude", person=nobody, reason="x")
    assert (await place.store.get("secret", "default")).excluded == ()
    answer = await hanako.post("/mail/secret/exclude", person="taro", reason="本人に関する相談")
    assert answer.headers["location"] == "/mail/secret"
    assert (await (await place.visitor("taro")).get("/mail/secret")).status_code == 404
    assert (await (await place.visitor("shacho")).get("/mail/secret")).status_code == 200
    (entry,) = await place.store.entries("default", event="exclude")
    assert (entry.actor, entry.detail["excluded"], entry.detail["reason"]) == (
        "hanako",
        "taro",
        "本人に関する相談",
    )


async def test_a_sender_does_not_choose_who_decides_by_leaving_the_others_out(place: Premises) -> None:
    """Two of three are asked, and the president after them: who is needed for a step stays, also for two clicks at once."""
    for login, roles in {"a": ("approver",), "b": ("approver",), "shacho": ("approver", "president")}.items():
        names = {"en": login}
        roles_of = tuple(map(Role, roles))
        await place.parts.people.save(Account(login, names, (f"{login}@example.co.jp",), roles=roles_of), 2.0)
    organisation = msgspec.structs.replace(
        place.parts.policy("default").organisation, may_exclude=("approver",)
    )
    place.parts.policy = lambda tenant: Policy(organisation=organisation)
    gone = next(a for a in PEOPLE if a.login == "taro")
    await place.parts.people.save(msgspec.structs.replace(gone, roles=(Role.USER,)), 2.0)
    for name in ("one", "two"):
        approvals = ("2 of approver, then president",)
        await place.keep(item(name, mail("x", "y"), approvals=approvals, delay=305))
    hanako = Service(place.parts, await session(place.parts, "default", "hanako", place.now[0]))
    assert set(await hanako.excludable("one")) == {"a", "b"}, "who is the only one for a later step stays"
    await hanako.exclude("one", "a", "x")
    with pytest.raises(NotAllowed):
        await hanako.exclude("one", "b", "x")
    said = await asyncio.gather(
        hanako.exclude("two", "a", "x"), hanako.exclude("two", "b", "x"), return_exceptions=True
    )
    assert [type(each) for each in said].count(NotAllowed) == 1, said
    assert len((await place.store.get("two", "default")).excluded) == 1


async def test_of_exclusions_at_once_none_is_lost_while_enough_are_left(place: Premises) -> None:
    logins = ("a", "b", "c", "d")
    for login in logins:
        address = (f"{login}@example.co.jp",)
        await place.parts.people.save(Account(login, {"en": login}, address, roles=(Role.APPROVER,)), 2.0)
    taro = next(a for a in PEOPLE if a.login == "taro")
    await place.parts.people.save(msgspec.structs.replace(taro, roles=(Role.USER,)), 2.0)
    organisation = msgspec.structs.replace(
        place.parts.policy("default").organisation, may_exclude=("approver",)
    )
    place.parts.policy = lambda tenant: Policy(organisation=organisation)
    await place.keep(item("one", mail("x", "y"), approvals=("approver",), delay=305))
    hanako = Service(place.parts, await session(place.parts, "default", "hanako", place.now[0]))
    said = await asyncio.gather(
        *(hanako.exclude("one", login, "x") for login in logins), return_exceptions=True
    )
    left_out = set((await place.store.get("one", "default")).excluded)
    assert left_out == {login for login, answer in zip(logins, said, strict=True) if answer is None}
    assert len(left_out) == 3, said
    again = await asyncio.gather(*(hanako.exclude("one", "a", "x") for _ in range(2)), return_exceptions=True)
    assert all(isinstance(answer, NotAllowed) for answer in again)
