"""Delegations as people make them: of their own place everybody, of others' an administrator, and never by one's own hand."""

import pytest

from directory.delegations import Action
from quarantine.item import Event, NotAllowed, State
from quarantine.rights import Voice
from quarantine.service.service import of
from tests.console.premises import Premises, item, mail, session

DAY = 86_400.0
WHEN = {"reason": "出張", "starts_at": 1_780_000_000.0, "ends_at": 1_780_000_000.0 + 3 * DAY}


async def service(place: Premises, login: str) -> object:
    return of(place.parts)(await session(place.parts, "default", login, place.now[0]))


async def test_a_deputy_decides_and_the_journal_says_for_whom(full: Premises) -> None:
    taro, unyo = await service(full, "taro"), await service(full, "unyo")
    with pytest.raises(NotAllowed):
        await unyo.change("approval", Event.DENY, voice=Voice("department_head", "taro"), comment="no")
    await taro.delegate("unyo", (Action.APPROVE,), **WHEN)
    assert [i.id for i in (await unyo.approvals()).items] == ["approval"]
    assert (await unyo.badges()).asked == (await unyo.home()).approvals == 1
    shown = await unyo.mail("approval")
    assert shown.asked == (Voice("department_head", "taro"),)
    assert shown.names["taro"]["ja"] == "佐藤 太郎"
    await unyo.change("approval", Event.APPROVE, voice=shown.asked[0], bound=shown.item.bound)
    (entry,) = await full.store.entries("default", event="approve")
    assert (entry.actor, entry.detail["for"], entry.detail["role"]) == ("unyo", "taro", "department_head")


async def test_a_deputy_who_is_the_sender_decides_nothing(full: Premises) -> None:
    taro, hanako = await service(full, "taro"), await service(full, "hanako")
    await taro.delegate("hanako", (Action.APPROVE,), **WHEN)
    shown = await hanako.mail("approval")
    assert shown.asked == ()
    for voice in (Voice("department_head", "taro"), Voice("department_head")):
        with pytest.raises(NotAllowed):
            await hanako.change("approval", Event.APPROVE, voice=voice, bound=shown.item.bound)
    assert (await hanako.approvals()).items == ()


async def test_it_ends_by_itself(full: Premises) -> None:
    taro, unyo = await service(full, "taro"), await service(full, "unyo")
    await taro.delegate("unyo", (Action.APPROVE,), **WHEN)
    full.now[0] += 3 * DAY
    unyo = await service(full, "unyo")
    assert (await unyo.approvals()).items == ()
    with pytest.raises(NotAllowed):
        await unyo.change("approval", Event.DENY, voice=Voice("department_head", "taro"), comment="no")


async def test_mail_of_a_shared_mailbox_is_looked_after(full: Premises) -> None:
    kanri, taro = await service(full, "kanri"), await service(full, "taro")
    people = full.parts.people
    hanako = await people.account("default", "hanako")
    await people.save(type(hanako)(**{**{f: getattr(hanako, f) for f in hanako.__struct_fields__},
                                      "send_as": ("info@example.co.jp",)}), 2.0)  # fmt: skip
    await full.keep(item("shared", mail("a", "b"), reverse_path="info@example.co.jp", delay=305))
    assert (await taro.entrusted()).items == ()
    await kanri.delegate("taro", (Action.SEND,), place="info@example.co.jp", **WHEN)
    assert [i.id for i in (await taro.entrusted()).items] == ["shared"]
    with pytest.raises(NotAllowed):
        await taro.open("shared")
    await taro.change("shared", Event.RECALL)
    assert (await full.store.get("shared", "default")).state is State.WITHDRAWN
    (entry,) = await full.store.entries("default", item="shared", event="recall")
    assert entry.actor == "taro"
    with pytest.raises(NotAllowed):
        await taro.change("timed", Event.RECALL)


async def test_who_reads_for_another_is_on_record(full: Premises) -> None:
    hanako, unyo = await service(full, "hanako"), await service(full, "unyo")
    await hanako.delegate("unyo", (Action.READ,), **WHEN)
    assert await unyo.open("timed") is not None
    (entry,) = await full.store.entries("default", event="look")
    assert entry.actor == "unyo"
    with pytest.raises(NotAllowed):
        await unyo.change("timed", Event.RECALL)


async def test_only_administrators_make_and_end_others(full: Premises) -> None:
    taro, kanri, hanako = [await service(full, login) for login in ("taro", "kanri", "hanako")]
    with pytest.raises(NotAllowed):
        await hanako.delegate("unyo", (Action.APPROVE,), place="taro", **WHEN)
    with pytest.raises(ValueError, match="delegation_own_hand"):
        await kanri.delegate("kanri", (Action.APPROVE,), place="shacho", **WHEN)
    await kanri.delegate("unyo", (Action.APPROVE,), place="taro", **WHEN)
    (row,) = (await taro.delegations()).rows
    assert (row.made_by, (await kanri.delegations()).all, (await hanako.delegations()).rows) == (
        "kanri",
        True,
        (),
    )
    with pytest.raises(NotAllowed):
        await hanako.undelegate(row.id)
    assert await taro.undelegate(row.id)
    assert not await taro.undelegate(row.id)
    made, ended = [e for e in await full.store.entries("default") if e.event.startswith("delegat")]
    assert (made.actor, made.detail["place"], made.detail["reason"]) == ("kanri", "taro", "出張")
    assert (ended.event, ended.actor) == ("delegation_ended", "taro")
