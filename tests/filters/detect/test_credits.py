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


@pytest.mark.parametrize("place", ["2/list.txt", "1", "2/customers.csv"])
def test_a_list_of_people_is_none(place: str) -> None:
    assert not is_credits(place, PEOPLE)
