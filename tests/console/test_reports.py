"""The administrator's queue of reports, the search for all who got it, and the one step that closes it."""

from filters.examined import Summary
from quarantine.item import State
from quarantine.reported.reports import Report
from quarantine.store import Query
from tests.console.premises import Premises, arrive, furnish_arrivals, mail, report

BLOCK = ["address:support@bank.evil.example", "host:login.bank.evil.example", "file:" + "ab" * 32]
TRAITS = ["address:support@bank.evil.example"]


async def wave(place: Premises) -> str:
    """The report of the wave."""
    return (await furnish_arrivals(place))[0].id


async def letters(place: Premises) -> list[str]:
    return sorted(
        r.path.address
        for i in await place.store.find(Query("default", direction="notice"))
        for r in i.recipients
    )


async def test_the_queue_groups_the_reports_of_one_wave(place: Premises) -> None:
    await furnish_arrivals(place)
    page = (await (await place.visitor("kanri")).get("/reports")).text
    assert page.count('class="cover"') == 1
    for words in ("報告2件", "taro、hanako", "心当たりのない銀行からです。", "今月のお知らせ"):
        assert words in page


async def test_one_report_shows_who_got_such_mail_and_by_what_it_was_found(place: Premises) -> None:
    id = await wave(place)
    kanri = await place.visitor("kanri")
    page = (await kanri.get(f"/reports/{id}")).text
    for words in (
        "該当3通・受信した人3人・保留中1通",
        "info@example.co.jp",
        "佐藤 太郎",
        "隔離中",
        "login.bank.evil.example",
    ):
        assert words in page
    assert 'value="host:www.google.com" checked' not in page, "what everybody links to says nothing"
    page = (await kanri.get(f"/reports/{id}?search=1&t=file:{'ab' * 32}&span=30")).text
    assert "該当3通" in page
    page = (await kanri.get(f"/reports/{id}?search=1&t=host:elsewhere.example")).text
    assert "該当0通" in page
    await arrive(place, "old", "hanako@example.co.jp", ago=200 * 86_400)
    assert "該当3通" in (await kanri.get(f"/reports/{id}")).text
    assert "該当4通" in (await kanri.get(f"/reports/{id}?search=1&t={TRAITS[0]}&span=365")).text


async def test_closing_does_everything_in_one_step_and_once(place: Premises) -> None:
    id = await wave(place)
    kanri = await place.visitor("kanri")
    await kanri.get(f"/reports/{id}")
    fields = {
        "verdict": "dangerous", "t": TRAITS, "alert": "1", "line": "経理の方へ", "block": BLOCK, "days": "90",
        "discard": "1", "note": "助かりました", "span": "90",
    }  # fmt: skip
    before = await letters(place)
    answer = await kanri.post(f"/reports/{id}/close", **fields)
    assert answer.headers["location"] == f"/reports/{id}"
    assert sorted(set(await letters(place))) == [
        "hanako@example.co.jp",
        "info@example.co.jp",
        "taro@example.co.jp",
    ]
    assert len(await letters(place)) == len(before) + 3
    assert (await place.store.get("wave3", "default")).state is State.WITHDRAWN
    blocked = {
        f"{d.kind}:{d.subject}" for d in await place.parts.listings.all("default", "") if d.list == "block"
    }
    assert set(BLOCK) <= blocked
    page = (await kanri.get(f"/reports/{id}")).text
    for words in ("危険", "注意喚起1人", "助かりました", "判定を記録し"):
        assert words in page
    assert "判定を確定する" not in page
    again = await kanri.post(f"/reports/{id}/close", **fields)
    assert again.status_code == 303
    assert "すでに判定済み" in (await kanri.get(f"/reports/{id}")).text
    assert len(await letters(place)) == len(before) + 3
    assert place.woken


async def test_harmless_feeds_the_allow_list_and_nothing_else(place: Premises) -> None:
    id = await wave(place)
    kanri = await place.visitor("kanri")
    await kanri.get(f"/reports/{id}")
    await kanri.post(
        f"/reports/{id}/close", verdict="harmless", t=TRAITS, alert="1", block=BLOCK, discard="1", days="30",
        allow=["address:support@bank.evil.example", "host:login.bank.evil.example", "domain:other.example"],
    )  # fmt: skip
    assert (await place.store.get("wave3", "default")).state is State.HELD
    made = [
        d for d in await place.parts.listings.all("default", "") if d.subject == "support@bank.evil.example"
    ]
    assert [(d.list, d.kind) for d in made] == [("allow", "address")]
    assert not [d for d in await place.parts.listings.all("default", "") if d.subject == "other.example"], (
        "not offered, not taken"
    )


async def test_a_form_that_says_nothing_changes_nothing(place: Premises) -> None:
    id = await wave(place)
    kanri = await place.visitor("kanri")
    await kanri.get(f"/reports/{id}")
    for fields in ({}, {"verdict": "evil", "days": "90"}, {"verdict": "spam", "days": "9999"}):
        assert (await kanri.post(f"/reports/{id}/close", **fields)).status_code == 400
    assert (await kanri.post("/reports/nothing/close", verdict="spam", days="90")).status_code == 404
    assert len(await place.parts.reports.open("default")) == 1


async def test_ourselves_and_free_mail_are_not_offered_for_the_block_list(place: Premises) -> None:
    for number, author in enumerate(("boss@example.co.jp", "evil@gmail.com")):
        summary = Summary(f"s{'ab'[number]}", author, hosts=("www.example.co.jp",))
        await arrive(place, f"m{number}", "hanako@example.co.jp", summary=summary)
        made = await report(place, "hanako", f"m{number}")
        page = (await (await place.visitor("kanri")).get(f"/reports/{made.id}")).text
        assert 'name="block" value="host:' not in page
        assert 'name="block" value="domain:' not in page
        assert ('name="block" value="address:evil@gmail.com" checked' in page) == (number == 1)


async def test_the_content_is_opened_on_record(place: Premises) -> None:
    inner = mail("secret subject", "本文です https://evil.example/")
    outer = (
        b"From: taro@example.co.jp\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=o\r\n\r\n"
        b"--o\r\n\r\nsee\r\n--o\r\nContent-Type: message/rfc822\r\n\r\n" + inner + b"\r\n--o--\r\n"
    )
    blob = await place.blobs.put([outer], "default")
    made, _ = await place.parts.reports.add(
        Report(
            "default", "taro", place.now[0], "mail", Summary("x", "a@b.example"), blob=blob.key, proved=False
        )
    )
    kanri = await place.visitor("kanri")
    page = (await kanri.get(f"/reports/{made.id}")).text
    assert "本文です" not in page
    assert "報告者は未確認" in page
    page = (await kanri.post(f"/reports/{made.id}/open")).text
    assert "本文です" in page
    assert "secret subject" in page
    (look,) = await place.store.entries("default", event="look")
    assert (look.actor, look.detail["report"]) == ("kanri", made.id)


async def test_a_held_mail_is_shown_too_and_what_is_gone_is_said(place: Premises) -> None:
    await furnish_arrivals(place)
    kanri = await place.visitor("kanri")
    made = await report(place, "shacho", "wave3")
    assert "至急ご確認ください" in (await kanri.post(f"/reports/{made.id}/open")).text
    (letter,) = await place.parts.reports.closed("default")
    assert "保存されていません" in (await kanri.post(f"/reports/{letter[0].id}/open")).text


async def test_another_tenant_has_other_reports(place: Premises) -> None:
    id = await wave(place)
    other = await place.visitor("other")
    assert (await other.get(f"/reports/{id}")).status_code == 404
    assert "口座の確認" not in (await other.get("/reports")).text


async def test_a_shortener_is_everybodys(place: Premises) -> None:
    """Blocking it would hold the mail of all the others who use it."""
    await arrive(
        place, "m1", "hanako@example.co.jp", summary=Summary("s", "a@evil.example", hosts=("bit.ly",))
    )
    made = await report(place, "hanako", "m1")
    page = (await (await place.visitor("kanri")).get(f"/reports/{made.id}")).text
    assert 'name="block" value="host:bit.ly">' in page
    assert 'name="t" value="host:bit.ly">' in page
