"""The digest: a few times a day, a letter to each person for whom mail waits that they have not heard of.

`slot` is the hour for which a digest is written. One row for each person and slot is inserted with the letter, in one
transaction: several nodes and any number of starts write one. The link opens this list only, for this person only,
after login, and for LIFE seconds; only a digest of its secret is kept. It shows; it does nothing.
"""

import hashlib
import secrets
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from html import escape
from zoneinfo import ZoneInfo

import msgspec

from config.settings import DigestSection
from filters.rewriters.harmless import harmless
from filters.sentences import sentences
from quarantine.digests import LIFE
from quarantine.item import Item
from quarantine.letters.held import author
from quarantine.letters.letter import Letter

WORDS = {
    "ja": {
        "subject": "[隔離のお知らせ] お届けしていないメールが{count}件あります",
        "lead": "あなた宛ての次のメールは、安全を確認できないため、まだお届けしていません。",
        "what": "必要なメールがあれば、一覧のページから管理者に依頼できます。心当たりのないメールは、そのままにしておいてください。",
        "from": "差出人",
        "when": "受付",
        "why": "理由",
        "more": "ほか{count}件",
        "open": "一覧を開く",
        "link": "一覧のページ(ログインが必要です。{hours}時間開けます):",
        "note": "ログインが必要です。リンクは{hours}時間有効です。",
        "untitled": "(件名なし)",
        "nobody": "(不明)",
        "unsaid": "確認が必要です",
    },
    "en": {
        "subject": "[Quarantine] Mail that has not been delivered: {count}",
        "lead": "The following mail to you has not been delivered, because we could not make sure that it is safe.",
        "what": "If you need any of it, ask the administrator for it on the page. If you do not expect it, leave it alone.",
        "from": "From",
        "when": "Received",
        "why": "Why",
        "more": "and {count} more",
        "open": "Open the list",
        "link": "The list (after login; opens for {hours} hours):",
        "note": "You need to log in. The link works for {hours} hours.",
        "untitled": "(no subject)",
        "nobody": "(unknown)",
        "unsaid": "It needs to be looked at",
    },
}

HOURS = int(LIFE // 3600)


class Line(msgspec.Struct, frozen=True):
    """One held mail as the digest tells of it: words that nobody can click."""

    subject: str
    author: str
    when: str
    why: tuple[str, ...]


def slot(section: DigestSection, timezone: str, now: float) -> float | None:
    """The last hour of the settings that is not after `now` (UTC seconds); None when there is none within a week."""
    if not section.enabled or not section.hours:
        return None
    zone = ZoneInfo(timezone)
    today = datetime.fromtimestamp(now, zone).date()
    for back in range(8):
        day = today - timedelta(days=back)
        if section.weekdays_only and day.weekday() >= 5:
            continue
        for hour in sorted(set(section.hours), reverse=True):
            at = datetime(day.year, day.month, day.day, hour, tzinfo=zone).timestamp()
            if at <= now:
                return at
    return None


def fresh() -> tuple[str, str]:
    """A secret of 256 bits for a link, and what is kept of it."""
    secret = secrets.token_urlsafe(32)
    return secret, hashlib.sha256(secret.encode()).hexdigest()


def letter(items: Sequence[Item], language: str, timezone: str, url: str, *, more: int = 0) -> Letter:
    """The digest of these mails, newest first, and of `more` that are not named; `url` opens its page."""
    words = WORDS["en" if language == "en" else "ja"]
    lines = [_line(item, language, timezone, words) for item in items]
    others = words["more"].format(count=more) if more else ""
    return Letter(
        words["subject"].format(count=len(items) + more),
        _text(lines, words, others, url),
        _html(lines, words, others, url, language),
    )


def _line(item: Item, language: str, timezone: str, words: Mapping[str, str]) -> Line:
    local = datetime.fromtimestamp(item.accepted_at, UTC).astimezone(ZoneInfo(timezone))
    return Line(
        harmless(item.summary.subject, 120) or words["untitled"],
        author(item) or words["nobody"],
        f"{local:%Y-%m-%d %H:%M}",
        tuple(harmless(why, 160) for why in sentences(item.findings, language)[:3]) or (words["unsaid"],),
    )


def _text(lines: Sequence[Line], words: Mapping[str, str], more: str, url: str) -> str:
    text = [words["lead"], ""]
    for number, line in enumerate(lines, 1):
        text += [
            f"{number}. {line.subject}",
            f"   {words['from']}: {line.author}",
            f"   {words['when']}: {line.when}",
            *(f"   {words['why']}: {why}" for why in line.why),
            "",
        ]
    text += [more, ""] if more else []
    return "\n".join([*text, words["what"], "", words["link"].format(hours=HOURS), "", f"    {url}", ""])


_PAGE = """<!doctype html>
<html lang="{language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta name="format-detection" content="telephone=no,date=no,address=no,email=no,url=no"><title>{title}</title></head>
<body style="margin:0;padding:24px 12px;background:#f6f4ef;color:#1f2328;font-family:'Hiragino Sans','Noto Sans JP',Meiryo,system-ui,sans-serif;font-size:15px;line-height:1.65">
<div style="max-width:600px;margin:0 auto;background:#fffefb;border:1px solid #dcd7cb;border-radius:12px;padding:24px">
<p style="margin:0 0 16px">{lead}</p>
{rows}
{more}<p style="margin:16px 0">{what}</p>
<p style="margin:20px 0 8px"><a href="{url}" style="display:inline-block;background:#1d4e6b;color:#ffffff;text-decoration:none;font-weight:600;padding:10px 20px;border-radius:8px">{open}</a></p>
<p style="margin:0;color:#5a5f66;font-size:13px">{note}</p>
</div></body></html>
"""
_ROW = """<div style="border-top:1px solid #dcd7cb;padding:12px 0"><div style="font-weight:600">{subject}</div>
<div style="color:#5a5f66;font-size:14px">{author}</div><div style="color:#5a5f66;font-size:13px">{when}</div>
{why}</div>"""
_WHY = (
    '<div style="border-left:3px solid #dcd7cb;padding-left:10px;margin-top:6px;font-size:14px">{why}</div>'
)


def _html(lines: Sequence[Line], words: Mapping[str, str], more: str, url: str, language: str) -> str:
    rows = [
        _ROW.format(
            subject=escape(line.subject),
            author=escape(line.author),
            when=escape(line.when),
            why="".join(_WHY.format(why=escape(why)) for why in line.why),
        )
        for line in lines
    ]
    return _PAGE.format(
        language=language,
        title=escape(words["open"]),
        lead=escape(words["lead"]),
        rows="\n".join(rows),
        more=f'<p style="margin:12px 0">{escape(more)}</p>\n' if more else "",
        what=escape(words["what"]),
        url=escape(url),
        open=escape(words["open"]),
        note=escape(words["note"].format(hours=HOURS)),
    )
