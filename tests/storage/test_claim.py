"""What one process has, no other gets."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from config.policy import ConfigError
from storage.claim import Claim, FileClaim
from storage.database import dialect
from storage.interfaces import StoreError
from tests.services.postgres import Cluster, cluster


@pytest.fixture(scope="module")
def server() -> Iterator[Cluster]:
    with cluster() as running:
        yield running


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.system)])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'db'}"
    created: str = request.getfixturevalue("server").create()
    return created


def test_a_name_in_a_database_is_one_process_s(url: str) -> None:
    first, second, other = (dialect(url).claim(name) for name in ("one", "one", "two"))
    claims: list[Claim] = [first, second, other]
    assert first.take() == ""
    assert first.take() == "", "it stays ours"
    assert second.take()
    assert other.take() == "", "another name is free"
    first.release()
    first.release()
    assert second.take() == ""
    for claim in claims:
        claim.release()


def test_a_name_can_be_written_in_any_way(tmp_path: Path) -> None:
    claim = dialect(f"sqlite:///{tmp_path / 'db'}").claim("../東京/1")
    assert claim.take() == ""
    assert [path.parent for path in tmp_path.iterdir()] == [tmp_path]
    claim.release()


def test_who_has_a_file_is_told(tmp_path: Path) -> None:
    claim = FileClaim(tmp_path / "lock")
    assert claim.take() == ""
    assert FileClaim(tmp_path / "lock").take().startswith(f"process {os.getpid()} on ")
    claim.release()


def test_a_claim_ends_with_its_process_and_not_with_what_that_started(tmp_path: Path) -> None:
    """The process is killed; a program that it had started lives on."""
    program = (
        "import subprocess, sys, os, signal; from pathlib import Path; from storage.claim import FileClaim;"
        f"assert FileClaim.take(claim := FileClaim(Path({str(tmp_path / 'lock')!r}))) == '';"
        "child = subprocess.Popen(['sleep', '600'], stdout=subprocess.DEVNULL, close_fds=False);"
        "print(child.pid, flush=True); os.kill(os.getpid(), signal.SIGKILL)"
    )
    done = subprocess.run([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True, check=False)
    child = int(done.stdout)
    try:
        claim = FileClaim(tmp_path / "lock")
        assert claim.take() == ""
        claim.release()
    finally:
        os.kill(child, 9)


def test_a_folder_that_cannot_be_locked_is_told_as_what_it_is(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be locked: No such file"):
        FileClaim(tmp_path / "none" / "lock").take()


@pytest.mark.system
def test_a_server_that_forgot_is_asked_again(server: Cluster) -> None:
    url = server.create()
    first, second = (dialect(url).claim("one") for _ in range(2))
    assert first.take() == ""
    server.stop()
    with pytest.raises(StoreError):
        first.take()
    server.start()
    assert second.take() == "", "whoever comes first"
    assert first.take()
    second.release()
    assert first.take() == ""
    first.release()
