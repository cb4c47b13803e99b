"""IN-WARN: what people read in a mail with several suspicious signs: which ones, and what not to do.

One banner, in the language of the recipients, in every form of the text that a mail program may show first; a
mail without any text gets one. Its first lines are what a phone shows in its list of mails: the warning in a
few words, then the beginning of the mail itself. Signed and encrypted mails get none: their header fields and
the subject mark say it.
"""

from collections.abc import Sequence
from functools import partial
from html import escape
from unicodedata import east_asian_width

import msgspec

from config.policy import Policy
from config.words import say
from filters.decision.decide import OF_FILES
from filters.facts import Facts
from filters.finding import Finding
from filters.lures.belonging import is_author_proved
from filters.markup.dom import TooCostly
from filters.rewrite import TEXTS, language_of, rewriter
from filters.rewriters.harmless import harmless
from filters.rewriters.insertion import (
    as_utf8,
    in_sealed,
    inserted,
    is_armored,
    is_sealed,
    is_wide,
    preceded,
    shown_parts,
)
from filters.rewriters.placing import placed
from filters.rule import Mail
from filters.sentences import sentence
from mail.compose import Edit
from mail.encoding import base64_lines
from mail.message import Message, Part

SIGN = "[Sekisho]"
"""In every banner, in any charset, so that a thread does not collect banners."""
LONGEST = 140
BEGINNING = 80
"""Columns of the mail's own beginning that are quoted for a phone's preview; a wide character takes two."""


class Banner(msgspec.Struct, frozen=True):
    """What is said: the reasons, how the mail begins, and the page about it ("" = none)."""

    language: str
    why: tuple[str, ...]
    begins: str = ""
    page: str = ""


@rewriter("banner", reach=TEXTS)
def banner(
    mail: Mail, policy: Policy, findings: Sequence[Finding], recipients: tuple[int, ...]
) -> list[Edit]:
    """The banner at the top of the text and of the HTML; none in sealed mails and threads that have one."""
    message = mail.message
    said = banner_of(mail, policy, findings, recipients)
    if said is None:
        return []
    edits: list[Edit] = []
    for part in to_show(message):
        made = with_banner(part, said)
        if not made and part.content_type == "text/html":
            return preceded(message, own_part(said))  # programs that show HTML would show it without a word
        edits += made
    return edits or preceded(message, own_part(said))


def banner_of(
    mail: Mail, policy: Policy, findings: Sequence[Finding], recipients: tuple[int, ...]
) -> Banner | None:
    """What the banner says; None if the mail gets none."""
    message = mail.message
    if is_sealed(message):
        return None
    of_files = any(f.control in OF_FILES for f in findings)
    if (
        not of_files
        and _in_known_thread(mail, policy)
        and any(SIGN in part.text() for part in shown_parts(message))
    ):
        return None
    language = language_of(mail, policy, recipients)
    why = reasons(findings, language, policy.warn.reasons)
    return Banner(language, tuple(why), beginning(mail, BEGINNING), page_of(mail.facts))


def page_of(facts: Facts) -> str:
    """The page about this mail, for its recipients; "" without an address that they could reach. It carries
    only the mail's id and asks who is there: forging it gains nothing."""
    return f"{facts.console}/received/{facts.mail_id}" if facts.console and facts.mail_id else ""


def to_show(message: Message) -> list[Part]:
    """The parts that get the banner: what is shown first, except text that is signed or encrypted in itself."""
    return [part for part in shown_parts(message) if not is_armored(part) and not in_sealed(part)]


def with_banner(part: Part, said: Banner) -> list[Edit]:
    """The banner at the beginning of one part; [] if that is impossible, or it would not be seen first."""
    is_html = part.content_type == "text/html"
    plain, html = ("", html_banner(said)) if is_html else (plain_banner(said), "")
    if edits := inserted(part, plain, html):
        return edits
    text = part.text()
    if "\ufffd" in text:
        return []
    if is_html and is_wide(part.content()):
        return _with_html(part, text, html)
    return [] if is_html else as_utf8(part, "text/plain", plain + text)


def _with_html(part: Part, text: str, html: str) -> list[Edit]:
    try:
        at = placed(text, lambda at: text[:at] + html + text[at:], html)
    except TooCostly:
        return []
    return [] if at is None else as_utf8(part, "text/html", text[:at] + html + text[at:])


def own_part(said: Banner) -> bytes:
    """The banner as a part of its own, for a mail that shows no text."""
    body = base64_lines(plain_banner(said).encode())
    return b"Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n" + body


def _in_known_thread(mail: Mail, policy: Policy) -> bool:
    """True for a correspondent we know, or one of our own people, whose domain vouches for the mail: a
    stranger could put our sign into a mail to be spared the banner."""
    address = mail.incoming.author.address
    ours = address in mail.facts.known or policy.organisation.internal(address)
    return ours and is_author_proved(mail)


def reasons(findings: Sequence[Finding], language: str, most: int) -> list[str]:
    """The heaviest different reasons in plain words, at most `most`; nothing in them is clickable."""
    heaviest = sorted((f for f in findings if f.weight > 0), key=lambda f: -f.weight)
    sentences = dict.fromkeys(harmless(sentence(f, language), LONGEST) for f in heaviest)
    return list(sentences)[:most]


def beginning(mail: Mail, most: int) -> str:
    """The first words of the mail as its reader sees them, at most this many columns, "" if there are none."""
    try:
        pages = {shown.part: shown.text for shown in reversed(mail.incoming.texts)}
    except TooCostly:
        pages = {}
    for part in shown_parts(mail.message):
        text = pages.get(part.path or "1", "") if part.content_type == "text/html" else part.text()
        words = " ".join(text[:2_000].split())
        wide = sum(east_asian_width(c) in "WF" for c in words[: most // 2])
        if words := harmless(words, most - wide):
            return words
    return ""


def plain_banner(said: Banner) -> str:
    """The banner as lines of text with CRLF."""
    words = partial(_said, said)
    bullet = say(said.language, "language.bullet")
    lines = [words("title")]
    if said.begins:
        lines.append(words("begins", text=said.begins))
    lines += ["", words("why"), *(bullet + reason for reason in said.why)]
    lines += ["", words("do"), words("ask")]
    lines += [f"{words('link')}:", said.page] if said.page else [words("tell")]
    return "\r\n".join([*lines, words("by", sign=SIGN), "_" * 48, "", ""])


def _said(said: Banner, key: str, **values: object) -> str:
    return say(said.language, f"rewriters.banner.{key}", **values)


def html_banner(said: Banner) -> str:
    """The banner as HTML in ASCII, in warning colours for light and dark mode.

    Every element states its style twice: for programs that do not know !important, and with a force that no
    style sheet of the mail can undo (an element's own !important outranks all others, CSS Cascade §6).
    """
    title, why, do, ask = (_entities(_said(said, key)) for key in ("title", "why", "do", "ask"))
    link_to, by = _entities(_said(said, "link")), _entities(_said(said, "by", sign=SIGN))
    items = "".join(f'<li style="{_ITEM}">{_entities(reason)}</li>' for reason in said.why)
    begins = title + (f" &#8211; {_entities(said.begins)}" if said.begins else "")
    page = escape(said.page)
    link = f'<p style="{_LINE}"><a href="{page}" style="{_LINK}">{link_to}</a></p>' if page else ""
    tell = "" if page else f'<p style="{_TEXT}">{_entities(_said(said, "tell"))}</p>'
    return (
        f'<div class="sekisho-warning" lang="{said.language}" dir="ltr" role="note" style="{_BOX}">'
        f'<div aria-hidden="true" style="{_PREVIEW}">{begins}</div>\r\n'
        f'<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" bgcolor="#fff4d6" style="{_TABLE}">'
        f'<tbody style="{_BODY}"><tr style="{_ROW}"><td bgcolor="#fff4d6" style="{_CELL}">\r\n'
        f'<p style="{_TITLE}">{title}</p>\r\n'
        f'<p style="{_TEXT}">{why}</p>\r\n<ul style="{_LIST}">{items}</ul>\r\n'
        f'<p style="{_DO}">{do}</p>\r\n<p style="{_TEXT}">{ask}</p>\r\n{tell}{link}\r\n'
        f'<p style="{_SMALL}">{by}</p>\r\n</td></tr></tbody></table></div>\r\n'
    )


def _entities(text: str) -> str:
    return escape(text).encode("ascii", "xmlcharrefreplace").decode("ascii")


def _forced(style: str) -> str:
    """Every declaration once for programs that do not know !important; then a reset, and each again."""
    declarations = [d.strip() for d in style.split(";") if d.strip()]
    return ";".join([*declarations, "all:initial!important", *(f"{d}!important" for d in declarations)])


_FONT = "font-family:'Hiragino Sans','Yu Gothic',Meiryo,'Noto Sans JP',system-ui,'Segoe UI',Arial,sans-serif"
_INK = "color:#3a2a00;-webkit-text-fill-color:#3a2a00"
_WORDS = f"display:block;{_INK};{_FONT};font-size:14px;line-height:1.6;text-align:left;overflow-wrap:anywhere"
_PREVIEW = "display:none;max-height:0;max-width:0;overflow:hidden;opacity:0;font-size:1px;line-height:1px;color:#fff4d6;mso-hide:all"
_BOX = _forced("display:block;margin:0 0 20px 0;padding:0;text-align:left;color-scheme:light")
_TABLE = _forced(
    "display:table;width:100%;max-width:760px;border-collapse:collapse;background-color:#fff4d6;border:1px solid #d79a2b"
)
_BODY = _forced("display:table-row-group")
_ROW = _forced("display:table-row")
_CELL = _forced(
    f"display:table-cell;padding:14px 18px 12px 16px;border-left:6px solid #b45f00;background-color:#fff4d6;{_INK};{_FONT}"
)
_TITLE = _forced(
    f"display:block;margin:0 0 8px 0;color:#7a3300;-webkit-text-fill-color:#7a3300;{_FONT};font-size:18px;line-height:1.4;"
    "font-weight:bold;text-align:left"
)
_TEXT = _forced(f"{_WORDS};margin:0 0 6px 0")
_DO = _forced(f"{_WORDS};margin:10px 0 4px 0;font-weight:bold")
_LIST = _forced("display:block;margin:0 0 6px 0;padding:0 0 0 20px")
_ITEM = _forced(
    f"{_WORDS.replace('display:block', 'display:list-item')};list-style-type:disc;margin:0 0 3px 0"
)
_LINE = _forced(f"{_WORDS};margin:10px 0 6px 0")
_LINK = _forced(
    f"display:inline-block;padding:9px 16px;background-color:#7a3300;border-radius:4px;color:#ffffff;"
    f"-webkit-text-fill-color:#ffffff;{_FONT};font-size:14px;line-height:1.5;font-weight:bold;text-decoration:none;cursor:pointer"
)
_SMALL = _forced(
    f"display:block;margin:8px 0 0 0;color:#6b5310;-webkit-text-fill-color:#6b5310;{_FONT};font-size:12px;line-height:1.5;text-align:left"
)
