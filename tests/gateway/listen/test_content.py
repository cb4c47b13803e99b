"""Content on its way into a draft, without a network."""

import errno
from pathlib import Path

import pytest
import structlog

from gateway.listen.content import Chunks, Data, draft_failure
from storage.draft import LocalDraft
from storage.interfaces import StoreError


def code(content: Data | Chunks) -> int:
    return content.refusal.code if content.refusal else 250


@pytest.mark.parametrize(
    ("wire", "kept", "rest"),
    [
        (b".\r\n", b"", b""),
        (b"a\r\n.\r\nQUIT\r\n", b"a\r\n", b"QUIT\r\n"),
        (b"..a\r\n...\r\n.\r\n", b".a\r\n..\r\n", b""),
    ],
)
def test_data(tmp_path: Path, wire: bytes, kept: bytes, rest: bytes) -> None:
    content = Data(LocalDraft(tmp_path), 100, 100)
    content.feed(wire)
    assert content.complete
    assert (code(content), bytes(content.draft.view()), content.rest) == (250, kept, rest)


def test_the_limit_counts_content_and_not_stuffing(tmp_path: Path) -> None:
    content = Data(LocalDraft(tmp_path), 10, 100)
    content.feed(b"..\r\n..\r\n" * 1 + b"1234\r\n"[2:] + b".\r\n")
    assert (code(content), content.draft.size) == (250, 10)
    content = Data(LocalDraft(tmp_path), 9, 100)
    content.feed(b"12345678\r\n.\r\n")
    assert code(content) == 552


def test_the_first_reason_is_told_and_the_end_is_still_found(tmp_path: Path) -> None:
    content = Data(LocalDraft(tmp_path), 5, 1000)
    content.feed(b"123456789\r\n")
    content.feed(b"stray\n\r\n")
    assert not content.complete
    content.feed(b".\r\nNOOP\r\n")
    assert content.complete
    assert code(content) == 552
    assert content.rest == b"NOOP\r\n"


def test_overrun(tmp_path: Path) -> None:
    content = Data(LocalDraft(tmp_path), 10, 10)
    content.feed(b"x" * 20)
    assert not content.overrun
    content.feed(b"x")
    assert content.overrun


def test_chunks_end_with_a_line_end(tmp_path: Path) -> None:
    content = Chunks(LocalDraft(tmp_path), 100, 100)
    for piece, last in ((b"one\r", False), (b"\n.", False), (b"", True)):
        content.expect(len(piece), last)
        assert content.wanted(1000) == len(piece)
        if piece:
            content.feed(piece)
        assert content.complete
    assert (code(content), bytes(content.draft.view())) == (250, b"one\r\n.\r\n")


@pytest.mark.parametrize("pieces", [[b"a\r", b"b"], [b"a", b"\nb"], [b"a\r"], [b"\0"]])
def test_chunks_obey_the_same_hygiene(tmp_path: Path, pieces: list[bytes]) -> None:
    content = Chunks(LocalDraft(tmp_path), 1 << 20, 100)
    for piece in pieces:
        content.expect(len(piece), piece is pieces[-1])
        content.feed(piece)
    assert code(content) == 550


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (OSError(errno.ENOSPC, "full"), 452),
        (OSError(errno.EIO, "broken"), 451),
        (StoreError("lost"), 451),
        (KeyError(1), 451),
    ],
)
def test_failures_of_a_draft_are_temporary(error: Exception, expected: int) -> None:
    with structlog.testing.capture_logs():
        assert draft_failure(error).code == expected
        wrapped = StoreError("could not be kept")
        wrapped.__cause__ = error
        assert draft_failure(wrapped).code == expected


def test_chunks_with_an_lf_alone_are_mended_where_that_is_wanted(tmp_path: Path) -> None:
    content = Chunks(LocalDraft(tmp_path), 100, 100, normalise=True)
    for number, piece in enumerate((b"a\nb\r", b"\n\n.\n")):
        content.expect(len(piece), last=bool(number))
        content.feed(piece)
    assert (code(content), bytes(content.draft.view())) == (250, b"a\r\nb\r\n\r\n.\r\n")
