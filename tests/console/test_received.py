"""Mail that arrived: who sees it, reporting it, trusting its sender."""

import msgspec
import pytest

from filters.examined import Summary
from tests.console.premises import PEOPLE, Premises, arrive, furnish_arrivals, item, mail

SEES = {"hanako": "wave1", "taro": "wave2", "shacho": "wave3"}


@pytest.mark.parametrize("login", ["", *(a.login for a in PEOPLE)])
async def test_only_those_for_whom_it_came_see_it(place: Premises, login: str) -> None:
    """A mail's id is no permission: to everybody else, the administrator among them, there is no such mail."""
    await furnish_arrivals(place)
    visitor = await place.visitor(login)
    for mail_id in ("wave1", "wave2", "wave3", "nothing", "../x", "wave1%00", "w" * 200):
        answer = await visitor.get(f"/received/{mail_id}")
        if login in ("", "gone"):
            assert answer.status_code == (303 if answer.request.url.path.count("/") == 2 else 404)
            continue
        assert answer.status_code == (200 if SEES.get(login) == mail_id else 404), mail_id
        assert ("口座の確認" in answer.text) == (SEES.get(login) == mail_id)
        for act in ("report", "withdraw", "trust"):
            if SEES.get(login) != mail_id:
                answer = await visitor.post(f"/received/{mail_id}/{act}", kind="address", days="90")
                assert answer.status_code == 404
    assert len(await place.parts.reports.open("default")) == 1
    assert len(await place.parts.listings.all("default")) == 3


async def test_a_shared_mailbox_and_a_sub_address_count_as_mine(place: Premises) -> None:
    taro = next(a for a in PEOPLE if a.login == "taro")
    await place.parts.people.save(msgspec.structs.replace(taro, send_as=("info@example.co.jp",)), 0.0)
    await arrive(place, "m1", "info@example.co.jp")
    await arrive(place, "m2", "Hanako+list@example.co.jp")
    assert (await (await place.visitor("taro")).get("/received/m1")).status_code == 200
    assert (await (await place.visitor("hanako")).get("/received/m2")).status_code == 200
    assert (await (await place.visitor("hanako")).get("/received/m1")).status_code == 404


async def test_our_own_mail_is_no_received_mail(full: Premises) -> None:
    assert (await (await full.visitor("taro")).get("/received/timed")).status_code == 404


async def test_report_say_it_again_and_take_it_back(place: Premises) -> None:
    await arrive(place, "m1", "hanako@example.co.jp")
    hanako = await place.visitor("hanako")
    await hanako.get("/received/m1")
    for comment in ("怪しい", "とても怪しい"):
        answer = await hanako.post("/received/m1/report", comment=comment)
        assert answer.headers["location"] == "/received/m1"
    (topic,) = await place.parts.reports.open("default")
    assert [(r.reporter, r.mail_id, r.comment) for r in topic] == [("hanako", "m1", "とても怪しい")]
    page = (await hanako.get("/received/m1")).text
    assert "報告を受け付けました" in page
    assert "報告を取り消す" in page
    assert (await hanako.post("/received/m1/withdraw")).status_code == 303
    assert await place.parts.reports.open("default") == []
    assert (await hanako.post("/received/m1/withdraw")).status_code == 303
    assert [e.event for e in await place.store.entries("default", mail_id="m1")] == [
        "pass",
        "report",
        "report_withdrawn",
    ]
    assert "不審なメールとして報告する" in (await hanako.get("/received/m1")).text


async def test_trust_a_sender_until_a_day(place: Premises) -> None:
    await arrive(place, "m1", "hanako@example.co.jp")
    hanako, taro = await place.visitor("hanako"), await place.visitor("taro")
    await hanako.get("/received/m1")
    for wrong in ({"kind": "host", "days": "90"}, {"kind": "domain", "days": "3650"}, {"kind": "address"}):
        assert (await hanako.post("/received/m1/trust", **wrong)).status_code == 400
    assert (await hanako.post("/received/m1/trust", kind="domain", days="30")).status_code == 303
    (entry,) = await place.parts.listings.all("default")
    assert (entry.list, entry.kind, entry.subject, entry.person, entry.owner) == (
        "allow", "domain", "bank.evil.example", "hanako", "hanako",
    )  # fmt: skip
    assert entry.expires_at == place.now[0] + 30 * 86_400
    (listing,) = await place.parts.listings.find("default", ["x@bank.evil.example"])
    assert listing.people == ("hanako@example.co.jp",), "for her alone"
    assert "bank.evil.example" in (await hanako.get("/received")).text
    assert (await taro.post(f"/trusted/{entry.id}/remove")).status_code == 404
    assert (await hanako.post(f"/trusted/{entry.id}/remove")).headers["location"] == "/received"
    assert await place.parts.listings.all("default") == []
    assert [e.event for e in await place.store.entries("default")][1:] == ["listing_added", "listing_removed"]


@pytest.mark.parametrize(
    ("author", "kinds"),
    [
        ("a@gmail.com", ["address"]),
        ("boss@example.co.jp", []),
        ("", []),
        ("a@partner.example", ["address", "domain"]),
    ],
)
async def test_nobody_trusts_a_whole_free_mail_provider_or_ourselves(
    place: Premises, author: str, kinds: list[str]
) -> None:
    await arrive(place, "m1", "hanako@example.co.jp", summary=Summary("x", author))
    hanako = await place.visitor("hanako")
    page = (await hanako.get("/received/m1")).text
    for kind in ("address", "domain"):
        assert (f'value="{kind}"' in page) == (kind in kinds)
        answer = await hanako.post("/received/m1/trust", kind=kind, days="90")
        assert answer.status_code == (303 if kind in kinds else 400)


async def test_the_list_shows_what_is_mine_only(place: Premises) -> None:
    await furnish_arrivals(place)
    page = (await (await place.visitor("hanako")).get("/received")).text
    for words in ("wave1", "letter1", "partner.example", "取引先の正式な配信です。", "report@example.co.jp"):
        assert words in page
    assert "wave2" not in page
    page = (await (await place.visitor("unyo")).get("/received")).text
    assert "wave" not in page


async def test_after_the_decision_the_page_says_what_it_was(place: Premises) -> None:
    await furnish_arrivals(place)
    page = (await (await place.visitor("hanako")).get("/received/letter1")).text
    assert "問題のないメールでした。" in page
    assert "取引先の正式な配信です。" in page


async def test_a_held_mail_of_mine_is_told_as_held(place: Premises) -> None:
    await place.keep(
        item("m1", mail("x", "y"), "hanako@example.co.jp", direction="inbound", owner="", holds=("x",))
    )
    assert "隔離中" in (await (await place.visitor("hanako")).get("/received/m1")).text


async def test_a_hostile_mail_becomes_no_markup(place: Premises) -> None:
    from tests.console.test_app import PAYLOADS, inert

    for number, payload in enumerate(PAYLOADS):
        summary = Summary(
            payload, f"{payload}@evil.example", payload, attachments=(payload,), hosts=(payload,)
        )
        await arrive(place, f"m{number}", "hanako@example.co.jp", summary=summary)
        hanako = await place.visitor("hanako")
        inert((await hanako.get(f"/received/m{number}")).text)
        await hanako.post(f"/received/m{number}/report", comment=payload)
        inert((await hanako.get("/received")).text)
        kanri = await place.visitor("kanri")
        inert((await kanri.get("/reports")).text)
    for topic in await place.parts.reports.open("default"):
        answer = await kanri.get(f"/reports/{topic[0].id}")
        assert answer.status_code == 200
        inert(answer.text)


async def test_what_is_kept_of_it_is_one_click_away(place: Premises) -> None:
    """The original of a changed mail can be asked for from the banner's page; it is not called held."""
    for name, hold, said in (
        ("orig", "disarmed", "元のメールを確認・依頼する"),
        ("doubt", "macro", "配信を保留しています"),
    ):
        await place.keep(
            item(
                name,
                mail("report", "本文"),
                "hanako@example.co.jp",
                direction="inbound",
                owner="",
                holds=(hold,),
            )
        )
        page = (await (await place.visitor("hanako")).get(f"/received/{name}")).text
        assert said in page
        assert f'href="/waiting/{name}"' in page
        assert ("隔離中" in page) == (hold == "macro")
    assert "配信済みです" in (await (await place.visitor("kanri")).get("/mail/orig")).text
