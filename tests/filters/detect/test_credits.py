"""OUT-PII: who made a program stands in its sources, and is no list of people that leaks."""

import pytest

from filters.detect.credits import is_credits

PEOPLE = "".join(f"Grace {c}hitfield <{c}@oss.example>\n" for c in "WABCDE")


@pytest.mark.parametrize(
    "place", ["2/AUTHORS", "2/a.zip/CREDITS.md", "2/MAINTAINERS.txt", "2/.mailmap", "2/CONTRIBUTORS"]
)
def test_by_its_name(place: str) -> None:
    assert is_credits(place, PEOPLE)


@pytest.mark.parametrize(
    "line",
    [
        "commit 1f2e3d4c5b6a\nAuthor: Grace W <g{n}@oss.example>\n",
        "    Signed-off-by: Grace W <g{n}@oss.example>\n",
        "M:\tGrace W <g{n}@oss.example>\n",
        " -- Grace W <g{n}@oss.example>  Tue, 03 Mar 2015 10:00:00 +0000\n",
        "1f2e3d4c5b Fix it (Grace W <g{n}@oss.example>)\n",
    ],
)
def test_by_its_lines(line: str) -> None:
    assert is_credits("1", "".join(line.format(n=n) for n in range(6)))


@pytest.mark.parametrize(
    "place",
    [
        "2/list.txt",
        "1",
        "2/customers.csv",
        "2/history.csv",
        "2/notice.txt",
        "2/package.txt",
        "2/AUTHORS.xlsx/Sheet1",
    ],
)
def test_a_list_of_people_is_none(place: str) -> None:
    assert not is_credits(place, PEOPLE)


@pytest.mark.parametrize("place", ["2/AUTHORS", "2/contributors.md", "2/THANKS.txt"])
@pytest.mark.parametrize(
    "line",
    [
        "Grace {c}hitfield,{c}@oss.example,090-1234-567{n}\n",
        "Grace {c}hitfield <{c}@oss.example> 1985-03-1{n}\n",
        "{c}@oss.example\t3 Mill Road\n",
        "N: Grace {c}hitfield\nM: 090-1234-567{n}\nE: {c}@oss.example, 1985-03-1{n}\n",
    ],
)
def test_no_name_of_a_file_excuses_what_else_is_told_of_people(place: str, line: str) -> None:
    assert not is_credits(place, "".join(line.format(c=c, n=n) for n, c in enumerate("WABCDE")))


def test_no_letter_before_an_address_excuses_it() -> None:
    people = "".join(f"E: {c}@oss.example\nM: {c}@home.example\n" for c in "WABCDE")
    assert not is_credits("2/list.txt", people)


def test_people_behind_many_credits_are_seen() -> None:
    credits = "Signed-off-by: Grace W <g@oss.example>\n"
    assert is_credits("1", credits * 40)
    assert not is_credits("1", credits * 40 + PEOPLE * 3)
