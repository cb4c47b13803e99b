"""Stretches of likely text: their borders, and that they do not depend on the bytes around."""

import random
import subprocess
import sys

import pytest

from filters.extract.likely import Likely

AROUND = 40


def spans(kind: str, data: bytes) -> list[bytes]:
    likely = Likely(data)
    found = {
        "little": likely.wide,
        "big": lambda: likely.wide(big=True),
        "eight": likely.japanese,
        "utf-8": likely.utf8,
    }[kind]()
    return [data[start:end] for start, end in found]


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("little", "取扱注意".encode("utf-16-le")),
        ("big", "取扱注意".encode("utf-16-be")),
        ("eight", "取扱注意".encode("cp932")),
        ("utf-8", b"secret"),
        ("utf-8", "関所の者".encode()),
    ],
)
@pytest.mark.parametrize("before", range(4))
@pytest.mark.parametrize("after", range(4))
def test_a_stretch_has_its_borders(kind: str, text: bytes, before: int, after: int) -> None:
    """At both ends of the data too, where there is no neighbour."""
    for filling in (b"", bytes(AROUND)):
        data = filling + bytes(before) + text + bytes(after) + filling
        if len(data) >= 16:
            assert text in spans(kind, data)


@pytest.mark.parametrize("text", [b"short", "関".encode() + b"a", b"\xe3\x81secret"[:7]])
def test_less_is_no_stretch(text: bytes) -> None:
    assert spans("utf-8", bytes(AROUND) + text + bytes(AROUND)) == []


@pytest.mark.parametrize("word", ["機", "a機b"])
def test_one_kanji_is_no_japanese(word: str) -> None:
    assert spans("eight", bytes(AROUND) + word.encode("cp932") + bytes(AROUND)) == []


def test_random_data_leaves_little_to_read() -> None:
    data = random.Random(3).randbytes(1_000_000)
    assert (
        sum(len(span) for kind in ("little", "big", "eight", "utf-8") for span in spans(kind, data)) < 120_000
    )


def test_the_gateway_does_not_load_arrays() -> None:
    """24 MB for each process that does; only examining processes read files."""
    code = "import sys, gateway.app, filters.extract; print('numpy' in sys.modules)"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "False"
