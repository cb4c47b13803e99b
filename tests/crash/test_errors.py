"""A disk and a store that fail: every mail is taken for good or refused for now, and all heals by itself (T05, T06)."""

import contextlib
import os
import shutil
import sqlite3
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.crash.harness import Site
from tests.crash.inject import traced
from tests.crash.ledger import Sent
from tests.crash.mails import mail
from tests.services.postgres import Cluster

pytestmark = [pytest.mark.system, pytest.mark.timeout(600)]

STORED = ("internal", "external", "encrypted", "quarantined")
"""Kinds that need the store before they can be promised; mail in line is promised by the next hop."""
PATIENCE = 10.5
"""Seconds until an answer (O07), and a little for a busy machine."""


def tried(site: Site, kinds: tuple[str, ...] = STORED, size: int = 0) -> list[tuple[Sent, float]]:
    """Each kind once, one after the other on connections of their own; how it was answered, and after how long."""
    found = []
    for kind in kinds:
        one = mail(kind, size)
        with contextlib.closing(site.client(one.listener)) as client:
            began = time.monotonic()
            found.append((site.send(client, one), time.monotonic() - began))
    return found


def refused_for_now(answers: list[tuple[Sent, float]]) -> None:
    assert {sent.code for sent, _ in answers} <= {451, 452}, [
        (s.mail.kind, s.code, s.text) for s, _ in answers
    ]
    assert max(seconds for _, seconds in answers) < PATIENCE, answers


def healed(site: Site) -> None:
    """Without a restart: what was refused is taken when it is sent again, and everything arrives once."""
    assert not orphans(site), "contents that nobody was promised fill the disk"
    site.resend()
    assert all(sent.acked for sent in site.ledger.sent.values()), site.ledger.unfinished()
    assert site.quiet(40)
    audit = site.audit()
    assert not audit.wrong, audit.wrong


def orphans(site: Site) -> set[str]:
    """Contents that no item names. Where a commit failed nobody knows, so those are left for the reconciliation."""
    if any(
        line.get("event") == "store_failed" and ("commit" in line["error"] or "in time" in line["error"])
        for line in site.running.log()
    ):
        return set()
    named = site.custody.sql("SELECT blob FROM item UNION SELECT original FROM item")
    kept = {key for (key,) in site.custody.sql("SELECT key FROM content")}
    kept |= {path.name for path in site.custody.spool.glob("blobs/*/*")}
    return kept - {key for (key,) in named}


ERRORS = (
    ("fsync", "EIO"), ("fsync", "ENOSPC"), ("fdatasync", "EIO"), ("pwrite64", "EIO"), ("pwrite64", "ENOSPC"),
    ("openat", "EROFS"), ("openat", "ENOSPC"), ("rename", "EIO"), ("rename", "EDQUOT"),
)  # fmt: skip

DATABASE = ("fdatasync", "pwrite64")
"""Calls that a small mail needs: its content is a row of the database."""


def test_an_error_of_the_disk_is_451_and_passes(tmp_path: Path) -> None:
    """All errors one after the other on the same process, then a kill: what is on the disk is what was promised."""
    with Site(tmp_path) as site:
        gateway = site.start()
        for calls, error in ERRORS:
            site.play([mail(kind) for kind in STORED])
            assert site.quiet()
            with traced(gateway.pid, "-e", f"trace={calls}", "-e", f"inject={calls}:error={error}"):
                if calls in DATABASE:
                    refused_for_now(tried(site))
                refused_for_now(tried(site, ("internal", "quarantined"), size=300_000))
            healed(site)
        site.kill()
        site.settle()
        assert not site.audit().wrong, site.audit().wrong


@contextlib.contextmanager
def small_disk(place: Path, size: str, inodes: int) -> Iterator[Path]:
    """A file system of its own in memory."""
    if os.geteuid() != 0 or shutil.which("mount") is None:
        pytest.skip("mounting a small file system needs root")
    place.mkdir()
    options = f"size={size},nr_inodes={inodes},mode=700"
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(place)], capture_output=True, check=False
    )
    if done.returncode:
        pytest.skip(f"no tmpfs here: {done.stderr.decode().strip()}")
    try:
        yield place
    finally:
        subprocess.run(["umount", "-l", str(place)], check=True)


def room(place: Path, share: float) -> None:
    """Leave only a share of the disk free."""
    with (place / "ballast").open("wb") as ballast:
        disk = os.statvfs(place)
        want = disk.f_bfree * disk.f_frsize - int(share * disk.f_blocks * disk.f_frsize)
        os.posix_fallocate(ballast.fileno(), 0, want)


def test_a_disk_that_is_nearly_full_refuses_early_and_what_is_queued_still_leaves(tmp_path: Path) -> None:
    with (
        small_disk(tmp_path / "disk", "32m", 2000) as disk,
        Site(tmp_path, delay=4, state=disk / "state") as site,
    ):
        site.start()
        site.play([mail(kind) for kind in STORED])
        room(disk, 0.07)
        refused_for_now(tried(site, ("internal", "inbound", "quarantined")))
        time.sleep(4)
        assert site.quiet(), "what was taken before has to leave"
        (disk / "ballast").unlink()
        healed(site)


def test_a_disk_that_is_full_promises_nothing(tmp_path: Path) -> None:
    """Full after MAIL was answered: the content finds no room, or the store does not."""
    with small_disk(tmp_path / "disk", "32m", 2000) as disk, Site(tmp_path, state=disk / "state") as site:
        site.start()
        for size in (0, 100_000, 2_000_000):
            for kind in ("internal", "encrypted", "quarantined"):
                one = mail(kind, size)
                with contextlib.closing(site.client(one.listener)) as client:
                    sent = site.ledger.begins(one)
                    assert client.mail(one.sender)[0] == 250
                    assert client.rcpt(one.recipients[0])[0] == 250
                    room(disk, 0.0)
                    code, text = client.data(one.content)
                    (disk / "ballast").unlink()
                    sent.code, sent.text, sent.doubts = code, text.decode(), 1
                    assert code in (451, 452), text
        healed(site)


def test_no_inodes_left_is_refused_early(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", "32m", 600) as disk, Site(tmp_path, state=disk / "state") as site:
        site.start()
        free = os.statvfs(disk).f_ffree
        for number in range(free - 40):
            (disk / f"f{number}").touch()
        refused_for_now(tried(site, ("internal", "inbound", "quarantined")))
        for file in disk.glob("f*"):
            file.unlink()
        healed(site)


def test_a_locked_database_is_451_in_time_and_passes(tmp_path: Path) -> None:
    with Site(tmp_path) as site:
        site.start()
        site.play([mail("internal")])
        assert site.quiet()
        other = sqlite3.connect(site.custody.url.removeprefix("sqlite:///"), isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        try:
            refused_for_now(tried(site))
            ((sent, seconds),) = tried(site, ("inbound",))
            assert sent.code in (250, 451)
            assert seconds < PATIENCE
        finally:
            other.execute("ROLLBACK")
            other.close()
        healed(site)


def test_a_database_server_that_is_away_is_451_in_time_and_passes(tmp_path: Path, postgres: Cluster) -> None:
    with Site(tmp_path, database=postgres.create()) as site:
        site.start()
        site.play([mail(kind) for kind in STORED])
        assert site.quiet()
        clients = [(kind, mail(kind)) for kind in ("internal", "quarantined")]
        opened = [(site.client(one.listener), one) for _, one in clients]
        postgres.stop()
        try:
            for client, one in opened:
                began = time.monotonic()
                refused_for_now([(site.send(client, one), time.monotonic() - began)])
                client.close()
        finally:
            postgres.start()
        healed(site)


def test_a_database_server_that_hangs_is_451_in_time_and_passes(tmp_path: Path, postgres: Cluster) -> None:
    """Its kernel still says that all arrived: nothing but our own clock can tell."""
    with Site(tmp_path, database=postgres.create()) as site:
        site.start()
        site.play([mail(kind) for kind in STORED])
        assert site.quiet()
        opened = [(site.client(one.listener), one) for one in (mail("internal"), mail("quarantined"))]
        hung = [int(pid) for pid in server_processes(postgres)]
        for pid in hung:
            os.kill(pid, 19)
        try:
            for client, one in opened:
                began = time.monotonic()
                refused_for_now([(site.send(client, one), time.monotonic() - began)])
                client.close()
        finally:
            for pid in hung:
                os.kill(pid, 18)
        healed(site)


def server_processes(postgres: Cluster) -> list[str]:
    first = (postgres.data / "postmaster.pid").read_text().split()[0]
    children = subprocess.run(
        ["ps", "-o", "pid=", "--ppid", first], capture_output=True, text=True, check=True
    )
    return [first, *children.stdout.split()]
