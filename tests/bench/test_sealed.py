"""The cost of sealing is measured."""

import pytest

from bench import sealed


def test_it_runs(capsys: pytest.CaptureFixture[str]) -> None:
    sealed.main(["--rounds", "3"])
    told = [line for line in capsys.readouterr().out.splitlines() if " ms" in line]
    assert [line.partition(":")[0] for line in told] == ["10 kB", "5 MB"] * 2
