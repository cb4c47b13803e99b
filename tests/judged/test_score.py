"""Counting: what is in doubt stands apart, and the deciding half names nobody."""

import pytest

from tests.judged import Half, samples
from tests.judged.score import score


def test_who_knows_all_is_right_in_all() -> None:
    found = score("passphrases", "development", lambda one: one.expects)
    assert found.found("none") == (62, 62)
    assert not found.wrong
    assert all("100.00%" in line for line in found.lines()[:-1])


def test_who_says_nothing_misses_all_and_hears_names_of_development_only() -> None:
    first = score("passphrases", "development", lambda _: "none")
    assert first.found("passphrase")[0] == 0
    assert len(first.wrong) == first.found("passphrase")[1]
    second = score("passphrases", "deciding", lambda _: "none")
    assert second.found("passphrase")[0] == 0
    assert not second.wrong
    assert second.doubtful[1] == sum(bool(one.doubt) for one in samples("passphrases", "deciding"))


def test_history_is_shown_and_not_counted() -> None:
    asked = []
    found = score("takeover", "development", lambda one: asked.append(one.expects) or "clean")
    assert asked[:100] == ["history"] * 100
    assert found.found("clean") == (60, 60)
    assert "history" not in {expects for expects, _ in found.total}


@pytest.mark.parametrize("half", ["fourth-deciding", "sixth-deciding"])
def test_of_the_later_deciding_halves_not_even_kinds_are_named(half: Half) -> None:
    """Most kinds are one text there: a kind would tell which mail it was."""
    missed = score("phishing", half, lambda _: "clean")
    assert missed.found("warned")[0] == 0
    assert not missed.wrong
    assert len(missed.lines()) == 2
    assert score("phishing", "fourth", lambda _: "clean").wrong
