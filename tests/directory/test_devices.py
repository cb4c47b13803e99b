"""Credentials of devices: what is kept of them, whom they let in and from where, and how they end."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import msgspec
import pytest

from directory.account import Account
from directory.devices import Device, DeviceLogin, DeviceRefused, Devices, Entering, is_credential, permits
from directory.people import People
from directory.scram import keys_of
from storage.database import open_database
from storage.interfaces import Database
from tests.services import databases

HANAKO = Account("hanako", addresses=("hanako@example.co.jp",))
TARO = Account("taro", addresses=("taro@example.co.jp",))
HOME = Entering("192.0.2.7")
PRINT = "ab" * 32


class Desk:
    def __init__(self, database: Database, people: People) -> None:
        self.database, self.people, self.now = database, people, 1_780_000_000.0
        self.devices = Devices(database, people, lambda: self.now)

    async def make(self, account: Account = HANAKO, **bound: object) -> tuple[Device, str]:
        return await self.devices.make(account, "laptop", by=account.login, **bound)  # type: ignore[arg-type]

    async def check(
        self, password: str, login: str = "hanako", entering: Entering = HOME
    ) -> DeviceLogin | None:
        return await self.devices.check(login, password, "default", entering)


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    database = open_database(databases.sqlite(tmp_path / "db"))
    people = People(database)
    for account in (HANAKO, TARO):
        await people.save(account, 1.0)
    yield Desk(database, people)
    people.close()
    await database.close()


async def test_a_credential_has_130_bits_and_is_kept_nowhere(desk: Desk, tmp_path: Path) -> None:
    device, password = await desk.make()
    assert re.fullmatch(r"[a-z2-9]{6}(-[a-z2-9]{4}){6}-[a-z2-9]{2}", password)
    rows = await desk.database.read(lambda t: t.execute("SELECT * FROM device", {}))
    secret = password[7:].replace("-", "")
    assert len(secret) * 5 >= 128
    assert secret not in repr(rows)
    assert (await desk.make())[1] != password
    assert device.id == password[:6]


async def test_credentials_of_before_are_good_still_and_take_no_part_in_an_exchange(desk: Desk) -> None:
    device, password = await desk.make()
    assert await desk.devices.all_exchange("default")
    old = keys_of(password[7:].replace("-", ""), b"salt of then 123")
    values = {"id": device.id, "salt": old.salt.hex(), "key": old.stored_key.hex()}
    await desk.database.write(
        lambda t: t.execute(
            "UPDATE device SET whole = 0, salt = :salt, stored_key = :key WHERE id = :id", values
        )
    )
    assert await desk.check(password) is not None
    assert not await desk.devices.all_exchange("default")
    assert (await desk.devices.salted("hanako", "default"))[0] != old.salt


@pytest.mark.parametrize(
    "typed", [str, str.upper, lambda p: p.replace("-", ""), lambda p: f" {p.replace('-', ' ')} "]
)
async def test_it_lets_in_however_it_is_typed(desk: Desk, typed: object) -> None:
    device, password = await desk.make()
    found = await desk.check(typed(password))  # type: ignore[operator]
    assert found is not None
    assert (found.account.login, found.device.id) == ("hanako", device.id)
    assert await desk.check(typed(password), "hanako@example.co.jp")  # type: ignore[operator]


async def test_nobody_else_and_nothing_else_is_let_in(desk: Desk) -> None:
    _, password = await desk.make()
    _, other = await desk.make(TARO)
    for wrong in ("", password[:-1] + "z", other, password[:6] + other[6:], "x" * 300):
        assert await desk.check(wrong) is None
    assert await desk.check(password, "taro") is None
    assert await desk.check(password, "nobody") is None
    assert await desk.devices.check("hanako", password, "other", HOME) is None


@pytest.mark.parametrize(
    ("bound", "entering", "ok"),
    [
        ({"networks": ("192.0.2.0/24",)}, HOME, True),
        ({"networks": ("198.51.100.0/24", "192.0.2.7")}, HOME, True),
        ({"networks": ("198.51.100.0/24",)}, HOME, False),
        ({"networks": ("2001:db8::/32",)}, Entering("2001:db8::1"), True),
        ({"certificate": PRINT}, Entering("192.0.2.7", PRINT), True),
        ({"certificate": "AB:" * 31 + "AB"}, Entering("192.0.2.7", PRINT), True),
        ({"certificate": PRINT}, HOME, False),
        ({"certificate": PRINT}, Entering("192.0.2.7", "cd" * 32), False),
        ({}, Entering("", "cd" * 32), True),
    ],
)
async def test_networks_and_certificates(
    desk: Desk, bound: dict[str, object], entering: Entering, ok: bool
) -> None:
    device, password = await desk.make(**bound)
    assert (await desk.check(password, entering=entering) is not None) is ok
    assert permits(device, entering) is ok


@pytest.mark.parametrize(
    ("name", "bound", "reason"),
    [
        ("  ", {}, "device_name"),
        ("x", {"networks": ("office",)}, "device_networks"),
        ("x", {"networks": tuple(f"10.0.0.{n}" for n in range(21))}, "device_networks"),
        ("x", {"certificate": "abc"}, "device_certificate"),
    ],
)
async def test_what_makes_no_sense_is_refused(
    desk: Desk, name: str, bound: dict[str, object], reason: str
) -> None:
    with pytest.raises(DeviceRefused) as refused:
        await desk.devices.make(HANAKO, name, by="hanako", **bound)  # type: ignore[arg-type]
    assert refused.value.reasons == [reason]
    assert await desk.devices.of("default", "hanako") == []


async def test_there_are_not_any_number_of_them(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("directory.devices.MOST", 2)
    for _ in range(2):
        await desk.make()
    with pytest.raises(DeviceRefused):
        await desk.make()
    await desk.make(TARO)


async def test_the_last_use_is_known(desk: Desk) -> None:
    device, password = await desk.make()
    assert (device.used_at, device.used_from) == (None, "")
    await desk.check(password)
    desk.now += 30
    await desk.check(password)
    (seen,) = await desk.devices.of("default", "hanako")
    assert (seen.used_at, seen.used_from) == (desk.now - 30, "192.0.2.7"), "not written for each mail"
    await desk.check(password, entering=Entering("198.51.100.1"))
    (seen,) = await desk.devices.all("default")
    assert (seen.used_at, seen.used_from) == (desk.now, "198.51.100.1")
    await desk.check("wrong" + password[5:], entering=HOME)
    assert (await desk.devices.of("default", "hanako"))[0].used_from == "198.51.100.1"


async def test_a_revoked_one_lets_nobody_in_and_ends_what_it_began(desk: Desk) -> None:
    device, password = await desk.make()
    found = await desk.check(password)
    assert found is not None
    assert await desk.devices.stands(found)
    assert await desk.devices.revoke("other", device.id) is None
    gone = await desk.devices.revoke("default", device.id)
    assert gone is not None
    assert gone.id == device.id
    assert await desk.devices.revoke("default", device.id) is None
    assert not await desk.devices.stands(found)
    assert await desk.check(password) is None


async def test_who_is_disabled_is_not_let_in(desk: Desk) -> None:
    _, password = await desk.make()
    found = await desk.check(password)
    assert found is not None
    await desk.people.save(msgspec.structs.replace(HANAKO, disabled=True), 2.0)
    assert await desk.check(password) is None
    assert not await desk.devices.stands(found)


async def test_what_goes_with_a_change_happens_with_it_or_not_at_all(desk: Desk) -> None:
    device, _ = await desk.make()

    def refuse(*_: object) -> None:
        raise RuntimeError

    with pytest.raises(RuntimeError):
        await desk.devices.revoke("default", device.id, also=refuse)
    with pytest.raises(RuntimeError):
        await desk.make(also=refuse)
    assert [d.id for d in await desk.devices.of("default", "hanako")] == [device.id]


def test_what_looks_like_one() -> None:
    assert is_credential("abc234-abcd-efgh-jkmn-pqrs-tuvw-xyz2-34")
    assert not is_credential("Kumquat-Ridge-48")
    assert not is_credential("abc234-abcd-efgh-jkmn-pqrs-tuvw-xyz2-3")
