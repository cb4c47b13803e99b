"""Files of folders that others fill: nothing leads out of them, nothing hangs, everything is told."""

import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from gateway.command import folders
from gateway.command.folders import below, kind_of, looked_at, read, shown


def walked(folder: Path) -> tuple[list[str], dict[str, str]]:
    told: dict[str, str] = {}
    names = [
        str(path.relative_to(folder)) for path in below(folder, lambda p, why: told.update({p.name: why}))
    ]
    return names, told


def test_what_is_no_file_is_told_and_not_followed(tmp_path: Path) -> None:
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside/secret.txt").write_text("x")
    here = tmp_path / "in"
    (here / "b").mkdir(parents=True)
    (here / "b/z.txt").write_text("x")
    (here / "a.txt").write_text("x")
    (here / ".git").mkdir()
    (here / ".git/config").write_text("x")
    (here / "Thumbs.db").write_text("x")
    (here / "out").symlink_to("../outside")
    (here / "round").symlink_to(".")
    (here / "file").symlink_to("../outside/secret.txt")
    (here / "dead").symlink_to("nowhere")
    os.mkfifo(here / "pipe")
    with socket.socket(socket.AF_UNIX) as one:
        one.bind(str(here / "sock"))
        names, told = walked(here)
    assert names == ["a.txt", "b/z.txt"]
    links = dict.fromkeys(("out", "round", "file", "dead"), "is a link")
    assert told == {**links, "pipe": "is a pipe", "sock": "is a socket"}
    assert kind_of(here / "nothing") == "gone"
    assert kind_of(here / "a.txt") == ""


@pytest.fixture
def deep(tmp_path: Path) -> Iterator[Path]:
    """A folder with a file under 1,500 folders. They go again: pytest removes old ones by a function that calls itself."""
    here = os.open(tmp_path, os.O_RDONLY)
    for _ in range(1_500):
        os.mkdir("d", dir_fd=here)
        deeper = os.open("d", os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = deeper
    os.close(os.open("f", os.O_CREAT | os.O_WRONLY, dir_fd=here))
    os.close(here)
    yield tmp_path
    while (tmp_path / "d/d").exists():
        (tmp_path / "d/d").rename(tmp_path / "next")
        (tmp_path / "d").rmdir()
        (tmp_path / "next").rename(tmp_path / "d")


def test_folders_in_folders_without_end_of_breath(deep: Path) -> None:
    (deep / "last.txt").write_text("x")
    names, told = walked(deep)
    assert "last.txt" in names
    assert len(names) == 2
    assert told == {}


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("計画 1.txt", "計画 1.txt"),
        ("a\nok: b", "a\\nok: b"),
        ("\x1b[2J\u202e", "\\x1b[2J\\u202e"),
        ("\udc83v", "\\udc83v"),
    ],
)
def test_a_name_is_one_line(name: str, line: str) -> None:
    assert shown(name) == line


def test_what_is_opened_is_a_file_and_lies_there(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "link").symlink_to("file")
    (tmp_path / "file").write_bytes(b"abc")
    assert read(tmp_path / "file")[1] == b"abc"
    for name in ("pipe", "."):
        for asked in (read, looked_at):
            with pytest.raises((ValueError, IsADirectoryError)):
                asked(tmp_path / name)
    with pytest.raises(ValueError, match="is a device"):
        read(Path("/dev/zero"))
    with pytest.raises(OSError, match="symbolic"):
        read(tmp_path / "link")
    (tmp_path / "real").mkdir()
    (tmp_path / "real/file").write_bytes(b"abc")
    (tmp_path / "over").symlink_to("real")
    with pytest.raises(ValueError, match="lies elsewhere meanwhile"):
        read(tmp_path / "over/file")


def test_a_file_that_changes_under_our_eyes_is_not_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, real = tmp_path / "file", os.readlink

    def grows(name: str) -> str:
        with file.open("ab") as out:
            out.write(b"more")
        return real(name)

    file.write_bytes(b"abc")
    monkeypatch.setattr(os, "readlink", grows)
    with pytest.raises(ValueError, match="changed while it was read"):
        read(file)


def test_what_is_too_large_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with (tmp_path / "sparse").open("wb") as out:
        out.truncate(1 << 40)
    for asked in (read, looked_at):
        with pytest.raises(ValueError, match="is larger than 250 MB"):
            asked(tmp_path / "sparse")
    monkeypatch.setattr(folders, "LARGEST", 2_000_000)
    (tmp_path / "fits").write_bytes(b"x" * 2_000_000)
    assert len(read(tmp_path / "fits")[1]) == 2_000_000
