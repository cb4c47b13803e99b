"""What is read in pictures while a mail is held makes others decide, and its sender hears of it."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, cast

import msgspec
import pytest

from config.policy import Policy
from directory.listings import Listings
from filters.examined import Applied, Examined, Summary
from filters.facts import Facts, Origin, Person
from filters.finding import Evidence, Finding
from filters.verdict import Verdict
from gateway.checkpoint import Checkpoint, unread
from gateway.fact_finding import LeavingFacts
from gateway.locked import sandbox
from gateway.locked.workers import Workers
from gateway.notices import Notices
from gateway.rounds.picture_rounds import PictureRounds
from mail.envelope import Envelope
from mail.message import Message
from quarantine.item import Event, Item, State
from quarantine.letters.letter import Post
from quarantine.rights import Actor
from quarantine.store import Query
from quarantine.waits import pictures
from storage.draft import LocalDraft
from tests.filters.extract.pages import needs_ocr, scan
from tests.filters.mails import SENDER, attached, policy
from tests.gateway.rounds.test_quarantine_rounds import Desk
from tests.gateway.rounds.test_wait_rounds import MONDAY, office
from tests.gateway.test_unlock import message_of, text_of
from tests.quarantine.items import item
from tests.services.zygotes import quickly

pytestmark = pytest.mark.skipif(
    "seccomp" not in sandbox.walls(), reason="no system call filters in this kernel"
)
FACTS = Facts("outbound", Origin("submission", "192.0.2.1", login="taro"), Envelope(SENDER, ()))


class Leaving:
    """Facts without a directory."""

    async def find(self, origin: Origin, envelope: Envelope, message: Message, *, use: bool = True) -> Facts:
        assert not use, "to look again uses no passphrase"
        person = Person("taro", addresses=(SENDER,))
        return msgspec.structs.replace(FACTS, origin=origin, envelope=envelope, sender=person, now=MONDAY)


class Nobody:
    """No lists."""

    async def find(self, tenant: str, **asked: Any) -> Sequence[Any]:
        return ()


@asynccontextmanager
async def reading(ruled: Policy) -> AsyncIterator[Checkpoint]:
    workers = Workers(ruled, 1, time_limit=120, ocr=True)
    with quickly():
        await workers.start()
    try:
        yield Checkpoint(workers, cast(Listings, Nobody()))
    finally:
        await workers.stop()


def rounds(here: Desk, checkpoint: Checkpoint) -> PictureRounds:
    url = "https://console.example"
    notices = Notices(here.store, here.people, Post(here.settings, here.store.blobs.put), here.settings, url)
    leaving = cast(LeavingFacts, Leaving())
    return PictureRounds(
        here.settings, here.store, here.people, notices, leaving, checkpoint, here.clock, url
    )


async def taken(here: Desk, content: bytes, **changes: Any) -> Item:
    blob = await here.store.blobs.put([content], "default")
    values = {
        "owner": "taro", "state": State.HELD, "delay": 300, "accepted_at": MONDAY, "reverse_path": SENDER,
        "summary": Summary("図面"), "findings": (), "rewrites": (), "blob": blob.key, "size": blob.size,
        "sha256": blob.sha256,
    }  # fmt: skip
    one = item("tanaka@partner.example", **{**values, **changes})
    (kept,) = await here.store.put([one], MONDAY, "taro", claim=lambda t: pictures.note(t, [one]))
    return kept


async def letters(here: Desk) -> list[str]:
    found = await here.store.find(Query("default", direction="notice", limit=100))
    return [
        f"{each.owner} {message_of(content)['Subject']}\n{text_of(content)}"
        for each in found
        for content in [bytes(await here.store.blobs.get(each.blob))]
    ]


@needs_ocr
async def test_a_mark_on_a_scan_turns_the_hold_into_an_approval(tmp_path: Path) -> None:
    ruled = policy(confidential_attachment="approve department_head")
    mark, none = attached(("a.pdf", scan(["社外秘"]))), attached(("a.pdf", scan(["見積書"])))
    async with office(tmp_path) as here, reading(ruled) as checkpoint:
        draft = LocalDraft(tmp_path)
        draft.write(mark)
        facts = await Leaving().find(FACTS.origin, Envelope(SENDER, ()), Message(mark), use=False)
        _, first = await checkpoint.examine(draft, facts)
        assert unread(first.findings), "nobody reads it while the client waits"
        one, other = await taken(here, mark), await taken(here, none)
        keeper = rounds(here, checkpoint)
        assert await keeper.look() == 1
        after = await here.store.get(one.id, "default")
        assert (after.state, after.approvals, after.blob) == (State.HELD, ("department_head",), one.blob)
        assert "confidential_attachment" in {f.rule for f in after.findings}
        assert (await here.store.get(other.id, "default")).approvals == ()
        (letter,) = await letters(here)
        assert letter.startswith("taro 【送信保留中】図面")
        assert "社外秘" in letter
        assert f"console.example/mail/{one.id}" in letter
        (entry,) = await here.store.entries("default", item=one.id, event="find")
        assert entry.detail["approvals"] == ["department_head"]
        assert await keeper.look() == 0
        assert len(await letters(here)) == 1


class Found:
    """A checkpoint that has read this."""

    reads = True

    def __init__(self, answer: Examined | None) -> None:
        self.answer, self.asked = answer, 0

    async def read(self, draft: LocalDraft, facts: Facts) -> Examined | None:
        self.asked += 1
        return self.answer


def examined(then: str, place: str = "2/a.pdf/page 1 OCR") -> Examined:
    finding = Finding("my_number", "OUT-PII", (Evidence("…", place),))
    asked = frozenset({"department_head"}) if then.startswith("approve") else frozenset()
    return Examined((finding,), Verdict(approvals=asked), applied=(Applied("my_number", "", then),))


@pytest.mark.parametrize(
    ("answer", "stopped"),
    [
        (examined("approve department_head"), True),
        (examined("reject"), True),
        (examined("encrypt"), True),
        (examined("observe"), False),
        (examined("delay 5m"), False),
        (examined("reject", "2/a.pdf/page 1"), False),
        (None, False),
    ],
)
async def test_only_what_was_read_in_a_picture_and_decides_stops_a_mail(
    tmp_path: Path, answer: Examined | None, stopped: bool
) -> None:
    async with office(tmp_path) as here:
        one = await taken(here, attached())
        checkpoint = Found(answer)
        assert await rounds(here, cast(Checkpoint, checkpoint)).look() == stopped
        after = await here.store.get(one.id, "default")
        assert bool(after.approvals or after.holds) is stopped
        assert after.due_at == one.due_at
        assert len(await letters(here)) == stopped
        assert await pictures.unread(here.store.database, MONDAY + 1e6, 10) == []


async def test_what_left_or_was_taken_back_is_not_read(tmp_path: Path) -> None:
    async with office(tmp_path) as here:
        one = await taken(here, attached())
        await here.store.change(one.id, Event.RECALL, Actor("taro", tenant="default"), MONDAY + 1)
        checkpoint = Found(examined("reject"))
        assert await rounds(here, cast(Checkpoint, checkpoint)).look() == 0
        assert checkpoint.asked == 0


async def test_where_nobody_reads_all_is_left_as_it_is(tmp_path: Path) -> None:
    async with office(tmp_path) as here:
        await taken(here, attached())
        checkpoint = Found(examined("reject"))
        checkpoint.reads = False
        assert await rounds(here, cast(Checkpoint, checkpoint)).look() == 0
        assert checkpoint.asked == 0
