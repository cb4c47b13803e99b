"""Partner passphrases: entered once, never shown again."""

from tests.console.premises import Premises

GOOD = "kN7%vRq2wLx9#Tz"


async def test_add_list_use_and_remove(place: Premises) -> None:
    kanri = await place.visitor("kanri")
    await kanri.get("/partners")
    fields = {"subject": "Client.example", "passphrase": GOOD, "note": "電話で", "until": "2099-12-31"}
    assert (await kanri.post("/partners", **fields)).headers["location"] == "/partners"
    page = (await kanri.get("/partners")).text
    assert "client.example" in page
    assert GOOD not in page
    (agreement,) = await place.parts.vault.all("default")
    assert (await place.parts.vault.find("default", ["x@client.example"]))["x@client.example"] == (
        GOOD,
        "domain",
    )
    assert GOOD not in repr(await place.store.entries("default"))
    await kanri.post(f"/partners/{agreement.id}/remove")
    assert await place.parts.vault.all("default") == []
    assert [e.event for e in await place.store.entries("default")] == [
        "passphrase_added",
        "passphrase_removed",
    ]


async def test_refusals_are_said_and_the_passphrase_is_not_sent_back(place: Premises) -> None:
    kanri = await place.visitor("kanri")
    answer = await kanri.post(
        "/partners", subject="nowhere", passphrase="weak-pass-7", note="", until="yesterday"
    )
    assert answer.status_code == 400
    assert "weak-pass-7" not in answer.text
    answer = await kanri.post("/partners", subject="nowhere", passphrase="weak-pass-7", note="", until="")
    for words in ("推測されやすい", "メールアドレスまたはドメイン", "取り決めの方法"):
        assert words in answer.text
