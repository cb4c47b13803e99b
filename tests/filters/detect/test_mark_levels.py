"""Labels of a class, tags of titles, and sentences that say what a paper is."""

import pytest

from filters.detect.mark_levels import is_code, is_level, is_set_apart, is_tag, says_of_paper, without_end


@pytest.mark.parametrize(
    ("before", "after", "is_one"),
    [
        ("Classification: ", "", True), ("機密区分：【", "】", True), ("Klassifizierung: ", " (C2)", True), ("密级：", "", True),
        ("보안등급: ", "", True), ('"classification": "', '",', True), ("文書区分,", ",", True), ("Type: ", "", False),
        ("会議区分：", "", False), ("Classification: ", " audit of the year", False), ("the ", " audit", False),
    ],
)  # fmt: skip
def test_labels(before: str, after: str, is_one: bool) -> None:
    assert is_level(before, after) is is_one


def test_tags() -> None:
    assert is_tag("Internal", "subject", "[", "] Plan", page=False)
    assert is_tag("INTERN", "content", "", "", page=False)
    assert is_tag("Internal", "content", "", " - 3", page=True)
    assert not is_tag("internal", "content", "", "", page=False)
    assert not is_tag("Internal", "subject", "", " audit", page=False)


def test_what_a_sentence_says_of_this_paper() -> None:
    assert says_of_paper("Dieses Dokument ist streng ", ".") is True
    assert says_of_paper("This report is ", " in the eyes of some") is False
    assert says_of_paper("The meeting was ", ".") is None


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("class ", "(Enum):"),
        ("", " = 3"),
        ("enum Level { PUBLIC, ", " }"),
        ("{ ", ", PUBLIC }"),
        ("const ", ";"),
    ],
)
def test_names_of_programs(before: str, after: str) -> None:
    assert is_code(before, after)


@pytest.mark.parametrize(
    ("before", "after"), [("", ""), ("PRIVATE, ", ""), ("", ", PRIVATE"), ("Plan - ", ""), ("class: ", "")]
)
def test_stamps_are_no_names_of_programs(before: str, after: str) -> None:
    assert not is_code(before, after)


def test_what_a_bar_sets_apart() -> None:
    assert all(
        map(is_set_apart, ("Offer - ", "Prices | ", "Plan // ", "Notes · ", "報告：".replace("：", ": ")))
    )
    assert not any(map(is_set_apart, ("the ", "well-", "A-", "")))


@pytest.mark.parametrize(
    "end", [" until 14 December", " bis zum 1. April", " jusqu'au 3 mars", " hasta el lunes"]
)
def test_how_long_it_holds(end: str) -> None:
    assert without_end(end) == ""
    assert without_end(" and until then") == " and until then"
