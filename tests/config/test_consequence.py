"""What a `then` means, and what a case may put in its place."""

import pytest

from config.consequence import KINDS, Consequence, consequence, loosens
from config.policy import ConfigError


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("hold", Consequence("hold")),
        ("delay 90s", Consequence("delay", 90)),
        ("delay 5m", Consequence("delay", 300)),
        ("delay 60m", Consequence("delay", 3600)),
        ("delay 5m fixed", Consequence("delay", 300, fixed=True)),
        ("delay until opening", Consequence("delay", "opening")),
        ("delay until released", Consequence("delay", 10**9)),
        ("approve president", Consequence("approve", "president")),
        ("approve class", Consequence("approve", "class")),
        ("one copy each", Consequence("each")),
    ],
)
def test_consequences(text: str, meaning: Consequence) -> None:
    assert consequence(text) == meaning


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Hold",
        "delay",
        "delay 5",
        "delay 5h",
        "delay 61m",
        "delay 5m\n",
        "delay until released fixed",
        "approve",
        "approve a b",
        "bcc now",
        "each",
        "one copy",
        "banner",
    ],
)
def test_anything_else_is_an_error(text: str) -> None:
    with pytest.raises(ConfigError):
        consequence(text)


@pytest.mark.parametrize(
    "text",
    [
        "hold",
        "hold rebuilt",
        "delay 90s",
        "delay 5m",
        "delay 0s",
        "delay 5m fixed",
        "delay until released",
        "delay until opening",
        "approve class",
        "tell",
        "one copy each",
    ],
)
def test_it_is_written_as_it_was_read(text: str) -> None:
    assert str(consequence(text)) == text


@pytest.mark.parametrize(
    ("usual", "case", "loose"),
    [
        ("delay 5m", "observe", False),
        ("delay 5m", "delay 1m", False),
        ("delay until released", "delay 0s", False),
        ("warn", "observe", False),
        ("observe", "approve president", False),
        ("approve department_head", "approve president", False),
        ("approve department_head", "delay 5m", True),
        ("encrypt", "observe", True),
        ("bcc", "hold", False),
        ("bcc", "one copy each", False),
        ("one copy each", "bcc", False),
        ("bcc", "delay until released", True),
        ("delay until released", "bcc", False),
        ("hold", "approve president", True),
        ("reject", "hold", True),
    ],
)
def test_only_an_exception_loosens(usual: str, case: str, loose: bool) -> None:
    assert loosens(consequence(case), consequence(usual)) is loose


def test_every_kind_has_an_answer() -> None:
    assert all(loosens(Consequence(a), Consequence(b)) in (True, False) for a in KINDS for b in KINDS)
    assert not any(loosens(Consequence("reject"), Consequence(kind)) for kind in KINDS)
