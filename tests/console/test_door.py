"""The door: passwords, one-time codes, and what ends a session."""

import msgspec
import pytest

from config.tenant import EVERY
from directory.logins import TooManyFailures
from tests.console.premises import PASSWORD, PEOPLE, Premises, redeemed


@pytest.fixture
async def ready(place: Premises) -> Premises:
    await place.parts.people.set_password("default", "hanako", PASSWORD)
    return place


async def test_login_gives_a_new_session_and_leads_on(ready: Premises) -> None:
    visitor = await ready.visitor()
    await visitor.get("/login?next=/mail")
    before = dict(visitor.client.cookies)
    answer = await visitor.post("/login", login="hanako@example.co.jp", password=PASSWORD, next="/mail/abc1")
    assert (answer.status_code, answer.headers["location"]) == (303, "/mail/abc1")
    assert "sekisho-session" not in before
    assert PASSWORD not in answer.text
    assert (await visitor.get("/mail")).status_code == 200
    assert [e.actor for e in await ready.store.entries("default", event="login")] == ["hanako"]


@pytest.mark.parametrize("login", ["hanako", "nobody", "gone", "taro", "<script>"])
async def test_every_failure_looks_the_same(ready: Premises, login: str) -> None:
    visitor = await ready.visitor()
    answer = await visitor.post("/login", login=login, password="wrong%7Kq")
    assert answer.status_code == 401
    assert "ユーザー名またはパスワードが正しくありません。" in answer.text
    assert "wrong%7Kq" not in answer.text
    assert "<script>" not in answer.text.replace('<script src="/static/countdown.js" defer>', "")


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "/mail/../../x",
        "javascript:alert(1)",
        "/login",
    ],
)
async def test_login_never_leads_to_another_site(ready: Premises, target: str) -> None:
    visitor = await ready.visitor()
    page = await visitor.client.get("/login", params={"next": target})
    assert "evil" not in page.text
    answer = await visitor.post("/login", login="hanako", password=PASSWORD, next=target)
    assert answer.headers["location"] == "/"


async def test_a_session_that_was_planted_is_not_the_one_that_is_logged_in(ready: Premises) -> None:
    """Session fixation."""
    attacker, victim = await ready.visitor("taro"), await ready.visitor()
    victim.client.cookies.update(attacker.client.cookies)
    await victim.get("/")
    await victim.post("/login", login="hanako", password=PASSWORD)
    assert (await attacker.get("/mail")).status_code == 303, "the planted session ended"
    assert (await victim.get("/mail")).status_code == 200


async def test_logout_ends_the_session_on_the_server(ready: Premises) -> None:
    visitor = await ready.visitor("hanako")
    cookies = dict(visitor.client.cookies)
    await visitor.get("/")
    assert (await visitor.post("/logout")).headers["location"] == "/login"
    thief = await ready.visitor()
    thief.client.cookies.update(cookies)
    assert (await thief.get("/mail")).status_code == 303


async def test_a_person_who_is_disabled_or_changed_is_so_at_the_next_click(ready: Premises) -> None:
    kanri = await ready.visitor("kanri")
    assert (await kanri.get("/quarantine")).status_code == 200
    account = next(a for a in PEOPLE if a.login == "kanri")
    await ready.parts.people.save(msgspec.structs.replace(account, roles=()), 2.0)
    assert (await kanri.get("/quarantine")).status_code == 404
    await ready.parts.people.save(msgspec.structs.replace(account, disabled=True), 3.0)
    assert (await kanri.get("/mail")).status_code == 303


async def test_a_one_time_code_opens_the_password_page_only(ready: Premises) -> None:
    code = await ready.parts.sessions.issue_code("default", "kanri", ready.now[0])
    visitor = await ready.visitor()
    await visitor.get("/once")
    assert (await visitor.post("/once", code="abcd-efgh")).status_code == 401
    assert (await visitor.post("/once", code=code)).headers["location"] == "/password"
    assert (await visitor.get("/quarantine")).headers["location"] == "/password"
    page = await visitor.get("/password")
    assert 'name="old"' not in page.text
    weak = await visitor.post("/password", new="kanri123", again="kanri123")
    assert weak.status_code == 400
    assert "名前やメールアドレスの一部" in weak.text
    other = await visitor.post("/password", new=PASSWORD, again=PASSWORD + "x")
    assert "一致しません" in other.text
    assert (await visitor.post("/password", new=PASSWORD, again=PASSWORD)).headers["location"] == "/"
    assert (await visitor.get("/quarantine")).status_code == 200
    assert (await ready.parts.people.authenticate("kanri", PASSWORD, EVERY)).account.login == "kanri"
    assert (await (await ready.visitor()).post("/once", code=code)).status_code == 401


async def test_a_code_is_never_part_of_an_address(ready: Premises) -> None:
    code = await ready.parts.sessions.issue_code("default", "kanri", ready.now[0])
    visitor = await ready.visitor()
    assert (await visitor.get(f"/once?code={code}")).status_code == 200
    assert await redeemed(ready.parts, code, ready.now[0]) == ("default", "kanri"), "a GET did not use it up"


async def test_a_new_password_needs_the_old_one_and_ends_the_other_sessions(ready: Premises) -> None:
    here, there = await ready.visitor("hanako"), await ready.visitor("hanako")
    await here.get("/password")
    wrong = await here.post("/password", old="x", new="Zq7%mvTr4k", again="Zq7%mvTr4k")
    assert "現在のパスワードが正しくありません" in wrong.text
    await here.post("/password", old=PASSWORD, new="Zq7%mvTr4k", again="Zq7%mvTr4k")
    assert (await here.get("/mail")).status_code == 200
    assert (await there.get("/mail")).status_code == 303
    assert (await ready.parts.people.authenticate("hanako", "Zq7%mvTr4k", EVERY)).account.login == "hanako"


async def test_too_many_failures_are_said(ready: Premises) -> None:
    async def blocked(*_: str) -> str | None:
        raise TooManyFailures

    ready.parts.authenticate = blocked
    answer = await (await ready.visitor()).post("/login", login="hanako", password=PASSWORD)
    assert answer.status_code == 429
    assert "失敗が続いたため" in answer.text
