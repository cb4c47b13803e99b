"""Codes of an authenticator and recovery codes: each works once, for whom it is, and guessing ends (OPS-MFA)."""

import base64
from collections.abc import AsyncIterator
from pathlib import Path

import msgspec
import pytest

from directory.account import Account, Role
from directory.second_factor import (
    CODES,
    FREE,
    LONGEST,
    PENDING,
    STEP,
    CodeShown,
    SecondFactors,
    asked_of,
    due,
    fresh_codes,
    key_of,
    older,
    remove,
    standing_in,
    uri_of,
    wait,
)
from storage.database import open_database
from storage.day_seal import DaySeal
from storage.interfaces import Database
from storage.seal import Seal, SealError
from tests.console.premises import code
from tests.services import databases

NOW = 1_780_000_000.0
KEY = bytes(range(32))


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    opened = open_database(databases.sqlite(tmp_path / "factors.db"))
    yield opened
    await opened.close()


@pytest.fixture
def factors() -> SecondFactors:
    return SecondFactors(DaySeal(Seal([KEY])))


async def enrol(database: Database, factors: SecondFactors, login: str = "hanako", now: float = NOW) -> bytes:
    secret = await database.write(lambda t: factors.begin(t, "default", login, now))
    assert await database.write(lambda t: factors.enrol(t, "default", login, code(secret, now), now))
    return secret


async def show(
    database: Database,
    factors: SecondFactors,
    shown: str,
    now: float,
    tenant: str = "default",
    login: str = "hanako",
) -> CodeShown:
    return await database.write(lambda t: factors.shown(t, tenant, login, shown, now))


def test_codes_are_those_of_rfc_6238() -> None:
    """Appendix B, of which an authenticator shows the last six digits."""
    secret = b"12345678901234567890"
    for at, eight in ((59, "94287082"), (1111111109, "07081804"), (20000000000, "65353130")):
        assert code(secret, at) == eight[-6:]


async def test_a_code_works_once_and_so_does_the_one_that_set_it_up(
    database: Database, factors: SecondFactors
) -> None:
    secret = await enrol(database, factors)
    assert await show(database, factors, code(secret, NOW), NOW + 1) is CodeShown.WRONG
    later = NOW + STEP
    assert await show(database, factors, code(secret, later), later) is CodeShown.TOTP
    assert await show(database, factors, code(secret, later), later + 1) is CodeShown.WRONG


async def test_one_step_before_and_after_count_and_no_other(
    database: Database, factors: SecondFactors
) -> None:
    secret = await enrol(database, factors)
    at = NOW + 100 * STEP
    for offset, expected in (
        (-2, CodeShown.WRONG),
        (2, CodeShown.WRONG),
        (-1, CodeShown.TOTP),
        (0, CodeShown.TOTP),
        (1, CodeShown.TOTP),
    ):
        assert await show(database, factors, code(secret, at + offset * STEP), at) is expected
    assert await show(database, factors, code(secret, at - STEP), at) is CodeShown.WRONG, (
        "behind one that was used"
    )


async def test_people_type_spaces_and_wide_digits(database: Database, factors: SecondFactors) -> None:
    secret = await enrol(database, factors)
    at = NOW + STEP
    plain = code(secret, at)
    wide = " ".join(chr(0xFF10 + int(digit)) for digit in plain)
    assert await show(database, factors, wide, at) is CodeShown.TOTP


@pytest.mark.parametrize("odd", ["", "0", "x" * 5_000, "१२३४५६", "\x00", "0000000", "²³¹⁴⁵⁶"])
async def test_what_is_no_code_is_wrong(database: Database, factors: SecondFactors, odd: str) -> None:
    await enrol(database, factors)
    assert await show(database, factors, odd, NOW + STEP) is CodeShown.WRONG


async def test_who_has_none_passes_with_nothing(database: Database, factors: SecondFactors) -> None:
    assert await show(database, factors, "wrong1", NOW) is CodeShown.WRONG
    secret = await database.write(lambda t: factors.begin(t, "default", "hanako", NOW))
    assert await show(database, factors, code(secret, NOW), NOW) is CodeShown.WRONG, (
        "no code of it was shown yet"
    )


async def test_guessing_waits_ever_longer_and_the_wait_is_not_for_recovery_codes(
    database: Database, factors: SecondFactors
) -> None:
    secret = await enrol(database, factors)
    codes = await database.write(lambda t: fresh_codes(t, "default", "hanako"))
    now = NOW + 1_000 * STEP
    for _ in range(FREE):
        assert await show(database, factors, "wrong1", now) is CodeShown.WRONG
    assert await show(database, factors, code(secret, now), now) is CodeShown.WAIT, "not even a right one"
    assert await show(database, factors, code(secret, now + wait(FREE)), now + wait(FREE)) is CodeShown.TOTP
    tried, now = 0, now + 10_000
    for second in range(0, 86_400, 10):
        tried += await show(database, factors, "wrong1", now + second) is CodeShown.WRONG
    assert tried <= FREE + 8 + 86_400 / LONGEST, "a day of guesses"
    assert await show(database, factors, codes[0], now + 86_400) is CodeShown.RECOVERY
    assert await show(database, factors, code(secret, now + 86_400), now + 86_400) is CodeShown.TOTP


async def test_a_recovery_code_works_once_and_new_ones_end_the_old(
    database: Database, factors: SecondFactors
) -> None:
    await enrol(database, factors)
    codes = await database.write(lambda t: fresh_codes(t, "default", "hanako"))
    assert len(set(codes)) == CODES
    assert await show(database, factors, codes[0].upper(), NOW) is CodeShown.RECOVERY
    assert await show(database, factors, codes[0], NOW) is CodeShown.WRONG
    assert (await database.read(lambda t: standing_in(t, "default", "hanako"))).codes == CODES - 1
    await database.write(lambda t: fresh_codes(t, "default", "hanako"))
    assert await show(database, factors, codes[1], NOW) is CodeShown.WRONG


async def test_neither_code_nor_secret_lies_in_the_database(
    database: Database, factors: SecondFactors
) -> None:
    secret = await enrol(database, factors)
    codes = await database.write(lambda t: fresh_codes(t, "default", "hanako"))
    rows = await database.read(
        lambda t: [*t.execute("SELECT * FROM second_factor"), *t.execute("SELECT * FROM recovery_code")]
    )
    text = repr([tuple(row[k] for k in row.keys()) for row in rows])  # noqa: SIM118 (a row is no mapping)
    for hidden in (key_of(secret), base64.b64encode(secret).decode(), secret.hex(), *codes):
        assert hidden not in text
        assert hidden.replace("-", "") not in text


async def test_a_secret_that_is_moved_to_somebody_else_does_not_open(
    database: Database, factors: SecondFactors
) -> None:
    """Of another person, or of the same login in another tenant."""
    secret = await enrol(database, factors)
    copy = (
        "INSERT INTO second_factor (tenant, login, sealed, enrolled_at)"
        " SELECT '{0}', '{1}', sealed, enrolled_at FROM second_factor WHERE tenant = 'default' AND login = 'hanako'"
    )
    for tenant, login in (("other", "hanako"), ("default", "taro")):
        await database.write(lambda t, a=tenant, b=login: t.execute(copy.format(a, b)))  # type: ignore[misc]
        with pytest.raises(SealError):
            await show(database, factors, code(secret, NOW + 60), NOW + 60, tenant, login)


async def test_codes_are_of_one_person_in_one_tenant(database: Database, factors: SecondFactors) -> None:
    await enrol(database, factors)
    theirs = await enrol(database, factors, "taro")
    codes = await database.write(lambda t: fresh_codes(t, "default", "taro"))
    assert await show(database, factors, code(theirs, NOW + 60), NOW + 60) is CodeShown.WRONG
    assert await show(database, factors, codes[0], NOW + 60) is CodeShown.WRONG
    assert await show(database, factors, codes[0], NOW + 60, "other", "taro") is CodeShown.WRONG
    assert await show(database, factors, codes[0], NOW + 60, login="taro") is CodeShown.RECOVERY


async def test_a_secret_that_is_set_up_too_late_or_twice_does_not_count(
    database: Database, factors: SecondFactors
) -> None:
    secret = await database.write(lambda t: factors.begin(t, "default", "hanako", NOW))
    late = NOW + PENDING
    assert not await database.write(lambda t: factors.enrol(t, "default", "hanako", code(secret, late), late))
    second = await database.write(lambda t: factors.begin(t, "default", "hanako", NOW))
    assert not await database.write(lambda t: factors.enrol(t, "default", "hanako", code(secret, NOW), NOW))
    assert await database.write(lambda t: factors.enrol(t, "default", "hanako", code(second, NOW), NOW))
    assert not await database.write(lambda t: factors.enrol(t, "default", "hanako", code(second, NOW), NOW))


async def test_what_was_taken_away_opens_nothing(database: Database, factors: SecondFactors) -> None:
    secret = await enrol(database, factors)
    codes = await database.write(lambda t: fresh_codes(t, "default", "hanako"))
    await database.write(lambda t: remove(t, "default", "hanako", 0.0))
    for shown in (codes[0], code(secret, NOW + 60)):
        assert await show(database, factors, shown, NOW + 60) is CodeShown.WRONG
    standing = await database.read(lambda t: standing_in(t, "default", "hanako"))
    assert (standing.asked_at, standing.enrolled_at, standing.codes) == (0.0, 0.0, 0)
    assert due(standing, NOW, 14) < NOW, "no time is left"


async def test_a_new_master_key_takes_the_secrets_over(database: Database) -> None:
    new = bytes(32)
    secret = await enrol(database, SecondFactors(DaySeal(Seal([KEY]))))
    both = Seal([new, KEY])
    assert await older(database, both) == 1
    assert await older(database, both, anew=True) == 0
    alone = SecondFactors(DaySeal(Seal([new])))
    assert await show(database, alone, code(secret, NOW + 60), NOW + 60) is CodeShown.TOTP


def test_of_whom_it_is_asked() -> None:
    roles = ("department_head", "administrator")
    hanako = Account("hanako")
    assert not asked_of(hanako, roles)
    assert asked_of(msgspec.structs.replace(hanako, head_of=("営業部",)), roles)
    assert asked_of(msgspec.structs.replace(hanako, roles=(Role.USER, Role.ADMINISTRATOR)), roles)
    assert not asked_of(msgspec.structs.replace(hanako, roles=(Role.AUDITOR,)), roles)
    assert not asked_of(msgspec.structs.replace(hanako, roles=tuple(Role), head_of=("x",)), ())


def test_an_authenticator_reads_who_it_is_for() -> None:
    uri = uri_of(b"12345678901234567890", Account("hanako", tenant="acme"), "Sekisho 日の出")
    assert uri.startswith("otpauth://totp/Sekisho%20%E6%97%A5%E3%81%AE%E5%87%BA:acme/hanako?")
    assert "issuer=Sekisho%20%E6%97%A5%E3%81%AE%E5%87%BA" in uri
    assert "secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ" in uri
