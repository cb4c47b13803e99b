"""Approvals (OUT-APPROVE)."""

import msgspec

from quarantine.item import State
from tests.console.premises import PEOPLE, Premises, item, mail


async def test_the_head_sees_what_waits_for_them_only(full: Premises) -> None:
    taro = (await (await full.visitor("taro")).get("/approvals")).text
    assert "新製品の価格表" in taro
    assert "見積書" not in taro
    shacho = (await (await full.visitor("shacho")).get("/approvals")).text
    assert "新製品の価格表" not in shacho


async def test_approve_with_a_comment_in_the_journal(full: Premises) -> None:
    taro = await full.visitor("taro")
    before = await full.store.get("approval", "default")
    answer = await taro.post("/mail/approval/approve", sha256=before.sha256, comment="確認済み")
    assert answer.headers["location"] == "/approvals"
    assert "承認しました" in (await taro.get("/approvals")).text
    after = await full.store.get("approval", "default")
    assert after.approvals == ()
    assert after.state is State.HELD, "the delay goes on"
    (entry,) = await full.store.entries("default", event="approve")
    assert entry.detail["comment"] == "確認済み"
    assert entry.detail["role"] == "department_head"
    assert (await taro.get("/mail/approval")).status_code == 404, "no longer asked"


async def test_an_approval_of_other_content_does_not_count(full: Premises) -> None:
    taro = await full.visitor("taro")
    await taro.post("/mail/approval/approve", sha256="0" * 64)
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
    assert (await taro.post("/mail/own/approve", sha256=own.sha256)).status_code == 403
    assert (await place.store.get("own", "default")).approvals == ("president", "department_head")
