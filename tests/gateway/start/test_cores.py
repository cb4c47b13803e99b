"""How many processors there are, and how many processes on them."""

import os
from pathlib import Path

import pytest

from config.settings import Settings
from gateway.start import cores as asked
from gateway.start.cores import cores, processes_of

POSTGRES = "postgresql://localhost/sekisho"


@pytest.mark.parametrize(
    ("quota", "number"),
    [
        ("max 100000\n", 8),
        ("250000 100000\n", 3),
        ("40000 100000\n", 1),
        ("1600000 100000\n", 8),
        ("", 8),
        ("?\n", 8),
    ],
)
def test_a_quota_is_kept_to(quota: str, number: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda pid: set(range(8)))
    (tmp_path / "cpu.max").write_text(quota)
    assert cores(tmp_path / "cpu.max") == number
    assert cores(tmp_path / "absent") == 8


@pytest.mark.parametrize(
    ("database", "processes", "processors", "number"),
    [
        (POSTGRES, "auto", 1, 1), (POSTGRES, "auto", 3, 1), (POSTGRES, "auto", 4, 2), (POSTGRES, "auto", 16, 8),
        (POSTGRES, 3, 1, 3), ("", "auto", 16, 1), ("sqlite:///x", 3, 16, 1),
    ],
)  # fmt: skip
def test_one_process_for_two_processors_and_one_where_there_is_one_writer(
    database: str, processes: int | str, processors: int, number: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asked, "cores", lambda: processors)
    assert processes_of(Settings.model_validate({"database": database, "processes": processes})) == number
