"""The bench of growth on numbers so small that it only shows that every line can be measured."""

import pytest

from bench import growth


def test_the_steps_end_where_one_says() -> None:
    assert growth.steps(1_000, 300_000) == [1_000, 10_000, 100_000, 300_000]
    assert growth.steps(1_000, 5) == [5]


@pytest.mark.parametrize("only", ["store", "people"])
def test_its_tables_are_whole(
    only: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(growth, "BATCH", 10)
    growth.main(["--only", only, "--held", "12", "--people", "3"])
    head, _, *rows = [line for line in capsys.readouterr().out.splitlines() if line.startswith("|")]
    assert len(rows) >= 3
    assert {line.count("|") for line in rows} == {head.count("|")}


def test_more_rules_are_asked_about_the_same_mail(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(growth, "RULES", (60, 90))
    growth.main(["--only", "rules"])
    assert capsys.readouterr().out.count("|") == 4 * 4
