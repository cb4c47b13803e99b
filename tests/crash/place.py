"""A site with backups, which is lost and restored by commands that are killed on the way."""

import shutil
import time
from collections.abc import Collection, Iterable
from pathlib import Path

from tests.crash.commands import Commands
from tests.crash.custody import Custody
from tests.crash.harness import Site
from tests.crash.mails import INBOUND, OUTBOUND, mail
from tests.crash.sink import Sink
from tests.services.postgres import Cluster
from tests.services.s3 import S3

DELAY = 3600
LARGE = 100_000
"""Bytes: of a mail whose contents are files of the spool."""
BACKUP = """
[backup]
folder = "{folder}/backups"
key_file = "{folder}/backup.key"
keys_mirror = "{folder}/mirror"
"""
BUCKET = """
[backup]
key_file = "{folder}/backup.key"
keys_mirror = "{folder}/mirror"
departures = "{folder}/elsewhere"
[backup.bucket]
bucket = "{bucket}"
endpoint = "{endpoint}"
access_key = "test"
secret_key_file = "{folder}/secret"
"""
DEPARTURES = 'departures = "{folder}/elsewhere"\n'


class Place:
    """A site with backups, and what is said to it on the command line."""

    def __init__(self, site: Site, commands: Commands, departures: bool, backup: str = BACKUP) -> None:
        self.site, self._commands = site, commands
        text = backup + (DEPARTURES if departures else "")
        with site.config.open("a") as file:
            file.write(text.replace("{folder}", str(site.folder)))
        self.say("backup", "--new-key")

    def say(self, *arguments: str, kill_at: int = 0) -> str:
        """What it answers; "" when it was killed."""
        done = self._commands.run(*arguments, "--config", str(self.site.config), kill_at=kill_at)
        if done.killed:
            return ""
        assert done.status == 0, done.text
        return done.text

    def wave(self) -> None:
        kinds = [mail(kind) for kind in ("external", *OUTBOUND, *INBOUND)]
        self.site.play([*kinds, mail("external", LARGE), mail("quarantined", LARGE)])

    def killed(self, points: Iterable[int], *arguments: str) -> int:
        """End a command at each of these points, up to the one that it does not come to any more; how often."""
        number = 0
        for point in points:
            if self.say(*arguments, kill_at=point):
                break
            number += 1
        return number

    def stepped(self, *arguments: str) -> tuple[int, str]:
        """Say a command again and again, killed at each step at which it was not killed before, up to its end; how often, and
        what it said then."""
        steps: list[str] = []
        while (done := self._commands.run(*arguments, "--config", str(self.site.config), known=steps)).killed:
            steps.append(done.step)
        assert done.status == 0, (steps[-1:], done.text)
        print(*steps, sep="\n")
        return len(steps), done.text

    def due(self, number: int = 1000, among: Collection[str] | None = None) -> list[str]:
        """The delay of so many mails (of these) is over, and nothing else holds them; which."""
        rows = self.site.custody.sql(
            "SELECT id FROM item WHERE state = 'held' AND waits = 0 AND due_at > 1 ORDER BY id"
        )
        ids = [item for (item,) in rows if among is None or item in among][:number]
        for item in ids:
            self.site.custody.sql("UPDATE item SET due_at = 1 WHERE id = ?", item)
        return ids

    def left(self) -> None:
        """Wait until what is due has left."""
        end = time.monotonic() + 30
        while self.site.custody.sql("SELECT 1 FROM item WHERE due_at = 1 LIMIT 1") and time.monotonic() < end:
            time.sleep(0.05)
        assert self.site.quiet(30)

    def lose(self, spool: bool = True) -> dict[str, str]:
        """The database is gone, and perhaps the spool, but for keys; what items there were, with their message-ids."""
        items = self.items
        for file in self.site.state.glob("sekisho.db*"):
            file.unlink()
        if spool:
            shutil.rmtree(self.site.state / "spool")
        return items

    @property
    def items(self) -> dict[str, str]:
        """What items there are, with their message-ids."""
        return {row.item: row.message_id for row in self.site.custody.rows()}

    def told_lost(self) -> set[str]:
        """Items that the restore says are lost."""
        return {row[0] for row in self.site.custody.sql("SELECT item FROM journal WHERE event = 'lost'")}


class SharedPlace(Place):
    """With PostgreSQL, and buckets for contents and backups; lost are the database and the bucket of contents."""

    def __init__(self, folder: Path, postgres: Cluster, store: S3, sink: Sink, commands: Commands) -> None:
        self._postgres, self._store = postgres, store
        url, bucket = postgres.create(), store.bucket()
        (folder / "secret").write_text("test\n")
        s3 = f'bucket = "{bucket}", endpoint = "{store.endpoint}", access_key = "test"'
        custody = Custody(url, folder / "state" / "spool", f"{store.endpoint}/{bucket}")
        site = Site(
            folder, delay=DELAY, database=url, sink=sink, custody=custody,
            settings=f's3 = {{ {s3}, secret_key_file = "{folder}/secret" }}\n',
        )  # fmt: skip
        kept = BUCKET.replace("{bucket}", store.bucket()).replace("{endpoint}", store.endpoint)
        super().__init__(site, commands, False, kept)

    def lose(self, spool: bool = True) -> dict[str, str]:
        items, custody, text = self.items, self.site.custody, self.site.config.read_text()
        url, bucket = self._postgres.create(), self._store.bucket()
        text = text.replace(custody.url, url).replace(custody.bucket.rpartition("/")[2], bucket)
        self.site.config.write_text(text)
        custody.url, custody.bucket = url, f"{self._store.endpoint}/{bucket}"
        return items


def doubles(site: Site) -> list[str]:
    """Mail that the next hop took twice for somebody."""
    return [
        f"{one.mail.message_id} to {recipient}"
        for one in site.ledger.sent.values()
        for recipient in one.mail.recipients
        if site.sink.count(one.mail.message_id, recipient) > 1
    ]


def missing(site: Site, told: set[str]) -> list[str]:
    """Promised mail that neither left nor is in custody, and of which nobody was told. `told`: message-ids."""
    rows = {(r.message_id, r.recipient): r for r in site.custody.rows()}
    found = []
    for one in site.ledger.acked():
        for recipient in one.mail.recipients:
            row = rows.get((one.mail.message_id, recipient))
            kept = row is not None and ((row.live and row.intact) or row.status in ("failed", "withdrawn"))
            if not (kept or site.sink.count(one.mail.message_id, recipient) or one.mail.message_id in told):
                found.append(f"{one.mail.message_id} to {recipient}: {row}")
    return found


def taken(site: Site, items: Collection[str]) -> bool:
    """Whether the next hop has taken one of them: other copies of these mails may have left before."""
    rows = [row for row in site.custody.rows() if row.item in items]
    return any(site.sink.count(row.message_id, row.recipient) for row in rows)
