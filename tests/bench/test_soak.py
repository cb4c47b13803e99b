"""The soak runs: a handful of mails through a real node."""

import shutil
from pathlib import Path

import pytest

from bench import soak
from bench.stand.memory import Memory


@pytest.mark.slow
@pytest.mark.system
@pytest.mark.skipif(shutil.which("cc") is None, reason="needs a C compiler")
async def test_both_ways_and_both_sizes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(soak, "REST", 0.0)
    found = await soak.run(["large", "small"], {"small": 20, "large": 2}, 4, tmp_path / "sekisho")
    assert [(phase.size, phase.mails) for phase in found] == [
        ("start", 0),
        ("large", 4),
        ("small", 40),
        ("rest", 0),
    ]
    for phase in found:
        assert phase.most.gateway > 10
        assert phase.most.examining > 10
        assert phase.console > 10


def test_the_table() -> None:
    phase = soak.Soaked("small", 20_000, 80.4, Memory(100.4, 200.0, 60.0, 20.0), 65.0)
    told = soak.shown([phase], 20, "here")
    assert "| 20,000 small | 80 | 300 | 100 | 200 | 20 | 65 |" in told
    assert "| allowed | | 380 | | | | 120 |" in told
    assert all(len(line) <= 100 for line in told.splitlines())
