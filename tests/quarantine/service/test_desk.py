"""The desk: who may open what, and what the journal says of it."""

import msgspec
import pytest

from quarantine.item import NotAllowed
from quarantine.rights import Actor, person
from quarantine.service.desk import Desk, ReasonNeeded
from quarantine.store import Missing, Query
from tests.console.premises import PEOPLE, SECRET, Premises

WHO = {account.login: person(account) for account in PEOPLE}


@pytest.fixture
def desk(full: Premises) -> Desk:
    return full.parts.desk


async def looks(full: Premises, item_id: str) -> list[tuple[str, str, str]]:
    entries = await full.store.entries("default", item=item_id)
    return [
        (e.event, e.actor, str(e.detail.get("reason", "")))
        for e in entries
        if e.event in ("look", "passphrase_shown")
    ]


async def test_a_sender_opens_their_own_mail_and_nobody_writes_that_down(full: Premises, desk: Desk) -> None:
    found = await desk.open("stopped", WHO["hanako"])
    assert found is not None
    assert found.raw.startswith(b"From: Hanako")
    assert await looks(full, "stopped") == []


async def test_an_administrator_says_why_and_it_is_written_down_first(full: Premises, desk: Desk) -> None:
    with pytest.raises(ReasonNeeded):
        await desk.open("stopped", WHO["kanri"])
    assert await looks(full, "stopped") == []
    assert await desk.open("stopped", WHO["kanri"], "phone call of the sender") is not None
    assert await looks(full, "stopped") == [("look", "kanri", "phone call of the sender")]


@pytest.mark.parametrize("login", ["unyo", "kansa", "other", "gone", "nobody"])
async def test_who_may_not_look_gets_nothing_and_leaves_no_trace(
    full: Premises, desk: Desk, login: str
) -> None:
    actor = WHO.get(login, Actor(login, tenant="default"))
    for verb in (desk.open, desk.read, desk.passphrase):
        with pytest.raises(NotAllowed):
            await verb("stopped", actor)
    assert await looks(full, "stopped") == []


async def test_rights_are_those_of_now(full: Premises, desk: Desk) -> None:
    people = full.parts.people
    account = await people.account("default", "kanri")
    assert account is not None
    await people.save(msgspec.structs.replace(account, disabled=True), full.now[0])
    with pytest.raises(NotAllowed):
        await desk.open("stopped", WHO["kanri"], "why not")


async def test_a_mail_that_is_not_there(desk: Desk) -> None:
    with pytest.raises(Missing):
        await desk.open("nothing", WHO["hanako"])
    with pytest.raises(NotAllowed):
        await desk.open_reported("nothing", WHO["kanri"])


async def test_what_is_no_longer_kept_is_none_and_the_look_is_on_record(full: Premises, desk: Desk) -> None:
    kept = await full.store.get("stopped", "default")
    await full.blobs.delete(kept.blob)
    assert await desk.open("stopped", WHO["kanri"], "a question") is None
    assert await looks(full, "stopped") == [("look", "kanri", "a question")]


async def test_the_passphrase_is_shown_to_its_sender_on_record(full: Premises, desk: Desk) -> None:
    found = [i for i in await full.store.find(Query(tenant="default")) if i.secret]
    assert found, "the furniture has a mail with a passphrase"
    item = found[0]
    assert await desk.passphrase(item.id, WHO[item.owner]) == SECRET
    assert (await looks(full, item.id))[0][:2] == ("passphrase_shown", item.owner)
    with pytest.raises(LookupError):
        await desk.passphrase("stopped", WHO["hanako"])
