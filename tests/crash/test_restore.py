"""T11: a backup beside a node at work, the node and its database lost, the backup restored: what was held leaves once, what
had left never again, what came later is told; whatever is killed meanwhile.
"""

import threading
import time
from collections.abc import Collection, Iterator
from pathlib import Path

import pytest

from tests.crash.commands import Commands
from tests.crash.harness import Site
from tests.crash.place import DELAY, Place, SharedPlace, doubles, missing, taken
from tests.crash.sink import Sink

pytestmark = [pytest.mark.system, pytest.mark.timeout(900)]


@pytest.fixture(scope="module")
def commands() -> Iterator[Commands]:
    with Commands() as running:
        yield running


@pytest.mark.parametrize(
    ("shared", "spool", "points"),
    [
        pytest.param(False, True, None, id="sqlite-folder"),
        pytest.param(True, True, None, id="postgresql-bucket"),
        pytest.param(False, False, (12, 25), id="database-lost"),
        pytest.param(False, True, range(1, 1000), id="sqlite-folder-every-point", marks=pytest.mark.slow),
        pytest.param(True, True, range(1, 1000), id="postgresql-bucket-every-point", marks=pytest.mark.slow),
    ],
)
def test_a_restored_node_delivers_what_was_held_once_and_never_what_had_left(
    shared: bool,
    spool: bool,
    points: Collection[int] | None,
    tmp_path: Path,
    commands: Commands,
    request: pytest.FixtureRequest,
) -> None:
    """Backup and restore are ended at each step that they have; with `points` at these calls of all that are one."""
    sink = Sink(pause=0.05)
    if shared:
        servers = request.getfixturevalue("postgres"), request.getfixturevalue("store")
        place: Place = SharedPlace(tmp_path, *servers, sink, commands)
    else:
        place = Place(Site(tmp_path, delay=DELAY, sink=sink), commands, departures=True)
    with place.site as site:
        site.start()
        place.wave()
        loading = threading.Thread(target=place.wave)
        loading.start()  # a node at work, while the backup is ended in the middle
        ended = place.stepped("backup")[0] if points is None else place.killed(points, "backup")
        loading.join()
        backed_up = set(place.items)
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

        if not shared:  # PostgreSQL is looked at in a scratch database, if at all
            assert "nothing was changed" in place.say("restore")
            assert not (site.state / "sekisho.db").exists()
        if points is None:
            again, done = place.stepped("restore", "--do")
            assert "not all is known" not in done, done
        else:
            again = place.killed(points, "restore", "--do")
            place.say("restore", "--do")
        site.start()
        place.due()
        place.left()
        lost = {items[each] for each in place.told_lost()}
        assert doubles(site) == []
        assert missing(site, lost) == []
        assert quarantined[1].message_id not in {d.message_id for d in sink.deliveries}
        assert sink.count(quarantined[0].message_id, quarantined[0].recipient) == 1
        (held,) = site.custody.sql("SELECT COUNT(*) FROM item WHERE holds LIKE ?", "%restored%")[0]
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
