"""The retry schedule as a table."""

import pytest

from gateway.deliver.retry import LIFETIME, WARNING, next_attempt, pause, warning_due
from quarantine.item import Recipient, Status
from tests.quarantine.items import item

MINUTE, HOUR, DAY = 60.0, 3600.0, 86400.0


@pytest.mark.parametrize(
    ("attempts", "jitter", "seconds"),
    [
        (1, 0, 300), (2, 0, 600), (3, 0, 1200), (4, 0, 2400), (5, 0, 4000), (6, 0, 4000), (1000, 0, 4000),
        (1, 1, 360), (1, -1, 240), (5, 1, 4800), (5, -1, 3200), (0, 0, 300),
    ],
)  # fmt: skip
def test_pause(attempts: int, jitter: float, seconds: float) -> None:
    assert pause(attempts, jitter) == pytest.approx(seconds)


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (0.0, 300.0),
        (LIFETIME - 10, LIFETIME),  # the last attempt falls on the end
        (LIFETIME, None),
        (LIFETIME + DAY, None),
    ],
)
def test_next_attempt(now: float, expected: float | None) -> None:
    assert next_attempt(item(accepted_at=0.0, queued_at=0.0, attempts=1), now, 0) == expected


def test_the_time_it_was_held_does_not_count() -> None:
    held_long = item(accepted_at=0.0, queued_at=10 * DAY, attempts=1)
    assert next_attempt(held_long, 10 * DAY, 0) == 10 * DAY + 300
    assert not warning_due(held_long, 10 * DAY + 1)


def test_five_days_of_attempts() -> None:
    now, attempts, warnings = 0.0, 0, 0
    one = item(accepted_at=0.0, queued_at=0.0)
    while True:
        attempts += 1
        following = next_attempt(item(accepted_at=0.0, queued_at=0.0, attempts=attempts), now, 0)
        warnings += warning_due(one, now)
        if following is None:
            break
        one = item(
            accepted_at=0.0,
            queued_at=0.0,
            recipients=(Recipient(one.recipients[0].path, Status.DEFERRED, "451", now),),
        )
        now = following
    assert now == LIFETIME
    assert 110 < attempts < 120
    assert warnings == 1


@pytest.mark.parametrize(
    ("before", "now", "due"),
    [
        (0.5 * HOUR, 0.9 * HOUR, False),
        (0.9 * HOUR, WARNING, True),
        (0.5 * HOUR, 9 * HOUR, True),
        (WARNING, 5 * HOUR, False),
    ],
)
def test_the_warning_is_sent_once(before: float, now: float, due: bool) -> None:
    path = item().recipients[0].path
    one = item(accepted_at=0.0, queued_at=0.0, recipients=(Recipient(path, Status.DEFERRED, "451", before),))
    assert warning_due(one, now) is due
