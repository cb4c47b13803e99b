"""Legal holds on the console: whose mail, why, until when; on record, and one's own tenant's only."""

import time

from quarantine.retention import legal_holds
from quarantine.retention.legal_holds import LegalHold
from tests.console.premises import Premises


async def all_of(place: Premises, tenant: str = "default") -> list[LegalHold]:
    return await legal_holds.all_of(place.store.database, tenant)


async def test_add_list_and_end(place: Premises) -> None:
    kansa = await place.visitor("kansa")
    assert "保留はありません" in (await kansa.get("/legal-holds")).text
    fields = {
        "names": "hanako、 Someone+x@Partner.example\n4a5fzqk2m3xvw7yd",
        "reason": "調査 <1>",
        "until": "2099-12-31",
    }
    assert (await kansa.post("/legal-holds", **fields)).headers["location"] == "/legal-holds"
    (hold,) = await all_of(place)
    assert set(hold.names) > {"hanako", "someone@partner.example", "4a5fzqk2m3xvw7yd"}
    assert any(name.startswith("hanako@") for name in hold.names), "all that a login is known by"
    assert hold.until is not None
    assert time.strftime("%Y-%m-%d %H:%M", time.gmtime(hold.until)) == "2099-12-31 15:00", (
        "the end of the day in Tokyo"
    )
    page = (await kansa.get("/legal-holds")).text
    for words in ("someone@partner.example", "調査 &lt;1&gt;", "2099", "kansa"):
        assert words in page
    assert (await kansa.post(f"/legal-holds/{hold.id}/end")).status_code == 303
    assert await all_of(place) == []
    assert (await kansa.post(f"/legal-holds/{hold.id}/end")).status_code == 404
    told = await place.store.entries("default")
    assert [(e.event, e.actor, e.detail["reason"]) for e in told] == [
        ("legal_hold", "kansa", "調査 <1>"),
        ("legal_hold_ended", "kansa", "調査 <1>"),
    ]
    assert told[0].detail["until"] == hold.until


async def test_refusals_are_said_and_what_was_typed_stays(place: Premises) -> None:
    kanri = await place.visitor("kanri")
    good = {"names": "hanako", "reason": "r", "until": ""}
    for wrong, words in (
        ({"names": " ,、 "}, "1件以上"), ({"names": " ".join(f"x{n}" for n in range(201))}, "1件以上"),
        ({"reason": " "}, "理由を入力"), ({"until": "2001-01-01"}, "今日以降"), ({"until": "yesterday"}, "今日以降"),
        ({"until": "9999-12-31"}, "今日以降"),
    ):  # fmt: skip
        answer = await kanri.post("/legal-holds", **{**good, "reason": "理由乙", **wrong})
        assert answer.status_code == 400, wrong
        assert words in answer.text
        assert "reason" in wrong or "理由乙" in answer.text
    assert await all_of(place) == []


async def test_another_tenants_is_neither_shown_nor_ended(place: Premises) -> None:
    hold = await legal_holds.add(
        place.store, "acme", ["hanako"], reason="秘密の調査", by="x", now=place.now[0]
    )
    kanri = await place.visitor("kanri")
    assert "秘密の調査" not in (await kanri.get("/legal-holds")).text
    assert (await kanri.post(f"/legal-holds/{hold.id}/end")).status_code == 404
    assert await all_of(place, "acme") == [hold]


async def test_one_whose_day_is_over_ends_by_itself(place: Premises) -> None:
    now = place.now[0]
    short, long = [
        await legal_holds.add(place.store, "default", ["hanako"], reason="r", by="x", now=now, until=until)
        for until in (now + 60, None)
    ]
    assert await legal_holds.end_old(place.store, now + 59) == 0
    assert await legal_holds.end_old(place.store, now + 60) == 1
    assert await all_of(place) == [long]
    ended = (await place.store.entries("default"))[-1]
    assert (ended.event, ended.detail["hold"]) == ("legal_hold_ended", short.id)
