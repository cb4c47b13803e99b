"""The submission side: copies, refusals, and nothing accepted that is not stored."""

import math
from datetime import datetime
from email import message_from_bytes
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from config.policy import Sending
from quarantine.item import State
from quarantine.store import Query
from storage.interfaces import StoreError
from tests.gateway.test_app import HANAKO, SATO, TARO, mail
from tests.quarantine.letters.test_on_hold import with_document
from tests.services.node import DOMAIN, policy_of, site


async def test_a_colleague_gets_it_plain_and_the_customer_an_encrypted_copy(tmp_path: Path) -> None:
    async with site(tmp_path) as here:
        code, text = await here.send(TARO, [SATO, HANAKO], with_document())
        assert code == 250, text
        (caught,) = await here.caught(1)
        assert caught.recipients == (HANAKO,)
        assert b"application/msword" in caught.content
        (held,) = await here.node.store.find(Query("default", state=(State.HELD,)))
        assert held.passphrase_source == "generated"
        assert held.approvals == ("department_head",)
        assert held.original
        leaves = bytes(await here.node.store.blobs.get(held.blob))
        assert b"application/msword" not in leaves
        assert b"PK\x03\x04" not in leaves


async def test_a_class_mark_in_the_body_is_refused_in_both_languages(tmp_path: Path) -> None:
    async with site(tmp_path) as here:
        code, text = await here.send(TARO, [SATO], mail(SATO, "社外秘\n来年の計画です。\n"))
        assert code == 550
        assert "件名または本文" in text
        assert "The subject or text" in text
        (entry,) = await here.node.store.entries("default", event="refuse")
        assert entry.actor == "taro"
        assert "来年の計画" not in str(entry)


async def test_a_store_that_fails_is_451_and_nothing_is_accepted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with site(tmp_path) as here:

        async def broken(*_: object, **__: object) -> None:
            raise StoreError("disk full: /secret/path")

        monkeypatch.setattr(here.node.store, "put", broken)
        code, text = await here.send(TARO, [SATO], mail(SATO))
        assert code == 451
        assert "secret" not in text


async def test_a_hold_counts_from_the_answer_and_not_from_before_the_examination(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The minutes that people are promised are theirs, whatever the examination took."""
    async with site(tmp_path, notices={"held": True, "waits": False}) as here:
        node, examine = here.node, here.node.workers.examine

        async def slow(*given: Any) -> Any:
            node.clock._offset += 240
            return await examine(*given)

        monkeypatch.setattr(node.workers, "examine", slow)
        code, _ = await here.send(TARO, [SATO], mail(SATO))
        assert code == 250
        (held,) = await node.store.find(Query("default", state=(State.HELD,)))
        assert held.due_at is not None
        assert 290 < held.due_at - node.clock() - node.settings.margin_seconds <= 300
        (letter,) = await here.caught(1)
        leaves = datetime.fromtimestamp(held.accepted_at + 300, ZoneInfo("Asia/Tokyo"))
        assert f"{leaves:%H:%M}" in str(message_from_bytes(letter.content).get_payload(decode=True), "utf-8")


async def test_whoever_has_sent_enough_hears_before_the_next_mail_when_to_go_on(tmp_path: Path) -> None:
    """One mail fits whatever its size, nothing is refused in the middle, and a new start has not forgotten."""
    policy = policy_of(sending=Sending(per_10_minutes=2))
    async with site(tmp_path, policy) as here:
        everybody = [SATO, "ito@client.example.net", "mori@client.example.net"]
        code, text = await here.send(TARO, everybody, mail(SATO))
        assert code == 250, text
        (held,) = await here.node.store.find(Query("default", state=(State.HELD,)))
        code, text = await here.send(TARO, [SATO], mail(SATO))
        assert code == 452
        until = datetime.fromtimestamp(math.ceil((held.accepted_at + 600) / 60) * 60, ZoneInfo("Asia/Tokyo"))
        assert f"{until:%H:%M} 以降に" in text
        assert f"after {until:%H:%M}" in text
        code, _ = await here.send(HANAKO, [SATO], mail(SATO, sender=HANAKO), login="hanako")
        assert code == 250
    async with site(tmp_path, policy) as here:
        assert (await here.send(TARO, [SATO], mail(SATO)))[0] == 452
        here.node.clock._offset += 601
        assert (await here.send(TARO, [SATO], mail(SATO)))[0] == 250


async def test_the_null_reverse_path_is_for_receipts_of_one_s_own(tmp_path: Path) -> None:
    async with site(tmp_path) as here:
        code, _ = await here.send("", [f"hanako@{DOMAIN}"], mail(HANAKO))
        assert code == 250


async def test_an_unreadable_mail_is_held_for_a_person(tmp_path: Path) -> None:
    async with site(tmp_path) as here:
        deep = b"".join(
            b'Content-Type: multipart/mixed; boundary="%d"\r\n\r\n--%d\r\n' % (n, n) for n in range(60)
        )
        content = f"From: {TARO}\r\nMessage-ID: <d@x>\r\nMIME-Version: 1.0\r\n".encode() + deep + b"\r\nx\r\n"
        code, _ = await here.send(TARO, [SATO, HANAKO], content)
        assert code == 250
        items = await here.node.store.find(Query("default"))
        assert {i.state for i in items} == {State.HELD}
        assert all("unexaminable" in i.holds for i in items)
        assert not here.catcher.caught
