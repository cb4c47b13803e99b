"""Every verb of the service across the border between two organisations (OPS-TENANT): each works inside and shows one's own;
with what is another's it is refused or answers nothing, says nothing of theirs, and changes nothing there."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import pytest

from config.policy import Policy
from directory.account import Account, Role
from directory.delegations import Action
from filters.examined import ShownFile
from quarantine.item import Event, Item, NotAllowed
from quarantine.rights import Voice
from quarantine.rights import verbs as rights
from quarantine.service.service import Service, of
from quarantine.store import Missing, Query
from storage.interfaces import Draft
from tests.console.premises import NOW, Premises, premises, session
from tests.console.test_tenants import PASSPHRASE, WORDS, Ids, furnish, rows_of
from tests.quarantine.service.test_service import verbs

Call = Callable[[Service, Ids], Awaitable[Any]]
TIMED, ASKED, LOOK, DOUBTFUL, LOCKED = range(5)
"""Places in Ids.items."""
HEAD = Voice("department_head")


class Row(NamedTuple):
    """Who uses it and how; `names`: something of a tenant's; `shows`: its answer has that tenant's word in it."""

    who: str
    call: Call
    names: bool = False
    shows: bool = False


def of_all(who: str, call: Call, *, shows: bool = True) -> Row:
    return Row(who, call, shows=shows)


def on_one(who: str, call: Call, *, shows: bool = False) -> Row:
    return Row(who, call, True, shows)


ROWS: dict[str, Row] = {
    "who": of_all("hanako", lambda s, i: s.who(), shows=False),
    "organisation": of_all("hanako", lambda s, i: s.organisation()),
    "my_mail": of_all("hanako", lambda s, i: s.my_mail()),
    "my_recent": of_all("hanako", lambda s, i: s.my_recent(), shows=False),
    "approvals": of_all("taro", lambda s, i: s.approvals()),
    "badges": of_all("hanako", lambda s, i: s.badges(), shows=False),
    "home": of_all("kanri", lambda s, i: s.home(), shows=False),
    "mail": on_one("hanako", lambda s, i: s.mail(i.items[TIMED]), shows=True),
    "history": on_one("hanako", lambda s, i: s.history(i.items[TIMED]), shows=True),
    "open": on_one("kanri", lambda s, i: s.open(i.items[TIMED], "because"), shows=True),
    "passphrase": on_one("hanako", lambda s, i: s.passphrase(i.items[TIMED])),
    "entrusted": of_all("kansa", lambda s, i: s.entrusted(), shows=False),
    "delegations": of_all("shacho", lambda s, i: s.delegations()),
    "delegate": of_all("shacho", lambda s, i: s.delegate(
        "taro", (Action.SEND,), place="shacho", starts_at=NOW, ends_at=NOW + 9e5, reason="r"), shows=False),
    "undelegate": on_one("shacho", lambda s, i: s.undelegate(i.delegations[0])),
    "grounds": on_one("taro", lambda s, i: s.grounds(i.items[ASKED])),
    "open_reason": on_one("taro", lambda s, i: s.open_reason(i.items[ASKED], "x")),
    "file_text": on_one("kanri", lambda s, i: s.file_text(i.items[TIMED], 0, "because"), shows=True),
    "excludable": on_one("hanako", lambda s, i: s.excludable(i.items[ASKED])),
    "exclude": on_one("hanako", lambda s, i: s.exclude(i.items[ASKED], "jiro", "because")),
    "decisions": of_all("kanri", lambda s, i: s.decisions(30), shows=False),
    "self_review": on_one("hanako", lambda s, i: s.self_review(i.items[LOOK]), shows=True),
    "open_file": on_one("hanako", lambda s, i: s.open_file(i.items[LOOK], 0), shows=True),
    "confirm": on_one("hanako", lambda s, i: s.confirm(i.items[LOOK], ())),
    "change": on_one("taro", lambda s, i: s.change(i.items[ASKED], Event.DENY, voice=HEAD, comment="no")),
    "held": of_all("hanako", lambda s, i: s.held()),
    "held_mail": on_one("hanako", lambda s, i: s.held_mail(i.items[LOCKED]), shows=True),
    "read": on_one("hanako", lambda s, i: s.read(i.items[LOCKED]), shows=True),
    "ask": on_one("hanako", lambda s, i: s.ask(i.items[LOCKED], "please")),
    "unlock": on_one("hanako", lambda s, i: s.unlock(i.items[LOCKED], "x")),
    "digest": on_one("hanako", lambda s, i: s.digest(i.token), shows=True),
    "arrivals": of_all("hanako", lambda s, i: s.arrivals()),
    "arrived": on_one("hanako", lambda s, i: s.arrived(i.mails[1]), shows=True),
    "report": on_one("hanako", lambda s, i: s.report(i.mails[1], "odd")),
    "withdraw_report": on_one("hanako", lambda s, i: s.withdraw_report(i.mails[1])),
    "trust": on_one("hanako", lambda s, i: s.trust(i.mails[1], "domain", 30)),
    "distrust": on_one("hanako", lambda s, i: s.distrust(i.listings[1])),
    "quarantine": of_all("kanri", lambda s, i: s.quarantine("any", "", "")),
    "legal_holds": of_all("kansa", lambda s, i: s.legal_holds()),
    "add_legal_hold": of_all(
        "kansa", lambda s, i: s.add_legal_hold(["hanako", i.mails[0]], reason="case", until=None), shows=False),
    "end_legal_hold": on_one("kansa", lambda s, i: s.end_legal_hold(i.holds[0])),
    "reports": of_all("kanri", lambda s, i: s.reports()),
    "wave": on_one("kanri", lambda s, i: s.wave(i.reports[0]), shows=True),
    "open_reported": on_one("kanri", lambda s, i: s.open_reported(i.reports[0])),
    "close_reports": on_one("kanri", lambda s, i: s.close_reports(i.reports[0], "spam", alert=True)),
    "retry": of_all("unyo", lambda s, i: s.retry("relay.example:25"), shows=False),
    "trace": of_all("kansa", lambda s, i: s.trace("")),
    "timeline": on_one("kansa", lambda s, i: s.timeline(i.mails[0]), shows=True),
    "listings": of_all("kanri", lambda s, i: s.listings()),
    "enlist": of_all(
        "kanri", lambda s, i: s.enlist("block", "domain", "client.example", reason="r", days=30, alert=True), shows=False),
    "delist": on_one("kanri", lambda s, i: s.delist(i.listings[0])),
    "agreements": of_all("kanri", lambda s, i: s.agreements()),
    "agree": of_all("kanri", lambda s, i: s.agree(
        "partner.example", "kumquat-Ridge-48-lantern", note="n", valid_until=None), shows=False),
    "disagree": on_one("kanri", lambda s, i: s.disagree(i.partners[0])),
    "accounts": of_all("kanri", lambda s, i: s.accounts()),
    "directory": of_all("kanri", lambda s, i: s.directory(), shows=False),
    "exceptions": of_all("kanri", lambda s, i: s.exceptions()),
    "policy_figures": of_all("kanri", lambda s, i: s.policy_figures(365)),
    "policy_versions": of_all("kanri", lambda s, i: s.policy_versions()),
    "policy_version": of_all("kanri", lambda s, i: s.policy_version(2)),
    "devices": of_all("hanako", lambda s, i: s.devices()),
    "make_device": of_all("hanako", lambda s, i: s.make_device("laptop"), shows=False),
    "revoke_device": on_one("kanri", lambda s, i: s.revoke_device(i.devices[0])),
    "all_devices": of_all("kanri", lambda s, i: s.all_devices()),
    "second_factors": of_all("kanri", lambda s, i: s.second_factors(), shows=False),
    "invite": of_all("kanri", lambda s, i: s.invite("hanako"), shows=False),
    "reset_factor": of_all("kanri", lambda s, i: s.reset_factor("hanako"), shows=False),
}  # fmt: skip
DOOR = {
    "login": "test_service.py and test_entrance.py: whose a login is, is found by it",
    "logout": "of one's own session",
    "redeem": "test_tenants.py: a code is one tenant's",
    "set_password": "of one's own account",
    "prove": "as set_password",
    "whereabouts": "as set_password",
    "end_session": "as set_password; of another's session: test_whereabouts.py",
    "end_other_sessions": "as set_password",
    "second": "as set_password; test_factors.py",
    "second_factor": "as second",
    "begin_factor": "as second",
    "pending_factor": "as second",
    "enrol_factor": "as second",
    "recovery_codes": "as second",
    "remove_factor": "as second",
}
"""Verbs that name nobody's but one's own, by where that is shown."""
OWN = {"make_device", "delegate"}
"""Verbs by which everybody makes something of their own."""
HOUSE: dict[str, Call] = {
    "organisations": lambda s, i: s.organisations(),
    "suspend": lambda s, i: s.suspend("acme", "unpaid"),
    "resume": lambda s, i: s.resume("acme", "paid"),
}
"""Verbs of the house's operator, who reaches over the border, to numbers alone."""


def test_every_verb_has_a_row() -> None:
    assert {*ROWS, *DOOR, *HOUSE} == verbs()
    assert len(ROWS) + len(DOOR) + len(HOUSE) == len(verbs())


async def _shown(draft: Draft, number: int) -> ShownFile | None:
    """What a locked process would say of the file: the mail itself."""
    return ShownFile("x", texts=(("", bytes(draft.view()).decode("utf-8", "replace")),))


async def _wrong(item: Item, typed: str, actor: object) -> str:
    return "wrong"


async def _leave_out(place: Premises) -> None:
    """The policies let senders leave a head of department out, and there is another one."""
    before = place.parts.policy

    def policy(tenant: str) -> Policy:
        found = before(tenant)
        organisation = msgspec.structs.replace(found.organisation, may_exclude=("department_head",))
        return msgspec.structs.replace(found, organisation=organisation)

    place.parts.policy = policy
    for tenant in WORDS:
        taro = await place.parts.people.account(tenant, "taro")
        assert taro is not None
        second = msgspec.structs.replace(
            taro, login="jiro", addresses=(f"jiro@{tenant}.example",), send_as=()
        )
        await place.parts.people.save(second, place.now[0])


async def _ask(place: Premises, tenant: str, row: Row, ids: Ids) -> Any:
    token = await session(place.parts, tenant, row.who, place.now[0])
    return await row.call(of(place.parts)(token), ids)


@pytest.mark.parametrize(("mine", "other"), [("default", "acme"), ("acme", "default")])
async def test_the_border(tmp_path: Path, mine: str, other: str) -> None:
    async with premises(tmp_path) as place:
        place.parts.show, place.parts.unlock = _shown, _wrong
        ids = {tenant: await furnish(place, tenant) for tenant in WORDS}
        await _leave_out(place)
        before = await rows_of(place, other)
        for name, row in ROWS.items():
            if row.names:
                try:
                    answer = await _ask(place, mine, row, ids[other])
                except NotAllowed:
                    continue
                assert not answer, f"{name}: of what is another's"
        assert await rows_of(place, other) == before
        silent = set()
        for name, row in ROWS.items():
            told = msgspec.msgpack.encode(await _ask(place, mine, row, ids[mine])).lower()
            assert WORDS[other].encode() not in told, name
            assert PASSPHRASE[other].lower().encode() not in told, name
            silent |= {name} if row.shows and WORDS[mine].encode() not in told else set()
        assert silent == set(), "each shows something, or nothing was tested"
        assert await rows_of(place, other) == before


async def _keeper(place: Premises, tenant: str) -> Service:
    """Somebody with the role of the house's operator, in this tenant."""
    place.parts.organisations = ("default", "acme")
    ban = Account(
        "ban", {"ja": "番"}, (f"ban@{tenant}.example",), roles=(Role.HOUSE_OPERATOR,), tenant=tenant
    )
    await place.parts.people.save(ban, place.now[0])
    return of(place.parts)(await session(place.parts, tenant, "ban", place.now[0]))


async def test_the_houses_operator_is_shown_nothing_of_any_mail(tmp_path: Path) -> None:
    """Every verb there is, on everything of both: 0 that show anything of a mail, 0 that change anything."""
    async with premises(tmp_path) as place:
        place.parts.show, place.parts.unlock = _shown, _wrong
        ids = {tenant: await furnish(place, tenant) for tenant in WORDS}
        keeper = await _keeper(place, "default")
        before = {tenant: await rows_of(place, tenant) for tenant in WORDS}
        shown, refused = set(), 0
        for name, row in ROWS.items():
            if name in OWN:
                continue
            for whose in WORDS:
                try:
                    told = msgspec.msgpack.encode(await row.call(keeper, ids[whose])).lower()
                except NotAllowed:
                    refused += 1
                    continue
                secrets = (*WORDS.values(), *(p.lower() for p in PASSPHRASE.values()))
                shown |= {name for secret in secrets if secret.encode() in told}
        assert shown == {"organisation"}, "the name of the one that they belong to, and no more"
        assert refused > 70
        account = await place.parts.people.account("default", "ban")
        assert account is not None
        for tenant in WORDS:
            items = await place.store.find(Query(tenant))
            assert items
            assert not any(rights(account, item) for item in items)
        assert {tenant: await rows_of(place, tenant) for tenant in WORDS} == before
        for call in HOUSE.values():
            told = msgspec.msgpack.encode(await call(keeper, ids["acme"])).lower()
            assert not any(word.encode() in told for word in (*WORDS.values(), "@", "件名"))
        numbers = {each.volumes.tenant: each.volumes.held for each in await keeper.organisations()}
        assert set(numbers) == {"default", "acme"}
        assert min(numbers.values()) > 0


async def test_the_role_is_the_houses_and_reaches_not_its_own_house(tmp_path: Path) -> None:
    async with premises(tmp_path) as place:
        keeper, theirs = await _keeper(place, "default"), await _keeper(place, "acme")
        ids = await furnish(place, "acme")
        for call in HOUSE.values():
            with pytest.raises(NotAllowed):
                await call(theirs, ids)
        for name in ("default", "nobody", "", "*", "acme' OR 1=1", "a" * 5000):
            for act in (keeper.suspend, keeper.resume):
                with pytest.raises(Missing):
                    await act(name, "unpaid")
        for act in (keeper.suspend, keeper.resume):
            with pytest.raises(ValueError, match="reason_needed"):
                await act("acme", " ")
        assert [await keeper.suspend("acme", "unpaid"), await keeper.suspend("acme", "again")] == [
            True,
            False,
        ]
        assert [await keeper.resume("acme", "paid"), await keeper.resume("acme", "again")] == [True, False]
        acts = [e for e in await place.store.entries("acme") if e.event.startswith("tenant_")]
        assert [(e.event, e.actor, e.detail["reason"]) for e in acts] == [
            ("tenant_suspended", "default/ban", "unpaid"), ("tenant_resumed", "default/ban", "paid"),
        ]  # fmt: skip
