"""What the store holds, read without the product's code: plain SQL on the database, plain files in the spool."""

import contextlib
import hashlib
import json
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from email.parser import BytesHeaderParser
from pathlib import Path
from typing import TYPE_CHECKING, Any

import obstore
from cryptography.exceptions import InvalidTag
from obstore.exceptions import NotFoundError

from tests.crash.opening import opened

if TYPE_CHECKING:
    from obstore.store import ClientConfig

LIVE = ("held", "queued", "active")

_ITEMS = (
    "SELECT i.id, i.mail_id, i.state, i.direction, i.summary, i.blob, i.sha256, r.address, r.status"
    " FROM item i JOIN recipient r ON r.item = i.id"
)


@dataclass(frozen=True)
class Row:
    """One recipient of one item. `intact`: the content is there, and it is the one that was promised."""

    item: str
    mail_id: str
    state: str
    direction: str
    message_id: str
    recipient: str
    status: str
    intact: bool

    @property
    def live(self) -> bool:
        return self.state in LIVE


class Custody:
    """The store of a node (or of several): its database and its spool directory; `keys`, `master`: what opens contents;
    `bucket`: the address of the one in which they are, "" for the spool."""

    def __init__(self, url: str, spool: Path, bucket: str = "") -> None:
        self.url = url
        self.bucket = bucket
        self.spool = spool
        self.keys = spool.parent / "keys"
        self.master = spool.parent / "seal.key"

    def rows(self, *states: str) -> list[Row]:
        """Of items in these states, or of all; each content is read."""
        found = [row for row in self.sql(_ITEMS) if not states or row[2] in states]
        intact = {(r[5], r[6]): self._intact(r[5], r[6]) for r in found}
        names = {r[5]: self._message_id(r[4], r[5]) for r in found}
        return [Row(*r[:4], names[r[5]], r[7], r[8], intact[r[5], r[6]]) for r in found]

    def sql(self, text: str, *values: Any) -> list[tuple[Any, ...]]:
        """Run one statement (parameters as ?); committed on return."""
        with self._connected() as connection:
            if not self.url.startswith("sqlite"):
                text = text.replace("?", "%s")
            cursor = connection.cursor()
            cursor.execute(text, values)
            rows = cursor.fetchall() if cursor.description else []
            connection.commit()
            return list(rows)

    def busy(self) -> int:
        """How many items could leave now or are leaving: those that wait for a later time do not count."""
        number = self.sql(
            "SELECT COUNT(*) FROM item WHERE state IN ('queued', 'active') AND attempts = 0 OR state = 'active'"
        )[0][0]
        return int(number)

    def retry_now(self) -> None:
        """As if the time to the next attempt had gone by."""
        self.sql("UPDATE item SET due_at = 1 WHERE state = 'queued'")

    @contextlib.contextmanager
    def _connected(self) -> Iterator[Any]:
        if self.url.startswith("sqlite"):
            with contextlib.closing(sqlite3.connect(self.url.removeprefix("sqlite:///"), timeout=20)) as lite:
                yield lite
        else:
            import psycopg

            with psycopg.connect(self.url) as post:
                yield post

    def _message_id(self, summary: str, blob: str) -> str:
        """As noted in the item, or else from the content: of our own mails and of what could not be examined."""
        value = json.loads(summary)
        found = str(value.get("message_id", "")).strip() if isinstance(value, dict) else ""
        if found or (content := self._content(blob)) is None:
            return found
        return str(BytesHeaderParser().parsebytes(content)["Message-ID"] or "").strip()

    def _intact(self, blob: str, sha256: str) -> bool:
        content = self._content(blob)
        return content is not None and hashlib.sha256(content).hexdigest() == sha256

    def _content(self, blob: str) -> bytes | None:
        """A row of the database when it is small, else a file or an object."""
        if rows := self.sql("SELECT data FROM content WHERE key = ?", blob):
            return self._opened(bytes(rows[0][0]), blob)
        if self.bucket:
            return self._opened(found, blob) if (found := self._object(blob)) is not None else None
        path = self.spool / "blobs" / blob.rpartition(".")[2][:2] / blob
        return self._opened(path.read_bytes(), blob) if path.is_file() else None

    def _object(self, blob: str) -> bytes | None:
        endpoint, _, name = self.bucket.rpartition("/")
        options: ClientConfig = {"allow_http": True}
        store = obstore.store.S3Store(
            name, endpoint=endpoint, region="us-east-1", access_key_id="test", secret_access_key="test",
            client_options=options,
        )  # fmt: skip
        try:
            return bytes(obstore.get(store, f"blobs/{blob}").bytes())
        except (NotFoundError, FileNotFoundError):
            return None

    def _opened(self, data: bytes, blob: str) -> bytes | None:
        try:
            return opened(data, blob, self.keys, self.master)
        except InvalidTag:
            return None
