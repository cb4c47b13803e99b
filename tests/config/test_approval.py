"""Chains as the policy writes them, and what is left of them."""

import pytest

from config.approval import Turn, agreed, all_spoken, chain, merged, now_asked, spoken, written
from config.words import LANGUAGES


@pytest.mark.parametrize(
    ("text", "steps"),
    [
        ("president", (Turn("president"),)),
        ("department_head, then president", (Turn("department_head"), Turn("president"))),
        ("2 of directors, then person hanako", (Turn("directors", 2), Turn("person hanako"))),
        ("approver (last in line)", (Turn("approver", 1, "last in line"),)),
        ("2 of 役員", (Turn("役員", 2),)),
    ],
)
def test_what_is_read_is_written_again(text: str, steps: tuple[Turn, ...]) -> None:
    assert chain(text) == steps
    assert written(steps) == text


@pytest.mark.parametrize(
    "text",
    ["", "president, then", "a then b", "0 of directors", "10 of directors", "2 of", "a, then b, then a", "a,b",
     "a, then b, then c, then d, then e, then f", "president (someone)", "x" * 81],
)  # fmt: skip
def test_what_is_no_chain(text: str) -> None:
    with pytest.raises(ValueError, match=r"does not say who agrees|steps|counts once"):
        chain(text)


@pytest.mark.parametrize(
    ("chains", "left"),
    [
        (["president", "department_head, then president"], ("department_head, then president",)),
        (["directors", "2 of directors"], ("2 of directors",)),
        (["a, then b", "b, then a"], ("a, then b",)),
        (["a", "b"], ("a", "b")),
        ([], ()),
    ],
)
def test_what_another_chain_asks_is_asked_once(chains: list[str], left: tuple[str, ...]) -> None:
    assert merged(chains) == left


def test_a_word_counts_once_for_its_role_in_all_chains() -> None:
    chains = ("2 of directors, then president", "department_head, then directors")
    assert [step.of for step in now_asked(chains)] == ["directors", "department_head"]
    chains = agreed(chains, "directors")
    assert chains == ("directors, then president", "department_head")
    assert agreed(agreed(chains, "department_head"), "directors") == ("president",)
    assert agreed(("president",), "president") == ()
    assert agreed(("president",), "auditor") == ("president",)


@pytest.mark.parametrize("language", LANGUAGES)
def test_how_it_is_said(language: str) -> None:
    said = spoken("department_head, then 2 of directors", language)
    assert "directors" in said
    assert "2" in said
    assert "department_head" not in said
    assert "hanako" in spoken("person hanako", language)
    assert spoken("what once was, a role", language) == "what once was, a role"
    assert all_spoken(["president", "auditor"], language).count(spoken("president", language)) == 1
