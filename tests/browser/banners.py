"""Warned mails as people see them, for looking at them:

    python -m tests.browser.banners FOLDER

photographs the HTML of mails of many shapes in both languages, on a desk and in a hand, by day and by night.
"""

import asyncio
import base64
import sys
from collections.abc import Mapping
from pathlib import Path

from playwright.async_api import Page, async_playwright

from config.policy import Organisation, Policy, Warned
from filters.finding import Finding
from filters.rewrite import REWRITERS
from filters.rewriters.banner import SIGN
from filters.ruleset import discover
from mail.compose import applied
from mail.message import Message
from tests.browser.pictures import CHROMIUM, DESK, HAND
from tests.filters.inbound.arriving import arrived

FOUND = (
    Finding(
        "double_extension", "IN-DOUBLE-EXT", weight=5, values={"name": "請求書_2026年11月分_最終版.pdf.exe"}
    ),
    Finding(
        "false_link",
        "IN-LINK",
        weight=5,
        values={"shown": "www.smbc.co.jp", "real": "smbc-card-login.evil.example"},
    ),
    Finding("freemail_sender", "IN-FREEMAIL", weight=3, values={"domain": "gmail.com"}),
    Finding("spoofed_name", "IN-NAME", weight=2, values={"name": "三井住友カード", "address": "a@gmail.com"}),
    Finding("first_contact", "IN-FIRST", weight=1),
)
FACTS = {"mail_id": "mfrggzdfmztwq2lk", "console": "https://sekisho.example.co.jp"}
PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
LETTER = (
    "<p>山田様</p><p>いつもお世話になっております。今月分の請求書をお送りします。"
    '<a href="https://smbc-card-login.evil.example/auth?id=1">https://www.smbc.co.jp/</a> よりご確認ください。</p>'
)
NEWSLETTER = (
    "<style>@media (prefers-color-scheme:dark){body,table{background:#111;color:#eee}}</style>"
    '<body style="margin:0;background:#eef"><table width="640" align="center" bgcolor="#ffffff" cellpadding="24"><tr><td>'
    '<img src="https://t.example/logo.png" alt="SMBC CARD" width="200"><h1 style="color:#060">ご利用内容の確認</h1>'
    f"{LETTER}<p><a href='https://evil.example/go?x=1'><img src='https://t.example/b.png' alt='確認はこちら'></a></p></td></tr></table>"
)
HOSTILE = (
    "div{display:none!important}", "body *{color:transparent!important;font-size:0!important;opacity:0!important}",
    "body>div:first-child{display:none!important;position:absolute!important;left:-9999px!important}",
    "table,tbody,tr,td,p,ul,li{display:none!important;visibility:hidden!important}",
    "div,p,td{max-height:0!important;overflow:hidden!important;transform:scale(0)!important;clip-path:inset(50%)!important}",
    "*{-webkit-text-fill-color:transparent!important;text-indent:-9999px!important;letter-spacing:-1em!important;line-height:0!important}",
    ".sekisho-warning,[role=note]{filter:opacity(0)!important;zoom:.01;height:0!important;float:right;width:0!important}",
    "p{animation:a 1s infinite}@keyframes a{to{opacity:0}}*{mix-blend-mode:screen!important;background:#fff4d6!important}",
)  # fmt: skip
"""Style sheets of a mail that would rather not have it read."""


def html_mail(html: str, charset: str = "utf-8", *, related: bool = False) -> bytes:
    """A mail of one HTML text, perhaps with a picture that it shows."""
    body = base64.encodebytes(html.encode(charset)).replace(b"\n", b"\r\n")
    part = (
        f"Content-Type: text/html; charset={charset}\r\nContent-Transfer-Encoding: base64\r\n\r\n".encode()
        + body
    )
    head = b"From: a@x.example\r\nSubject: s\r\nMIME-Version: 1.0\r\n"
    if not related:
        return head + part
    picture = (
        b"Content-Type: image/png\r\nContent-ID: <p1>\r\nContent-Transfer-Encoding: base64\r\n\r\n"
        + base64.b64encode(PIXEL)
    )
    return (
        head
        + b"Content-Type: multipart/related; boundary=r\r\n\r\n--r\r\n"
        + part
        + b"\r\n--r\r\n"
        + picture
        + b"\r\n--r--\r\n"
    )


def shown(raw: bytes, language: str = "ja", html: str = "clean") -> str:
    """The HTML of a warned mail as it is delivered; "keep": with the banner only."""
    discover()
    links = "keep" if html == "keep" else "defang"
    policy = Policy(organisation=Organisation(language=language), warned=Warned(html, links, "keep"))  # type: ignore[arg-type]
    edits = REWRITERS["text"].change(arrived(raw, **FACTS), policy, FOUND, (0,))
    after = Message(applied(raw, edits))
    text = next(p.text() for p in after.parts if p.content_type == "text/html" and SIGN in p.text())
    return text.replace("cid:p1", "data:image/png;base64," + base64.b64encode(PIXEL).decode())


MAILS: Mapping[str, bytes] = {
    "plain": html_mail("<p>Hello, please see the report.</p>"),
    "letter": html_mail(LETTER),
    "newsletter": html_mail(NEWSLETTER),
    "related": html_mail(LETTER + '<img src="cid:p1" width="120" height="60">', related=True),
    "jis": html_mail(LETTER, "iso-2022-jp"),
    "long": html_mail("<body bgcolor='#222222' text='#eeeeee'>" + LETTER * 200),
}


async def show(page: Page, html: str) -> None:
    """Put a mail's HTML into a page, as a mail program shows it; nothing is fetched."""
    await page.set_content(html, wait_until="domcontentloaded")


async def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        for size, where in ((DESK, "desk"), (HAND, "hand")):
            for scheme in ("light", "dark"):
                context = await browser.new_context(viewport=size, color_scheme=scheme, offline=True)  # type: ignore[arg-type]
                for name, raw in MAILS.items():
                    for language in ("ja", "en"):
                        page = await context.new_page()
                        await show(page, shown(raw, language))
                        await page.screenshot(path=folder / f"{name}-{language}-{where}-{scheme}.png")
                        await page.close()
                await context.close()
        await browser.close()


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))
