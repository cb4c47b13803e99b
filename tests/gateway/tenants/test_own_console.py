"""An organisation of a house has an address of its own at the console, a time zone, and somebody whom its people call: on pages
and in letters (OPS-TENANT)."""

import argparse
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx2
import msgspec

from config.policies import TenantPolicies
from config.settings import DigestSection
from config.words import say
from console.view import moment
from directory.account import Account
from gateway.command.tenant import turn
from gateway.notices import Notices
from gateway.rounds.quarantine_rounds import QuarantineRounds
from quarantine.digests import told_until
from quarantine.item import Item, State
from quarantine.letters.digest import slot
from quarantine.letters.letter import Post
from quarantine.store import Query
from tests.gateway.tenants.test_shared_door import ANN, TARO, Both, both, policies
from tests.gateway.test_unlock import text_of
from tests.quarantine.items import item
from tests.services.node import PASSWORD

HOUSE, ACME = "console.example.co.jp", "console.acme.example.com"
ZONE = "America/New_York"
OWN = {"base_url": f"https://{ACME}", "timezone": ZONE, "contact": "Acme 5551"}
CONSOLE = {"port": 0, "base_url": f"http://{HOUSE}", "timezone": "Asia/Tokyo"}
STRANGER = "x@client.example"


def spoken() -> TenantPolicies:
    """The house speaks Japanese, the other one English."""
    given = policies()
    own = given("acme")
    english = msgspec.structs.replace(own.organisation, language="en")
    house = msgspec.structs.replace(given("default").organisation, language="ja")
    return TenantPolicies(
        msgspec.structs.replace(given("default"), organisation=house),
        {"acme": msgspec.structs.replace(own, organisation=english)},
    )


@asynccontextmanager
async def two(folder: Path, **changes: Any) -> AsyncIterator[Both]:
    settings = {
        "console": CONSOLE,
        "notices": {"held": True, "waits": False, "contact": "内線 1234"},
        **changes,
    }
    async with both(folder, own=OWN, given=spoken(), **settings) as house:
        yield house


class Browser:
    """Somebody at one of the hosts, without a language of their own; cookies are kept as they are set."""

    def __init__(self, house: Both, host: str) -> None:
        port = house.here.node.console.address[1]
        self._client = httpx2.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=60)
        self._host = host
        self.cookies: dict[str, str] = {}

    async def ask(self, method: str, path: str, **more: Any) -> httpx2.Response:
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        headers = {"host": self._host, **({"cookie": cookies} if cookies else {})}
        found = await self._client.request(method, path, headers=headers, **more)
        for each in found.headers.get_list("set-cookie"):
            name, _, rest = each.partition("=")
            self.cookies[name] = rest.partition(";")[0]
        self._client.cookies.clear()
        return found

    async def login(self, login: str, password: str = PASSWORD) -> httpx2.Response:
        token = re.search(r'name="token" value="([^"]+)"', (await self.ask("GET", "/login")).text)
        assert token
        fields = {"token": token[1], "login": login, "password": password, "next": "/"}
        return await self.ask("POST", "/login", data=fields)


async def held(house: Both) -> dict[str, Item]:
    """A mail of each that waits for somebody, by tenant."""
    assert await house.say(ANN, STRANGER, body="bittern", name="submission", login="ann") == [250] * 3
    assert await house.say(TARO, STRANGER, body="kingfisher", name="submission", login="taro") == [250] * 3
    return {tenant: (await house.items(tenant, state=(State.HELD,)))[0] for tenant in ("default", "acme")}


async def test_a_host_says_whose_door_it_is(tmp_path: Path) -> None:
    async with two(tmp_path) as house:
        node = house.here.node
        for tenant, password in (
            ("acme", "Walnut-Osprey-48-lantern"),
            ("default", "Kumquat-Osprey-48-lantern"),
        ):
            hanako = Account("hanako", {"en": "Hanako"}, (f"hanako@{tenant}.example",), tenant=tenant)
            await node.people.save(hanako, node.clock())
            await node.people.set_password(tenant, "hanako", password)
        words = {language: say(language, "console.login_title") for language in ("ja", "en")}
        for host, language in ((HOUSE, "ja"), (ACME, "en"), ("127.0.0.1", "ja"), (ACME.upper(), "en")):
            page = (await Browser(house, host).ask("GET", "/login")).text
            assert words[language] in page, host
            assert f'lang="{language}"' in page
        entered = {
            (host, login, password): (await Browser(house, host).login(login, password)).status_code == 303
            for host in (HOUSE, ACME)
            for login, password in (
                ("ann", PASSWORD),
                ("taro", PASSWORD),
                ("default/taro", PASSWORD),
                (TARO, PASSWORD),
                ("hanako", "Walnut-Osprey-48-lantern"),
                ("hanako", "Kumquat-Osprey-48-lantern"),
            )
        }
        assert {key for key, came in entered.items() if came} == {
            (HOUSE, "ann", PASSWORD), (HOUSE, "taro", PASSWORD), (HOUSE, "default/taro", PASSWORD), (HOUSE, TARO, PASSWORD),
            (HOUSE, "hanako", "Kumquat-Osprey-48-lantern"), (ACME, "ann", PASSWORD),
            (ACME, "hanako", "Walnut-Osprey-48-lantern"),
        }  # fmt: skip


async def test_cookies_are_as_safe_as_the_address_of_each(tmp_path: Path) -> None:
    async with two(tmp_path) as house:
        ours, theirs = Browser(house, HOUSE), Browser(house, ACME)
        plain, safe = await ours.login("taro"), await theirs.login("ann")
        assert {name.startswith("__Host-") for name in ours.cookies} == {False}
        assert {name.startswith("__Host-") for name in theirs.cookies} == {True}
        assert all("; secure" in each.lower() for each in safe.headers.get_list("set-cookie"))
        assert "strict-transport-security" in safe.headers
        assert "strict-transport-security" not in plain.headers


async def test_times_are_told_in_the_zone_of_each(tmp_path: Path) -> None:
    async with two(tmp_path) as house:
        mails = await held(house)
        for host, login, tenant, language, zone in (
            (ACME, "ann", "acme", "en", ZONE), (HOUSE, "taro", "default", "ja", "Asia/Tokyo"),
        ):  # fmt: skip
            browser = Browser(house, host)
            assert (await browser.login(login)).status_code == 303
            page = await browser.ask("GET", f"/mail/{mails[tenant].id}?lang={language}")
            assert str(moment(mails[tenant].accepted_at, language, zone)) in page.text, page.text


async def test_letters_lead_to_the_address_of_each(tmp_path: Path) -> None:
    async with two(tmp_path) as house:
        node = house.here.node
        mails = await held(house)
        for tenant, ours, other in (
            ("acme", f"https://{ACME}/", HOUSE), ("default", f"http://{HOUSE}/", ACME)
        ):  # fmt: skip
            (letter,) = await node.store.find(Query(tenant, direction="notice"))
            text = text_of(bytes(await node.store.blobs.get(letter.blob)))
            assert f"{ours}mail/{mails[tenant].id}" in text, text
            assert other not in text


async def test_people_are_told_whom_their_organisation_has_for_that(tmp_path: Path) -> None:
    async with two(tmp_path) as house:
        for tenant, login, host in (("acme", "ann", ACME), ("default", "taro", HOUSE)):
            said = argparse.Namespace(action="suspend", name=tenant, reason="Key stolen")
            assert await turn(house.here.node.settings, said) == 0
            page = (await Browser(house, host).login(login)).text
            assert ("Acme 5551" in page, "内線 1234" in page) == (tenant == "acme", tenant == "default")


async def test_digests_come_at_the_hours_of_each_and_lead_to_its_address(tmp_path: Path) -> None:
    async with two(tmp_path) as house:
        node = house.here.node
        for tenant, address in (("acme", ANN), ("default", TARO)):
            waits = item(address, tenant=tenant, direction="inbound", holds=("warning_score",), owner="")
            now = node.clock()
            await node.store.put([msgspec.structs.replace(waits, accepted_at=now)], now, "test")
        later, url = node.clock() + 2 * 86_400, node.console.url
        notices = Notices(
            node.store, node.people, Post(node.settings, node.store.blobs.put), node.settings, url
        )
        settings = node.settings.model_copy(update={"digest": DigestSection()})
        rounds = QuarantineRounds(settings, node.store, node.people, notices, lambda: later, url)
        assert await rounds.write_digests() == 2
        assert await rounds.write_digests() == 0
        slots = {zone: slot(settings.digest, zone, later) for zone in (ZONE, "Asia/Tokyo")}
        assert await told_until(node.store.database, 0.0) == {
            ("acme", "ann"): slots[ZONE], ("default", "taro"): slots["Asia/Tokyo"],
        }  # fmt: skip
        for tenant, ours in (("acme", f"https://{ACME}/digest/"), ("default", f"http://{HOUSE}/digest/")):
            (letter,) = await node.store.find(Query(tenant, direction="notice"))
            assert ours in text_of(bytes(await node.store.blobs.get(letter.blob)))
