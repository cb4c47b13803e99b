"""Exceptions as people see them on a day, and that each end is told once."""

import datetime
from pathlib import Path
from typing import Any

import pytest

from config.cases import PolicyException, When
from config.policy import Policy
from filters.examined import Applied
from quarantine.policies.counts import Counts, Month
from quarantine.policies.exceptions import ExceptionState, seen, tell, untold, with_figures
from storage.database import open_database
from storage.interfaces import Already
from tests.services import databases

TODAY = datetime.date(2026, 11, 30)


def exception(days: int, **more: Any) -> PolicyException:
    said: dict[str, Any] = {
        "rule": "many_external", "when": When(sender="hr", to=("alumni", "retired")), "owner": "hanako",
        "reason": "同窓会報", "approved_by": "shacho", "until": TODAY + datetime.timedelta(days=days),
    }  # fmt: skip
    return PolicyException(**said | more)


def policy(*days: int) -> Policy:
    return Policy(exceptions=tuple(exception(each, name=f"in {each}") for each in days))


@pytest.mark.parametrize(
    ("days", "standing"),
    [
        (-1, ExceptionState.OVER),
        (0, ExceptionState.ENDING),
        (30, ExceptionState.ENDING),
        (31, ExceptionState.IN_FORCE),
    ],
)
def test_the_last_day_still_counts(days: int, standing: ExceptionState) -> None:
    (one,) = seen(policy(days), TODAY)
    assert (one.standing, one.left) == (standing, days)


def test_those_that_end_first_stand_first_and_those_that_are_over_last() -> None:
    assert [one.left for one in seen(policy(90, -3, 2, -90, 40), TODAY)] == [2, 40, 90, -90, -3]


def test_what_is_asked_is_read_and_one_without_a_name_is_called_by_its_place() -> None:
    (_, one) = seen(Policy(exceptions=(exception(1), exception(2, when=When(recipients_over=3)))), TODAY)
    assert (one.name, one.when) == ("exception 2", {"recipients_over": "3"})
    (first, _) = seen(Policy(exceptions=(exception(1), exception(2))), TODAY)
    assert first.when == {"from": "hr", "to": "alumni, retired"}


async def test_figures_of_twelve_months_stand_beside_them(tmp_path: Path) -> None:
    database = open_database(databases.sqlite(tmp_path / "db"))
    counts = Counts(database)
    applied = [Applied("many_external", "in 5", "observe")]
    for day in ("2025-11-30", "2025-12-01", "2026-11-02", "2026-11-29"):
        counts.note("default", day, "outbound", applied)
    counts.note("acme", "2026-11-29", "outbound", applied)
    await counts.flush()
    used, unused = await with_figures(policy(5, 6), counts, "default", TODAY)
    assert used.months == (Month("2025-12", 1, "2025-12-01"), Month("2026-11", 2, "2026-11-29"))
    assert (used.used, used.last) == (3, "2026-11-29")
    assert (unused.used, unused.last) == (0, "")
    await database.close()


async def test_an_end_is_told_once_for_each_last_day_and_tenant(tmp_path: Path) -> None:
    database = open_database(databases.sqlite(tmp_path / "db"))

    async def news(*days: int, today: datetime.date = TODAY, tenant: str = "default") -> list[int]:
        return [one.left for one in await untold(database, tenant, seen(policy(*days), today))]

    assert await news(8, 7, 0, -1, -30, -31) == [0, 7, -30, -1]
    told = await untold(database, "default", seen(policy(7, -1), TODAY))
    await database.write(lambda t: tell(t, "default", told, 5.0))
    assert await news(7, -1) == []
    with pytest.raises(Already):
        await database.write(lambda t: tell(t, "default", told, 6.0))
    assert await news(7, -1, tenant="acme") == [7, -1]
    assert await news(7, today=TODAY + datetime.timedelta(days=3)) == [], "nearer, and told already"
    assert await news(7, today=TODAY + datetime.timedelta(days=8)) == [-1], "that it is over, too"
    longer = Policy(exceptions=(exception(6, name="in 7"),))
    assert await untold(database, "default", seen(longer, TODAY)), "another last day is another end"
    await database.close()
