"""Console logins: behind a web server, and the first code of a new site."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx2
import pytest

from config.settings import LimitsSection
from config.tenant import EVERY
from console.app import create_app
from directory.account import Account, Role
from directory.logins import Logins, TooManyFailures
from gateway.console_login import FIRST, ConsoleLogin
from gateway.web.forwarded import Forwarded
from mail.networks import Networks
from tests.console.premises import NOW, PASSWORD, Premises, Visitor, premises, redeemed

LOCAL = "127.0.0.0/8"


@pytest.fixture
async def place(tmp_path: Path) -> AsyncIterator[Premises]:
    async with premises(tmp_path) as found:
        await found.parts.people.set_password("default", "hanako", PASSWORD)
        yield found


def login_of(place: Premises, *trusted: str) -> ConsoleLogin:
    parts, clock = place.parts, lambda: place.now[0]
    logins = Logins(
        parts.people, place.store.database, place.seal, LimitsSection(), clock=clock, monotonic=clock
    )
    return ConsoleLogin(logins, parts.people, parts.sessions, Networks(trusted))


def behind(place: Premises, address: str) -> Visitor:
    """A browser at an address, behind a web server on this machine."""
    app = create_app(place.context)
    transport = httpx2.ASGITransport(
        app=Forwarded(app, Networks((LOCAL,)), "x-forwarded-for"), client=("127.0.0.1", 1)
    )
    client = httpx2.AsyncClient(
        transport=transport, base_url="http://console.test",
        headers={"X-Forwarded-For": f"198.51.100.99, {address}"},
    )  # fmt: skip
    return Visitor(client, app)


async def enter(visitor: Visitor, login: str, password: str) -> int:
    await visitor.get("/login")
    return (await visitor.post("/login", login=login, password=password)).status_code


async def test_behind_a_web_server_strangers_are_limited_and_owners_are_not(place: Premises) -> None:
    owner = behind(place, "192.0.2.10")
    assert await enter(owner, "hanako", PASSWORD) == 303
    await owner.get("/mail")
    await owner.post("/logout")
    for number in range(10):
        assert await enter(behind(place, f"203.0.113.{number}"), "hanako", "wrong") == 401
    answers = [
        await enter(behind(place, f"203.0.113.{100 + number}"), "hanako", PASSWORD) for number in range(60)
    ]
    assert answers == [429] * 60
    owner.client.headers["X-Forwarded-For"] = "203.0.113.250"
    assert await enter(owner, "hanako", PASSWORD) == 303, "the cookie of her device, from anywhere"
    assert await enter(behind(place, "192.0.2.10"), "hanako", PASSWORD) == 303, "her network, in any browser"


async def test_a_browser_keeps_the_cookie_of_its_device(place: Premises) -> None:
    owner = behind(place, "192.0.2.10")
    await owner.get("/login")
    answer = await owner.post("/login", login="hanako", password=PASSWORD)
    (cookie,) = [c for c in answer.headers.get_list("set-cookie") if c.startswith("sekisho-device=")]
    assert "Max-Age=15552000" in cookie
    assert "HttpOnly" in cookie


async def test_this_machine_is_counted_although_it_is_trusted(place: Premises) -> None:
    """A web server that nobody named in the settings speaks for everybody."""
    login = login_of(place, LOCAL, "10.0.0.0/8")
    for number in range(10):
        assert await login.authenticate(f"nobody{number}", "wrong", "127.0.0.1", "", "") is None
    with pytest.raises(TooManyFailures):
        await login.authenticate("hanako", PASSWORD, "127.0.0.1", "", "")
    for number in range(20):
        assert await login.authenticate(f"other{number}", "wrong", "10.0.0.1", "", "") is None


async def test_a_site_without_an_administrator_gets_a_code_and_no_password(place: Premises) -> None:
    login = login_of(place)
    first = await login.first_code(NOW)
    assert first is not None
    assert first[0] == "kanri", "an administrator without a password is invited"
    assert await redeemed(place.parts, first[1], NOW) == ("default", "kanri")
    await place.parts.people.set_password("default", "kanri", PASSWORD)
    assert await login.first_code(NOW) is None


async def test_on_an_empty_site_the_first_account_is_made(place: Premises) -> None:
    people = place.parts.people
    for account in await people.all(EVERY):
        await people.save(Account(account.login, tenant=account.tenant, disabled=True), NOW)
    login = login_of(place)
    first = await login.first_code(NOW)
    assert first is not None
    assert first[0] == FIRST
    made = await people.account("default", FIRST)
    assert made is not None
    assert made.roles == (Role.ADMINISTRATOR,)
    assert not await people.has_password("default", FIRST)
