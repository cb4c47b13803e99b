"""Sessions are rows: they end when they should, and a stolen database opens none."""

from pathlib import Path

from directory.sessions import CODE_LIFE, IDLE, LIFE, end_all
from tests.console.premises import NOW, Premises, redeemed, session


async def test_a_cookie_finds_its_session_until_it_is_idle_or_old(place: Premises) -> None:
    sessions = place.parts.sessions
    cookie = await session(place.parts, "default", "hanako", NOW)
    found = await sessions.find(cookie, NOW)
    assert found is not None
    assert (found.login, found.once) == ("hanako", False)
    assert await sessions.find(cookie + "x", NOW) is None
    assert await sessions.find("", NOW) is None
    assert await sessions.find(cookie, NOW + IDLE) is None
    at = NOW
    while at < NOW + LIFE - IDLE:
        at += IDLE - 60
        assert await sessions.find(cookie, at) is not None, "it is in use"
    assert await sessions.find(cookie, NOW + LIFE) is None


async def test_the_database_holds_neither_cookie_nor_code(place: Premises, tmp_path: Path) -> None:
    cookie = await session(place.parts, "default", "hanako", NOW)
    code = await place.parts.sessions.issue_code("default", "hanako", NOW)
    data = b"".join(p.read_bytes() for p in tmp_path.glob("console.db*"))
    assert cookie.encode() not in data
    assert code.replace("-", "").encode() not in data


async def test_a_code_works_once_in_time_and_the_last_one_only(place: Premises) -> None:
    sessions = place.parts.sessions
    first = await sessions.issue_code("default", "hanako", NOW)
    second = await sessions.issue_code("default", "hanako", NOW)
    assert await redeemed(place.parts, first, NOW) is None
    assert await redeemed(place.parts, second.upper().replace("-", " "), NOW) == ("default", "hanako")
    assert await redeemed(place.parts, second, NOW) is None
    third = await sessions.issue_code("default", "hanako", NOW)
    assert await redeemed(place.parts, third, NOW + CODE_LIFE) is None


async def test_ending_and_sweeping(place: Premises) -> None:
    sessions = place.parts.sessions
    cookies = [await session(place.parts, "default", "hanako", NOW) for _ in range(3)]
    await sessions.end(cookies[0])
    assert await sessions.find(cookies[0], NOW) is None
    assert await sessions.find(cookies[1], NOW) is not None
    await place.store.database.write(lambda t: end_all(t, "default", "hanako"))
    assert await sessions.find(cookies[1], NOW) is None
    await session(place.parts, "default", "taro", NOW)
    await sessions.sweep(NOW + IDLE)
    rows = await place.store.database.read(lambda t: t.execute("SELECT COUNT(*) AS n FROM console_sessions"))
    assert rows[0]["n"] == 0
