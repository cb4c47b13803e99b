"""Who may guess, how often, and who is no stranger."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from config.settings import LimitsSection
from directory.account import Account
from directory.logins import DEVICE_LIFE, NETWORK_LIFE, Logins, TooManyFailures
from directory.passwords import Hasher
from directory.people import People
from storage.database import open_database
from storage.interfaces import StoreError
from storage.seal import open_seal
from tests.services import databases

GOOD = "kN7%vRq2wL"
HOME, CAFE = "192.0.2.10", "198.51.100.7"
ACCOUNTS = (
    Account("hanako", addresses=("hanako@example.co.jp",)),
    *(Account(f"person{n}") for n in range(60)),
)


class Free(Hasher):
    """Compares instead of computing: these tests log in hundreds of times."""

    async def hash(self, password: str) -> str:
        return password

    async def verify(self, kept: str, password: str) -> bool:
        return bool(kept) and password == GOOD

    def outdated(self, kept: str) -> bool:
        return False


class Slow(Free):
    """Answers when it is told to."""

    def __init__(self) -> None:
        super().__init__()
        self.go = asyncio.Event()
        self.asked = 0

    async def verify(self, kept: str, password: str) -> bool:
        self.asked += 1
        await self.go.wait()
        return await super().verify(kept, password)


class Place:
    """Logins of one node over people with passwords; `seconds` is the time of both clocks."""

    def __init__(self, logins: Logins, people: People, seconds: list[float]) -> None:
        self.logins = logins
        self.people = people
        self.seconds = seconds

    async def check(
        self,
        login: str,
        password: str = GOOD,
        peer: str = HOME,
        device: str = "",
        counted: bool = True,
        said: bool = False,
    ) -> str:
        """in, wrong or blocked."""
        self.seconds[0] += 0.001
        try:
            found = await self.logins.check(
                login, password, peer, tenant="", device=device, counted=counted, said=said
            )
        except TooManyFailures:
            return "blocked"
        return "wrong" if found is None else "in"


@pytest.fixture
async def place(tmp_path: Path) -> AsyncIterator[Place]:
    database = open_database(databases.sqlite(tmp_path / "db"))
    people = People(database, Free())
    for account in ACCOUNTS:
        await people.save(account, 1.0)
        await people.set_password("default", account.login, GOOD)
    seal = await open_seal(tmp_path / "seal", database)
    seconds = [1_780_000_000.0]
    limits = LimitsSection()
    logins = Logins(people, database, seal, limits, clock=lambda: seconds[0], monotonic=lambda: seconds[0])
    yield Place(logins, people, seconds)
    people.close()
    await database.close()


def stranger(number: int) -> str:
    return f"203.0.{number // 250}.{number % 250 + 1}"


async def attack(place: Place, name: str = "hanako", guesses: int = 10) -> None:
    for number in range(guesses):
        assert await place.check(name, "wrong", stranger(number)) == "wrong"


async def test_sixty_of_sixty_sprayed_from_one_network_are_limited(place: Place) -> None:
    """One guess for each of sixty people, after the ten that the network has."""
    for number in range(10):
        assert await place.check(f"person{number}", "wrong", CAFE) == "wrong"
    answers = [await place.check(f"person{number}", peer=CAFE) for number in range(60)]
    assert answers == ["blocked"] * 60, "even with the right password"
    assert await place.check("person7") == "in", "from anywhere else they are let in"


async def test_sixty_of_sixty_sprayed_from_sixty_networks_are_limited_and_the_owner_is_not(
    place: Place,
) -> None:
    assert await place.check("hanako", peer=HOME) == "in"
    device = place.logins.device(ACCOUNTS[0])
    await attack(place)
    answers = [await place.check("hanako", GOOD, stranger(100 + number)) for number in range(60)]
    assert answers == ["blocked"] * 60
    assert await place.check("hanako", peer=HOME) == "in", "a network from which she logged in before"
    assert await place.check("hanako", peer=CAFE, device=device) == "in", "a device on which she did"
    assert await place.check("hanako", peer=CAFE) == "in", "and now the café is known, too"
    place.seconds[0] += 901
    assert await place.check("hanako", peer=stranger(500)) == "in"


@pytest.mark.parametrize(
    "name",
    ["HANAKO", " Hanako ", "ｈａｎａｋｏ", "hanako@example.co.jp", "Ｈanako@EXAMPLE.co.jp", "default/hanako"],
)
async def test_an_account_is_one_however_it_is_written(place: Place, name: str) -> None:
    await attack(place, name)
    assert await place.check("hanako", peer=CAFE) == "blocked"


@pytest.mark.parametrize("names", [["hanako"] * 60, [f"person{n}" for n in range(60)]])
async def test_an_office_that_opens_its_mail_at_nine_does_not_guess(place: Place, names: list[str]) -> None:
    """Ten were checked at a time, and whoever came meanwhile heard that there were too many failures."""
    place.people._hasher = slow = Slow()
    waiting = [asyncio.ensure_future(place.check(name)) for name in names]
    while slow.asked < 10:
        await asyncio.sleep(0.01)
    slow.go.set()
    assert await asyncio.gather(*waiting) == ["in"] * 60


async def test_guesses_at_the_same_moment_do_not_outrun_the_limit(place: Place) -> None:
    place.people._hasher = slow = Slow()
    waiting = [asyncio.ensure_future(place.check("hanako", "wrong", CAFE)) for _ in range(60)]
    while slow.asked < 10:
        await asyncio.sleep(0.01)
    slow.go.set()
    answers = await asyncio.gather(*waiting)
    assert sorted(answers) == ["blocked"] * 50 + ["wrong"] * 10
    assert slow.asked == 10


async def test_names_of_nobody_are_limited_as_those_of_somebody(place: Place) -> None:
    await attack(place, "nobody")
    assert await place.check("ＮＯＢＯＤＹ", peer=CAFE) == "blocked"
    assert await place.check("hanako", peer=CAFE) == "in"


async def test_a_known_network_and_a_known_device_have_their_own_limits(place: Place) -> None:
    assert await place.check("hanako") == "in"
    device = place.logins.device(ACCOUNTS[0])
    answers = [await place.check("hanako", "wrong", counted=False) for _ in range(12)]
    assert answers == ["wrong"] * 10 + ["blocked"] * 2
    answers = [await place.check("hanako", "wrong", CAFE, device) for _ in range(12)]
    assert answers == ["wrong"] * 10 + ["blocked"] * 2
    assert await place.check("hanako", GOOD, CAFE) == "in", "strangers have not guessed yet"


async def lies(place: Place, names: list[str], networks: list[str], devices: list[str]) -> list[str]:
    """What a console in other hands hears, which knows from where people come and with what, and says what it likes."""
    return [
        await place.check(name, f"wrong {number}", network, device, said=True)
        for name in names
        for network in networks
        for device in devices
        for number in range(11)
    ]


async def test_a_console_that_lies_guesses_so_often_and_locks_nobody_out_of_their_mail(place: Place) -> None:
    """It had ten guesses for each network and each cookie that it had seen: here 410."""
    networks = [f"192.0.2.{n}" for n in (10, 20, 30)] + [f"198.{n}.100.7" for n in range(17)]
    for network in networks:
        assert await place.check("hanako", peer=network) == "in"
        assert await place.check("person1", peer=network) == "in"
    devices = [place.logins.device(ACCOUNTS[0]) for _ in range(20)]
    heard = await lies(place, ["hanako"], networks, ["", *devices])
    heard += await lies(place, ["hanako"], [stranger(n) for n in range(60)], [""])
    assert heard.count("wrong") == 40, "30 as somebody known, 10 as strangers"
    assert await place.check("hanako", said=True) == "blocked"
    assert [await place.check("hanako", peer=network) for network in networks] == ["in"] * 20, "at listeners"
    assert await place.check("person1", peer=CAFE, said=True) == "in", "and nobody else notices"
    place.seconds[0] += 901
    assert await place.check("hanako", said=True) == "in"


async def test_sixty_sprayed_at_the_console_lock_no_owner_out_of_it(place: Place) -> None:
    """The limit of all known places is none that a stranger fills."""
    assert await place.check("hanako") == "in"
    device = place.logins.device(ACCOUNTS[0])
    answers = [await place.check("hanako", "wrong", stranger(n), said=True) for n in range(60)]
    assert answers == ["wrong"] * 10 + ["blocked"] * 50
    assert await place.check("hanako", said=True) == "in"
    assert await place.check("hanako", peer=stranger(99), device=device, said=True) == "in"
    assert await place.check("hanako", peer=CAFE) == "blocked", "of strangers, listeners hear, too"


@pytest.mark.parametrize("more", ["====", "========"])
async def test_a_cookie_is_one_device_however_it_is_written(place: Place, more: str) -> None:
    """Each way to write it had a counter of its own."""
    device = place.logins.device(ACCOUNTS[0])
    body, _, mark = device.partition(".")
    for written in (device, f"{body}{more}.{mark}", f"{body.replace('-', '+').replace('_', '/')}.{mark}"):
        for _ in range(10):
            await place.check("hanako", "wrong", CAFE, written, counted=False)
    assert await place.check("hanako", GOOD, CAFE, device, counted=False) == "blocked"


async def test_a_colleague_who_guesses_in_the_same_network_locks_out_nobody_with_a_cookie(
    place: Place,
) -> None:
    for number in range(10):
        await place.check(f"person{number}", "wrong")
    assert await place.check("hanako") == "blocked"
    assert await place.check("hanako", device=place.logins.device(ACCOUNTS[0])) == "in"


async def test_a_cookie_is_for_one_account_and_for_a_time(place: Place) -> None:
    device = place.logins.device(ACCOUNTS[0])
    body, _, mark = device.partition(".")
    forged = [
        place.logins.device(ACCOUNTS[1]),
        f"{body}.{'0' * len(mark)}",
        f"{body[:-4]}AAA=.{mark}",
        f"{body}.é",
        "é.x",
        body,
        ".",
        "",
    ]
    await attack(place)
    for cookie in forged:
        assert await place.check("hanako", peer=CAFE, device=cookie) == "blocked", cookie
    assert await place.check("hanako", peer=CAFE, device=device) == "in"
    place.seconds[0] += DEVICE_LIFE
    await attack(place)
    assert await place.check("hanako", peer=stranger(900), device=device) == "blocked"


async def test_networks_are_forgotten_in_time(place: Place) -> None:
    assert await place.check("hanako") == "in"
    place.seconds[0] += NETWORK_LIFE / 2
    assert await place.check("hanako") == "in", "and with that it is written down again"
    place.seconds[0] += NETWORK_LIFE * 0.75
    await place.logins.sweep(place.seconds[0])
    await attack(place)
    assert await place.check("hanako") == "in"
    place.seconds[0] += NETWORK_LIFE
    await place.logins.sweep(place.seconds[0])
    await attack(place)
    assert await place.check("hanako") == "blocked"


async def test_a_check_that_could_not_be_made_is_no_failure(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:

        async def away(*_: str) -> None:
            raise StoreError("away")

        patch.setattr(place.people, "authenticate", away)
        for _ in range(20):
            with pytest.raises(StoreError):
                await place.check("hanako")
    assert await place.check("hanako") == "in"
