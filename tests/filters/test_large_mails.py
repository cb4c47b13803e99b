"""What large mails of bytes that nobody knows cost an examination, in counts: calls, and memory that is asked for.

24 MB take 0.15 to 0.23 s, 225 MB of zeros in a nested ZIP of 3 kB half a second (docs/performance.md). Nothing may be done
for each byte or each short line in Python again: that was 1.6 s for 5 MB.
"""

import io
import random
import shutil
import zipfile

import pytest

from bench.examine import checkpoint
from bench.stand import counting
from bench.stand.mails import OUTSIDER, SENDER, mail, octets, part
from filters.examine import run

MB = 1_000_000


def unknown() -> bytes:
    return mail(
        1, SENDER, OUTSIDER, [part(octets(random.Random(3), 24 * MB), "application/octet-stream", "a.dat")]
    )


def zeros() -> bytes:
    inner, outer = io.BytesIO(), io.BytesIO()
    with zipfile.ZipFile(inner, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(25):
            archive.writestr(f"{number}.bin", bytes(9 * MB))
    with zipfile.ZipFile(outer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("inner.zip", inner.getvalue())
    return mail(2, SENDER, OUTSIDER, [part(outer.getvalue(), "application/zip", "a.zip")])


@pytest.mark.skipif(shutil.which("cc") is None, reason="needs a C compiler")
@pytest.mark.parametrize("way", ["inbound", "outbound"])
@pytest.mark.parametrize(
    ("kind", "calls", "memory"),
    [(unknown, 750_000, 1310 * MB), (zeros, 33_000, 1170 * MB)],
    ids=["24 MB", "zeros"],
)
def test_what_it_costs(way: str, kind: object, calls: int, memory: int) -> None:
    """At most; a third above what it was; the memory of 24 MB may be 4 % more since blocks of people are looked for. Tests
    examine each mail twice: sleeping rules are asked as well."""
    facts, prepared = checkpoint(way)
    raw = kind()  # type: ignore[operator]
    run(raw, facts, prepared)  # tables are made
    counted = counting.calls(lambda: run(raw, facts, prepared))
    assert counted["calls"] + counted["c calls"] < calls
    asked = counting.octets(lambda: run(raw, facts, prepared))
    assert asked is not None
    assert asked < memory
