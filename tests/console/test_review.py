"""Self-review on its page: what must be ticked decides the server, with and without a script (OUT-MISSEND)."""

import re

import msgspec
import pytest

from filters.examined import ShownFile
from quarantine.item import State
from storage.interfaces import Draft
from tests.console.premises import NO_FILE, NOW, THEIR_FILE, Premises, furnish_review, item, mail

TICKS = ["note:0", "to:suzuki@client.example", "to:x@unknown.example", "file:0"]
waiting = furnish_review


async def state(place: Premises, id: str = "look") -> State:
    return (await place.store.get(id, "default")).state


async def test_the_page_shows_whom_it_goes_to_and_what_was_found(full: Premises) -> None:
    await waiting(full)
    text = (await (await full.visitor("hanako")).get("/mail/look/review")).text
    assert text.index("unknown.example") < text.index("クライアント株式会社"), "whom nobody knows comes first"
    assert "登録のない組織" in text
    assert "規格書を添付" in text
    assert "別の取引先「小樽グランド観光」" in text
    assert "taro@example.co.jp" in text
    for key in TICKS:
        assert f'value="{key}"' in text
    assert re.search(r'data-word="warning"[^>]*>警告', text)
    assert "<output>9</output>" in text


async def test_nothing_leaves_until_all_is_ticked(full: Premises) -> None:
    await waiting(full)
    hanako = await full.visitor("hanako")
    answer = await hanako.post("/mail/look/confirm", checked=TICKS[:-1])
    assert answer.status_code == 400
    assert "確認していない項目が1件" in answer.text
    assert 'class="check lacking"' in answer.text
    assert re.search(r'value="note:0"[^>]* checked', answer.text), "what was ticked stays ticked"
    assert "<output>5</output>" in answer.text
    assert await state(full) is State.HELD
    answer = await hanako.post("/mail/look/confirm", checked=TICKS)
    assert answer.headers["location"] == "/mail/look"
    assert await state(full) is State.QUEUED
    (entry,) = [e for e in await full.store.entries("default", item="look") if e.event == "confirm"]
    assert entry.actor == "hanako"
    assert "suzuki@client.example" in entry.detail["ticked"]
    assert "確認を受け付けました" in (await hanako.get("/mail/look")).text


async def test_its_review_is_not_an_approval(full: Premises) -> None:
    await waiting(full, approvals=("department_head",))
    hanako = await full.visitor("hanako")
    assert "所属部門長の承認が必要です" in (await hanako.get("/mail/look/review")).text
    await hanako.post("/mail/look/confirm", checked=TICKS)
    kept = await full.store.get("look", "default")
    assert (kept.state, kept.approvals, kept.self_review) == (State.HELD, ("department_head",), False)


async def test_an_approval_is_not_the_review(full: Premises) -> None:
    kept = await waiting(full, approvals=("department_head",))
    taro = await full.visitor("taro")
    await taro.get("/mail/look")
    await taro.post("/mail/look/approve", bound=kept.bound)
    kept = await full.store.get("look", "default")
    assert (kept.state, kept.approvals, kept.self_review) == (State.HELD, (), True)


async def test_nobody_else_reviews_it(full: Premises) -> None:
    await waiting(full)
    for login in ("taro", "kanri", "shacho", "unyo", "other"):
        visitor = await full.visitor(login)
        assert (await visitor.post("/mail/look/confirm", checked=TICKS)).status_code in (403, 404)
        assert (await visitor.get("/mail/look/review")).status_code in (403, 404)
    assert await state(full) is State.HELD


async def test_it_cannot_be_sent_around_the_review(full: Premises) -> None:
    await waiting(full, delay=305)
    hanako = await full.visitor("hanako")
    await hanako.post("/mail/look/send_now", checked=["client.example", "unknown.example", "attachments"])
    full.now[0] += 400
    assert "look" not in [leased.id for leased in await full.store.lease(full.now[0], 10, 60)]
    assert await state(full) is State.HELD
    page = (await hanako.get("/mail/look")).text
    assert "/mail/look/send_now" not in page
    assert 'href="/mail/look/review"' in page


async def test_who_looked_through_it_in_time_still_has_the_delay(full: Premises) -> None:
    await waiting(full, delay=305)
    hanako = await full.visitor("hanako")
    await hanako.post("/mail/look/confirm", checked=TICKS)
    kept = await full.store.get("look", "default")
    assert (kept.state, kept.due_at) == (State.HELD, NOW + 305)


async def test_recall(full: Premises) -> None:
    await waiting(full)
    hanako = await full.visitor("hanako")
    assert 'action="/mail/look/recall"' in (await hanako.get("/mail/look/review")).text
    await hanako.post("/mail/look/recall")
    assert await state(full) is State.WITHDRAWN
    assert (await hanako.get("/mail/look/review")).headers["location"] == "/mail/look"
    assert (await hanako.post("/mail/look/confirm", checked=TICKS)).headers["location"] == "/mail/look"
    assert await state(full) is State.WITHDRAWN


@pytest.fixture
def shown(full: Premises) -> list[tuple[bytes, int]]:
    """The files that were read; the worker is played."""
    read: list[tuple[bytes, int]] = []

    async def show(draft: Draft, number: int) -> ShownFile | None:
        read.append((bytes(draft.view()), number))
        return ShownFile("見積書.pdf", "pdf", "ok", (("", "御見積書\n<b>小樽様</b>"),), cut=True)

    full.parts.show = show
    return read


async def test_a_file_must_be_opened_before_it_is_sent(
    full: Premises, shown: list[tuple[bytes, int]]
) -> None:
    policy = full.parts.policy("default")
    review = msgspec.structs.replace(policy.review, must_open=("pdf",))
    full.parts.policy = lambda tenant: msgspec.structs.replace(policy, review=review)
    await waiting(full)
    hanako = await full.visitor("hanako")
    assert "中身の確認が必要です" in (await hanako.get("/mail/look/review")).text
    assert (await hanako.post("/mail/look/confirm", checked=TICKS)).status_code == 400
    page = (await hanako.post("/mail/look/files/0", checked=TICKS[:2])).text
    assert "&lt;b&gt;小樽様" in page, "text, nothing that acts"
    assert "途中までを表示" in page
    for key in TICKS[:2]:
        assert f'name="checked" value="{key}"' in page, "the ticks come along"
    assert shown[0][1] == 0
    assert b"JVBERi0xLjQK" in shown[0][0]
    (entry,) = [e for e in await full.store.entries("default", item="look") if e.event == "file_shown"]
    assert (entry.actor, entry.detail["file"]) == ("hanako", "0")
    back = (await hanako.post("/mail/look/review", checked=[*TICKS[:2], "file:0"])).text
    assert re.search(r'value="file:0"[^>]* checked', back)
    assert "表示済み" in back
    await hanako.post("/mail/look/confirm", checked=TICKS)
    assert await state(full) is State.QUEUED


async def test_a_file_that_cannot_be_read_is_no_dead_end(full: Premises) -> None:
    """Whoever had to look and was told that there is nothing to see may go on; the journal says that it was so."""
    policy = full.parts.policy("default")
    review = msgspec.structs.replace(policy.review, must_open=("pdf",))
    full.parts.policy = lambda tenant: msgspec.structs.replace(policy, review=review)
    await waiting(full)
    hanako = await full.visitor("hanako")
    page = (await hanako.post("/mail/look/files/0")).text
    assert "文字を取り出せません" in page
    (entry,) = [e for e in await full.store.entries("default", item="look") if e.event == "file_shown"]
    assert entry.detail["read"] == "no"
    await hanako.post("/mail/look/confirm", checked=TICKS)
    assert await state(full) is State.QUEUED


async def test_there_is_no_other_file(full: Premises, shown: list[tuple[bytes, int]]) -> None:
    await waiting(full)
    hanako = await full.visitor("hanako")
    assert (await hanako.post("/mail/look/files/7")).status_code == 404
    assert (await hanako.post("/mail/look/files/x")).status_code == 404
    assert shown == []


async def test_both_copies_of_a_mail_go_on(full: Premises) -> None:
    await waiting(full)
    other = item(
        "look2", mail("quotation", "x"), "p@other.example", self_review=True, findings=(NO_FILE, THEIR_FILE)
    )
    await full.keep((msgspec.structs.replace(other[0], mail_id="look"), other[1]))
    hanako = await full.visitor("hanako")
    assert "p@other.example" in (await hanako.get("/mail/look/review")).text
    assert (await hanako.post("/mail/look/confirm", checked=TICKS)).status_code == 400
    await hanako.post("/mail/look/confirm", checked=[*TICKS, "to:p@other.example"])
    assert await state(full) is await state(full, "look2") is State.QUEUED


async def test_the_list_leads_to_the_review(full: Premises) -> None:
    await waiting(full)
    text = (await (await full.visitor("hanako")).get("/mail")).text
    assert 'href="/mail/look/review"' in text
    assert "あなたの確認待ち" in text


async def test_a_mail_to_hundreds_of_companies_can_be_looked_through(full: Premises) -> None:
    """One tick for each: neither the form nor the service stops counting before the last."""
    addresses = [f"info@company{number}.example" for number in range(300)]
    await full.keep(item("look", mail("greetings", "x"), *addresses, self_review=True))
    hanako = await full.visitor("hanako")
    page = (await hanako.get("/mail/look/review")).text
    ticks = re.findall(r'name="checked" value="([^"]+)"', page)
    assert len(ticks) == 300
    assert (await hanako.post("/mail/look/confirm", checked=ticks[:-1])).status_code == 400
    answer = await hanako.post("/mail/look/confirm", checked=ticks)
    assert answer.headers["location"] == "/mail/look"
    assert await state(full) is State.QUEUED


async def test_every_copy_of_a_mail_is_looked_through_however_many(full: Premises) -> None:
    """One copy each: what is not shown would be sent unseen, or wait for ever."""
    for number in range(150):
        made = item(
            f"c{number:03}", mail("greetings", "x"), f"info@company{number}.example",
            self_review=True, rewrites=("each",),
        )  # fmt: skip
        await full.keep((msgspec.structs.replace(made[0], mail_id="look"), made[1]))
    hanako = await full.visitor("hanako")
    page = (await hanako.get("/mail/c000/review")).text
    ticks = re.findall(r'name="checked" value="([^"]+)"', page)
    assert len(ticks) == 150
    await hanako.post("/mail/c000/confirm", checked=ticks)
    assert {await state(full, f"c{number:03}") for number in range(150)} == {State.QUEUED}
