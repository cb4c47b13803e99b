"""The cost of sealing is measured."""

from pathlib import Path

import pytest

from bench import sealed


def test_it_runs(capsys: pytest.CaptureFixture[str]) -> None:
    sealed.main(["--rounds", "3"])
    told = [line for line in capsys.readouterr().out.splitlines() if " ms" in line]
    assert [line.partition(":")[0] for line in told] == ["10 kB", "5 MB"]


@pytest.mark.slow
async def test_a_gateway_with_and_without_the_cipher(tmp_path: Path) -> None:
    cost = await sealed.gateway(10_000, 1, tmp_path / "gateway")
    assert cost.plain > 0
    assert cost.sealed > 0
