"""Allow and block lists: owner, reason, end."""

from tests.console.premises import Premises, furnish_arrivals


async def test_add_find_and_remove(place: Premises) -> None:
    kanri = await place.visitor("kanri")
    await kanri.get("/listings")
    fields = {
        "list": "block",
        "kind": "domain",
        "subject": "@Evil.example",
        "days": "90",
        "reason": "3月の報告",
    }
    assert (await kanri.post("/listings", **fields)).headers["location"] == "/listings"
    (entry,) = await place.parts.listings.all("default")
    assert (entry.list, entry.kind, entry.subject, entry.owner, entry.person, entry.reason) == (
        "block", "domain", "evil.example", "kanri", "", "3月の報告",
    )  # fmt: skip
    assert entry.expires_at == place.now[0] + 90 * 86_400
    assert "evil.example" in (await kanri.get("/listings?text=evil")).text
    assert "evil.example" not in (await kanri.get("/listings?list=allow")).text
    assert (await kanri.post(f"/listings/{entry.id}/remove")).status_code == 303
    assert (await kanri.post(f"/listings/{entry.id}/remove")).status_code == 404
    assert [e.event for e in await place.store.entries("default")] == ["listing_added", "listing_removed"]


async def test_what_makes_no_sense_is_said_and_kept_in_the_form(place: Premises) -> None:
    kanri = await place.visitor("kanri")
    await kanri.get("/listings")
    good = {"list": "block", "kind": "host", "subject": "a.example", "days": "90", "reason": "r"}
    for name, value, words in (
        ("subject", "no host", "対象と種類"), ("kind", "person", "対象と種類"), ("list", "grey", "対象と種類"),
        ("days", "99999", "対象と種類"), ("days", "", "対象と種類"), ("reason", " ", "理由を入力"),
    ):  # fmt: skip
        answer = await kanri.post("/listings", **{**good, name: value})
        assert answer.status_code == 400, (name, value)
        assert words in answer.text
    assert 'value="a.example"' in answer.text
    assert await place.parts.listings.all("default") == []


async def test_personal_entries_stand_there_with_their_person_and_ends_are_announced(place: Premises) -> None:
    await furnish_arrivals(place)
    page = (await (await place.visitor("kanri")).get("/listings")).text
    assert page.count("まもなく期限") == 1
    for words in ("partner.example", "hanako", "全員", "cd" * 32):
        assert words in page


async def test_another_tenants_administrator_sees_and_changes_none_of_it(place: Premises) -> None:
    """Pages asked the lists and the vault of the default tenant, whoever looked."""
    made = await place.parts.listings.add(
        "default", list="block", kind="domain", subject="evil.example", owner="kanri", reason="x",
        expires_at=place.now[0] + 86_400,
    )  # fmt: skip
    kept = await place.parts.vault.add(
        "default", "client.example", "kN7%vRq2wL-kN7%vRq2wL9", note="phone", by="kanri"
    )
    other = await place.visitor("other")
    assert "evil.example" not in (await other.get("/listings")).text
    assert "client.example" not in (await other.get("/partners")).text
    assert (await other.post(f"/listings/{made.id}/remove")).status_code == 404
    assert (await other.post(f"/partners/{kept.id}/remove")).status_code == 404
    assert len(await place.parts.listings.all("default")) == len(await place.parts.vault.all("default")) == 1


async def test_an_entry_of_a_list_says_so(place: Premises) -> None:
    await place.parts.listings.add(
        "default", list="block", kind="host", subject="evil.example", owner="feed:phishing-hosts", reason="x",
        expires_at=place.now[0] + 86_400,
    )  # fmt: skip
    page = (await (await place.visitor("kanri")).get("/listings")).text
    assert "外部リスト phishing-hosts" in page
    assert "feed:" not in page
