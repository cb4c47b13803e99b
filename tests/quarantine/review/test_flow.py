"""Times that people waited; what the databases tell of a month stands in tests/contract/test_month.py."""

import pytest

from quarantine.review.flow import Answers, answers


@pytest.mark.parametrize(
    ("waits", "told"),
    [
        ([], Answers()),
        ([(1.0, None)], Answers(unanswered=1)),
        ([(1.0, 3.0), (1.0, 11.0), (0.0, None), (5.0, 6.0)], Answers(3, 2.0, 10.0, 1)),
        ([(9.0, 8.0)], Answers(1, 0.0, 0.0)),
    ],
    ids=["nobody", "one who waits", "several", "a clock that went back"],
)
def test_how_long_people_waited(waits: list[tuple[float, float | None]], told: Answers) -> None:
    assert answers(waits) == told
