"""Every verb, for everybody: six roles, another tenant, somebody disabled, a one-time code, and nobody at all."""

import hashlib
import inspect
import itertools
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest

from config.written import Written
from directory.delegations import Action
from quarantine import digests
from quarantine.item import Event, NotAllowed
from quarantine.policies.versions import Versions
from quarantine.rights import Verb, Voice
from quarantine.service.caller import SignedOut, Stage
from quarantine.service.entrance import address_of
from quarantine.service.service import Service, of
from tests.console.premises import (
    NOW,
    PASSWORD,
    Premises,
    furnish_arrivals,
    furnish_review,
    furnish_waiting,
    premises,
    session,
    tenant_of,
)
from tests.console.test_tenants import WORDS, rows_of
from tests.console.test_tenants import furnish as furnish_tenant

ALL = ("hanako", "taro", "shacho", "unyo", "kansa", "kanri")
STRANGERS = ("other", "gone", "once", "forged", "")
"""Another tenant's person of every role, somebody disabled, a session after a one-time code, a token of nobody's."""
ANYBODY = ALL
MINE = ("hanako",)
WATCHERS = ("unyo", "kansa", "kanri")
HEAD = Voice("department_head")
DIGEST = "d" * 43
GUESS = itertools.count()
"""Every guess is another stranger's, so that none is limited."""
Call = Callable[[Service, dict[str, str]], Awaitable[Any]]

VERBS: dict[str, tuple[tuple[str, ...], Call]] = {
    # the door: without a session, or of one's own
    "who": ((*ALL, *STRANGERS), lambda s, i: s.who()),
    "login": (
        (*ALL, *STRANGERS),
        lambda s, i: s.login(f"n{next(GUESS)}", "x", peer=f"10.{next(GUESS)}.0.1", device="", language="ja"),
    ),
    "redeem": ((*ALL, *STRANGERS), lambda s, i: s.redeem("wrong", peer="192.0.2.7", language="ja")),
    "logout": ((*ALL, *STRANGERS), lambda s, i: s.logout()),
    "set_password": (
        (*ALL, "once"),
        lambda s, i: s.set_password(PASSWORD, "Zq7%mvTr4k", peer="", device="", language="ja"),
    ),
    "second": ((), lambda s, i: s.second("wrong1", peer="", language="ja")),
    "second_factor": (ANYBODY, lambda s, i: s.second_factor()),
    "begin_factor": (ANYBODY, lambda s, i: s.begin_factor()),
    "pending_factor": (ANYBODY, lambda s, i: s.pending_factor()),
    "enrol_factor": (ANYBODY, lambda s, i: s.enrol_factor("wrong1", peer="", language="ja")),
    "recovery_codes": ((), lambda s, i: s.recovery_codes()),
    "remove_factor": (("hanako",), lambda s, i: s.remove_factor()),
    "second_factors": (WATCHERS, lambda s, i: s.second_factors()),
    "reset_factor": (("kanri",), lambda s, i: s.reset_factor("hanako")),
    "prove": (ANYBODY, lambda s, i: s.prove("wrong", peer=f"10.{next(GUESS)}.0.1", device="", language="ja")),
    "whereabouts": (ANYBODY, lambda s, i: s.whereabouts()),
    "end_session": (ANYBODY, lambda s, i: s.end_session("x" * 64)),
    "end_other_sessions": (ANYBODY, lambda s, i: s.end_other_sessions()),
    "invite": (("kanri",), lambda s, i: s.invite("taro")),
    "organisation": (ANYBODY, lambda s, i: s.organisation()),
    # one's own, and what waits for one's word
    "my_mail": (ANYBODY, lambda s, i: s.my_mail()),
    "my_recent": (ANYBODY, lambda s, i: s.my_recent()),
    "approvals": (ANYBODY, lambda s, i: s.approvals()),
    "badges": (ANYBODY, lambda s, i: s.badges()),
    "home": (ANYBODY, lambda s, i: s.home()),
    "mail": (("hanako", "taro", *WATCHERS), lambda s, i: s.mail("approval")),
    "history": (("hanako", "taro", *WATCHERS), lambda s, i: s.history("approval")),
    "open": (("hanako", "taro", "kanri"), lambda s, i: s.open("approval", "because")),
    "passphrase": (MINE, lambda s, i: s.passphrase("timed")),
    "entrusted": (ANYBODY, lambda s, i: s.entrusted()),
    "delegations": (ANYBODY, lambda s, i: s.delegations()),
    "delegate": (
        ("shacho", "kanri"),
        lambda s, i: s.delegate(
            "taro", (Action.SEND,), place="shacho", starts_at=NOW, ends_at=NOW + 9e5, reason="r"
        ),
    ),
    "grounds": (("hanako", "taro", *WATCHERS), lambda s, i: s.grounds("approval")),
    "open_reason": (("taro",), lambda s, i: s.open_reason("approval", "x")),
    "file_text": (("hanako", "taro", "kanri"), lambda s, i: s.file_text("approval", 0, "because")),
    "excludable": (MINE, lambda s, i: s.excludable("approval")),
    "exclude": ((), lambda s, i: s.exclude("approval", "taro", "because")),
    "decisions": (ANYBODY, lambda s, i: s.decisions(30)),
    "undelegate": (ANYBODY, lambda s, i: s.undelegate("nothing")),
    "change": (
        ("taro",),
        lambda s, i: s.change("approval", Event.DENY, voice=HEAD, comment="no"),
    ),
    "self_review": (MINE, lambda s, i: s.self_review("look")),
    "open_file": (MINE, lambda s, i: s.open_file("look", 0)),
    "confirm": (MINE, lambda s, i: s.confirm("look", ())),
    # arriving mail
    "held": (ANYBODY, lambda s, i: s.held()),
    "held_mail": (MINE, lambda s, i: s.held_mail("locked")),
    "read": (MINE, lambda s, i: s.read("locked")),
    "ask": (MINE, lambda s, i: s.ask("locked", "please")),
    "unlock": (MINE, lambda s, i: s.unlock("locked", "x")),
    "digest": (ANYBODY, lambda s, i: s.digest(DIGEST)),
    "arrivals": (ANYBODY, lambda s, i: s.arrivals()),
    "arrived": (MINE, lambda s, i: s.arrived("letter1")),
    "report": (MINE, lambda s, i: s.report("letter1", "odd")),
    "withdraw_report": (MINE, lambda s, i: s.withdraw_report("letter1")),
    "trust": (MINE, lambda s, i: s.trust("letter1", "domain", 30)),
    "distrust": (ANYBODY, lambda s, i: s.distrust("nothing")),
    # an administrator's, an operator's, an auditor's
    "quarantine": (("kanri",), lambda s, i: s.quarantine("any", "", "")),
    "legal_holds": (("kanri", "kansa"), lambda s, i: s.legal_holds()),
    "add_legal_hold": (
        ("kanri", "kansa"),
        lambda s, i: s.add_legal_hold(["hanako"], reason="case", until=None),
    ),
    "end_legal_hold": (("kanri", "kansa"), lambda s, i: s.end_legal_hold("nothing")),
    "reports": (("kanri",), lambda s, i: s.reports()),
    "wave": (("kanri",), lambda s, i: s.wave(i["report"])),
    "open_reported": (("kanri",), lambda s, i: s.open_reported(i["report"])),
    "close_reports": (("kanri",), lambda s, i: s.close_reports(i["report"], "spam")),
    "retry": (("unyo", "kanri"), lambda s, i: s.retry("relay.example:25")),
    "trace": (WATCHERS, lambda s, i: s.trace("")),
    "timeline": (WATCHERS, lambda s, i: s.timeline("approval")),
    "listings": (("kanri",), lambda s, i: s.listings()),
    "enlist": (("kanri",), lambda s, i: s.enlist("block", "domain", "evil.example", reason="r", days=30)),
    "delist": (("kanri",), lambda s, i: s.delist(i["listing"])),
    "agreements": (("kanri",), lambda s, i: s.agreements()),
    "agree": (
        ("kanri",),
        lambda s, i: s.agree("client.example", "kumquat-Ridge-48-lantern", note="n", valid_until=None),
    ),
    "disagree": (("kanri",), lambda s, i: s.disagree("nothing")),
    "accounts": (WATCHERS, lambda s, i: s.accounts()),
    "directory": (WATCHERS, lambda s, i: s.directory()),
    "exceptions": (("kanri", "kansa"), lambda s, i: s.exceptions()),
    "policy_figures": (("kanri", "kansa"), lambda s, i: s.policy_figures(30)),
    "policy_versions": (("kanri", "kansa"), lambda s, i: s.policy_versions()),
    "policy_version": (("kanri", "kansa"), lambda s, i: s.policy_version(1)),
    # devices: one's own, and an administrator's those of others
    "devices": (ANYBODY, lambda s, i: s.devices()),
    "make_device": (ANYBODY, lambda s, i: s.make_device("laptop")),
    "revoke_device": (ANYBODY, lambda s, i: s.revoke_device("nothing")),
    "all_devices": (("kanri",), lambda s, i: s.all_devices()),
    # the house's operator's alone, who has no account here: test_border.py
    "organisations": ((), lambda s, i: s.organisations()),
    "suspend": ((), lambda s, i: s.suspend("acme", "unpaid")),
    "resume": ((), lambda s, i: s.resume("acme", "paid")),
}
"""Who may use each verb on the furniture of the default tenant, and a use of it."""

TOKENS = dict[str, str]


@pytest.fixture
async def staffed(full: Premises) -> tuple[Premises, TOKENS, dict[str, str]]:
    """Mail of every kind, and a session for everybody."""
    await furnish_waiting(full)
    await furnish_review(full)
    reports = await furnish_arrivals(full)
    await Versions(full.store, "default").add(Written("# one\n", {}, "one"), "file:root", full.now[0])
    for login in ALL:
        await full.parts.people.set_password("default", login, PASSWORD)
    now = full.now[0]
    tokens = {who: await session(full.parts, tenant_of(who), who, now) for who in (*ALL, "other", "gone")}
    tokens["once"] = await session(full.parts, "default", "hanako", now, once=True)
    tokens |= {"": "", "forged": "x" * 43}
    listed = await full.parts.listings.all("default", "")
    ids = {"report": reports[0].id, "listing": listed[0].id}
    hanako = await full.parts.people.account("default", "hanako")
    assert hanako is not None
    secret = hashlib.sha256(DIGEST.encode()).hexdigest()
    await full.store.database.write(
        lambda t: digests.note(t, hanako, now, secret, ("locked", "doubtful"), now)
    )
    return full, tokens, ids


def verbs() -> set[str]:
    return {name for name, _ in inspect.getmembers(Service, inspect.isfunction) if not name.startswith("_")}


def test_the_table_names_every_verb() -> None:
    assert set(VERBS) == verbs()


async def test_who_may_not_gets_nothing_and_changes_nothing(
    staffed: tuple[Premises, TOKENS, dict[str, str]],
) -> None:
    place, tokens, ids = staffed
    services, tried = of(place.parts), 0
    before = await rows_of(place, "default"), await rows_of(place, "other")
    for name, (allowed, call) in VERBS.items():
        for who in {*ALL, *STRANGERS} - {*allowed, "other"}:
            with pytest.raises(NotAllowed):
                await call(services(tokens[who]), ids)
            tried += 1
        own = name in ("enlist", "agree", "set_password", "delegate")  # of their own tenant
        if "other" not in allowed and set(allowed) != set(ANYBODY) and not own:
            try:  # all roles, but nothing of this tenant: refused, or an answer without it
                answer = await call(services(tokens["other"]), ids)
            except NotAllowed:
                continue
            assert msgspec.msgpack.encode("default") not in msgspec.msgpack.encode(answer), name
    assert tried > 250
    after = await rows_of(place, "default")
    for table in (
        "item",
        "recipient",
        "journal",
        "report",
        "listings",
        "release_requests",
        "partner_passphrases",
        "legal_hold",
    ):
        assert after[table] == before[0][table], table


async def test_who_may_gets_an_answer(staffed: tuple[Premises, TOKENS, dict[str, str]]) -> None:
    place, tokens, ids = staffed
    services = of(place.parts)
    last = ("change", "close_reports", "set_password", "logout")
    for name in (*(n for n in VERBS if n not in last), *last):
        allowed, call = VERBS[name]
        for who in allowed:
            try:
                await call(services(tokens[who]), ids)
            except SignedOut:
                assert (name, who) == (
                    "set_password",
                    "once",
                )  # the person has set one, and all sessions ended


async def test_one_time_codes_open_the_page_for_a_password_and_nothing_else(
    staffed: tuple[Premises, TOKENS, dict[str, str]],
) -> None:
    place, tokens, _ = staffed
    services = of(place.parts)
    present = await services(tokens["once"]).who()
    assert (present.stage, present.account and present.account.login) == (Stage.PASSWORD, "hanako")
    entered = await services(tokens["once"]).set_password(
        "", "Zq7%mvTr4k", peer="192.0.2.1", device="", language="ja"
    )
    assert (await services(entered.token).who()).stage is Stage.WHOLE
    assert (await services(tokens["hanako"]).who()).account is None, "every other session has ended"
    told = [e.event for e in await place.store.entries("default", actor="hanako")]
    assert told[-2:] == ["password_set", "login"]


async def test_no_change_but_those_of_people(staffed: tuple[Premises, TOKENS, dict[str, str]]) -> None:
    """A recipient may have a mail examined; that ends its hold with a new content, and never without one."""
    place, tokens, _ = staffed
    for event in set(Event) - {e for e in Event if Verb.__members__.get(e.name) is None}:
        if event.value in ("examine", "lease", "finish", "due", "lapse", "expire", "elapse", "escalate"):
            with pytest.raises(NotAllowed):
                await of(place.parts)(tokens["hanako"]).change("locked", event)
    assert (await place.store.get("locked", "default")).holds == ("locked_attachment",)


@pytest.mark.parametrize("event", [Event.RELEASE, Event.DISCARD, Event.RETRY, Event.RECALL, Event.STOP])
async def test_a_role_speaks_for_an_approval_and_for_nothing_else(
    staffed: tuple[Premises, TOKENS, dict[str, str]], event: Event
) -> None:
    """Who may do it without saying a role may not do it as one: the journal would name a role that decided nothing."""
    place, tokens, _ = staffed
    item, who = {
        Event.RELEASE: ("review", "kanri"),
        Event.DISCARD: ("review", "kanri"),
        Event.RETRY: ("left", "kanri"),
        Event.RECALL: ("timed", "hanako"),
        Event.STOP: ("timed", "hanako"),
    }[event]
    before = await place.store.get(item, "default")
    for role in ("department_head", "president", "x"):
        with pytest.raises(NotAllowed, match="it is not theirs to do"):
            await of(place.parts)(tokens[who]).change(item, event, voice=Voice(role))
    assert await place.store.get(item, "default") == before


async def test_what_was_approved_is_what_was_shown(
    staffed: tuple[Premises, TOKENS, dict[str, str]],
) -> None:
    place, tokens, _ = staffed
    taro = of(place.parts)(tokens["taro"])
    shown = await taro.mail("approval")
    with pytest.raises(NotAllowed):
        await taro.change("approval", Event.APPROVE, voice=HEAD, bound="0" * 64)
    await taro.change("approval", Event.APPROVE, voice=HEAD, bound=shown.item.bound)
    assert (await place.store.get("approval", "default")).approvals == ()


async def test_answers_hold_no_key_of_a_content_and_no_sealed_secret(
    staffed: tuple[Premises, TOKENS, dict[str, str]],
) -> None:
    place, tokens, ids = staffed
    rows = await place.store.database.read(lambda t: t.execute("SELECT blob, original, secret FROM item"))
    kept = {str(r["blob"]).encode() for r in rows} | {bytes(r["secret"]) for r in rows} - {b""}
    seen = 0
    for name, (allowed, call) in VERBS.items():
        for who in allowed if name not in ("change", "logout", "set_password", "close_reports") else ():
            answer = msgspec.msgpack.encode(await call(of(place.parts)(tokens[who]), ids))
            assert not [key for key in kept if key in answer], (name, who)
            seen += len(answer) > 100
    assert seen > 30


async def test_recipients_see_nothing_of_each_other(
    staffed: tuple[Premises, TOKENS, dict[str, str]],
) -> None:
    place, tokens, _ = staffed
    hanako = of(place.parts)(tokens["hanako"])
    for answer in (await hanako.mail("doubtful"), await hanako.held_mail("doubtful"), await hanako.held()):
        told = msgspec.msgpack.encode(answer)
        assert b"hanako@example.co.jp" in told
        assert b"taro@example.co.jp" not in told


async def test_no_answer_holds_anything_of_another_tenant(tmp_path: Path) -> None:
    async with premises(tmp_path) as place:
        ids = {tenant: await furnish_tenant(place, tenant) for tenant in WORDS}
        for tenant, other in (("default", "acme"), ("acme", "default")):
            theirs = {"report": ids[tenant].reports[0], "listing": ids[tenant].listings[0]}
            for login in ALL:
                token = await session(place.parts, tenant, login, NOW)
                service = of(place.parts)(token)
                for name, (_, call) in VERBS.items():
                    if name in ("logout", "set_password", "close_reports", "delist", "login"):
                        continue
                    try:
                        answer = msgspec.msgpack.encode(await call(service, theirs))
                    except NotAllowed:
                        continue
                    assert WORDS[other].encode() not in answer.lower(), (name, login)
                for item_id in ids[other].items:
                    for one in (service.mail, service.history, service.held_mail, service.read, service.open):
                        with pytest.raises(NotAllowed):
                            await one(item_id)
                for mail_id in ids[other].mails:
                    with pytest.raises(NotAllowed):
                        await service.arrived(mail_id)
                for report in ids[other].reports:
                    with pytest.raises(NotAllowed):
                        await service.wave(report)


async def test_a_password_and_its_entry_are_one(
    staffed: tuple[Premises, TOKENS, dict[str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    place, tokens, _ = staffed

    def away(*_: object, **__: object) -> None:
        raise NotAllowed("the journal is away")

    monkeypatch.setattr(place.store, "note", away)
    hanako = of(place.parts)(tokens["hanako"])
    with pytest.raises(NotAllowed):
        await hanako.set_password(PASSWORD, "Zq7%mvTr4k", peer="", device="", language="ja")
    assert await place.parts.people.authenticate("hanako", PASSWORD, "default") is not None
    assert (await hanako.who()).account is not None, "nobody was logged out, either"
    with pytest.raises(NotAllowed):
        await of(place.parts)("").login("hanako", PASSWORD, peer="192.0.2.1", device="", language="ja")


@pytest.mark.parametrize("peer", ["x" * 5_000, "nowhere", "", "192.0.2.1; drop"])
def test_what_the_console_says_that_is_no_address_counts_together(peer: str) -> None:
    """Each text had a counter, and a row in the database after a login, of its own."""
    assert address_of(peer) == ""


def test_an_address_is_one_however_it_is_written() -> None:
    assert address_of("::ffff:192.0.2.1") == address_of("192.0.2.1") == "192.0.2.1"
    assert address_of("2001:DB8::1") == "2001:db8::1"
