"""The second factor at the door: two steps, no fixation, one code for one login, and what is left of a lost one (OPS-MFA)."""

import asyncio
import base64
import email
import email.policy

import msgspec
import pytest

from config.console import SecondFactorSection
from directory.account import Role
from directory.logins import TooManyFailures
from directory.second_factor import DAY, FREE
from directory.sessions import HALF_LIFE
from quarantine.item import NotAllowed
from quarantine.service.caller import ProofNeeded, SignedOut, Stage
from quarantine.service.desk import ReasonNeeded
from quarantine.service.entrance import Entered
from quarantine.service.service import Service, of
from quarantine.store import Missing, Query
from tests.console.premises import PASSWORD, PEOPLE, Premises, code, enrolled, session
from tests.quarantine.service.test_service import VERBS

HALF = {"who", "login", "redeem", "logout", "second"}
"""What is open to whoever has given a password only."""
ENROLLING = {
    "who",
    "login",
    "redeem",
    "logout",
    "second_factor",
    "begin_factor",
    "pending_factor",
    "prove",
    "enrol_factor",
}
"""What is open to whose time to set one up is over."""


@pytest.fixture
async def ready(place: Premises) -> Premises:
    for login in ("hanako", "kanri", "taro"):
        await place.parts.people.set_password("default", login, PASSWORD)
    return place


def service(place: Premises, token: str = "") -> Service:
    return of(place.parts)(token)


async def log_in(place: Premises, login: str, token: str = "", password: str = PASSWORD) -> Entered:
    found = await service(place, token).login(login, password, peer="192.0.2.7", device="", language="ja")
    assert found is not None
    return found


async def second(place: Premises, entered: Entered, shown: str) -> Entered | None:
    return await service(place, entered.token).second(shown, peer="192.0.2.7", language="ja")


async def stage(place: Premises, token: str) -> Stage | None:
    present = await service(place, token).who()
    return present.stage if present.account is not None else None


async def test_a_password_is_half_of_a_login_and_each_step_a_new_session(ready: Premises) -> None:
    secret, _ = await enrolled(ready.parts, "default", "kanri", ready.now[0])
    half = await log_in(ready, "kanri")
    assert await stage(ready, half.token) is Stage.SECOND
    assert half.device == "", "a device is known after the whole login only"
    whole = await second(ready, half, code(secret, ready.now[0]))
    assert whole is not None
    assert whole.token != half.token
    assert await stage(ready, half.token) is None, "the half one has ended"
    assert await stage(ready, whole.token) is Stage.WHOLE
    assert whole.device
    told = [
        (e.event, e.detail.get("half"), e.detail.get("by"))
        for e in await ready.store.entries("default", actor="kanri")
    ]
    assert told == [("login", True, None), ("second_factor_shown", None, "totp")]


async def test_half_a_session_opens_no_verb_but_the_second_step(ready: Premises) -> None:
    await enrolled(ready.parts, "default", "kanri", ready.now[0])
    half = await log_in(ready, "kanri")
    ids = {"report": "x", "listing": "x"}
    for name, (_, call) in VERBS.items():
        if name in HALF:
            continue
        with pytest.raises(SignedOut):
            await call(service(ready, half.token), ids)
    assert await stage(ready, half.token) is Stage.SECOND


async def test_whose_time_is_over_sets_one_up_and_nothing_else(ready: Premises) -> None:
    await log_in(ready, "kanri")
    ready.now[0] += 14 * DAY
    late = await log_in(ready, "kanri")
    assert await stage(ready, late.token) is Stage.ENROL
    ids = {"report": "x", "listing": "x"}
    for name, (_, call) in VERBS.items():
        if name in ENROLLING:
            continue
        with pytest.raises(SignedOut):
            await call(service(ready, late.token), ids)
    here = service(ready, late.token)
    await here.begin_factor()
    assert await here.enrol_factor("wrong1", peer="", language="ja") is None
    made = await here.pending_factor()
    assert made is not None
    done = await here.enrol_factor(code(base64.b32decode(made.key), ready.now[0]), peer="", language="ja")
    assert done is not None
    assert await stage(ready, late.token) is None
    assert await stage(ready, done.entered.token) is Stage.WHOLE


async def test_the_time_begins_with_the_first_login_and_does_not_begin_again(ready: Premises) -> None:
    first = await log_in(ready, "kanri")
    began = ready.now[0]
    assert (await service(ready, first.token).who()).enrol_by == began + 14 * DAY
    ready.now[0] += 10 * DAY
    again = await log_in(ready, "kanri")
    present = await service(ready, again.token).who()
    assert (present.stage, present.enrol_by) == (Stage.WHOLE, began + 14 * DAY)


async def test_who_gets_a_role_in_the_middle_of_a_session_is_asked_from_then_on(ready: Premises) -> None:
    ready.parts.second_factor = SecondFactorSection(days=0)
    token = await session(ready.parts, "default", "hanako", ready.now[0])
    assert await stage(ready, token) is Stage.WHOLE
    hanako = next(a for a in PEOPLE if a.login == "hanako")
    await ready.parts.people.save(msgspec.structs.replace(hanako, roles=(Role.ADMINISTRATOR,)), ready.now[0])
    assert await stage(ready, token) is Stage.ENROL


async def test_a_role_that_is_not_named_is_not_asked(ready: Premises) -> None:
    ready.parts.second_factor = SecondFactorSection(required=("auditor",), days=0)
    entered = await log_in(ready, "kanri")
    assert await stage(ready, entered.token) is Stage.WHOLE
    await service(ready, entered.token).remove_factor()


async def test_of_two_logins_with_one_code_one_is_in(ready: Premises) -> None:
    secret, codes = await enrolled(ready.parts, "default", "kanri", ready.now[0])
    for shown in (code(secret, ready.now[0]), codes[0]):
        thief, owner = await log_in(ready, "kanri"), await log_in(ready, "kanri")
        both = await asyncio.gather(second(ready, thief, shown), second(ready, owner, shown))
        assert sum(found is not None for found in both) == 1


async def test_a_planted_half_session_is_not_the_one_that_comes_in(ready: Premises) -> None:
    secret, _ = await enrolled(ready.parts, "default", "kanri", ready.now[0])
    planted = await log_in(ready, "kanri")
    whole = await second(ready, planted, code(secret, ready.now[0]))
    assert whole is not None
    assert await stage(ready, planted.token) is None


async def test_wrong_codes_are_written_down_and_end_in_a_wait(ready: Premises) -> None:
    secret, codes = await enrolled(ready.parts, "default", "kanri", ready.now[0])
    for _ in range(FREE):  # each from a login of its own: the account counts, not the session
        assert await second(ready, await log_in(ready, "kanri"), "wrong1") is None
    half = await log_in(ready, "kanri")
    with pytest.raises(TooManyFailures):
        await second(ready, half, code(secret, ready.now[0]))
    wrong = await ready.store.entries("default", event="second_factor_wrong")
    assert len(wrong) == FREE
    assert "wrong1" not in repr(wrong)
    assert await second(ready, half, codes[0]) is not None, "the owner's recovery code does not wait"


async def test_half_a_session_does_not_wait_for_ever(ready: Premises) -> None:
    secret, _ = await enrolled(ready.parts, "default", "kanri", ready.now[0])
    half = await log_in(ready, "kanri")
    ready.now[0] += HALF_LIFE
    with pytest.raises(SignedOut):
        await second(ready, half, code(secret, ready.now[0]))


async def test_a_one_time_code_does_not_go_around_the_second_factor(ready: Premises) -> None:
    secret, _ = await enrolled(ready.parts, "default", "kanri", ready.now[0])
    made = await ready.parts.sessions.issue_code("default", "kanri", ready.now[0])
    once = await service(ready).redeem(made, peer="", language="ja")
    assert once is not None
    entered = await service(ready, once.token).set_password(
        "", "Zq7%mvTr4k", peer="", device="", language="ja"
    )
    assert await stage(ready, entered.token) is Stage.SECOND
    assert await second(ready, entered, code(secret, ready.now[0])) is not None


async def test_a_new_password_in_a_whole_session_stays_whole(ready: Premises) -> None:
    secret, _ = await enrolled(ready.parts, "default", "kanri", ready.now[0])
    whole = await second(ready, await log_in(ready, "kanri"), code(secret, ready.now[0]))
    assert whole is not None
    entered = await service(ready, whole.token).set_password(
        PASSWORD, "Zq7%mvTr4k", peer="", device="", language="ja"
    )
    assert await stage(ready, entered.token) is Stage.WHOLE


async def test_setting_one_up_ends_every_other_session(ready: Premises) -> None:
    thief = await log_in(ready, "kanri")
    owner = await log_in(ready, "kanri")
    here = service(ready, owner.token)
    key = base64.b32decode((await here.begin_factor()).key)
    done = await here.enrol_factor(code(key, ready.now[0]), peer="", language="ja")
    assert done is not None
    assert await stage(ready, thief.token) is None


async def test_who_logs_in_while_one_is_set_up_is_not_in_without_it(ready: Premises) -> None:
    """A session that began before, by somebody who only knows the password, is asked for it."""
    token = await session(ready.parts, "default", "kanri", ready.now[0])
    await enrolled(ready.parts, "default", "kanri", ready.now[0])
    assert await stage(ready, token) is Stage.SECOND


async def test_who_must_have_one_does_not_remove_it(ready: Premises) -> None:
    secret, _ = await enrolled(ready.parts, "default", "kanri", ready.now[0])
    whole = await second(ready, await log_in(ready, "kanri"), code(secret, ready.now[0]))
    assert whole is not None
    with pytest.raises(NotAllowed):
        await service(ready, whole.token).remove_factor()
    assert len(await service(ready, whole.token).recovery_codes()) == 10


async def test_a_lost_one_is_reset_by_an_administrator_and_the_person_is_told(ready: Premises) -> None:
    await enrolled(ready.parts, "default", "taro", ready.now[0])
    kanri = service(ready, await session(ready.parts, "default", "kanri", ready.now[0]))
    taro = await session(ready.parts, "default", "taro", ready.now[0])
    assert await kanri.second_factors() == {"taro"}
    assert await kanri.reset_factor("taro")
    assert not await kanri.reset_factor("taro"), "there is none any more"
    assert await stage(ready, taro) is None, "their sessions have ended"
    told = await ready.store.entries("default", event="second_factor_removed")
    assert [(e.actor, e.detail) for e in told] == [("kanri", {"login": "taro"})]
    entered = await log_in(ready, "taro")
    assert await stage(ready, entered.token) is Stage.ENROL, "no time is left to go on without"
    (letter,) = await ready.store.find(Query("default", owner="taro", direction="notice"))
    raw = bytes(await ready.blobs.get(letter.blob))
    text = email.message_from_bytes(raw, policy=email.policy.default)
    assert text["subject"] == "【二段階認証】解除のお知らせ"
    assert text["to"] == "佐藤 太郎 <taro@example.co.jp>"


async def test_nobody_resets_their_own_or_anothers_of_another_tenant(ready: Premises) -> None:
    await enrolled(ready.parts, "default", "kanri", ready.now[0])
    await enrolled(ready.parts, "other", "other", ready.now[0])
    await enrolled(ready.parts, "default", "taro", ready.now[0])
    token = await session(ready.parts, "default", "taro", ready.now[0])
    shacho = service(ready, await session(ready.parts, "default", "shacho", ready.now[0]))
    with pytest.raises(NotAllowed):
        await shacho.reset_factor("taro")
    kanri = service(ready, await session(ready.parts, "default", "kanri", ready.now[0]))
    with pytest.raises(NotAllowed):
        await kanri.reset_factor("kanri")
    with pytest.raises(Missing):
        await kanri.reset_factor("other")
    assert await stage(ready, token) is Stage.WHOLE


async def test_who_comes_back_later_neither_sees_nor_uses_what_was_begun(ready: Premises) -> None:
    """The owner began and left; whoever has the session then is asked who they are."""
    here = service(ready, (await log_in(ready, "kanri")).token)
    key = base64.b32decode((await here.begin_factor()).key)
    ready.now[0] += 16 * 60
    assert await here.pending_factor() is None
    with pytest.raises(ProofNeeded):
        await here.enrol_factor(code(key, ready.now[0]), peer="", language="ja")


async def test_one_that_is_gone_was_shown_in_no_session(ready: Premises) -> None:
    """Whoever gets a role later is asked for one, in sessions too that began with the one that is gone."""
    secret, codes = await enrolled(ready.parts, "default", "hanako", ready.now[0])
    first = await second(ready, await log_in(ready, "hanako"), code(secret, ready.now[0]))
    other = await second(ready, await log_in(ready, "hanako"), codes[0])
    assert first is not None
    assert other is not None
    await service(ready, first.token).remove_factor()
    hanako = await ready.parts.people.account("default", "hanako")
    assert hanako is not None
    await ready.parts.people.save(msgspec.structs.replace(hanako, roles=(Role.ADMINISTRATOR,)), ready.now[0])
    present = await service(ready, other.token).who()
    assert present.enrol_by > 0, "it is asked of them, and not yet shown"


@pytest.mark.parametrize("reason", [" ", "\t\n"])
async def test_a_reason_of_blanks_is_none(full: Premises, reason: str) -> None:
    token = await session(full.parts, "default", "kanri", full.now[0])
    full.now[0] += 16 * 60
    with pytest.raises((ReasonNeeded, ProofNeeded)):
        await service(full, token).open("timed", reason)


async def test_what_lists_or_throws_away_asks_who_one_is(full: Premises) -> None:
    token = await session(full.parts, "default", "kanri", full.now[0])
    full.now[0] += 16 * 60
    for more in ({"listed": ("domain:x.example",)}, {"discard": True}):
        with pytest.raises(ProofNeeded):
            await service(full, token).close_reports("first", "spam", **more)  # type: ignore[arg-type]
