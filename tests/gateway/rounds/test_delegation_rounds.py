"""Both hear who acts for whom, once, when it is made and when it is ended; a deputy hears what waits for the other's word."""

from pathlib import Path

import msgspec

from directory.account import Account
from directory.delegations import Action
from gateway.notices import Notices
from gateway.rounds.delegation_rounds import DelegationRounds
from quarantine.item import Event
from quarantine.letters.letter import Post
from quarantine.rights import Actor
from quarantine.service.deputies import Deputies
from tests.gateway.rounds.test_quarantine_rounds import DAY, Desk, keep
from tests.gateway.rounds.test_wait_rounds import CHIEF, MONDAY, hears, leaving, office, rounds

CHIEFS = Actor("chief", tenant="default")
JIRO = Account("jiro", {"ja": "次郎"}, ("jiro@example.co.jp",), language="en")


def keeper(here: Desk) -> DelegationRounds:
    url = "https://console.example"
    notices = Notices(here.store, here.people, Post(here.settings, here.store.blobs.put), here.settings, url)
    return DelegationRounds(here.settings, here.store, here.people, notices, here.clock, url)


async def give(here: Desk, place: str, delegate: str, *actions: Action, actor: Actor = CHIEFS) -> str:
    made = await Deputies(here.store, here.clock).delegate(
        actor, place, delegate, actions, starts_at=MONDAY, ends_at=MONDAY + 3 * DAY, reason="出張"
    )
    return made.id


async def test_both_are_told_when_it_is_made_and_when_it_is_ended(tmp_path: Path) -> None:
    async with office(tmp_path) as here:
        await here.people.save(JIRO, MONDAY)
        id = await give(here, "chief", "jiro", Action.APPROVE)
        told = await hears(here, keeper(here), MONDAY + 1)  # type: ignore[arg-type]
        assert set(told) == {"jiro", "chief"}
        assert "You act for 社長" in told["jiro"]
        assert "until 3 Dec 2026, 09:59" in told["jiro"]
        assert "【代理】社長の代理：次郎" in told["chief"]
        assert "https://console.example/delegations" in told["chief"]
        assert await hears(here, keeper(here), MONDAY + 9) == {}  # type: ignore[arg-type]
        await Deputies(here.store, here.clock).end(CHIEFS, id)
        told = await hears(here, keeper(here), MONDAY + 20)  # type: ignore[arg-type]
        assert set(told) == {"jiro", "chief"}
        assert "no longer" in told["jiro"]


async def test_of_a_shared_mailbox_its_users_are_told(tmp_path: Path) -> None:
    async with office(tmp_path) as here:
        await here.people.save(msgspec.structs.replace(CHIEF, send_as=("info@example.co.jp",)), MONDAY)
        await give(here, "info@example.co.jp", "taro", Action.SEND, actor=Actor("admin", tenant="default"))
        told = await hears(here, keeper(here), MONDAY + 1)  # type: ignore[arg-type]
        assert set(told) == {"taro", "chief"}
        assert "info@example.co.jp" in told["taro"]


async def test_a_deputy_is_asked_too_while_it_lasts_and_never_the_sender(tmp_path: Path) -> None:
    async with office(tmp_path) as here:
        await here.people.save(JIRO, MONDAY)
        await give(here, "chief", "jiro", Action.APPROVE)
        await give(here, "chief", "taro", Action.APPROVE)
        one = await keep(here, leaving(approvals=("president",)))
        told = await hears(here, rounds(here), MONDAY + 1)
        assert set(told) == {"chief", "jiro"}, "taro sent it"
        assert "On behalf of: 社長" in told["jiro"]
        await here.store.change(one.id, Event.RECALL, Actor("taro", tenant="default"), MONDAY + 2)
        late = leaving(approvals=("president",), accepted_at=MONDAY + 4 * DAY)
        here.clock.now = MONDAY + 4 * DAY
        await keep(here, late)
        assert "jiro" not in await hears(here, rounds(here), MONDAY + 4 * DAY + 1)
