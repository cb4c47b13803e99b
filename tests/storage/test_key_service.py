"""A master key in a token (SoftHSM): what is sealed under it, what its loss means, how it changes."""

import asyncio
import threading
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from config.policy import ConfigError
from storage import keys
from storage.database import open_database
from storage.day_keys import DAY, DayKeys
from storage.interfaces import Database, StoreError
from storage.key_service import Pkcs11, ServiceMaster
from storage.seal import Seal, SealError
from tests.services import databases
from tests.services.softhsm import Token

pytestmark = pytest.mark.system
TODAY = 20_000
FILE = Seal([b"f" * 32])


class Clock:
    now = TODAY * DAY + 5.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Token:
    return Token(tmp_path_factory.mktemp("token"), "one", "two")


@pytest.fixture
def token(made: Token, monkeypatch: pytest.MonkeyPatch) -> Iterator[Token]:
    monkeypatch.setenv("SOFTHSM2_CONF", str(made.conf))
    yield made
    if not (made.folder / "tokens").exists():
        made.back()


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    opened = open_database(databases.sqlite(tmp_path / "db"))
    yield opened
    await opened.close()


def day_keys(folder: Path, master: ServiceMaster | Seal, database: Database, clock: Clock) -> DayKeys:
    return DayKeys(folder / "keys", master, database, clock)


async def test_only_the_token_opens_what_it_wrapped(token: Token, tmp_path: Path, database: Database) -> None:
    master = ServiceMaster(token.service("one"), FILE)
    ours = day_keys(tmp_path, master, database, clock := Clock())
    content = keys.new_key("default", 5, await ours.today("default"))
    key = ours.of(content)
    again = day_keys(tmp_path, ServiceMaster(token.service("one"), FILE), database, clock)
    await again.check()
    assert again.of(content) == key
    for other in (FILE, ServiceMaster(token.service("two"), FILE)):
        with pytest.raises(ConfigError, match="cannot be opened"):
            await day_keys(tmp_path, other, database, clock).check()


async def test_while_it_is_away_nothing_new_begins_and_it_heals_by_itself(
    token: Token, tmp_path: Path, database: Database
) -> None:
    ours = day_keys(tmp_path, ServiceMaster(token.service("one"), FILE), database, clock := Clock())
    content = keys.new_key("default", 5, await ours.today("default"))
    key = ours.of(content)
    fresh = day_keys(tmp_path, ServiceMaster(token.service("one"), FILE), database, clock)
    token.away()
    assert ours.of(content) == key  # what is open stays open
    for _ in range(3):
        with pytest.raises(StoreError, match="token sekisho"):
            fresh.of(content)
        with pytest.raises(StoreError, match="token sekisho"):
            await ours.today("other")
    clock.now += DAY
    with pytest.raises(StoreError, match="token sekisho"):
        await ours.today("default")
    token.back()
    assert fresh.of(content) == key
    assert await ours.today("default") == TODAY + 1
    assert await ours.today("other") == TODAY + 1


async def test_a_new_key_wraps_all_at_the_next_start_and_the_old_one_is_not_needed(
    token: Token, tmp_path: Path, database: Database
) -> None:
    clock = Clock()
    before = day_keys(tmp_path, ServiceMaster(token.service("one", "two"), FILE), database, clock)
    content = keys.new_key("default", 5, await before.today("default"))
    key = before.of(content)
    between = ServiceMaster(token.service("two", "one"), FILE)
    rotated = day_keys(tmp_path, between, database, clock)
    assert not all(map(between.is_current, rotated.files()))
    await rotated.check()
    assert all(map(between.is_current, rotated.files()))
    after = day_keys(tmp_path, ServiceMaster(token.service("two"), FILE), database, clock)
    await after.check()
    assert after.of(content) == key
    assert before.of(content) == key  # a node that was not started anew since it was told of both


async def test_from_the_key_file_to_the_token_and_back(
    token: Token, tmp_path: Path, database: Database
) -> None:
    by_file = day_keys(tmp_path, FILE, database, clock := Clock())
    content = keys.new_key("default", 5, await by_file.today("default"))
    key = by_file.of(content)
    for master in (
        ServiceMaster(token.service("one"), FILE),
        ServiceMaster(token.service("one"), FILE, leaving=True),
    ):
        moved = day_keys(tmp_path, master, database, clock)
        await moved.check()
        assert moved.of(content) == key
        assert all(map(master.is_current, moved.files()))
    await day_keys(tmp_path, FILE, database, clock).check()


def test_a_changed_octet_is_noticed_wherever_it_is(token: Token) -> None:
    master = ServiceMaster(token.service("one"), FILE)
    sealed = master.seal(b"the keys of a day", b"day")
    assert master.open(sealed, b"day") == b"the keys of a day"
    for place in range(0, len(sealed), 3):
        changed = bytearray(sealed)
        changed[place] ^= 1
        with pytest.raises(SealError):
            master.open(bytes(changed), b"day")
    for end in (0, 1, 5, 7, 40, len(sealed) - 1):
        with pytest.raises(SealError):
            master.open(sealed[:end], b"day")
    with pytest.raises(SealError):
        master.open(sealed, b"another day")


def test_a_wrong_pin_is_tried_once(token: Token) -> None:
    """SoftHSM says how often; others lock the token."""
    service = token.service("one", pin="wrong")
    for _ in range(20):
        with pytest.raises(SealError, match="refuses the PIN") as told:
            service.wrap(b"k" * 32, b"")
        assert "wrong" not in str(told.value)
    assert token.service("one").wrap(b"k" * 32, b"")


def test_what_the_token_does_not_have_is_named(token: Token) -> None:
    with pytest.raises(SealError, match="no key three"):
        token.service("three").wrap(b"k" * 32, b"")


async def test_a_library_that_hangs_costs_its_time_once(
    token: Token, monkeypatch: pytest.MonkeyPatch
) -> None:
    service, goes_on, asked = token.service("one", seconds=0.5), threading.Event(), 0
    real = Pkcs11._twice

    def hangs(self: Pkcs11, ask: object) -> bytes:
        nonlocal asked
        asked += 1
        goes_on.wait()
        return real(self, ask)  # type: ignore[arg-type]

    monkeypatch.setattr(Pkcs11, "_twice", hangs)
    for _ in range(50):  # would be 25 s, one after the other
        with pytest.raises(SealError, match="does not answer"):
            await asyncio.to_thread(service.wrap, b"k" * 32, b"")
    assert asked == 1
    monkeypatch.setattr(Pkcs11, "_twice", real)
    goes_on.set()
    for thread in threading.enumerate():
        if thread.name == "key service":
            await asyncio.to_thread(thread.join, 20)
    service._seconds = 20.0
    assert service.unwrap("one", service.wrap(b"k" * 32, b"x"), b"x") == b"k" * 32
