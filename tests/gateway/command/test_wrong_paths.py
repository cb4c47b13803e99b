"""Every verb, with paths that are wrong: a sentence and a status, never a traceback or the bare name of an exception."""

import argparse
import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from gateway.command.cli import _parser, main
from tests.gateway.command.test_cli import MAIL, configured

NOBODY = 65_534
VERBS: dict[str, list[str]] = {
    "serve": [],
    "check-config": [],
    "check-hops": [],
    "health": [],
    "doctor": [],
    "explain": ["{file}"],
    "extract": ["{file}"],
    "send-test": ["--to", "taro@hinode.example"],
    "queue": [],
    "hold": ["x", "--reason", "y"],
    "release": ["x", "--reason", "y"],
    "discard": ["x", "--reason", "y"],
    "retry": ["--all"],
    "delegate list": [],
    "legal-hold list": [],
    "evidence key": [],
    "evidence export": ["x", "--to", "no/such/proof", "--reason", "y"],
    "keys status": [],
    "backup": [],
    "backup --list": [],
    "backup --verify": [],
    "backup --new-key": [],
    "restore": [],
    "restore --in-place": [],
    "restore --keys": ["{file}"],
    "restore --departures": ["{file}"],
    "upgrade": ["--check"],
    "database": [],
    "database secure": [],
    "journal verify": [],
    "sightings": [],
    "learn": ["{file}"],
    "login-link": ["taro"],
    "reset-factor": ["taro"],
    "policy history": [],
    "policy counts": [],
    "policy show": [],
    "policy import": ["{file}", "--reason", "y"],
    "policy replay": ["{file}"],
    "policy test": ["{file}"],
    "exceptions": [],
    "report": [],
    "people": [],
    "tenant list": [],
    "device list": [],
    "register table": ["{file}"],
    "register document": ["{file}"],
}  # fmt: skip
"""What is said besides --config; `{file}` is a file that is there."""
WITHOUT_CONFIG = {"init", "demo", "mail-catcher", "rules", "schema", "docs", "completion"}
"""Verbs that need no settings, or make them."""


def verbs() -> set[str]:
    (choices,) = [a.choices for a in _parser()._actions if isinstance(a, argparse._SubParsersAction)]
    return set(choices)


def test_every_verb_stands_in_the_table() -> None:
    assert verbs() == {verb.split()[0] for verb in VERBS} | WITHOUT_CONFIG


def _missing(folder: Path) -> tuple[Path, Path]:
    return folder / "no/such.toml", folder / "no/such.eml"


def _folder(folder: Path) -> tuple[Path, Path]:
    (folder / "a-folder").mkdir()
    return folder / "a-folder", folder / "a-folder"


def _broken(folder: Path) -> tuple[Path, Path]:
    (folder / "broken").write_bytes(b"\xff\xfe\0[[[" * 100)
    return folder / "broken", folder / "broken"


def _never_ran(folder: Path) -> tuple[Path, Path]:
    (folder / "mail.eml").write_bytes(MAIL)
    return configured(folder), folder / "mail.eml"


def _file_missing(folder: Path) -> tuple[Path, Path]:
    return configured(folder), folder / "no/such.eml"


def _file_folder(folder: Path) -> tuple[Path, Path]:
    (folder / "a-folder").mkdir()
    return configured(folder), folder / "a-folder"


def _file_broken(folder: Path) -> tuple[Path, Path]:
    (folder / "broken").write_bytes(b"\xff\xfe\0[[[" * 100)
    return configured(folder), folder / "broken"


def _database_broken(folder: Path) -> tuple[Path, Path]:
    path, file = _never_ran(folder)
    (folder / "state").mkdir()
    (folder / "state/sekisho.db").write_bytes(b"no database at all" * 1000)
    return path, file


def _state_is_a_file(folder: Path) -> tuple[Path, Path]:
    path, file = _never_ran(folder)
    (folder / "state").write_text("in the way")
    return path, file


def _state_is_closed(folder: Path) -> tuple[Path, Path]:
    path, file = _never_ran(folder)
    (folder / "state").mkdir(mode=0o700)
    (folder / "state/sekisho.db").write_bytes(b"")
    return path, file


def _closed(folder: Path) -> tuple[Path, Path]:
    path, file = _never_ran(folder)
    path.chmod(0o600)
    file.chmod(0o600)
    return path, file


SITES: dict[str, Callable[[Path], tuple[Path, Path]]] = {
    f.__name__.strip("_"): f
    for f in (
        _missing, _folder, _broken, _never_ran, _file_missing, _file_folder, _file_broken, _database_broken,
        _state_is_a_file, _state_is_closed, _closed,
    )
}  # fmt: skip


@contextmanager
def as_nobody(wanted: bool) -> Iterator[None]:
    """Whoever runs the tests as root may open everything."""
    if not wanted or os.geteuid() != 0:
        yield
        return
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.mark.parametrize("site", SITES)
def test_no_verb_shows_where_it_was(
    site: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    wrong = []
    for number, (verb, words) in enumerate(VERBS.items()):
        if verb in ("serve", "doctor") and site not in ("missing", "folder", "broken", "closed"):
            continue  # it would run; a doctor asks the DNS
        folder = tmp_path / str(number)
        folder.mkdir()
        config, file = SITES[site](folder)
        for path in (tmp_path, *tmp_path.parents):
            if site.endswith("closed") and path.is_relative_to("/tmp"):
                path.chmod(path.stat().st_mode | 0o011)
        monkeypatch.chdir(folder)
        arguments = [*verb.split(), *(w.format(file=file) for w in words), "--config", str(config)]
        with as_nobody(site.endswith("closed")):
            try:
                status = main(arguments)
            except SystemExit as stopped:
                status = stopped.code
            except BaseException as error:
                wrong.append(f"{' '.join(arguments)}: {type(error).__name__}: {error}")
                continue
        said = capsys.readouterr()
        text = said.out + said.err
        if "Traceback" in text or re.search(r"\w+Error\b(?!\))|Errno", text):
            wrong.append(f"{verb}: {text[:300]}")
        if status and not text.strip():
            wrong.append(f"{verb}: status {status} without a word")
    assert not wrong, "\n".join(wrong)
