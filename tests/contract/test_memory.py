"""What is remembered of examined mail, on every database: kept once, read back, forgotten with its keys."""

from pathlib import Path

import msgspec
import pytest

from filters.decision.remembered import read
from filters.examined import Examined
from filters.facts import Facts
from quarantine.rehearsal import memory
from quarantine.rehearsal.memory import DAY, Memory
from storage.interfaces import Database
from storage.seal import Seal
from tests.filters.mails import examined, facts, plain, policy

NOW = 1_800_000_000.0
SEAL = Seal([b"s" * 32])
POLICY = msgspec.structs.replace(policy(), version="v1")


def one(mail_id: str, at: float = NOW, tenant: str = "default") -> tuple[Facts, Examined]:
    of = facts(mail_id=mail_id, now=at, day="2027-01-15")
    of = msgspec.structs.replace(of, origin=msgspec.structs.replace(of.origin, tenant=tenant))
    return of, examined(plain("本文です。"), rules=POLICY)


async def kept(memory: Memory, database: Database, *mails: tuple[Facts, Examined]) -> None:
    for each in mails:
        await database.write(await memory.of(*each))


async def test_a_mail_is_kept_once_and_read_back(database: Database) -> None:
    here = Memory(database, SEAL, lambda tenant: POLICY, 30)
    await kept(here, database, one("m1"), one("m2", NOW + 1), one("m1"))
    there = Memory(database, SEAL, lambda tenant: POLICY, 30)  # another node has the same ground, and its key
    await kept(there, database, one("m3", NOW + 2))
    mails = await here.mails("default", 0)
    assert [m.mail_id for m in mails] == ["m1", "m2", "m3"]
    assert mails[0].features == mails[2].features
    assert read(mails[0].features).direction == "outbound"
    (ground,) = (await here.grounds("default")).values()
    assert ground.name == "2027-01-15/v1"
    assert ground.looking["rules.many_external"] == "on"
    assert await here.mails("default", NOW + 1, "m2") == mails[2:]
    assert await here.mails("other", 0) == []


async def test_pages_leave_out_nobody(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "PAGE", 2)
    here = Memory(database, SEAL, lambda tenant: POLICY, 30)
    await kept(here, database, *(one(f"m{n}", NOW + n // 3) for n in range(7)))
    found, place = [], (0.0, "")
    while page := await here.mails("default", *place):
        found += [m.mail_id for m in page]
        place = page[-1].at, page[-1].mail_id
    assert found == [f"m{n}" for n in range(7)]


async def test_what_is_old_is_forgotten_and_then_its_key(database: Database) -> None:
    here = Memory(database, SEAL, lambda tenant: POLICY, 30)
    await kept(here, database, one("m1"), one("m2", NOW + 5 * DAY), one("x", tenant="other"))
    await here.forget("default", NOW + 31 * DAY)
    assert [m.mail_id for m in await here.mails("default", 0)] == ["m2"]
    assert [m.mail_id for m in await here.mails("other", 0)] == ["x"]
    assert len(await here.grounds("default")) == 1
    await here.forget("default", NOW + 40 * DAY)
    assert await here.grounds("default") == {}
    assert await here.mails("default", 0) == []


async def test_a_key_is_sealed_and_belongs_to_its_ground(database: Database) -> None:
    here = Memory(database, SEAL, lambda tenant: POLICY, 30)
    await kept(here, database, one("m1"))
    other = await Memory(database, Seal([b"x" * 32]), lambda tenant: POLICY, 30).grounds("default")
    assert list(other.values()) == [None]


async def test_what_is_too_large_is_neither_kept_nor_read(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = Memory(database, SEAL, lambda tenant: POLICY, 30)
    await kept(here, database, one("m1"))
    monkeypatch.setattr(memory, "LARGEST", 50)
    await kept(here, database, one("m2"))
    assert [(m.mail_id, m.features) for m in await here.mails("default", 0)] == [("m1", b"")]
    assert await here.count("default", 0, NOW) == 1
    assert await here.count("default", NOW, NOW + 1) == 0


async def test_nothing_is_remembered_where_nobody_wants_it(database: Database, tmp_path: Path) -> None:
    await kept(Memory(database, SEAL, lambda tenant: POLICY, 0), database, one("m1"))
    other = msgspec.structs.replace(POLICY, version="v2")  # the policy changed while it was examined
    await kept(Memory(database, SEAL, lambda tenant: other, 30), database, one("m2"))
    assert await Memory(database, SEAL, lambda tenant: POLICY, 30).mails("default", 0) == []


async def test_features_that_cannot_be_put_down_do_not_stop_the_mail(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> bytes:
        raise ValueError("x")

    monkeypatch.setattr(memory, "packed", broken)
    here = Memory(database, SEAL, lambda tenant: POLICY, 30)
    await kept(here, database, one("m1"))
    assert await here.mails("default", 0) == []
