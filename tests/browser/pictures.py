"""Pictures of the console for the documentation, and for looking at what a change did:

    python -m tests.browser.pictures FOLDER

starts the console with sample mail on a free port and photographs its pages in both languages, on a desk
and in a hand, by day and by night.
"""

import asyncio
import socket
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import uvicorn
from playwright.async_api import Browser, BrowserContext, async_playwright

from console.app import create_app
from directory.account import Account, Role
from directory.devices import Entering
from quarantine.policies.counts import Counts
from quarantine.queue.sender_limits import SenderUse
from quarantine.queue.suspending import suspend
from quarantine.retention import legal_holds
from quarantine.service.shown import Proof
from storage.interfaces import Transaction
from tests.console.premises import (
    PASSWORD,
    Premises,
    enrolled,
    furnish,
    furnish_arrivals,
    furnish_review,
    furnish_waiting,
    item,
    mail,
    premises,
    session,
)
from tests.console.test_approvals import furnish_deciding
from tests.console.test_exceptions import furnish_exceptions
from tests.console.test_policy import furnish_policy

CHROMIUM = "/usr/bin/chromium"
BAN = Account("ban", {"ja": "番 太郎", "en": "Taro Ban"}, roles=(Role.HOUSE_OPERATOR,))
HALF = Account("half", {"ja": "中野 渡", "en": "Wataru Nakano"})
"""Has given a password, and shows the second factor next."""
DESK, HAND = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
PAGES = (
    ("hanako", "/", "home"), ("hanako", "/mail", "held"), ("hanako", "/mail/timed", "mail"),
    ("hanako", "/mail/look/review", "self-review"),
    ("taro", "/approvals", "approvals"), ("taro", "/mail/approval", "approval"),
    ("shacho", "/mail/second", "second-look"), ("hanako", "/mail/secret", "excluding"), ("kansa", "/approvals", "decisions"),
    ("taro", "/delegations", "delegated"),
    ("kanri", "/", "home-administrator"), ("kanri", "/quarantine", "quarantine"), ("kanri", "/mail/review", "review"),
    ("kanri", "/trace", "trace"), ("kanri", "/trace/left", "timeline"), ("kanri", "/partners", "partners"),
    ("kansa", "/legal-holds", "legal-holds"),
    ("ban", "/organisations", "organisations"),
    ("kanri", "/people", "people"), ("half", "/second", "second"), ("shacho", "/second-factor", "factor"),
    ("unyo", "/second-factor", "factor-none"), ("hanako", "/account", "account"), ("kansa", "/second-factor/new", "factor-new"), ("", "/login", "login"), ("", "/refused/019a1b2c3d4e", "refused"),
    ("hanako", "/delegations", "delegations"), ("hanako", "/devices", "devices"), ("kanri", "/devices", "devices-administrator"),
    ("hanako", "/received", "received"), ("hanako", "/received/wave1", "reported"), ("taro", "/received/wave2", "arrived"),
    ("shacho", "/received/wave3", "arrived-held"),
    ("kanri", "/reports", "reports"), ("kanri", "/reports/first", "report"), ("kanri", "/reports/decided", "report-decided"),
    ("kanri", "/listings", "listings"), ("kansa", "/exceptions", "exceptions"),
    ("kansa", "/policy", "policy"), ("kanri", "/policy/versions", "versions"), ("kanri", "/policy/versions/2", "version"),
    ("hanako", "/waiting", "waiting"), ("hanako", "/waiting/locked", "waiting-locked"),
    ("hanako", "/waiting/doubtful", "waiting-review"), ("hanako", "/waiting/wanted", "waiting-asked"),
    ("hanako", "/waiting/without", "waiting-original"),
    ("kanri", "/quarantine?state=requested", "requested"), ("kanri", "/mail/wanted", "wanted"),
)  # fmt: skip


@asynccontextmanager
async def serving(place: Premises) -> AsyncIterator[str]:
    """The console over real sockets; its base URL."""
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    config = uvicorn.Config(create_app(place.context), log_config=None, lifespan="off")
    server = uvicorn.Server(config)
    async with asyncio.TaskGroup() as group:
        group.create_task(server.serve(sockets=[listener]))
        while not server.started:
            await asyncio.sleep(0.01)
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            server.should_exit = True


@asynccontextmanager
async def furnished(folder: Path) -> AsyncIterator[tuple[Premises, str]]:
    """The console with sample mail, on the real clock; everybody's password is PASSWORD."""
    async with premises(folder) as place:
        place.now[0] = time.time()
        place.context.clock = time.time
        await furnish(place)
        await furnish_review(place)
        await furnish_waiting(place)
        await furnish_arrivals(place)
        await furnish_exceptions(place)
        await furnish_policy(place)
        await furnish_deciding(place)
        await place.store.database.write(name_reports)
        await place.parts.people.set_password("default", "hanako", PASSWORD)
        kept = await place.parts.vault.add(
            "default", "client.example", "Vq7-Lm2-Xr9-Tz4-Kp6", note="4/1 鈴木様と電話で", by="kanri"
        )
        assert kept.scope == "domain"
        await place.parts.listings.add(
            "default", list="block", kind="host", subject="login-update.example", owner="feed:phishing-hosts",
            reason="phishing-hosts.txt", expires_at=time.time() + 30 * 86_400, alert=True,
        )  # fmt: skip
        await furnish_devices(place)
        await furnish_legal_holds(place)
        await furnish_organisations(place)
        await furnish_factors(place)
        async with serving(place) as base:
            yield place, base


async def furnish_devices(place: Premises) -> None:
    """Two devices of hanako's, one of which was used."""
    hanako = await place.parts.people.account("default", "hanako")
    assert hanako is not None
    devices = place.parts.devices
    _, password = await devices.make(hanako, "会社のノートパソコン", by="hanako", networks=("192.0.2.0/24",))
    await devices.make(hanako, "複合機（2階）", by="kanri", certificate="ab" * 32)
    await devices.check("hanako", password, "default", Entering("192.0.2.7"))


async def furnish_legal_holds(place: Premises) -> None:
    """One of a person, until a day; one of an incident."""
    now = place.context.clock()
    for names, reason, until in (
        (("hanako", "hanako@example.co.jp"), "労務調査（2026年度第3号）", now + 120 * 86_400.0),
        (("4a5fzqk2m3xvw7yd", "4a5fzqk2m3xvw7ye", "someone@partner.example"), "誤送信の事故対応", None),
    ):
        await legal_holds.add(place.store, "default", names, reason=reason, by="kansa", now=now, until=until)


async def furnish_flow(place: Premises) -> None:
    """A week's mail in figures."""
    counts = Counts(place.store.database)
    for ago, (outbound, inbound) in enumerate(
        [(41, 133), (212, 730), (198, 655), (240, 802), (0, 0), (12, 88), (187, 610)]
    ):
        day = datetime.fromtimestamp(place.context.clock() - ago * 86_400, ZoneInfo("Asia/Tokyo")).date()
        for direction, number in (("outbound", outbound), ("inbound", inbound)):
            for _ in range(number):
                counts.note("default", f"{day}", direction, ())
    await counts.flush()


async def furnish_organisations(place: Premises) -> None:
    """The house's operator, and three organisations, of which one is suspended."""
    now, parts = place.context.clock(), place.parts
    await furnish_flow(place)
    await parts.people.save(BAN, now)
    parts.organisations = ("default", "acme", "hinode-trading")
    for name in parts.organisations[1:]:
        for number in range(3):
            held = item(f"{name}{number}", mail("x", "x"), tenant=name, holds=("warning_score",), owner="")
            await place.keep(held, now - 7_200 * (number + 1))
    good = Proof("", now - 1_800)
    parts.proved = lambda: {
        "default": {"outbound": good, "inbound": good},
        "acme": {"outbound": good, "inbound": Proof("", now - 9_000, "it answers 451")},
    }

    async def senders(tenant: str) -> SenderUse:
        return SenderUse(600, 10_000, int(tenant == "acme"), 42, near=2, full=int(tenant == "acme"), most=85)

    parts.senders = senders
    await suspend(place.store, "hinode-trading", reason="利用料の確認中", by="default/ban", now=now - 86_400)


async def furnish_factors(place: Premises) -> None:
    """Somebody has a second factor, somebody else is setting one up, and a third has given a password only."""
    now, parts = place.context.clock(), place.parts
    await enrolled(parts, "default", "shacho", now)
    await place.store.database.write(lambda t: parts.factors.begin(t, "default", "kansa", now))
    await parts.people.save(HALF, now)


def name_reports(transaction: Transaction) -> None:
    """Ids that stand in PAGES, for the report of the wave and for the decided one."""
    for name, condition in (("first", "mail_id = 'wave1'"), ("decided", "mail_id = 'letter1'")):
        transaction.execute(f"UPDATE report SET id = '{name}' WHERE {condition}")


async def opened(
    browser: Browser,
    place: Premises,
    base: str,
    login: str,
    language: str,
    size: dict[str, int],
    scheme: str = "light",
) -> BrowserContext:
    """A browser profile that is logged in as somebody."""
    context = await browser.new_context(
        viewport=size,
        locale=language,
        color_scheme=scheme,
        device_scale_factor=1.5,
        is_mobile=size is HAND,  # type: ignore[arg-type]
    )
    cookies = [{"name": "sekisho-lang", "value": language, "url": base}]
    if login:
        token = await session(place.parts, "default", login, place.context.clock(), half=login == HALF.login)
        cookies.append({"name": "sekisho-session", "value": token, "url": base})
    await context.add_cookies(cookies)  # type: ignore[arg-type]
    return context


async def photograph(folder: Path, languages: tuple[str, ...] = ("ja", "en")) -> None:
    with tempfile.TemporaryDirectory() as state:
        async with furnished(Path(state)) as (place, base), async_playwright() as playwright:
            browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
            for language in languages:
                for size, kind in ((DESK, "desk"), (HAND, "hand")):
                    for scheme in ("light", "dark"):
                        for login, path, name in PAGES:
                            context = await opened(browser, place, base, login, language, size, scheme)
                            page = await context.new_page()
                            await page.goto(base + path)
                            await page.screenshot(
                                path=folder / f"{name}-{language}-{kind}-{scheme}.png", full_page=True
                            )
                            await context.close()
            await browser.close()


if __name__ == "__main__":
    target = Path(sys.argv[1])
    target.mkdir(parents=True, exist_ok=True)
    asyncio.run(photograph(target))
