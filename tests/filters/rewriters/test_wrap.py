"""Long lines are broken beside what other rewriters do, never across it; and the gateway believes nothing more for it."""

import base64

import pytest

from filters.examined import Copy, Examined
from filters.rule import Mail
from gateway.locked.answer_check import Nonsense, explain
from mail.compose import Edit, applied
from mail.long_lines import long_line
from mail.message import Message
from tests.filters.mails import attached, examined, facts, plain, policy

TO = "tanaka@partner.example"
LONG = "word " * 300


def left(raw: bytes, *recipients: str) -> tuple[Examined, Copy, Message]:
    seen = examined(raw, *(recipients or (TO,)))
    (copy,) = seen.copies
    explain(copy, Mail(Message(raw), facts(*(recipients or (TO,)))), policy())
    return seen, copy, Message(applied(raw, copy.edits))


def test_an_attachment_that_is_encrypted_is_not_written_twice() -> None:
    """Its base64 is one line, and so is the text."""
    raw = attached(("a.txt", b"x" * 2000), ("b.txt", "社外秘".encode()), body=LONG)
    file = base64.encodebytes(b"x" * 2000).decode().replace("\n", "\r\n").rstrip().encode()
    one = raw.replace(file, file.replace(b"\r\n", b""))
    assert one != raw
    _, copy, after = left(one)
    assert copy.verdict.rewrites == {"encrypt", "wrap"}
    assert [p.content_type for p in after.parts if not p.children][-1] == "application/zip"
    assert long_line(after.view) < 0
    assert LONG.strip() in after.parts[1].text()


def test_recipients_on_one_line_that_are_hidden_are_not_folded() -> None:
    many = [f"person.number{n}@partner{n}.example" for n in range(60)]
    raw = plain("本文", to=", ".join(many))
    _, copy, after = left(raw, *many)
    assert "wrap" in copy.verdict.rewrites
    assert {"bcc", "each"} & copy.verdict.rewrites
    assert long_line(after.view) < 0
    assert b"partner7.example" not in bytes(after.view)


def test_a_long_subject_is_folded() -> None:
    _, copy, after = left(plain("本文", subject="Re: " + LONG.strip()))
    assert copy.verdict.rewrites == {"wrap"}
    assert after.first("subject").value == b"Re: " + LONG.strip().encode()  # type: ignore[union-attr]


def told(edits: tuple[Edit, ...]) -> None:
    raw = plain("本文", subject="Re: " + LONG.strip())
    _, copy, _ = left(raw)
    made = Copy(copy.recipients, copy.verdict, edits)
    explain(made, Mail(Message(raw), facts(TO)), policy())


@pytest.mark.parametrize(
    "edit",
    [
        lambda raw, at: Edit(at, at + 4, b"Subject: x\r\n"),
        lambda raw, at: Edit(at + 9, at + 9, b"\r\n more "),
        lambda raw, at: Edit(at, at, b"X-New: x\r\n"),
        lambda raw, at: Edit(at + 12, at + 12, b"\r\n "),
        lambda raw, at: Edit(at + 12, at + 12, b"\r\n \r\n"),
    ],
)
def test_a_worker_can_fold_fields_and_nothing_else(edit) -> None:
    raw = plain("本文", subject="Re: " + LONG.strip())
    with pytest.raises(Nonsense):
        told((edit(raw, raw.index(b"Subject: ")),))


def test_a_fold_at_a_blank_is_believed() -> None:
    raw = plain("本文", subject="Re: " + LONG.strip())
    at = raw.index(b"word word")
    told((Edit(at - 1, at - 1, b"\r\n"),))
