"""T11: a backup beside a node at work, the node and its database lost, the backup restored: what was held leaves once, what
had left never again, what came later is told; whatever is killed meanwhile.
"""

import shutil
import threading
import time
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path

import pytest

from tests.crash.commands import Commands
from tests.crash.harness import Site
from tests.crash.mails import INBOUND, OUTBOUND, mail
from tests.crash.sink import Sink

pytestmark = [pytest.mark.system, pytest.mark.timeout(900)]

DELAY = 3600
LARGE = 100_000
"""Bytes: of a mail whose contents are files of the spool."""
BACKUP = """
[backup]
folder = "{folder}/backups"
key_file = "{folder}/backup.key"
keys_mirror = "{folder}/mirror"
"""
DEPARTURES = 'departures = "{folder}/elsewhere"\n'


@pytest.fixture(scope="module")
def commands() -> Iterator[Commands]:
    with Commands() as running:
        yield running


class Place:
    """A site with backups, and what is said to it on the command line."""

    def __init__(self, site: Site, commands: Commands, departures: bool) -> None:
        self.site, self._commands = site, commands
        text = BACKUP + (DEPARTURES if departures else "")
        with site.config.open("a") as file:
            file.write(text.format(folder=site.folder))
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
        items = {row.item: row.message_id for row in self.site.custody.rows()}
        for file in self.site.state.glob("sekisho.db*"):
            file.unlink()
        if spool:
            shutil.rmtree(self.site.state / "spool")
        return items

    def told_lost(self) -> set[str]:
        """Items that the restore says are lost."""
        return {row[0] for row in self.site.custody.sql("SELECT item FROM journal WHERE event = 'lost'")}


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


SPREAD = ((3, 25), (2, 9, 20, 30))
"""Points at which a backup and a restore are ended."""


@pytest.mark.parametrize(
    ("spool", "spread"),
    [(True, SPREAD), (False, ((12,), (25,))), pytest.param(True, (), marks=pytest.mark.slow)],
    ids=["all-lost", "database-lost", "every-point"],
)
def test_a_restored_node_delivers_what_was_held_once_and_never_what_had_left(
    spool: bool, spread: tuple[tuple[int, ...], ...], tmp_path: Path, commands: Commands
) -> None:
    """Without a `spread` backup and restore are ended at each point that they have."""
    backups, restores = spread or (range(1, 1000), range(1, 1000))
    with Site(tmp_path, delay=DELAY, sink=(sink := Sink(pause=0.05))) as site:
        place = Place(site, commands, departures=True)
        site.start()
        place.wave()
        loading = threading.Thread(target=place.wave)
        loading.start()  # a node at work, while the backup is ended in the middle
        ended = place.killed(backups, "backup")
        loading.join()
        backed_up = {row.item for row in site.custody.rows()}
        assert "new:" in place.say("backup")
        quarantined = [r for r in site.custody.rows() if r.state == "held" and "quarantined" in r.message_id]
        place.say("release", quarantined[0].item, "--reason", "genuine")
        place.say("discard", quarantined[1].item, "--reason", "malicious")
        assert len(place.due(3)) == 3
        place.left()
        place.wave()  # in no backup
        sink.pause = 60.0
        in_flight = place.due(2, among=backed_up)  # of what came later nothing can be held: it is lost
        assert len(in_flight) == 2
        end = time.monotonic() + 60
        while not taken(site, in_flight) and time.monotonic() < end:
            time.sleep(0.01)
        assert taken(site, in_flight)
        site.kill()  # the next hop has them, and nobody has written that down
        sink.pause = 0.0
        items = place.lose(spool=spool)

        tried = place.say("restore")
        assert "nothing was changed" in tried
        assert not (site.state / "sekisho.db").exists()
        again = place.killed(restores, "restore", "--do")
        if spread:
            done = place.say("restore", "--do")
            assert "not all is known" not in done, done
        site.start()
        place.due()
        place.left()
        lost = {items[each] for each in place.told_lost()}
        assert doubles(site) == []
        assert missing(site, lost) == []
        assert quarantined[1].message_id not in {d.message_id for d in sink.deliveries}
        assert sink.count(quarantined[0].message_id, quarantined[0].recipient) == 1
        (held,) = site.custody.sql("SELECT COUNT(*) FROM item WHERE holds LIKE '%restored%'")[0]
        assert 1 <= held <= len(in_flight)
        print(f"\nended {ended} + {again} times; lost and told {len(lost)}, held for a person {held}")
        assert "whole" in place.say("journal", "verify")
        assert "whole" in place.say("backup", "--verify")
        site.stop()
    sink.close()


def test_where_nobody_knows_what_left_everything_waits_for_a_person(
    tmp_path: Path, commands: Commands
) -> None:
    with Site(tmp_path, delay=DELAY, sink=(sink := Sink())) as site:
        place = Place(site, commands, departures=False)
        site.start()
        place.wave()
        assert site.quiet()
        place.say("backup")
        before = {row.item for row in site.custody.rows() if row.live}
        assert len(place.due()) > 1
        place.left()
        site.kill()
        place.lose()
        assert f"{len(before)} are held" in place.say("restore", "--do")
        taken = len(sink.deliveries)
        site.start()
        assert place.due() == []
        assert site.quiet()
        assert len(sink.deliveries) == taken
        held = site.custody.sql("SELECT id FROM item WHERE holds LIKE '%restored%' AND state = 'held'")
        assert {row[0] for row in held} == before
        # A person says that one had not left: it leaves, when its time has come.
        one = next(row for row in site.custody.rows() if row.live and "external" in row.message_id)
        taken = sink.count(one.message_id, one.recipient)
        place.say("release", one.item, "--reason", "it had not left")
        assert place.due() == [one.item]
        place.left()
        assert sink.count(one.message_id, one.recipient) == taken + 1
        site.stop()
    sink.close()


def test_a_database_that_was_put_back_by_hand_is_noticed(tmp_path: Path, commands: Commands) -> None:
    """As a snapshot of the machine does."""
    with Site(tmp_path, delay=DELAY, sink=(sink := Sink())) as site:
        place = Place(site, commands, departures=True)
        site.start()
        place.wave()
        assert site.quiet()
        site.stop()
        old = (site.state / "sekisho.db").read_bytes()
        site.start()
        held = len(place.due())
        place.left()
        site.stop()
        place.lose(spool=False)
        (site.state / "sekisho.db").write_bytes(old)
        with pytest.raises(RuntimeError, match="--in-place"):
            site.start()
        assert f"{held} are known to have left" in place.say("restore", "--in-place", "--do")
        site.start()
        place.due()
        assert site.quiet()
        assert doubles(site) == []
        assert missing(site, set()) == []
        site.stop()
    sink.close()
