"""libmagic's second opinion: believed about what runs, and never a reason to call something harmless."""

import os

from filters.extract.kinds import detect
from filters.extract.opinion import RUNS, runs


def test_what_runs_is_recognised() -> None:
    assert runs(b"MZ" + bytes(200)) == "exe"
    assert runs(b"#!/usr/bin/env python3\nprint(1)\n") == "script"


def test_pictures_noise_and_nothing_are_not_its_matter() -> None:
    for content in (b"\x89PNG\r\n\x1a\n" + bytes(50), os.urandom(5000), b"", b"hello", bytes(1 << 20)):
        assert runs(content) == ""


def test_an_unknown_file_stays_unknown_unless_it_runs() -> None:
    assert detect("a.dat", b"\x03\x65\x01\x01" + bytes(range(256)) * 4) == "unknown"
    assert set(RUNS.values()) <= {"exe", "elf", "macho", "class", "jar", "apk", "lnk", "wasm", "script"}
