"""The figures of detection."""

import pytest

from bench.detect import Seen, half, indicators, lift, table
from filters.finding import Finding


def seen(*rules: str) -> Seen:
    return Seen(
        "x", tuple(Finding(rule, "", (), weight=1) for rule in rules), len(rules), len(rules) > 2, 0.001
    )


def test_that_the_sender_is_new_is_no_indicator_here() -> None:
    assert indicators(seen("first_contact", "theme", "theme")) == {"theme"}


def test_the_halves_are_of_one_size() -> None:
    tune = sum(half(f"{n}.eml") == "tune" for n in range(1000))
    assert 450 < tune < 550


def test_the_tables(capsys: pytest.CaptureFixture[str]) -> None:
    table("phish", "tune", [seen("first_contact", "theme", "urgency"), seen("first_contact")])
    lift([seen("theme"), seen("theme")], [seen("theme"), seen(), seen(), seen()])
    shown = capsys.readouterr().out
    assert ">=1  50.0%  >=2  50.0%  warned  50.0% (1)" in shown
    assert "100.0%   25.0%       4" in shown
