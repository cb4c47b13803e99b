"""Who can speak in which role for whose mail."""

from pathlib import Path

import pytest

from directory.account import Account, Role
from directory.bearers import AGE, DEPARTMENT_HEAD, Vacancies, bearers
from directory.people import People
from filters.facts import Person
from storage.database import open_database

PEOPLE = (
    Account("taro", department="sales"),
    Account("hanako", department="sales", head_of=("sales",)),
    Account("deputy", department="hr", head_of=("hr",)),
    Account("head", department="hr", head_of=("hr",)),
    Account("chief", roles=(Role.PRESIDENT,)),
    Account("gone", roles=(Role.AUDITOR,), disabled=True),
)


@pytest.mark.parametrize(
    ("login", "department", "head", "president"),
    [
        ("taro", "sales", False, False),
        ("hanako", "sales", True, False),
        ("head", "hr", False, False),
        ("chief", "", True, True),
        ("x", "empty", True, False),
    ],
)
def test_nobody_speaks_for_mail_of_their_own(
    login: str, department: str, head: bool, president: bool
) -> None:
    vacant = bearers(PEOPLE).vacant(login, department)
    assert (DEPARTMENT_HEAD in vacant) is head
    assert ("president" in vacant) is president
    assert "auditor" in vacant


async def test_the_directory_is_asked_again_after_a_moment(tmp_path: Path) -> None:
    database = open_database(f"sqlite:///{tmp_path / 'db'}")
    people, now = People(database), [0.0]
    for account in PEOPLE:
        await people.save(account, 1.0)
    vacancies = Vacancies(database, lambda: now[0])
    taro = Person("taro", department="sales")
    assert await vacancies.of("default", taro) == bearers(PEOPLE).vacant("taro", "sales")
    await people.save(Account("hanako", department="sales", disabled=True, head_of=("sales",)), 2.0)
    assert DEPARTMENT_HEAD not in await vacancies.of("default", taro)
    now[0] += AGE + 0.1
    assert DEPARTMENT_HEAD in await vacancies.of("default", taro)
    assert await vacancies.of("other", taro) >= {DEPARTMENT_HEAD, "president"}
    people.close()
    await database.close()
