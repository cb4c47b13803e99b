"""The message trace."""

from quarantine.item import Entry
from tests.console.premises import Premises


async def test_a_mail_is_found_and_its_way_is_told(full: Premises) -> None:
    kansa = await full.visitor("kansa")
    found = (await kansa.get("/trace?text=先日のお礼")).text
    assert "/trace/left" in found
    assert "見積書" not in found
    way = (await kansa.get("/trace/left")).text
    assert way.index("受け付けました") < way.index("配信処理が終わりました")
    assert "250 2.0.0 queued as 4F2" in way
    assert "送信済み" in way


async def test_it_is_found_by_its_id_recipient_and_message_id(full: Premises) -> None:
    kansa = await full.visitor("kansa")
    for text in ("left", "suzuki@client.example", "<a5@example.co.jp>"):
        assert "/trace/left" in (await kansa.client.get("/trace", params={"text": text})).text, text


async def test_mail_that_only_passed_is_found_in_the_journal(full: Premises) -> None:
    detail = {"direction": "inbound", "from": "a@client.example", "to": ["hanako@example.co.jp"], "subject": "納品書<b>",
              "message_id": "<p@client.example>", "replies": ["250 2.0.0 ok"]}  # fmt: skip
    await full.store.record(Entry(full.now[0], "pass", "n1", mail_id="passed1", detail=detail))
    await full.store.record(
        Entry(full.now[0], "pass", "n1", mail_id="passed2", tenant="other", detail=detail)
    )
    kansa = await full.visitor("kansa")
    found = (await kansa.get("/trace?text=納品書")).text
    assert "/trace/passed1" in found
    assert "passed2" not in found
    assert "<b>" not in found
    way = (await kansa.get("/trace/passed1")).text
    assert "250 2.0.0 ok" in way
    assert (await kansa.get("/trace/passed2")).status_code == 404


async def test_a_mail_whose_hand_over_broke_off_is_listed_as_such(full: Premises) -> None:
    detail = {
        "direction": "inbound",
        "from": "a@client.example",
        "to": ["hanako@example.co.jp"],
        "subject": "納品書",
    }
    about = Entry(full.now[0], "hand_over", "n1", mail_id="broke1", detail=detail)
    await full.store.record(about, Entry(full.now[0], "outcome_unknown", "n1", mail_id="broke1"))
    found = (await (await full.visitor("kansa")).get("/trace?text=納品書")).text
    assert found.count("/trace/broke1") == 1


async def test_another_tenants_mail_is_not_there(full: Premises) -> None:
    kansa = await full.visitor("kansa")
    assert (await kansa.get("/trace/foreign")).status_code == 404
    assert "/trace/foreign" not in (await kansa.get("/trace")).text
