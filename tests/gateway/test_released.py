"""The mark on mail that waited: believed for this very mail once it was let go, and for nothing else."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from gateway.released import LIFETIME, Released
from mail.message import Message
from quarantine.item import Event
from quarantine.store import Store
from storage.database import open_database
from storage.seal import Seal, open_seal
from storage.spool import Spool
from tests.quarantine.items import OPERATOR, item
from tests.services import databases

NOW = 1000.0
MAIL = b"From: a@evil.example\r\nSubject: hello\r\nContent-Type: text/plain\r\n\r\ntext\r\n"


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    database = await asyncio.to_thread(open_database, databases.sqlite(tmp_path / "db"))
    spool = Spool(tmp_path / "spool")
    yield Store(database, spool, "n")
    await spool.close()
    await database.close()


@pytest.fixture
async def released(store: Store, tmp_path: Path) -> Released:
    return Released(store, await open_seal(tmp_path / "keys", store.database))


async def kept(store: Store, *, direction: str = "inbound", event: Event | None = Event.RELEASE) -> str:
    (one,) = await store.put([item(direction=direction, owner="", holds=("a",))], NOW, "x")
    if event is not None:
        await store.change(one.id, event, OPERATOR, NOW)
    return one.id


async def test_what_was_let_go_is_known_when_it_comes_again(store: Store, released: Released) -> None:
    one = await kept(store)
    marked = released.mark([b"X-Sekisho-Warning: yes\r\n", MAIL], one) + MAIL
    for on_the_way in (marked, b"Received: from a by b\r\nDelivered-To: x@y\r\n" + marked + b"\r\n\r\n"):
        assert await released.proved(Message(on_the_way), "default", NOW + LIFETIME) == one
    assert await released.proved(Message(marked), "default", NOW + LIFETIME + 1) == ""
    assert await released.proved(Message(marked), "other", NOW) == ""
    assert await released.proved(Message(MAIL), "default", NOW) == ""


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"hello", b"hallo"),
        (b"a@evil", b"b@evil"),
        (b"text\r\n", b"test\r\n"),
        (b"text\r\n", b"text\r\nmore\r\n"),
        (b"text/plain", b"text/html"),
        (b"Subject:", b"From: president@example.jp\r\nSubject:"),
        (b"Subject:", b"Reply-To: c@evil.example\r\nSubject:"),
        (b"Subject:", b"Content-Disposition: attachment\r\nSubject:"),
        (b"Subject:", b"Subject: before\r\nSubject:"),
    ],
)
async def test_another_mail_is_another_mail(store: Store, released: Released, old: bytes, new: bytes) -> None:
    one = await kept(store)
    changed = MAIL.replace(old, new)
    assert changed != MAIL
    assert await released.proved(Message(released.mark([MAIL], one) + changed), "default", NOW) == ""


@pytest.mark.parametrize("event", [None, Event.DISCARD])
async def test_what_waits_or_was_discarded_is_not_believed(
    store: Store, released: Released, event: Event | None
) -> None:
    one = await kept(store, event=event)
    assert await released.proved(Message(released.mark([MAIL], one) + MAIL), "default", NOW) == ""


async def test_nobody_else_can_make_it(store: Store, released: Released, tmp_path: Path) -> None:
    one, other = await kept(store), await kept(store)
    stranger = Seal([b"k" * 32])
    assert (
        await released.proved(Message(Released(store, stranger).mark([MAIL], one) + MAIL), "default", NOW)
        == ""
    )
    moved = released.mark([MAIL], one).replace(one.encode(), other.encode()) + MAIL
    assert await released.proved(Message(moved), "default", NOW) == ""
    outbound = await kept(store, direction="outbound")
    assert await released.proved(Message(released.mark([MAIL], outbound) + MAIL), "default", NOW) == ""
    unknown = released.mark([MAIL], "nothing") + MAIL
    assert await released.proved(Message(unknown), "default", NOW) == ""


async def test_what_is_too_large_to_be_read_whole_is_not_believed(store: Store, released: Released) -> None:
    one = await kept(store)
    many = b"".join(b"X-%d: x\r\n" % n for n in range(2000)) + MAIL
    assert await released.proved(Message(released.mark([many], one) + many), "default", NOW) == ""
