"""Mails of ours to our own people: what waits, and what became of it. A notice links to a page; it never acts.

Every notice has the null reverse-path and Auto-Submitted (RFC 3834), so that no machine answers it, and
holds no content of the mail beyond its subject and recipients (never a passphrase).
"""

from base64 import encodebytes
from collections.abc import Awaitable, Callable, Iterable, Sequence
from datetime import UTC, datetime
from email.utils import format_datetime
from zoneinfo import ZoneInfo

import msgspec

from config.settings import Settings
from filters.examined import Examined
from filters.facts import Facts, Person
from filters.sentences import sentences
from filters.verdict import UNTIL_RELEASED
from mail.charset import encode_header, encode_mailbox
from mail.envelope import ForwardPath
from quarantine.item import Item, Recipient, State
from quarantine.letters import Letter
from storage.interfaces import Blob, StoreError

Put = Callable[[Iterable[bytes | memoryview]], Awaitable[Blob]]

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


class Notices:
    """Writes notices as items, so that they travel and are kept like any other mail."""

    def __init__(
        self,
        settings: Settings,
        new_id: Callable[[], str],
        base_url: Callable[[], str],
        put: Put | None = None,
    ) -> None:
        self._settings = settings
        self._put = put or _nowhere
        self._new_id = new_id
        self._base_url = base_url

    async def held(self, facts: Facts, items: Sequence[Item], examined: Examined, put: Put) -> list[Item]:
        """The notice for the sender of held items ([] when notices are off or the sender has no address).

        `put` stores its content. Raises StoreError.
        """
        person = facts.sender
        if not self._settings.notices.held or person is None or not person.addresses:
            return []
        language = person.language if person.language in WORDS else "ja"
        text = self._held_text(items, examined, language)
        return [await self._item(facts, person, text, language, items[0], put)]

    def _held_text(self, items: Sequence[Item], examined: Examined, language: str) -> str:
        words = WORDS[language]
        lines = [
            words["held"],
            "",
            words["title"].format(subject=items[0].summary.subject or words["untitled"]),
        ]
        for item in items:
            lines += ["", *self._waiting(item, language)]
        lines += ["", words["why"], *(f"  - {s}" for s in sentences(examined.findings, language))]
        return "\n".join(lines) + "\n"

    def _waiting(self, item: Item, language: str) -> list[str]:
        """For whom one copy is, what it waits for, and the page where its sender acts."""
        words = WORDS[language]
        recipients = [r.path.address for r in item.recipients]
        more = f" (+{len(recipients) - 20})" if len(recipients) > 20 else ""
        lines = [words["recipients"].format(recipients=", ".join(recipients[:20]) + more)]
        if item.approvals:
            lines.append(words["approval"].format(roles=", ".join(words.get(r, r) for r in item.approvals)))
        elif item.holds:
            lines.append(words["review"])
        elif item.delay >= UNTIL_RELEASED:
            lines.append(words["forever"])
        else:
            leaves = item.accepted_at + item.delay - self._settings.margin_seconds
            lines.append(words["until"].format(time=_local(leaves, self._settings.console.timezone)))
        lines += [words["act"], "", f"    {self._base_url()}/mail/{item.id}"]
        if item.passphrase_source == "generated":  # noqa: S105 (where it came from)
            lines += ["", words["encrypted"]]
        elif item.passphrase_source:
            lines += ["", words["agreed"]]
        return lines

    async def _item(
        self, facts: Facts, person: Person, text: str, language: str, about: Item, put: Put
    ) -> Item:
        subject = WORDS[language]["subject"].format(
            subject=about.summary.subject or WORDS[language]["untitled"]
        )
        to = encode_mailbox(person.name, person.addresses[0])
        item = await self._written(subject, text, to, person.addresses[:1], facts.now, put)
        return msgspec.structs.replace(
            item, mail_id=about.mail_id, tenant=about.tenant, owner=person.login
        )  # fmt: skip

    async def letter(
        self,
        letter: Letter,
        to: Sequence[str],
        now: float,
        *,
        name: str = "",
        mail_id: str = "",
        tenant: str = "default",
    ) -> Item:
        """An item with this letter, its content stored (quarantine/closing.py, Post). Raises StoreError."""
        field = encode_mailbox(name, to[0]) if len(to) == 1 else b"undisclosed-recipients:;"
        item = await self._written(letter.subject, letter.text, field, to, now, self._put)
        return msgspec.structs.replace(item, mail_id=mail_id or item.id, tenant=tenant)

    async def _written(
        self, subject: str, text: str, to: bytes, recipients: Sequence[str], now: float, put: Put
    ) -> Item:
        item_id = self._new_id()
        blob = await put([self._mail(item_id, to, subject, text, now)])
        return Item(
            id=item_id,
            mail_id=item_id,
            tenant="default",
            direction="notice",
            state=State.QUEUED,
            reverse_path="",
            recipients=tuple(Recipient(ForwardPath(r, notify=("NEVER",))) for r in recipients),
            blob=blob.key,
            size=blob.size,
            sha256=blob.sha256,
            accepted_at=now,
            due_at=now,
        )

    def _mail(self, item_id: str, to: bytes, subject: str, text: str, now: float) -> bytes:
        sender = self._settings.notices.sender or f"sekisho@{self._settings.hostname}"
        head = [
            b"Date: " + format_datetime(datetime.fromtimestamp(now, UTC)).encode(),
            b"From: " + encode_mailbox("Sekisho", sender),
            b"To: " + to,
            b"Subject: " + encode_header(subject[:200], len("Subject: ")),
            f"Message-ID: <{item_id}@{self._settings.hostname}>".encode(),
            b"Auto-Submitted: auto-generated",
            b"X-Auto-Response-Suppress: All",
            b"MIME-Version: 1.0",
            b"Content-Type: text/plain; charset=utf-8",
            b"Content-Transfer-Encoding: base64",
        ]
        body = encodebytes(text.replace("\n", "\r\n").encode("utf-8", "replace")).replace(b"\n", b"\r\n")
        return b"\r\n".join(head) + b"\r\n\r\n" + body


async def _nowhere(pieces: Iterable[bytes | memoryview]) -> Blob:
    raise StoreError("there is no store for letters")


def _local(at: float, timezone: str) -> str:
    """A time as it is at the place, with its offset: the reader may be travelling."""
    return f"{datetime.fromtimestamp(at, ZoneInfo(timezone)):%H:%M:%S (UTC%z)}"
