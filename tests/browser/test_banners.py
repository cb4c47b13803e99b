"""The warning in a real browser: seen, legible and inside the window, whatever style sheet the mail brings."""

from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page

from tests.browser.banners import FACTS, HOSTILE, LETTER, MAILS, html_mail, show, shown
from tests.browser.pictures import DESK, HAND

pytestmark = pytest.mark.asyncio(loop_scope="session")

LOOK = """() => {
  const box = document.querySelector('.sekisho-warning');
  if (!box) return ['there is no banner'];
  const wrong = [];
  const numbers = text => text.match(/[\\d.]+/g).map(Number);
  const light = ([r, g, b]) => [r, g, b].map(c => c / 255).map(c => c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
    .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
  const behind = e => {
    for (; e; e = e.parentElement) {
      const colour = getComputedStyle(e).backgroundColor;
      if (!/^rgba\\(.*, 0\\)$/.test(colour)) return numbers(colour);
    }
    return [255, 255, 255];
  };
  const said = [...box.querySelectorAll('p, li, a')].filter(e => e.textContent.trim() && !e.closest('[aria-hidden]'));
  if (said.length < 6) wrong.push('elements are missing: ' + said.length);
  for (const e of said) {
    const name = e.tagName + ' "' + e.textContent.slice(0, 12) + '" ';
    const place = e.getBoundingClientRect(), style = getComputedStyle(e);
    if (place.width < 40 || place.height < 12) wrong.push(name + 'has no size');
    if (place.left < -0.5 || place.right > innerWidth + 0.5) wrong.push(name + 'is outside of the window');
    if (e.scrollWidth > e.clientWidth + 1 && e.tagName !== 'A') wrong.push(name + 'overflows');
    if (parseFloat(style.fontSize) < 12) wrong.push(name + 'is too small');
    for (const property of ['color', 'webkitTextFillColor']) {
      const [a, b] = [light(numbers(style[property])), light(behind(e))];
      const contrast = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
      if (contrast < 4.5 || /^rgba\\(/.test(style[property])) wrong.push(name + property + ' has a contrast of ' + contrast.toFixed(1));
    }
    e.scrollIntoView({block: 'center'});
    const now = e.getBoundingClientRect();
    const seen = document.elementFromPoint(now.left + 20, now.top + Math.min(10, now.height / 2));
    if (!seen || !box.contains(seen)) wrong.push(name + 'is covered or hidden');
    if (!e.checkVisibility({opacityProperty: true, visibilityProperty: true})) wrong.push(name + 'is not visible');
  }
  scrollTo(0, 0);
  if (box.getBoundingClientRect().top > 60) wrong.push('it is not at the top');
  return wrong;
}"""
"""What a person with normal eyes would complain about."""


class Windows:
    """One of each size and scheme; a mail that is put into it takes the place of the one before."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._pages: dict[tuple[int, str], tuple[Page, list[str]]] = {}

    async def look(self, html: str, size: dict[str, int], scheme: str = "light") -> list[str]:
        """What is wrong with the warning, and what the mail fetches."""
        if (size["width"], scheme) not in self._pages:
            context = await self._browser.new_context(viewport=size, color_scheme=scheme, offline=True)  # type: ignore[arg-type]
            page, asked = await context.new_page(), list[str]()
            page.on("request", lambda r: None if r.url.startswith("data:") else asked.append(r.url))
            self._pages[size["width"], scheme] = page, asked
        page, asked = self._pages[size["width"], scheme]
        asked.clear()
        await show(page, html)
        wrong: list[Any] = await page.evaluate(LOOK)
        return [*map(str, wrong), *(f"fetches {url}" for url in asked)]


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def windows(browser: Browser) -> Windows:
    return Windows(browser)


@pytest.mark.parametrize("name", MAILS)
async def test_it_is_seen_in_mails_of_every_shape(windows: Windows, name: str) -> None:
    for size in (DESK, HAND):
        for language, scheme in (("ja", "light"), ("en", "dark")):
            assert await windows.look(shown(MAILS[name], language), size, scheme) == []


@pytest.mark.parametrize("css", HOSTILE)
@pytest.mark.parametrize("html", ["clean", "keep"])
async def test_no_style_sheet_of_the_mail_hides_or_restyles_it(windows: Windows, css: str, html: str) -> None:
    raw = html_mail(f"<html><head><style>{css}</style></head><body>{LETTER}</body></html>")
    assert await windows.look(shown(raw, "ja", html), HAND) == []


@pytest.mark.parametrize(
    "css",
    [
        ".x{position:fixed;top:0;left:0;width:100%;height:100%;background:#fff;z-index:2147483647}",
        "body{margin-top:-900px}.x{padding-top:900px}",
        "body{position:relative;top:-900px}",
        "body{transform:scale(.01)}",
        "body{opacity:0}.x{opacity:1}",
        "body{visibility:hidden}.x{visibility:visible}",
        "html{overflow:hidden;height:0}",
        "body{filter:opacity(0)}",
        "*{opacity:0!important;font-size:0!important}",
    ],
)
async def test_in_cleaned_html_nothing_lies_over_it_or_pushes_it_out(windows: Windows, css: str) -> None:
    for html in (
        f"<style>{css}</style><div class=x>{LETTER}</div>",
        f'<body style="{css}"><div class=x style="{css[3:-1]}">{LETTER}</div>',
    ):
        assert await windows.look(shown(html_mail(html)), HAND) == []


async def test_its_link_leads_to_the_page_and_no_other_link_leads_anywhere(browser: Browser) -> None:
    page = await browser.new_page()
    await show(page, shown(MAILS["newsletter"]))
    links = await page.evaluate("[...document.querySelectorAll('[href]')].map(e => e.href)")
    assert links == [f"{FACTS['console']}/received/{FACTS['mail_id']}"]
    assert (
        await page.evaluate("document.querySelectorAll('form, script, iframe, link, base, object').length")
        == 0
    )
