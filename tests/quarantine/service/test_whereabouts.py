"""Where somebody is logged in: one's own sessions alone, and the end of them with what is known of one's devices."""

import pytest

from directory.logins import TooManyFailures
from quarantine.service.service import Service, of
from tests.console.premises import PASSWORD, Premises, session


def service(place: Premises, token: str = "") -> Service:
    return of(place.parts)(token)


async def is_in(place: Premises, token: str) -> bool:
    return (await service(place, token).who()).account is not None


async def test_ones_own_sessions_with_network_and_browser(place: Premises) -> None:
    await place.parts.people.set_password("default", "hanako", PASSWORD)
    entered = await service(place).login(
        "hanako", PASSWORD, peer="192.0.2.7", device="", language="ja", agent="Firefox · Windows" * 20
    )
    assert entered is not None
    await session(place.parts, "default", "taro", place.now[0])
    elsewhere = await session(place.parts, "default", "hanako", place.now[0] - 10)
    found = await service(place, entered.token).whereabouts()
    assert [(one.here, one.peer, one.agent[:17]) for one in found.sessions] == [
        (True, "192.0.2.7", "Firefox · Windows"),
        (False, "192.0.2.10", ""),
    ]
    assert [one.network for one in found.places] == ["192.0.2.7/32"] or found.places[0].network
    assert await service(place, entered.token).end_session(found.sessions[1].id)
    assert not await is_in(place, elsewhere)
    assert await is_in(place, entered.token)
    (told,) = await place.store.entries("default", event="sessions_ended")
    assert told.actor == "hanako"


async def test_nobody_ends_or_sees_anothers(place: Premises) -> None:
    hanako = await session(place.parts, "default", "hanako", place.now[0])
    taro = await session(place.parts, "default", "taro", place.now[0])
    (theirs,) = (await service(place, taro).whereabouts()).sessions
    assert theirs.id not in {one.id for one in (await service(place, hanako).whereabouts()).sessions}
    assert not await service(place, hanako).end_session(theirs.id)
    assert await service(place, hanako).end_other_sessions() == 0
    assert await is_in(place, taro)


async def test_a_session_is_not_opened_by_the_name_that_is_shown(place: Premises) -> None:
    token = await session(place.parts, "default", "hanako", place.now[0])
    (one,) = (await service(place, token).whereabouts()).sessions
    assert one.id != token
    assert not await is_in(place, one.id)


async def test_the_end_of_all_forgets_codes_devices_and_networks(place: Premises) -> None:
    await place.parts.people.set_password("default", "hanako", PASSWORD)

    async def log_in(peer: str, device: str, password: str = PASSWORD) -> str | None:
        found = await service(place).login("hanako", password, peer=peer, device=device, language="ja")
        return found.device if found is not None else None

    device = await log_in("192.0.2.7", "")
    assert device
    place.now[0] += 1
    stolen = await session(place.parts, "default", "hanako", place.now[0])
    here = await session(place.parts, "default", "hanako", place.now[0])
    code = await place.parts.sessions.issue_code("default", "hanako", place.now[0])
    assert await service(place, here).end_other_sessions() == 2
    assert await is_in(place, here)
    assert not await is_in(place, stolen)
    assert await service(place).redeem(code, peer="", language="ja") is None
    assert (await service(place, here).whereabouts()).places == ()
    for guess in range(10):
        assert await log_in(f"198.51.100.{guess}", "", "wrong") is None
    with pytest.raises(TooManyFailures):
        await log_in("203.0.113.1", device)


async def test_a_device_that_logs_in_again_is_known_again(place: Premises) -> None:
    await place.parts.people.set_password("default", "hanako", PASSWORD)
    here = await session(place.parts, "default", "hanako", place.now[0])
    await service(place, here).end_other_sessions()
    place.now[0] += 5
    entered = await service(place).login("hanako", PASSWORD, peer="192.0.2.7", device="", language="ja")
    assert entered is not None
    for guess in range(10):
        await service(place).login("hanako", "wrong", peer=f"198.51.100.{guess}", device="", language="ja")
    assert await service(place).login(
        "hanako", PASSWORD, peer="203.0.113.1", device=entered.device, language="ja"
    )
