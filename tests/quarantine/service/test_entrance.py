"""Who comes in while something changes: no session outlives what let somebody in."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import argon2
import msgspec
import pytest

from directory.passwords import Hasher
from directory.people import PasswordRefused
from directory.sessions import end_all
from quarantine.service.caller import SignedOut
from quarantine.service.entrance import Entered, Entrance
from quarantine.service.service import of
from storage.interfaces import Transaction
from tests.console.premises import NOW, PASSWORD, PEOPLE, Premises, session

ANOTHER, THIRD = "Zq7%mvTr4k", "Hw5#xLpd9s"
FILE = '[[person]]\nlogin = "hanako"\naddresses = ["hanako@example.co.jp"]\n'


class Paused(Hasher):
    """Holds the first verification until it is told to go on."""

    def __init__(self) -> None:
        super().__init__()
        self.asked, self.go = asyncio.Event(), asyncio.Event()

    async def verify(self, kept: str, password: str) -> bool:
        right = await super().verify(kept, password)
        if not self.asked.is_set():
            self.asked.set()
            await self.go.wait()
        return right


@pytest.fixture
async def ready(place: Premises) -> Premises:
    await place.parts.people.set_password("default", "hanako", PASSWORD)
    return place


def entrance(place: Premises, token: str = "") -> Entrance:
    return of(place.parts)(token)


async def login(place: Premises, password: str = PASSWORD) -> Entered | None:
    return await entrance(place).login("hanako", password, peer="192.0.2.1", device="", language="ja")


async def set_password(place: Premises, token: str, old: str, new: str) -> Entered:
    return await entrance(place, token).set_password(old, new, peer="", device="", language="ja")


async def is_in(place: Premises, token: str) -> bool:
    return (await entrance(place, token).who()).account is not None


async def sessions(place: Premises) -> int:
    rows = await place.store.database.read(lambda t: t.execute("SELECT COUNT(*) AS n FROM console_sessions"))
    return int(rows[0]["n"])


async def meanwhile(place: Premises, under_way: Awaitable[Any], change: Callable[[], Awaitable[Any]]) -> Any:
    """What comes of something that is asking for a password while `change` happens."""
    place.parts.people._hasher = paused = Paused()
    task = asyncio.ensure_future(under_way)
    await paused.asked.wait()
    await change()
    paused.go.set()
    return await task


async def new_password(place: Premises) -> None:
    token = await session(place.parts, "default", "hanako", NOW, once=True)
    entered = await set_password(place, token, "", ANOTHER)
    await entrance(place, entered.token).logout()


async def disabled(place: Premises) -> None:
    account = next(a for a in PEOPLE if a.login == "hanako")
    await place.parts.people.save(msgspec.structs.replace(account, disabled=True), NOW)


@pytest.mark.parametrize("change", [new_password, disabled])
async def test_a_login_that_is_under_way_when_it_changes_is_none(
    ready: Premises, change: Callable[[Premises], Awaitable[None]]
) -> None:
    assert await meanwhile(ready, login(ready), lambda: change(ready)) is None
    assert await sessions(ready) == 0


@pytest.mark.parametrize("gone", ["left the file", "has another password in it"])
async def test_sessions_end_with_what_the_file_of_people_says(
    ready: Premises, tmp_path: Path, gone: str
) -> None:
    file, people = tmp_path / "people.toml", ready.parts.people
    file.write_text(FILE + f'password_hash = "{argon2.PasswordHasher().hash(PASSWORD)}"\n')
    await people.read_file(file, NOW)
    entered = await login(ready)
    assert entered is not None
    await people.read_file(file, NOW)
    assert await is_in(ready, entered.token), "the same again changes nothing"
    other = f'password_hash = "{argon2.PasswordHasher().hash(ANOTHER)}"\n'
    file.write_text("" if gone == "left the file" else FILE + other)

    async def read() -> None:
        await people.read_file(file, NOW)

    assert await meanwhile(ready, login(ready), read) is None
    assert await sessions(ready) == 0, "and not only until they come back"


async def test_a_login_that_hashes_anew_never_brings_an_old_password_back(ready: Premises) -> None:
    people = ready.parts.people
    old = argon2.PasswordHasher(time_cost=1, memory_cost=1024).hash(PASSWORD)
    await ready.store.database.write(
        lambda t: t.execute("UPDATE people SET password_hash = :h WHERE login = 'hanako'", {"h": old})
    )
    assert await meanwhile(ready, login(ready), lambda: new_password(ready)) is None
    assert await people.authenticate("hanako", PASSWORD, "default") is None
    assert await login(ready, ANOTHER) is not None


async def test_two_who_log_in_at_once_with_an_old_hash_are_both_in(ready: Premises) -> None:
    old = argon2.PasswordHasher(time_cost=1, memory_cost=1024).hash(PASSWORD)
    await ready.store.database.write(
        lambda t: t.execute("UPDATE people SET password_hash = :h WHERE login = 'hanako'", {"h": old})
    )
    other: list[Entered | None] = []

    async def too() -> None:
        other.append(await login(ready))

    for entered in (await meanwhile(ready, login(ready), too), *other):
        assert entered is not None
        assert await is_in(ready, entered.token)


async def test_a_password_that_is_being_changed_is_not_changed_by_who_knew_the_one_before(
    ready: Premises,
) -> None:
    """A thief and the owner at the same moment: the first one counts, and the second must know it."""
    thief = await session(ready.parts, "default", "hanako", NOW)
    with pytest.raises((SignedOut, PasswordRefused)):
        await meanwhile(ready, set_password(ready, thief, PASSWORD, THIRD), lambda: new_password(ready))
    assert await login(ready, THIRD) is None
    assert await login(ready, ANOTHER) is not None


async def test_a_session_that_ends_while_it_changes_the_password_changes_none(ready: Premises) -> None:
    token = await session(ready.parts, "default", "hanako", NOW)
    with pytest.raises(SignedOut):
        await meanwhile(ready, set_password(ready, token, PASSWORD, ANOTHER), entrance(ready, token).logout)
    assert await login(ready) is not None


@pytest.mark.parametrize("door", ["code", "password"])
async def test_what_ends_all_sessions_leaves_none_that_was_about_to_begin(
    ready: Premises, door: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Everything that ends sessions, right behind the first transaction of a code, and of a new password."""
    database = ready.store.database
    code = await ready.parts.sessions.issue_code("default", "hanako", NOW)
    token = await session(ready.parts, "default", "hanako", NOW, once=True)
    write, ended = database.write, []

    async def then_ended(operation: Callable[[Transaction], Any]) -> Any:
        done = await write(operation)
        if not ended:
            ended.append(await write(lambda t: end_all(t, "default", "hanako")))
        return done

    monkeypatch.setattr(database, "write", then_ended)
    if door == "code":
        entered = await entrance(ready).redeem(code, peer="", language="ja")
    else:
        entered = await set_password(ready, token, "", ANOTHER)
    assert entered is not None
    assert ended
    assert not await is_in(ready, entered.token)
    assert await sessions(ready) == 0
