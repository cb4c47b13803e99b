"""Sessions are rows: they end when they should, and a stolen database opens none."""

from pathlib import Path

from directory.sessions import CODE_LIFE, IDLE, LIFE
from tests.console.premises import NOW, Premises


async def test_a_cookie_finds_its_session_until_it_is_idle_or_old(place: Premises) -> None:
    sessions = place.parts.sessions
    cookie = await sessions.start("default", "hanako", "192.0.2.1", NOW)
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
    cookie = await place.parts.sessions.start("default", "hanako", "192.0.2.1", NOW)
    code = await place.parts.sessions.issue_code("default", "hanako", NOW)
    data = b"".join(p.read_bytes() for p in tmp_path.glob("console.db*"))
    assert cookie.encode() not in data
    assert code.replace("-", "").encode() not in data


async def test_a_code_works_once_in_time_and_the_last_one_only(place: Premises) -> None:
    sessions = place.parts.sessions
    first = await sessions.issue_code("default", "hanako", NOW)
    second = await sessions.issue_code("default", "hanako", NOW)
    assert await sessions.redeem(first, NOW) is None
    assert await sessions.redeem(second.upper().replace("-", " "), NOW) == ("default", "hanako")
    assert await sessions.redeem(second, NOW) is None
    third = await sessions.issue_code("default", "hanako", NOW)
    assert await sessions.redeem(third, NOW + CODE_LIFE) is None


async def test_ending_and_sweeping(place: Premises) -> None:
    sessions = place.parts.sessions
    cookies = [await sessions.start("default", "hanako", "192.0.2.1", NOW) for _ in range(3)]
    await sessions.end(cookies[0])
    assert await sessions.find(cookies[0], NOW) is None
    assert await sessions.find(cookies[1], NOW) is not None
    await sessions.end_all("default", "hanako")
    assert await sessions.find(cookies[1], NOW) is None
    await sessions.start("default", "taro", "192.0.2.1", NOW)
    await sessions.sweep(NOW + IDLE)
    rows = await place.store.database.read(lambda t: t.execute("SELECT COUNT(*) AS n FROM console_sessions"))
    assert rows[0]["n"] == 0
