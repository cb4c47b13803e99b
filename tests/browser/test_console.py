"""The console in a real browser: both languages, a desk and a hand, with and without scripts; axe finds nothing."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, Error, Page, expect

from quarantine.item import State
from tests.browser.pictures import DESK, HAND, PAGES, furnished, opened
from tests.console.premises import HTML, PASSWORD, Premises, item, mail, session

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest_asyncio.fixture(loop_scope="session")
async def site(tmp_path: Path) -> AsyncIterator[tuple[Premises, str]]:
    async with furnished(tmp_path) as found:
        yield found


def watched(page: Page) -> list[str]:
    """Everything that must never happen on our pages, as it happens."""
    seen: list[str] = []
    page.on("dialog", lambda d: seen.append(f"dialog: {d.message}"))
    page.on("pageerror", lambda e: seen.append(f"error: {e}"))
    page.on(
        "console", lambda m: seen.append(f"console: {m.text}") if m.type in ("error", "warning") else None
    )
    page.on(
        "request",
        lambda r: None if r.url.startswith("http://127.0.0.1:") else seen.append(f"request: {r.url}"),
    )
    return seen


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("size", [DESK, HAND], ids=["desk", "hand"])
async def test_every_page_is_accessible_and_fits(
    site: tuple[Premises, str], browser: Browser, language: str, size: dict[str, int]
) -> None:
    """By day and by night: each language and each size has both, and colours know nothing of languages."""
    place, base = site
    for login in dict.fromkeys(login for login, _, _ in PAGES):
        context = await opened(browser, place, base, login, language, size)
        page = await context.new_page()
        await page.emulate_media(color_scheme="dark" if (language == "en") == (size is DESK) else "light")
        seen = watched(page)
        for path in (path for whose, path, _ in PAGES if whose == login):
            await page.goto(base + path)
            await page.evaluate("document.querySelectorAll('details').forEach(e => { e.open = true })")
            await page.evaluate(AXE.axe_script)
            assert await complaints(page, size) == [], path
            assert seen == [], path
        await context.close()


AXE = Axe()
CHECK = """async hand => {
  await Promise.all(document.getAnimations().map(a => a.finished));
  const found = (await axe.run({resultTypes: ['violations']})).violations.map(v => v.id + ': ' + v.nodes.map(n => n.html));
  const root = document.documentElement;
  if (root.scrollWidth > root.clientWidth) found.push('it scrolls sideways');
  if (document.body.innerText.includes('<time')) found.push('it shows its own source');
  const targets = 'button, summary, select, input:not([type=hidden],[type=checkbox],[type=radio]), nav a';
  for (const e of hand ? document.querySelectorAll(targets) : [])
    if (e.offsetParent && e.getBoundingClientRect().height < 43.5) found.push('too small for a finger: ' + e.outerHTML);
  return found;
}"""


async def complaints(page: Page, size: dict[str, int]) -> list[str]:
    """What axe finds wrong with a page, and what people with thumbs do."""
    found: list[str] = await page.evaluate(CHECK, size is HAND)
    return found


async def test_a_person_logs_in_and_takes_a_mail_back(site: tuple[Premises, str], browser: Browser) -> None:
    place, base = site
    context = await opened(browser, place, base, "", "ja", HAND)
    page = await context.new_page()
    seen = watched(page)
    await page.goto(f"{base}/mail/timed")
    await page.fill("#login", "hanako@example.co.jp")
    await page.fill("#password", PASSWORD)
    await page.click("main button")
    await expect(page).to_have_url(f"{base}/mail/timed")
    first = await page.locator("[data-due]").inner_text()
    await page.wait_for_function("t => document.querySelector('[data-due]').textContent !== t", arg=first)
    await page.click("summary:has-text('送信を取り消す')")
    await page.click("details[open] button")
    await expect(page.locator("[role=status]")).to_have_text("取り消しました。このメールは送信されません。")
    assert (await place.store.get("timed", "default")).state is State.WITHDRAWN
    assert seen == []


async def test_it_works_without_scripts(site: tuple[Premises, str], browser: Browser) -> None:
    place, base = site
    context = await browser.new_context(java_script_enabled=False, locale="en")
    page = await context.new_page()
    await page.goto(f"{base}/login?lang=en")
    await page.fill("#login", "hanako")
    await page.fill("#password", PASSWORD)
    await page.click("main button")
    await page.goto(f"{base}/mail/timed")
    await expect(page.locator("[data-due]")).to_contain_text(":")
    await page.click("summary:has-text('Send now')")
    for box in await page.locator("input[name=checked]").all():
        await box.check()
    await page.click("details[open] button")
    await expect(page.locator("[role=status]")).to_contain_text("It will be sent in a moment")
    assert (await place.store.get("timed", "default")).state is State.QUEUED


async def test_the_browser_itself_refuses_an_unticked_review(
    site: tuple[Premises, str], browser: Browser
) -> None:
    place, base = site
    context = await opened(browser, place, base, "hanako", "en", HAND)
    page = await context.new_page()
    await page.goto(f"{base}/mail/timed")
    await page.click("summary:has-text('Send now')")
    await page.click("details[open] button")
    assert (await place.store.get("timed", "default")).state is State.HELD


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
async def test_a_sender_looks_through_their_mail(
    site: tuple[Premises, str], browser: Browser, scripts: bool
) -> None:
    """Points fall while items are ticked; without all ticks the server keeps it; then it leaves (OUT-MISSEND)."""
    place, base = site
    token = await session(place.parts, "default", "hanako", place.context.clock())
    context = await browser.new_context(viewport=HAND, locale="ja", java_script_enabled=scripts)  # type: ignore[arg-type]
    cookies = {"sekisho-lang": "ja", "sekisho-session": token}
    await context.add_cookies([{"name": n, "value": v, "url": base} for n, v in cookies.items()])
    page = await context.new_page()
    await page.goto(f"{base}/mail/look/review")
    boxes = page.locator("input[name=checked]")
    assert await points(page, scripts) == "9"
    await expect(page.locator(".word")).to_have_text("警告")
    await page.locator("input[value='file:0']").check()
    assert await points(page, scripts) == "4"
    if scripts:
        await expect(page.locator(".word")).to_have_text("注意")
    await page.click("text=確認しました。送信する")
    await expect(page.locator("[role=alert]")).to_contain_text("確認していない項目が3件")
    assert (await place.store.get("look", "default")).state is State.HELD
    await expect(page.locator(".word")).to_have_text("注意")
    for box in await boxes.all():
        await box.check()
    assert await points(page, scripts) == "0"
    await page.click("text=確認しました。送信する")
    await expect(page.locator("p[role=status]")).to_contain_text("確認を受け付けました")
    assert (await place.store.get("look", "default")).state is State.QUEUED
    await context.close()


async def points(page: Page, scripts: bool) -> str:
    """The sum that the page shows: counted by the style sheet where no script runs."""
    if scripts:
        return await page.locator("output").inner_text()
    image = await page.locator("output").evaluate("e => getComputedStyle(e, '::after').content")
    assert image == "counter(points)"
    ticked = await page.locator("input[data-points]:not(:checked)").evaluate_all(
        "all => all.map(e => e.dataset.points)"
    )
    return str(sum(map(int, ticked)))


async def test_the_passphrase_is_gone_from_the_page_after_a_reload(
    site: tuple[Premises, str], browser: Browser
) -> None:
    place, base = site
    context = await opened(browser, place, base, "hanako", "ja", HAND)
    page = await context.new_page()
    await page.goto(f"{base}/mail/timed")
    await page.click("text=パスワードを表示する")
    await expect(page.locator(".passphrase span")).to_have_count(5)
    await page.goto(f"{base}/mail/timed")
    await expect(page.locator(".passphrase")).to_have_count(0)
    with pytest.raises(Error, match="ERR_CACHE_MISS"):  # no-store: the browser has kept nothing of it
        await page.go_back()


HOSTILE = (
    "<img src=x onerror=alert(1)><script>alert(2)</script><svg/onload=alert(3)><iframe src='javascript:alert(4)'></iframe>"
    '"><body onload=alert(5)><a href="javascript:alert(6)">x</a><link rel=stylesheet href=http://evil.example/c.css>'
)


async def test_a_hostile_mail_runs_nothing_and_fetches_nothing(
    site: tuple[Premises, str], browser: Browser
) -> None:
    """T34, T37."""
    import msgspec

    place, base = site
    model = await place.store.get("review", "default")
    summary = msgspec.structs.replace(
        model.summary, subject=HOSTILE, author_name=HOSTILE, attachments=(HOSTILE,)
    )
    made = item("hostile", mail("x", HOSTILE + HTML, html=True), "hanako@example.co.jp", direction="inbound", owner="",
                holds=("warn",), summary=summary, findings=model.findings)  # fmt: skip
    await place.keep(made)
    context = await opened(browser, place, base, "kanri", "ja", DESK)
    page = await context.new_page()
    seen = watched(page)
    for path in ("/quarantine", "/trace", "/trace/hostile", "/mail/hostile"):
        await page.goto(base + path)
    await page.fill("#open-reason", "確認")
    await page.click("#content button")
    await expect(page.locator(".body")).to_contain_text("至急ご確認ください")
    assert await page.locator("main a[href^='http']").count() == 0
    assert seen == []


async def test_another_site_cannot_press_our_buttons(site: tuple[Premises, str], browser: Browser) -> None:
    place, base = site
    context = await opened(browser, place, base, "hanako", "ja", DESK)
    page = await context.new_page()
    other = base.replace("127.0.0.1", "localhost")
    form = f'<form method=post action="{base}/mail/timed/recall"><button>win</button></form>'
    await page.route(f"{other}/evil", lambda r: r.fulfill(body=form, content_type="text/html"))
    await page.goto(f"{other}/evil")
    await page.click("button")
    await expect(page.locator("h1")).to_have_text("この操作はできません。")
    assert (await place.store.get("timed", "default")).state is State.HELD
