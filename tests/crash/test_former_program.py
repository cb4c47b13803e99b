"""The version before, beside this one and after it: on one database, under kills, nothing is lost (docs/howto/upgrade.md).

FORMER is the first program of the present generation of the schema (storage/migrations), taken out of the history. It makes the
database; this program brings it up to date while the other runs on; at last the other one is alone again, as after going back.
"""

import signal
import subprocess
from pathlib import Path

import pytest

from tests.crash.harness import ROOT, Site
from tests.crash.mails import Mail, mail
from tests.services.postgres import Cluster

pytestmark = [pytest.mark.system, pytest.mark.slow, pytest.mark.timeout(1200)]

FORMER = "b8550c19"
KINDS = ("internal", "external", "encrypted", "mixed", "inbound", "quarantined")


@pytest.fixture(scope="module")
def former(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tree of the former program."""
    folder = tmp_path_factory.mktemp("former")
    packed = subprocess.run(["git", "archive", FORMER], cwd=ROOT, capture_output=True)
    if packed.returncode:
        pytest.skip(f"commit {FORMER} is not in the history of this copy")
    subprocess.run(["tar", "-x", "-C", str(folder)], input=packed.stdout, check=True)
    return folder


def some(count: int) -> list[Mail]:
    return [mail(kind) for kind in KINDS for _ in range(count)]


def test_both_work_on_one_database(tmp_path: Path, postgres: Cluster, former: Path) -> None:
    database = postgres.create()
    old = Site(tmp_path / "old", database=database, node="a", lease=6.0, program=former)
    new = Site(tmp_path / "new", database=database, node="b", lease=6.0, sink=old.sink, ledger=old.ledger)
    keys = f'seal_key_file = "{old.state}/seal.key"\nkey_folder = "{old.state}/keys"\n'
    new.config.write_text(keys + new.config.read_text())
    new.custody.keys, new.custody.master = old.custody.keys, old.custody.master
    with old, new:
        old.start()
        old.play(some(3))
        new.start()  # its migrations run here
        old.play(some(3))
        new.play(some(3))
        for dying in (old, new, old):
            dying.play(some(2))
            dying.kill()
            dying.start()
        new.play(some(2))
        new.running.signal(signal.SIGTERM)
        assert new.running.wait(60)
        old.kill()
        old.start()  # gone back: it starts on what it does not know
        old.play(some(2))
        old.settle(120)
        audit = old.audit()
        print(f"\n{len(old.ledger.sent)} mails: {audit}")
        assert not audit.wrong, audit.wrong
        old.stop()


def test_back_and_forth_on_one_folder(tmp_path: Path, former: Path) -> None:
    """One node on SQLite: this program takes over from the other one and gives back, each time after a kill."""
    before = Site(tmp_path, program=former)
    after = Site(tmp_path, sink=before.sink, ledger=before.ledger)
    with before, after:
        for site in (before, after, before, after, before):
            site.start()
            site.resend()
            site.play(some(2))
            site.kill()
        before.settle(120)
        audit = before.audit()
        print(f"\n{len(before.ledger.sent)} mails: {audit}")
        assert not audit.wrong, audit.wrong
        before.stop()
