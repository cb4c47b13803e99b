"""The figures of a month reach those who answer for the policy, once, in their language."""

from datetime import datetime
from pathlib import Path

import pytest

from directory.account import Account, Role
from gateway.notices import Notices
from gateway.rounds.review_rounds import ReviewRounds
from quarantine.item import Entry
from quarantine.letters.letter import Post
from quarantine.store import Query
from storage.interfaces import StoreError
from tests.gateway.rounds.test_quarantine_rounds import Desk
from tests.gateway.rounds.test_wait_rounds import office
from tests.gateway.test_unlock import message_of, text_of
from tests.services.node import policy_of

NOVEMBER = datetime.fromisoformat("2026-11-20T12:00:00+09:00").timestamp()
NEXT = datetime.fromisoformat("2026-12-01T05:59:00+09:00").timestamp()


def rounds(here: Desk) -> ReviewRounds:
    notices = Notices(here.store, here.people, Post(here.settings, here.store.blobs.put), here.settings, "")
    policy = policy_of()
    return ReviewRounds(here.settings, here.store, here.people, notices, lambda tenant: policy, here.clock)


async def heard(here: Desk, keeper: ReviewRounds, at: float) -> dict[str, str]:
    here.clock.now = at
    before = {i.id for i in await here.store.find(Query("default", direction="notice"))}
    await keeper.look()
    found = {}
    for one in await here.store.find(Query("default", direction="notice")):
        if one.id not in before:
            content = bytes(await here.store.blobs.get(one.blob))
            found[one.owner] = f"{message_of(content)['Subject']}\n{text_of(content)}"
    return found


async def passed(here: Desk, at: float) -> None:
    await here.store.record(Entry(at, "pass", "test", "", "m1", "default", {}))


async def test_once_on_the_first_morning_of_a_month(tmp_path: Path) -> None:
    async with office(tmp_path) as here:
        await here.people.save(
            Account("kansa", language="en", addresses=("kansa@corp.example",), roles=(Role.AUDITOR,)), 1.0
        )
        await here.people.save(
            Account("shacho", language="ja", addresses=("shacho@corp.example",), roles=(Role.PRESIDENT,)), 1.0
        )
        await passed(here, NOVEMBER)
        keeper = rounds(here)
        assert await heard(here, keeper, NEXT) == {}, "of October there is nothing to tell"
        told = await heard(here, keeper, NEXT + 120)
        assert set(told) == {"admin", "chief", "kansa", "shacho"}
        assert "Nov 2026" in told["kansa"]
        assert "passed at once" in told["kansa"]
        assert "2026年11月" in told["shacho"]
        assert "sekisho report --csv --month 2026-11" in told["admin"]
        assert await heard(here, keeper, NEXT + 7200) == {}
        assert await heard(here, rounds(here), NEXT + 9000) == {}, "once, also after a new start"
        await passed(here, NEXT + 9000)
        assert set(await heard(here, keeper, NEXT + 31 * 86_400 + 120)) == {
            "admin",
            "chief",
            "kansa",
            "shacho",
        }


async def test_nobody_is_written_to_where_nobody_wants_such_letters(tmp_path: Path) -> None:
    async with office(tmp_path, notices={"monthly": False}) as here:
        await passed(here, NOVEMBER)
        assert await heard(here, rounds(here), NEXT + 120) == {}


async def test_a_store_that_was_away_is_no_letter_that_was_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def away(*_: object) -> int:
        raise StoreError("away")

    async with office(tmp_path) as here:
        await passed(here, NOVEMBER)
        keeper = rounds(here)
        with monkeypatch.context() as broken:
            broken.setattr(Notices, "send", away)
            with pytest.raises(StoreError):
                await heard(here, keeper, NEXT + 120)
        assert set(await heard(here, keeper, NEXT + 2000)) == {"admin", "chief"}
