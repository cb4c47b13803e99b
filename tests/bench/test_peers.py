"""The measurements run: a handful of mails through real peers. What they say is not judged here."""

import argparse
import shutil
import tempfile
from pathlib import Path

import pytest

from bench import examine, peers
from bench.stand import results
from bench.stand.kinds import KINDS, contents_for
from bench.stand.process import PATH


@pytest.mark.slow
@pytest.mark.system
@pytest.mark.skipif(shutil.which("cc") is None, reason="needs a C compiler")
@pytest.mark.skipif(shutil.which("postfix", path=PATH) is None, reason="needs the Debian package postfix")
@pytest.mark.parametrize("way", ["inbound", "outbound"])
async def test_both_are_measured_with_every_kind(way: str) -> None:
    options = argparse.Namespace(
        only=["10 kB", "newsletter"],
        peer=["none"],
        rounds=1,
        seconds=0.1,
        half=20,
        replay=None,
        minutes=9.0,
    )
    with tempfile.TemporaryDirectory(dir="/var/tmp") as folder:
        Path(folder).chmod(0o755)  # Postfix' processes are somebody else
        found = await peers.run(options, way, Path(folder), "here")
    assert {"10 kB text", "newsletter 60 kB"} <= set(found.cells)
    for cell in found.cells.values():
        assert set(cell.peers) == {"Postfix", "Sekisho"}
        for told in cell.peers.values():
            assert told.rate > 0
            assert told.cpu > 0
            assert told.p50 > 0
            assert told.p99 is None, "no percentile of a handful of mails"
            assert told.memory > 1
    assert set(found.half) == {"Postfix", "Sekisho"}
    assert "newsletter" in results.shown({way: found})


@pytest.mark.parametrize("way", ["inbound", "outbound"])
def test_the_mails_are_let_through(way: str) -> None:
    """A mail that were held would never reach the sink. What stands in `observe` there is observed in the bench."""
    facts, prepared = examine.checkpoint(way)
    for kind in KINDS:
        if kind.startswith("5 MB"):
            continue  # as the 100 kB of their kind
        (content,) = contents_for(kind, way, 1, 7)
        found = examine.run(content, facts, prepared)
        assert found.verdict.holds <= {"unsupported_attachment"}
        assert not found.verdict.rejects
