"""The letter to the sender of mail that waits to leave: what waits, for what, and the page where they act.

It holds nothing of the mail but its subject and recipients, and those as they stand: they are the reader's own words,
who is to see a wrong address letter by letter. What strangers wrote is broken up (filters/rewriters/harmless.py).
"""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from filters.examined import Examined
from filters.sentences import sentences
from filters.verdict import UNTIL_RELEASED
from quarantine.item import Item
from quarantine.letters.letter import Letter

WORDS = {
    "ja": {
        "subject": "[送信保留] {subject}",
        "held": "次のメールは、まだ送信されていません。",
        "until": "{time} に自動で送信されます。それまでは取り消せます。",
        "forever": "誰かが操作するまで送信されません。",
        "approval": "送信には承認が必要です: {roles}",
        "review": "管理者の確認を待っています。",
        "act": "取り消し・停止・今すぐ送信は、次のページで行えます(ログインが必要です)。",
        "encrypted": "添付ファイルは暗号化されます。パスワードは上のページに表示されます。電話などメール以外で相手に伝えてください。",
        "agreed": "添付ファイルは、相手とあらかじめ決めたパスワードで暗号化されます。",
        "recipients": "宛先: {recipients}",
        "title": "件名: {subject}",
        "why": "理由:",
        "untitled": "(件名なし)",
        "department_head": "所属部門長",
        "president": "代表取締役",
        "administrator": "管理者",
    },
    "en": {
        "subject": "[Held] {subject}",
        "held": "The following mail has not been sent yet.",
        "until": "It will leave by itself at {time}. Until then you can take it back.",
        "forever": "It will not leave until somebody acts.",
        "approval": "It needs approval: {roles}",
        "review": "It waits for an administrator to look at it.",
        "act": "Recall, stop, or send it now on this page (after login):",
        "encrypted": "Its attachments leave encrypted. The passphrase is shown on the page above: tell it by telephone, never by mail.",
        "agreed": "Its attachments leave encrypted with the passphrase agreed with the recipient beforehand.",
        "recipients": "To: {recipients}",
        "title": "Subject: {subject}",
        "why": "Why:",
        "untitled": "(no subject)",
        "department_head": "head of department",
        "president": "president",
        "administrator": "administrator",
    },
}


def held(
    items: Sequence[Item], examined: Examined, language: str, *, console: str, timezone: str, margin: float
) -> Letter:
    """About the held copies of one mail (at least one). `margin`: seconds by which the server waits longer than told."""
    language = "en" if language == "en" else "ja"
    words = WORDS[language]
    subject = " ".join(items[0].summary.subject.split()) or words["untitled"]
    lines = [words["held"], "", words["title"].format(subject=subject)]
    for item in items:
        leaves = item.accepted_at + item.delay - margin
        lines += ["", _recipients(item, words), _waits(item, words, leaves, timezone)]
        lines += [words["act"], "", f"    {console}/mail/{item.id}"]
        if item.passphrase_source == "generated":  # noqa: S105 (where it came from)
            lines += ["", words["encrypted"]]
        elif item.passphrase_source:
            lines += ["", words["agreed"]]
    lines += ["", words["why"], *(f"  - {s}" for s in sentences(examined.findings, language))]
    return Letter(words["subject"].format(subject=subject), "\n".join(lines) + "\n", mail_id=items[0].mail_id)


def _recipients(item: Item, words: dict[str, str]) -> str:
    addresses = [r.path.address for r in item.recipients]
    more = f" (+{len(addresses) - 20})" if len(addresses) > 20 else ""
    return words["recipients"].format(recipients=", ".join(addresses[:20]) + more)


def _waits(item: Item, words: dict[str, str], leaves: float, timezone: str) -> str:
    """What one copy waits for."""
    if item.approvals:
        return words["approval"].format(roles=", ".join(words.get(r, r) for r in item.approvals))
    if item.holds:
        return words["review"]
    if item.delay >= UNTIL_RELEASED:
        return words["forever"]
    # As it is at the place, with its offset: the reader may be travelling.
    local = datetime.fromtimestamp(leaves, ZoneInfo(timezone))
    return words["until"].format(time=f"{local:%H:%M:%S (UTC%z)}")
