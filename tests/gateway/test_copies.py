"""How often each byte of a large mail is copied on its way: counted in bytes of memory that are asked for.

Looked at in pieces of 64 kB to 1 MB a mail costs a copy in the processor's cache; put together it costs memory for each
mail on the way.
"""

import asyncio
import os
import shutil
import tracemalloc
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bench.stand import counting
from gateway.authenticate.sign import Signer, generate_key
from gateway.deliver.wire import stuffed
from gateway.listen.content import Data
from gateway.locked.workers import _content
from gateway.released import Released
from mail.compose import Edit, pieces
from mail.encoding import base64_lines
from storage.content import CHUNK
from storage.draft import LocalDraft
from storage.seal import Seal
from storage.spool import Spool

HEAD = b"From: a@x.example\r\nTo: b@y.example\r\nContent-Transfer-Encoding: base64\r\n\r\n"
MAIL = HEAD + base64_lines(os.urandom(6_000_000))
READ = 64 << 10
"""Bytes that arrive at a time."""

pytestmark = pytest.mark.skipif(shutil.which("cc") is None, reason="needs a C compiler")


@pytest.fixture
def spool(tmp_path: Path) -> Iterator[Spool]:
    spool = Spool(tmp_path)
    yield spool
    asyncio.run(spool.close())


@pytest.fixture
def draft(spool: Spool) -> Iterator[LocalDraft]:
    made = LocalDraft(spool.tmp)
    made.write(MAIL)
    made.view()
    yield made
    made.discard()


def copies(work: Callable[[], object]) -> float:
    """How often the mail was copied, in parts or whole."""
    counted = counting.octets(work)
    assert counted is not None
    return counted / len(MAIL)


def held(work: Callable[[], object]) -> int:
    """The most bytes that the work held at a time."""
    tracemalloc.start()
    try:
        work()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def arriving(draft: LocalDraft) -> None:
    sent = MAIL + b".\r\n"
    content = Data(draft, len(MAIL), 0)
    for start in range(0, len(sent), READ):
        content.feed(sent[start : start + READ])
    assert content.complete
    assert draft.size == len(MAIL)


def test_arriving(spool: Spool) -> None:
    """The slice that stands for what was read, then the search for the end and the content without stuffed dots; a sealed
    chunk, and the same opened again."""
    assert copies(lambda: arriving(LocalDraft(spool.tmp))) < 5.5
    assert held(lambda: arriving(LocalDraft(spool.tmp))) < len(MAIL) + 3 * CHUNK + 4 * READ  # `sent`


def test_examined(draft: LocalDraft) -> None:
    def handed_over() -> None:
        with _content(draft) as (mail, fd):
            assert mail is None
            assert fd >= 0

    assert copies(handed_over) < 0.01


@pytest.mark.parametrize(
    "edits", [(), (Edit(0, 0, b"X-A: b\r\n"), Edit(1_000_000, 1_000_004, b"abcd"))], ids=["", "edited"]
)
def test_kept(spool: Spool, draft: LocalDraft, edits: tuple[Edit, ...]) -> None:
    def put() -> None:
        asyncio.run(spool.put(pieces(draft.view(), edits), "default"))

    asyncio.run(spool.put([b"first"], "default"))
    assert copies(put) < 0.05


def test_signed(draft: LocalDraft) -> None:
    signer = Signer("x.example", "s", generate_key("ed25519"))
    content = [b"Received: x\r\n", *pieces(draft.view(), (Edit(1_000_000, 1_000_004, b"abcd"),))]
    assert copies(lambda: signer.sign(content)) < 0.1


def test_marked(draft: LocalDraft) -> None:
    released = Released(None, Seal([b"k" * 32]))  # type: ignore[arg-type]
    content = [b"Received: x\r\n", draft.view()]
    assert copies(lambda: released.mark(content, "abc")) < 0.05


def test_sent(spool: Spool, draft: LocalDraft) -> None:
    blob = asyncio.run(spool.put([draft.view()], "default"))

    def sent() -> None:
        content = asyncio.run(spool.get(blob.key))
        assert content.sha256() == blob.sha256
        assert sum(map(len, stuffed(content))) == len(MAIL) + 3

    assert copies(sent) < 1.1
    assert held(sent) < 2 << 20


def test_a_copy_is_seen(draft: LocalDraft) -> None:
    assert copies(lambda: bytes(draft.view())) > 0.99
