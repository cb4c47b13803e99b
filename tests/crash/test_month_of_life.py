"""A month of a node's life in minutes: mail each day, in both directions, mail that is held, taken back, approved and denied, a
legal hold, new master keys, a disk that is lost and restored. The wall clock jumps in between, the monotonic one goes on.

Nothing is lost, nothing that was held back leaves, no word of a mail is ever on the disk in clear; behind its time nobody
reads it, with the copies that were made of it either.
"""

import asyncio
import contextlib
import re
import shutil
from collections.abc import Iterator
from email import message_from_bytes
from pathlib import Path

import pytest

from config.tenant import EVERY
from quarantine.item import Item, ItemEnd
from quarantine.store import Query, Store
from storage.contents import Contents
from storage.database import open_database
from storage.day_keys import DayKeys, Erased
from storage.interfaces import StoreError
from storage.seal import open_seal
from storage.spool import Spool
from tests.crash.test_clock import faked, set_clock
from tests.interop.mails import HANAKO, SATO, TARO, mail, with_files, word
from tests.services.node import ACCOUNTS
from tests.services.programs import private_directory, wait_for
from tests.services.served import Hop, Served, at, hop, started, written

pytestmark = [pytest.mark.system, pytest.mark.slow, pytest.mark.timeout(3000)]

DAY = 86_400
DAYS = 31
MINUTES = 600
"""More than a mail to outsiders is held (delay 5m)."""
HELD_FROM, HELD_TO = 4, 20
"""Days between which a legal hold stands."""
LOST = 17
"""The day on which the disk is lost: what was copied in the night before the day's first mail is put back."""


class Month:
    """A node whose clock is set, and what was sent."""

    def __init__(self, file: Path, wall: Path, stack: contextlib.ExitStack, taken: Hop) -> None:
        self.file, self.state, self.wall, self.taken = file, file.parent / "state", wall, taken
        self._environment, self._stack = faked(wall), stack
        self.day, self.node = 0, self._started()
        self.due: dict[str, str] = {}
        """Words of mail that has to arrive, with the item or the mail that they are of."""
        self.never: dict[str, str] = {}
        """As `due`, of mail that was taken back or denied."""

    def _started(self) -> Served:
        (self.file.parent / "log").unlink(missing_ok=True)  # it says when it is ready
        self._running = contextlib.ExitStack()
        self._stack.callback(self._running.close)
        return self._running.enter_context(started(self.file, environment=self._environment))

    def stopped(self) -> None:
        self._running.close()

    def again(self) -> None:
        self.stopped()
        self.node = self._started()

    def clock(self, seconds: float = 0) -> None:
        """So long after the day's beginning."""
        set_clock(self.wall, self.day * DAY + int(seconds))
        self.node._consoles.clear()  # their sessions are over

    def word(self, kind: str) -> str:
        return f"kuroshio{self.day:02}{kind}yamabiko"

    def send(self, kind: str, content: bytes = b"", **more: str) -> str:
        """A mail of Taro's to an outsider; its id."""
        content = content or mail(SATO, f"{self.word(kind)}\n", subject=kind, **more).as_bytes()
        code, answer = self.node.send(TARO, [SATO], content)
        assert code == 250, answer
        return re.findall(r"Accepted as ([a-z2-7]{16})", answer)[0]

    def receive(self, kind: str) -> None:
        content = mail(HANAKO, f"{self.word(kind)}\n", sender=SATO, subject=kind).as_bytes()
        code, answer = self.node.send(SATO, [HANAKO], content, name="inbound")
        assert code == 250, answer
        self.due[self.word(kind)] = ""

    def item(self, id: str) -> Item:
        (found,) = [one for one in self.node.items() if id in (one.id, one.mail_id)]
        return found

    def arrived(self) -> set[str]:
        """The words of all mail that the next hop took."""
        found: set[str] = set()
        for one in list(self.taken.sink.mails):
            octets = one.content
            text = b"".join(
                part.get_payload(decode=True) or b""
                for part in message_from_bytes(octets).walk()
                if not part.is_multipart()
            )
            found.update(re.findall(r"kuroshio\w+?yamabiko", (octets + text).decode("latin-1")))
        return found

    def plain(self, *folders: Path) -> list[str]:
        """Words that are anywhere in the files of these folders."""
        octets = [path.read_bytes() for folder in folders for path in folder.rglob("*") if path.is_file()]
        words = [*self.due, *self.never]
        return [text for text in words if any(text.encode() in each for each in octets)]


@pytest.fixture
def month(tmp_path: Path) -> Iterator[Month]:
    wall = tmp_path / "wall"
    wall.write_text("+0\n")
    with private_directory("month") as directory, hop() as taken, contextlib.ExitStack() as stack:
        there = at(taken.port)
        file = written(
            directory,
            "",
            ACCOUNTS,
            relay=there,
            mailbox=there,
            margin_seconds=0,
            notices={"held": False, "waits": False, "monthly": False},
            console={"port": 0, "second_factor": {"required": []}},  # its time to enrol is over in a month
        )
        yield Month(file, wall, stack, taken)


def a_day(month: Month) -> None:
    """Mail both ways: one is let go early, one waits, one is taken back."""
    month.clock(9 * 3600)
    month.receive("in")
    month.due[month.word("early")] = early = month.send("early")
    month.due[month.word("waits")] = month.send("waits")
    month.never[month.word("back")] = back = month.send("back")
    month.node.console("taro").send_now(month.item(early))
    assert month.node.console("taro").act(month.item(back), "recall").status_code == 303
    month.clock(9 * 3600 + MINUTES)


def marked(month: Month, kind: str) -> str:
    """A document of the house, which waits for the head of the department."""
    return month.send(kind, with_files((f"{kind}.docx", word(f"社外秘 {month.word(kind)}")), subject="資料"))


def test_a_month(month: Month) -> None:
    backup = month.file.parent.parent / f"{month.file.parent.name}-backup"
    hold, kept = "", ""
    approved: list[str] = []
    for day in range(DAYS):
        month.day = day
        if day == LOST:
            month.stopped()
            shutil.copytree(month.state, backup)
            assert month.plain(month.state, backup) == []
            shutil.rmtree(month.state)
            shutil.copytree(backup, month.state)
            month.clock()
            month.node = month._started()
        a_day(month)
        if day % 6 == 2:
            agreed, denied = marked(month, "agreed"), marked(month, "denied")
            month.never[month.word("denied")] = denied
            head = month.node.console("hanako")
            assert head.approve(month.item(agreed)).status_code == 303
            assert head.act(month.item(denied), "deny", comment="no").status_code == 303
            approved.append(agreed)
            month.clock(10 * 3600 + MINUTES)
        if day == HELD_FROM:
            done = month.node.command(
                "legal-hold",
                "add",
                "--of",
                month.item(month.due[month.word("waits")]).mail_id,
                "--reason",
                "case",
            )
            assert done.returncode == 0, done.stderr
            hold = done.stdout.split()[0]
            kept = month.due[month.word("waits")]
        if day == HELD_TO:
            assert month.item(kept).erased_at is None
            assert b"kuroshio" in month.node.blob(month.item(kept).blob)
            assert month.node.command("legal-hold", "end", hold).returncode == 0
        if day % 10 == 9:
            assert month.node.command("keys", "rotate").returncode == 0
            month.again()
            month.stopped()
            assert month.node.command("keys", "retire").returncode == 0
            month.node = month._started()
        elif day % 5 == 4:
            month.again()  # what ended is erased at a start, and every ten minutes
    month.clock(12 * 3600)
    month.again()  # a clock that jumps lets nothing leave early; a node that starts anew believes it
    assert wait_for(lambda: set(month.due) <= month.arrived(), 60), set(month.due) - month.arrived()
    assert {month.item(id).ended for id in approved} == {ItemEnd.DELIVERED}
    assert not month.arrived() & set(month.never)

    month.day = 45
    month.clock()
    month.again()

    def all_gone() -> bool:
        return all(item.erased_at is not None for item in month.node.items())

    assert wait_for(all_gone, 120), [item for item in month.node.items() if item.erased_at is None]
    ends = {item.ended for item in month.node.items()}
    assert {ItemEnd.DELIVERED, ItemEnd.RECALLED, ItemEnd.DENIED} <= ends
    for item in month.node.items():
        with pytest.raises(StoreError):
            month.node.blob(item.blob)
    month.stopped()
    assert month.plain(month.state, backup) == []
    asyncio.run(opens_nothing(month, backup))
    shutil.rmtree(backup)


async def opens_nothing(month: Month, backup: Path) -> None:
    """The copy of database and contents, beside the keys that there are now."""
    settings = month.node.settings
    now = open_database(settings.database_url)
    seal = await open_seal(settings.seal_key, now)
    await now.close()
    older = open_database(f"sqlite:///{backup / 'sekisho.db'}")
    day_keys = DayKeys(settings.keys, seal, older)
    blobs = Contents(older, Spool(backup / "spool", day_keys), day_keys)
    items = await Store(older, blobs, "node1").find(Query(EVERY, limit=10_000))
    assert len(items) > LOST
    for item in items:
        with pytest.raises(
            Erased if item.erased_at is None else StoreError
        ):  # what was gone by then has no file either
            await blobs.get(item.blob)
    await blobs.close()
    await older.close()
