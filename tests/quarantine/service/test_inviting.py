"""An invitation: a letter with a code that works once, and lets nobody around a second factor (OPS-PASSWORD)."""

import base64
import email
import email.policy
import re

import pytest

from quarantine.item import NotAllowed
from quarantine.service.caller import Stage
from quarantine.service.entrance import Entered
from quarantine.service.inviting import LIFE
from quarantine.service.service import Service, of
from quarantine.store import Missing, Query
from tests.console.premises import PASSWORD, Premises, enrolled, session


async def by(place: Premises, login: str = "kanri") -> Service:
    return of(place.parts)(await session(place.parts, "default", login, place.now[0]))


async def letters(place: Premises, login: str) -> list[str]:
    found = await place.store.find(Query("default", owner=login, direction="notice"))
    texts = []
    for item in found:
        raw = bytes(await place.blobs.get(item.blob))
        letter = email.message_from_bytes(raw, policy=email.policy.default)
        texts.append(base64.b64decode(str(letter.get_payload())).decode())
    return texts


def code_in(text: str) -> str:
    (found,) = re.findall(r"[a-z2-9]{4}(?:-[a-z2-9]{4}){4,}", text)
    return str(found)


async def redeem(place: Premises, code: str) -> Entered | None:
    return await of(place.parts)("").redeem(code, peer="", language="ja")


async def test_the_code_of_the_letter_sets_a_password_once(place: Premises) -> None:
    await (await by(place)).invite("taro")
    (text,) = await letters(place, "taro")
    assert "ユーザー名：taro" in text
    entered = await redeem(place, code_in(text))
    assert entered is not None
    assert (await of(place.parts)(entered.token).who()).stage is Stage.PASSWORD
    assert await redeem(place, code_in(text)) is None
    (told,) = await place.store.entries("default", event="invited")
    assert (told.actor, told.detail) == ("kanri", {"login": "taro"})
    assert code_in(text) not in repr(await place.store.entries("default"))


async def test_a_code_ends_in_time_and_with_the_next_one(place: Premises) -> None:
    kanri = await by(place)
    await kanri.invite("taro")
    (first,) = await letters(place, "taro")
    await kanri.invite("taro")
    (second,) = [text for text in await letters(place, "taro") if text != first]
    assert await redeem(place, code_in(first)) is None
    place.now[0] += LIFE
    assert await redeem(place, code_in(second)) is None


async def test_no_link_of_a_letter_has_the_code(place: Premises) -> None:
    await (await by(place)).invite("hanako")
    (text,) = await letters(place, "hanako")
    code = code_in(text)
    assert not [
        link for link in re.findall(r"https?://\S+", text) if code in link or code.replace("-", "") in link
    ]


async def test_who_has_a_second_factor_still_needs_it(place: Premises) -> None:
    await enrolled(place.parts, "default", "taro", place.now[0])
    await (await by(place)).invite("taro")
    (text,) = await letters(place, "taro")
    once = await redeem(place, code_in(text))
    assert once is not None
    entered = await of(place.parts)(once.token).set_password("", PASSWORD, peer="", device="", language="ja")
    assert (await of(place.parts)(entered.token).who()).stage is Stage.SECOND


async def test_nobody_is_invited_by_others_or_without_an_address(place: Premises) -> None:
    for login in ("hanako", "unyo", "kansa", "shacho"):
        with pytest.raises(NotAllowed):
            await (await by(place, login)).invite("taro")
    kanri = await by(place)
    with pytest.raises(Missing):
        await kanri.invite("other")
    with pytest.raises(NotAllowed):
        await kanri.invite("gone")
    assert await letters(place, "taro") == []
    assert await place.store.entries("default", event="invited") == []
