"""Showing again who one is, on the way to something that matters: nothing typed is lost, nothing is done without it (OPS-MFA)."""

import html
import re
from pathlib import Path

import pytest

import console
from config.console import SecondFactorSection
from console.visit import PROOF
from directory.second_factor import FREE
from quarantine.item import State
from tests.console.premises import PASSWORD, Premises, Visitor, code, enrolled

STALE = 16 * 60.0
"""Seconds after which a proof is too old."""


@pytest.fixture
async def ready(full: Premises) -> Premises:
    for login in ("hanako", "kanri"):
        await full.parts.people.set_password("default", login, PASSWORD)
    return full


def carried(page: str) -> dict[str, str]:
    """The hidden fields of the page that asks."""
    found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', page)
    return {name: html.unescape(value) for name, value in found}


async def stale(place: Premises, login: str) -> Visitor:
    visitor = await place.visitor(login)
    await visitor.get("/mail")
    place.now[0] += STALE
    return visitor


async def test_a_passphrase_asks_for_the_password_of_who_has_no_second_factor(ready: Premises) -> None:
    hanako = await stale(ready, "hanako")
    before = dict(hanako.client.cookies)
    asked = await hanako.post("/mail/timed/passphrase")
    assert asked.status_code == 403
    assert "もう一度確認します" in asked.text
    assert await ready.store.entries("default", event="passphrase_shown") == []
    wrong = await hanako.client.post("/mail/timed/passphrase", data={**carried(asked.text), PROOF: "wrong"})
    assert wrong.status_code == 401
    assert await ready.store.entries("default", event="passphrase_shown") == []
    shown = await hanako.client.post("/mail/timed/passphrase", data={**carried(wrong.text), PROOF: PASSWORD})
    assert shown.status_code == 200
    assert "abcd" in shown.text
    assert hanako.client.cookies["sekisho-session"] != before["sekisho-session"], "a new session"
    assert PASSWORD not in asked.text + wrong.text + shown.text
    told = [e.detail["by"] for e in await ready.store.entries("default", event="proved")]
    assert told == ["password"]
    again = await hanako.post("/mail/timed/passphrase", token=carried(shown.text)["token"])
    assert again.status_code == 200, "for a while it is not asked again"


async def test_what_was_typed_goes_on(ready: Premises) -> None:
    secret, _ = await enrolled(ready.parts, "default", "kanri", ready.now[0])
    kanri = await stale(ready, "kanri")
    fields = {
        "list": "block",
        "kind": "domain",
        "subject": "evil.example",
        "reason": '理由 <b>"x"</b>\n二行目',
        "days": "90",
    }
    asked = await kanri.post("/listings", **fields)
    assert asked.status_code == 403
    typed = carried(asked.text)
    assert {name: value.replace("\r", "") for name, value in typed.items() if name != "token"} == fields
    assert "<b>" not in asked.text
    password = await kanri.client.post("/listings", data={**typed, PROOF: PASSWORD})
    assert password.status_code == 401, "whoever has a second factor shows that one"
    done = await kanri.client.post("/listings", data={**typed, PROOF: code(secret, ready.now[0])})
    assert done.status_code == 303
    assert [e.subject for e in await ready.parts.listings.all("default", "")] == ["evil.example"]
    again = await kanri.client.post("/listings", data={**typed, PROOF: code(secret, ready.now[0])})
    assert again.status_code in (401, 403), "the code, and the form of the session before, are used up"


async def test_a_release_asks(ready: Premises) -> None:
    kanri = await stale(ready, "kanri")
    assert (await kanri.post("/mail/review/release", reason="確認済み")).status_code == 403
    assert (await ready.store.get("review", "default")).state is State.HELD


async def test_a_content_for_a_reason_asks_and_is_not_looked_at_before(ready: Premises) -> None:
    kanri = await stale(ready, "kanri")
    asked = await kanri.post("/mail/review/open", reason="苦情の確認")
    assert (asked.status_code, "http://bank.example" in asked.text) == (403, False)
    assert await ready.store.entries("default", event="look") == []
    done = await kanri.client.post("/mail/review/open", data={**carried(asked.text), PROOF: PASSWORD})
    assert done.status_code == 200
    (look,) = await ready.store.entries("default", event="look")
    assert look.detail["reason"] == "苦情の確認"


async def test_ones_own_mail_does_not_ask(ready: Premises) -> None:
    hanako = await stale(ready, "hanako")
    assert (await hanako.post("/mail/timed/open")).status_code == 200
    assert (await hanako.post("/mail/timed/recall")).status_code == 303


async def test_a_proof_in_a_form_of_another_site_or_session_is_not_looked_at(ready: Premises) -> None:
    hanako = await stale(ready, "hanako")
    assert (await hanako.post("/mail/timed/passphrase", token="x", **{PROOF: PASSWORD})).status_code == 403
    nobody = await ready.visitor()
    await nobody.get("/login")
    assert (await nobody.post("/login", login="x", password="y", **{PROOF: PASSWORD})).status_code == 403
    assert await ready.store.entries("default", event="proved") == []


async def test_guessing_is_counted_as_at_the_door(ready: Premises) -> None:
    await enrolled(ready.parts, "default", "kanri", ready.now[0])
    kanri = await stale(ready, "kanri")
    for _ in range(FREE):
        answer = await kanri.post("/mail/review/release", reason="x", **{PROOF: "wrong1"})
        assert answer.status_code == 401
    assert (await kanri.post("/mail/review/release", reason="x", **{PROOF: "wrong1"})).status_code == 429
    hanako = await stale(ready, "hanako")
    states = [(await hanako.post("/mail/timed/passphrase", **{PROOF: "x"})).status_code for _ in range(12)]
    assert (states[0], states[-1]) == (401, 429)


async def test_the_switch_turns_it_off(ready: Premises) -> None:
    ready.parts.second_factor = SecondFactorSection(minutes=0)
    hanako = await stale(ready, "hanako")
    assert (await hanako.post("/mail/timed/passphrase")).status_code == 200


def test_no_other_form_has_a_field_of_this_name() -> None:
    folder = Path(console.__file__).parent / "templates"
    named = {path.name for path in folder.glob("*.html") if PROOF in path.read_text("utf-8")}
    assert named == {"prove.html"}
