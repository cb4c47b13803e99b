"""What a second node brings: what is said of it, and that it can be measured."""

import os
import shutil
from pathlib import Path

import pytest

from bench import nodes
from bench.nodes import Turn
from bench.stand.compiled import Missing


def test_the_table_says_how_many_times_as_fast_two_are() -> None:
    alone = [
        Turn(100.0, 4.0, 0.4, 0.5, 3.0, 20.0),
        Turn(90.0, 4.2, 0.5, 0.6, 3.0, 20.0),
        Turn(110.0, 3.8, 0.4, 0.5, 3.0, 20.0),
    ]
    both = [
        Turn(190.0, 4.1, 0.4, 0.7, 3.1, 19.0),
        Turn(180.0, 4.3, 0.4, 0.7, 3.1, 19.0),
        Turn(198.0, 4.0, 0.4, 0.7, 3.1, 19.0),
    ]
    shown = nodes.table("inbound", alone, both).splitlines()
    assert shown[2:] == [
        "| one node | 100 |  | 4.0 | 0.40 | 0.5 | 3.0 | 20.0 |",
        "| two nodes | 190 | 1.90 | 4.1 | 0.40 | 0.7 | 3.1 | 19.0 |",
    ]


@pytest.mark.slow
@pytest.mark.system
@pytest.mark.timeout(600)
@pytest.mark.skipif(os.geteuid() != 0 or shutil.which("cc") is None, reason="needs root and a C compiler")
async def test_both_are_measured(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nodes, "SECONDS", 0.5)
    try:
        alone, both = await nodes.run("inbound", 0.4, 1, tmp_path)
    except Missing as error:
        pytest.skip(str(error))
    assert alone[0].rate > 0
    assert both[0].database > 0
