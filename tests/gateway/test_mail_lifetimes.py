"""A mail is gone when its last user is: no circle of references keeps a mapped file until somebody collects garbage."""

import gc
import mmap
import os
import weakref
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from config.policy import Policy
from filters.examine import examine, run
from filters.examples import ExampleLetter, letters, mail_of
from filters.facts import Facts, Origin
from filters.rule import Mail
from gateway.authenticate.sign import Signer, generate_key
from gateway.locked.answer_check import believed
from gateway.locked.channel import Answer, parted
from gateway.locked.workers import Workers
from gateway.released import Released
from mail.envelope import Envelope, ForwardPath
from mail.message import Message
from mail.readings import readings
from storage.draft import IN_MEMORY, LocalDraft
from storage.seal import Seal
from tests.filters.mails import SHIPPED

ENVELOPE = Envelope("a@x.example", (ForwardPath("sato@us.example"),))
FACTS = Facts("inbound", Origin("mx", "192.0.2.1"), ENVELOPE)
NESTED = (
    b"From: a@x.example\r\nTo: sato@us.example\r\nSubject: a\r\nMIME-Version: 1.0\r\n"
    b"Content-Type: multipart/mixed; boundary=a\r\n\r\n--a\r\n\r\ntext\r\n--a\r\n"
    b"Content-Type: message/rfc822\r\n\r\nSubject: b\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
    b"--b\r\nContent-Type: text/html\r\n\r\n<p>x</p>\r\n--b--\r\n--a--\r\n"
)
_TO = ("to", "tanaka@partner.example")
LONG = {
    "long_lines": ExampleLetter("", (_TO,), "word " * 300),
    "unbroken_lines": ExampleLetter("", (_TO, ("references", "<1@us.example>" * 90)), "text"),
}
"""Letters with lines too long for a document."""


@pytest.fixture(autouse=True)
def _uncollected() -> Iterator[None]:
    gc.collect()
    gc.disable()
    yield
    gc.enable()


@pytest.fixture
def draft(tmp_path: Path) -> Iterator[LocalDraft]:
    """Long enough to lie in a file, which is mapped."""
    made = LocalDraft(tmp_path)
    made.write(NESTED.replace(b"text", b"text " * (IN_MEMORY // 4)))
    yield made
    made.discard()


def mapped(draft: LocalDraft) -> bool:
    """Whether this process still maps a draft's memory; asked after `discard`, when nothing should."""
    with Path("/proc/self/maps").open() as maps:
        return any("/memfd:draft" in line for line in maps)


def test_a_mail_and_its_parts() -> None:
    message = Message(NESTED)
    assert len(message.parts) == 5
    assert message.parts[4].parent is message.parts[3]
    assert message.parts[0].children == (message.parts[1], message.parts[2])
    gone = [weakref.ref(thing) for thing in (message, *message.parts)]
    del message
    assert [thing() for thing in gone] == [None] * 6


def test_a_part_keeps_those_around_it() -> None:
    inner = Message(NESTED).parts[4]
    assert inner.parent is not None
    assert inner.parent.parent is not None
    assert inner.parent.parent.is_message
    with pytest.raises(ReferenceError):
        _ = inner.parent.parent.parent.children  # type: ignore[union-attr]


def test_other_readings_of_a_mail() -> None:
    message = Message(
        NESTED.replace(b"\r\nSubject: a", b"\r\nContent-Type: multipart/mixed; boundary=c\r\nSubject: a")
    )
    found = readings(message)
    gone = [weakref.ref(part) for part in found.parts]
    assert gone
    del message, found
    assert not any(part() for part in gone)


@pytest.mark.parametrize(
    "rule",
    [
        r.rule
        for r in SHIPPED.rules
        if r.rule.name
        not in ("asset_users", "mail_loop", "registered_data", "registered_document", "young_domain")
    ],
    ids=lambda rule: rule.name,
)
def test_an_examined_mail(rule: object) -> None:
    """Each rule has a letter that it speaks about; all rules and rewriters look at it."""
    letter = LONG.get(rule.name) or letters(rule.name)[0]  # type: ignore[attr-defined]
    mail = mail_of(letter, "outbound" if rule.direction == "outbound" else "inbound")  # type: ignore[attr-defined]
    examined = examine(mail, SHIPPED)
    gone = [
        weakref.ref(thing) for thing in (mail, mail.message, mail.message.root, mail.reading, mail.incoming)
    ]
    assert examined.findings
    del mail
    assert not any(thing() for thing in gone)


def test_a_process_gives_a_mapped_mail_back_at_once(draft: LocalDraft) -> None:
    """Without a collection of garbage, which takes longer than most mails do."""
    raw = mmap.mmap(draft.fileno() or -1, draft.size, access=mmap.ACCESS_READ)
    assert run(memoryview(raw), FACTS, SHIPPED).findings
    raw.close()


def test_what_could_not_be_examined(draft: LocalDraft) -> None:
    workers = Workers(Policy(), 1)
    held = workers._unexamined(draft, FACTS, "crash")
    assert held.findings
    assert mapped(draft)
    draft.discard()
    assert not mapped(draft)


def test_an_answer_that_is_checked(draft: LocalDraft) -> None:
    examined = examine(Mail(Message(bytes(draft.view())), FACTS), SHIPPED)
    answer, news = parted(examined)
    assert isinstance(answer, Answer)
    head, data = msgspec.msgpack.encode(answer), memoryview(b"".join(news))
    assert believed(head, data, FACTS, draft.view(), SHIPPED.policy, set()).findings
    draft.discard()
    assert not mapped(draft)


def test_signatures_and_marks(draft: LocalDraft) -> None:
    signer = Signer("x.example", "s", generate_key("ed25519"))
    assert signer.sign(draft.view())
    released = Released(None, Seal([b"k" * 32]))  # type: ignore[arg-type]
    assert released.mark((draft.view(),), "abc")
    draft.discard()
    assert not mapped(draft)


def test_a_discarded_draft_gives_its_blocks_back(draft: LocalDraft) -> None:
    """The file system keeps them as long as a descriptor or a map is open."""
    message = Message(draft.view())
    assert message.parts
    before = len(os.listdir("/proc/self/fd"))
    del message
    draft.discard()
    assert not mapped(draft)
    assert len(os.listdir("/proc/self/fd")) < before
