"""Console logins: SMTP's numbers against guessing, and the first code of a new site."""

import pytest

from config.settings import LimitsSection
from console.context import TooManyFailures
from directory.account import Account, Role
from gateway.console_login import FIRST, Login
from gateway.listen.limits import Admission
from storage.interfaces import StoreError
from tests.console.premises import NOW, PASSWORD, Premises, premises


@pytest.fixture
def admission() -> Admission:
    return Admission(LimitsSection(trusted=()))


@pytest.fixture
async def place(tmp_path):
    async with premises(tmp_path) as found:
        await found.context.people.set_password("default", "hanako", PASSWORD)
        yield found


def login_of(place: Premises, admission: Admission, clock: list[float]) -> Login:
    return Login(place.context.people, place.context.sessions, admission, monotonic=lambda: clock[0])


async def test_ten_failures_block_the_account_for_a_while_even_with_the_right_password(
    place: Premises, admission: Admission
) -> None:
    clock = [1000.0]
    login = login_of(place, admission, clock)
    assert (await login.authenticate(" Hanako ", PASSWORD, "192.0.2.1")).login == "hanako"
    for attempt in range(10):
        clock[0] += 1
        assert await login.authenticate("hanako", "wrong", f"192.0.2.{attempt}") is None
    with pytest.raises(TooManyFailures):
        await login.authenticate("hanako", PASSWORD, "192.0.2.99")
    clock[0] += admission.limits.auth_window + 1
    assert (await login.authenticate("hanako", PASSWORD, "192.0.2.99")).login == "hanako"


async def test_ten_names_from_one_address_block_the_address(place: Premises, admission: Admission) -> None:
    clock = [1000.0]
    login = login_of(place, admission, clock)
    for attempt in range(10):
        clock[0] += 1
        assert await login.authenticate(f"nobody{attempt}", "wrong", "192.0.2.1") is None
    with pytest.raises(TooManyFailures):
        await login.authenticate("hanako", PASSWORD, "192.0.2.1")
    assert not admission.login_attempt("192.0.2.1", "x", clock[0]), "SMTP counts the same failures"


async def test_a_check_that_could_not_be_made_is_no_failure(
    place: Premises, admission: Admission, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = [1000.0]
    login = login_of(place, admission, clock)
    people = place.context.people
    with monkeypatch.context() as patch:

        async def away(*_: str) -> str | None:
            raise StoreError("away")

        patch.setattr(people, "authenticate", away)
        for _ in range(20):
            clock[0] += 1
            with pytest.raises(StoreError):
                await login.authenticate("hanako", PASSWORD, "192.0.2.1")
    assert (await login.authenticate("hanako", PASSWORD, "192.0.2.1")).login == "hanako"


async def test_a_site_without_an_administrator_gets_a_code_and_no_password(
    place: Premises, admission: Admission
) -> None:
    login = login_of(place, admission, [1000.0])
    first = await login.first_code(NOW)
    assert first is not None
    assert first[0] == "kanri", "an administrator without a password is invited"
    assert await place.context.sessions.redeem(first[1], NOW) == ("default", "kanri")
    await place.context.people.set_password("default", "kanri", PASSWORD)
    assert await login.first_code(NOW) is None


async def test_on_an_empty_site_the_first_account_is_made(place: Premises, admission: Admission) -> None:
    people = place.context.people
    for account in await people.all():
        await people.save(Account(account.login, tenant=account.tenant, disabled=True), NOW)
    login = login_of(place, admission, [1000.0])
    first = await login.first_code(NOW)
    assert first is not None
    assert first[0] == FIRST
    made = await people.account("default", FIRST)
    assert made is not None
    assert made.roles == (Role.ADMINISTRATOR,)
    assert not await people.has_password("default", FIRST)
