"""The page of the house's operator: numbers of each organisation, suspending and resuming one with a reason (OPS-TENANT)."""

import re

import pytest

from directory.account import Account, Role
from quarantine.item import State
from quarantine.queue import suspension
from quarantine.queue.sender_limits import SenderUse
from quarantine.service.shown import Proof
from tests.console.premises import Premises, item, mail

WHY = "未払い <1>"


async def settle(place: Premises) -> None:
    """Two organisations, of which one has mail that waits, and the house's operator."""
    ban = Account("ban", {"ja": "番 太郎", "en": "Taro Ban"}, roles=(Role.USER, Role.HOUSE_OPERATOR))
    ann = Account("ann", {"en": "Ann"}, ("ann@acme.example",), tenant="acme")
    for account in (ban, ann):
        await place.parts.people.save(account, place.now[0])
    place.parts.organisations = ("default", "acme")
    place.parts.proved = lambda: {
        "acme": {
            "outbound": Proof("outbound", place.now[0] - 60),
            "inbound": Proof("inbound", 0.0, "no answer"),
        }
    }

    async def senders(tenant: str) -> SenderUse:
        return SenderUse(600, 0, 2, 7, 1, 1, 104) if tenant == "acme" else SenderUse()

    place.parts.senders = senders
    for number in range(3):
        held = item(
            f"held{number}", mail("極秘", "内密の文面"), tenant="acme", holds=("warning_score",), owner="ann"
        )
        await place.keep(held, place.now[0] - 7200 - number)
    await place.keep(
        item("queued1", mail("極秘", "内密の文面"), tenant="acme", state=State.QUEUED, owner="ann")
    )


async def test_numbers_and_nothing_of_a_mail(place: Premises) -> None:
    await settle(place)
    ban = await place.visitor("ban", "default")
    japanese = (await ban.get("/organisations?lang=ja")).text
    english = (await ban.get("/organisations?lang=en")).text
    assert "Suspend or resume" in english
    for words in (
        "保留 3件",
        "配信待ち 1件",
        "2時間前",
        "稼働中",
        "未確認",
        "現在失敗",
        "最終確認",
        "10分間 600宛先",
        "1日の上限なし",
        "例外 2件",
        "送信者 7人",
        "最大 104%",
        "上限に近い 1人",
        "上限に到達 1人",
    ):
        assert words in japanese
    for words in (
        "3 held",
        "1 queued",
        "2 hours",
        "Running",
        "Not yet",
        "Fails now",
        "Last proved",
        "600 in 10 minutes",
        "Any number a day",
        "2 exceptions",
        "7 senders",
        "at most 104% used",
        "1 near a limit",
        "1 at a limit",
    ):
        assert words in english
    for page in (japanese, english):
        for words in ("極秘", "内密", "@", "suzuki", "ann\b", "no answer"):
            assert not re.search(words, page), words
        assert page.count('action="/organisations/') == 1, "the house itself is suspended on its host"
    assert "/organisations" in (await ban.get("/")).text
    for path in ("/quarantine", "/trace", "/people", "/mail/held0", "/trace/held0", "/policy", "/reports"):
        assert (await ban.get(path)).status_code == 404, path


async def test_suspended_and_resumed_with_a_reason(place: Premises) -> None:
    await settle(place)
    ban, ann = await place.visitor("ban", "default"), await place.visitor("ann", "acme")
    assert (await ann.get("/")).status_code == 200
    await ban.get("/organisations")
    without = await ban.post("/organisations/acme/suspend", reason=" ")
    assert without.status_code == 400
    assert "理由を入力" in without.text
    assert await suspension.all_of(place.store.database) == {}
    done = await ban.post("/organisations/acme/suspend", reason=WHY)
    assert (done.status_code, done.headers["location"]) == (303, "/organisations")
    page = (await ban.get("/organisations")).text
    for words in ("組織を一時停止しました", "未払い &lt;1&gt;", "/organisations/acme/resume"):
        assert words in page
    closed = await ann.get("/")
    assert closed.status_code == 403
    assert "未払い &lt;1&gt;" in closed.text
    assert "ban" not in closed.text
    assert (await ban.post("/organisations/acme/resume", reason="")).status_code == 400
    assert (await ban.post("/organisations/acme/resume", reason="入金")).status_code == 303
    assert await suspension.all_of(place.store.database) == {}
    assert [(e.event, e.actor) for e in await place.store.entries("acme") if "tenant" in e.event] == [
        ("tenant_suspended", "default/ban"), ("tenant_resumed", "default/ban"),
    ]  # fmt: skip


@pytest.mark.parametrize("name", ["default", "nobody", "Acme", "%2e%2e", "a" * 3000])
async def test_of_nobody_it_is_not_found(place: Premises, name: str) -> None:
    await settle(place)
    ban = await place.visitor("ban", "default")
    await ban.get("/organisations")
    for act in ("suspend", "resume"):
        assert (await ban.post(f"/organisations/{name}/{act}", reason="r")).status_code == 404
    assert await suspension.all_of(place.store.database) == {}


@pytest.mark.parametrize("login", ["kanri", "unyo", "kansa", "shacho", "hanako"])
async def test_nobody_else_has_the_page(place: Premises, login: str) -> None:
    await settle(place)
    visitor = await place.visitor(login, "default")
    assert "/organisations" not in (await visitor.get("/")).text
    assert (await visitor.get("/organisations")).status_code == 404
    assert (await visitor.post("/organisations/acme/suspend", reason="r")).status_code == 404


async def test_who_lost_the_role_meanwhile_is_refused(place: Premises) -> None:
    await settle(place)
    ban = await place.visitor("ban", "default")
    await ban.get("/organisations")
    await place.parts.people.save(Account("ban", {"ja": "番 太郎"}, roles=(Role.USER,)), place.now[0])
    assert (await ban.post("/organisations/acme/suspend", reason="r")).status_code == 404
    assert await suspension.all_of(place.store.database) == {}
