"""Owners and administrators hear of the end of an exception, each once, in their language."""

import datetime
from pathlib import Path

import pytest

from config.cases import PolicyException, When
from gateway.notices import Notices
from gateway.rounds import exception_rounds
from gateway.rounds.exception_rounds import ExceptionRounds
from quarantine.letters.letter import Post
from quarantine.policies.counts import Counts
from quarantine.policies.exceptions import seen
from quarantine.store import Query
from tests.gateway.rounds.test_quarantine_rounds import Desk
from tests.gateway.rounds.test_wait_rounds import DAY, MONDAY, office
from tests.gateway.test_unlock import message_of, text_of
from tests.services.node import policy_of

EXCEPTIONS = tuple(
    PolicyException("many_external", When(to="group"), owner, "r", "chief", datetime.date(2026, 12, day), name=f"until {day}")
    for owner, day in (("Taro", 6), ("hanako", 8), ("taro", 31))
)  # fmt: skip


def rounds(here: Desk) -> ExceptionRounds:
    url = "https://console.example"
    notices = Notices(here.store, here.people, Post(here.settings, here.store.blobs.put), here.settings, url)
    policy = policy_of(exceptions=EXCEPTIONS)
    counts = Counts(here.store.database)
    return ExceptionRounds(
        here.settings, here.store, here.people, notices, lambda tenant: policy, counts, here.clock, url
    )


async def heard(here: Desk, keeper: ExceptionRounds, at: float) -> dict[str, str]:
    """Who gets which letter in a round at this moment, by login."""
    here.clock.now = at
    before = {i.id for i in await here.store.find(Query("default", direction="notice"))}
    await keeper.look()
    found = {}
    for one in await here.store.find(Query("default", direction="notice")):
        if one.id not in before:
            content = bytes(await here.store.blobs.get(one.blob))
            assert one.owner not in found, "one letter to each"
            found[one.owner] = f"{message_of(content)['Subject']}\n{text_of(content)}"
    return found


async def test_each_hears_of_the_end_when_it_is_near_and_when_it_was(tmp_path: Path) -> None:
    async with office(tmp_path) as here:
        keeper = rounds(here)
        near = await heard(here, keeper, MONDAY)
        assert set(near) == {"taro", "admin"}
        assert "until 6" in near["taro"]
        assert "until 8" not in near["admin"]
        assert "console.example/exceptions" in near["admin"]
        assert "console.example" not in near["taro"]
        assert await heard(here, rounds(here), MONDAY + 60) == {}, "once, also after a new start"
        assert set(await heard(here, keeper, MONDAY + DAY)) == {"hanako", "admin"}
        over = await heard(here, keeper, MONDAY + 9 * DAY)
        assert set(over) == {"taro", "hanako", "admin"}
        assert "期限切れ" in over["taro"]
        assert over["admin"].count("期限切れ") == 2, "one letter about both"
        assert await heard(here, keeper, MONDAY + 20 * DAY) == {}


async def test_nobody_is_written_to_where_nobody_wants_such_letters(tmp_path: Path) -> None:
    async with office(tmp_path, notices={"waits": False}) as here:
        assert await heard(here, rounds(here), MONDAY) == {}


async def test_what_another_node_told_is_not_told_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with office(tmp_path) as here:
        first, second = rounds(here), rounds(here)
        every = seen(policy_of(exceptions=EXCEPTIONS), datetime.date(2026, 11, 30))
        news = await exception_rounds.untold(here.store.database, "default", every)
        await first.look()

        async def stale(*_: object) -> object:
            return news

        monkeypatch.setattr(exception_rounds, "untold", stale)
        assert await second.look() == 0
