"""IN-WARN: what people read in a mail with several suspicious signs: which ones, and what not to do.

One banner, in the language of the organisation, in every form of the text that a mail program may show first.
Signed and encrypted mails get none: their header fields and the mark in the subject say it.
"""

import re
from collections.abc import Sequence
from html import escape

from config.policy import Policy
from filters.finding import Finding
from filters.insertion import inserted, is_sealed, shown_parts
from filters.names import marked
from filters.rewrite import rewriter
from filters.rule import Mail
from filters.sentences import sentence
from mail.address import header_addresses
from mail.compose import Edit

SIGN = "[Sekisho]"
"""Stands in every banner, in any charset, so that a thread does not collect them."""
LONGEST = 140

WORDS = {
    "ja": {
        "title": "【注意】不審な点のあるメールです",
        "why": "この理由で表示しています:",
        "do": "添付ファイルやリンクを開かず、ID・パスワード・カード番号を入力しないでください。",
        "ask": "心当たりがあっても、このメールに書かれた連絡先ではなく、ご存じの電話番号などで相手に確かめてください。"
        "不審に思ったときは、システム管理者に知らせてください。",
        "by": f"この表示は関所が付けました {SIGN}",
        "bullet": "・",
    },
    "en": {
        "title": "CAUTION: this mail looks suspicious",
        "why": "This is why:",
        "do": "Do not open attachments or links, and do not enter IDs, passwords or card numbers.",
        "ask": "Even if you expect it, ask the sender by a telephone number you already know, not by one in this mail. "
        "When in doubt, tell your administrator.",
        "by": f"Added by the mail gateway {SIGN}",
        "bullet": "- ",
    },
}

_HOST = re.compile(r"(?<![\w.])((?:[\w-]+\.)*[\w-]+)\.([A-Za-z]{2,24})(?![\w.])")


@rewriter("banner")
def banner(
    mail: Mail, policy: Policy, findings: Sequence[Finding], recipients: tuple[int, ...]
) -> list[Edit]:
    """The banner at the top of the text and of the HTML; nothing in sealed mails and known threads that have one."""
    message = mail.message
    if is_sealed(message):
        return []
    parts = shown_parts(message)
    if _in_known_thread(mail) and any(SIGN in part.text() for part in parts):
        return []
    language = "ja" if policy.organisation.language == "ja" else "en"
    why = reasons(findings, language, policy.warn.reasons)
    plain, html = plain_banner(why, language), html_banner(why, language)
    return [edit for part in parts for edit in inserted(part, plain, html)]


def _in_known_thread(mail: Mail) -> bool:
    """True for a correspondent we know: a stranger could write our sign into his mail to be spared the banner."""
    field = mail.message.first("from")
    return any(box.address in mail.facts.known for box in header_addresses(field.value)) if field else False


def reasons(findings: Sequence[Finding], language: str, most: int) -> list[str]:
    """The heaviest different reasons in plain words, at most `most`; nothing in them can be clicked."""
    heaviest = sorted((f for f in findings if f.weight > 0), key=lambda f: -f.weight)
    sentences = dict.fromkeys(_harmless(sentence(f, language)) for f in heaviest)
    return list(sentences)[:most]


def _harmless(text: str) -> str:
    """One line without control characters, in which no mail program finds an address to turn into a link."""
    text = marked(" ".join(text.split()))
    text = "".join(c for c in text if c.isprintable())
    text = _HOST.sub(r"\1[.]\2", text)
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def plain_banner(why: list[str], language: str) -> str:
    """The banner as lines of text with CRLF; its first line is what a phone shows in the list of mails."""
    words = WORDS[language]
    rule = "＿" * 24 if language == "ja" else "_" * 48
    lines = [words["title"], *(words["bullet"] + reason for reason in why), "", words["do"], words["ask"]]
    return "\r\n".join([*lines, words["by"], rule, "", ""])


def html_banner(why: list[str], language: str) -> str:
    """The banner as HTML in ASCII. Colours are given twice, the second time with a force that the mail cannot undo."""
    words = {key: _entities(text) for key, text in WORDS[language].items()}
    items = "".join(f'<li style="{_ITEM}">{_entities(reason)}</li>' for reason in why)
    return (
        f'<div class="sekisho-warning" lang="{language}" role="note" style="{_BOX}">\r\n'
        f'<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" bgcolor="#fff7e0" style="{_TABLE}">'
        f'<tr><td width="6" bgcolor="#c77700" style="{_BAR}">&nbsp;</td><td style="{_CELL}">\r\n'
        f'<p style="{_TITLE}">{words["title"]}</p>\r\n'
        f'<p style="{_TEXT}">{words["why"]}</p>\r\n<ul style="{_LIST}">{items}</ul>\r\n'
        f'<p style="{_DO}">{words["do"]}</p>\r\n<p style="{_TEXT}">{words["ask"]}</p>\r\n'
        f'<p style="{_SMALL}">{words["by"]}</p>\r\n</td></tr></table></div>\r\n'
    )


def _entities(text: str) -> str:
    return escape(text).encode("ascii", "xmlcharrefreplace").decode("ascii")


def _forced(style: str) -> str:
    """Every declaration once for programs that do not know !important, and once with it."""
    declarations = [d.strip() for d in style.split(";") if d.strip()]
    return ";".join([*declarations, *(f"{d}!important" for d in declarations)])


_FONT = "font-family:'Hiragino Kaku Gothic ProN','Yu Gothic',Meiryo,'Noto Sans JP',system-ui,-apple-system,'Segoe UI',Arial,sans-serif"
_BOX = _forced(
    "display:block;visibility:visible;opacity:1;position:static;max-height:none;margin:0 0 20px 0;padding:0;text-align:left"
)
_TABLE = _forced(
    "display:table;width:100%;border-collapse:collapse;background:#fff7e0;border:1px solid #e3b65c"
)
_BAR = _forced("width:6px;background:#c77700;font-size:1px;line-height:1px;padding:0")
_CELL = _forced(f"padding:14px 18px 12px 16px;background:#fff7e0;color:#3a2a00;{_FONT}")
_TITLE = _forced(f"margin:0 0 8px 0;font-size:17px;line-height:1.4;font-weight:bold;color:#7a3e00;{_FONT}")
_TEXT = _forced(f"margin:0 0 6px 0;font-size:14px;line-height:1.65;color:#3a2a00;{_FONT}")
_DO = _forced(f"margin:10px 0 4px 0;font-size:14px;line-height:1.65;font-weight:bold;color:#3a2a00;{_FONT}")
_LIST = "margin:0 0 6px 0;padding:0 0 0 20px"
_ITEM = _forced(f"margin:0 0 3px 0;font-size:14px;line-height:1.6;color:#3a2a00;{_FONT}")
_SMALL = _forced(f"margin:8px 0 0 0;font-size:12px;line-height:1.5;color:#77621f;{_FONT}")
