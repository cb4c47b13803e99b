"""libmagic's second opinion: believed about what runs, and never a reason to call something harmless."""

import os
import random

from filters.extract.kinds import detect
from filters.extract.opinion import RUNS, runs
from tests.filters.inbound.arriving import look, mail


def test_what_runs_is_recognised() -> None:
    assert runs(b"MZ" + bytes(200)) == "exe"
    assert runs(b"#!/usr/bin/env python3\nprint(1)\n") == "script"


def test_pictures_noise_and_nothing_are_not_its_matter() -> None:
    for content in (b"\x89PNG\r\n\x1a\n" + bytes(50), os.urandom(5000), b"", b"hello", bytes(1 << 20)):
        assert runs(content) == ""


def test_random_octets_are_no_program() -> None:
    """One of a hundred was held as a program of DOS: encrypted files, measurements, dumps."""
    chance = random.Random(1)
    starts = [start.to_bytes(2, "big") for start in range(0, 65_536, 13)]
    assert not [s for s in starts if s not in (b"MZ", b"ZM") and runs(s + chance.randbytes(60)) == "exe"]


def test_a_program_of_dos_is_known_by_its_name() -> None:
    content = b"\xe9\x10\x00" + bytes(200)
    assert runs(content) == ""
    assert look("executable", mail("see", files={"setup.com": content}))
    assert not look("executable", mail("see", files={"measured.dat": content}))


def test_an_unknown_file_stays_unknown_unless_it_runs() -> None:
    assert detect("a.dat", b"\x03\x65\x01\x01" + bytes(range(256)) * 4) == "unknown"
    assert set(RUNS.values()) <= {"exe", "elf", "macho", "class", "jar", "apk", "lnk", "wasm", "script"}
