"""Looking twice: what an arriving mail links to is known only after a look."""

from pathlib import Path
from typing import cast

import msgspec
import pytest

from config.policy import Policy
from directory.listings import Listings
from filters.examined import Examined, Summary
from filters.facts import Facts, Origin
from filters.finding import Finding
from filters.listing import BLOCK, Listing
from gateway.checkpoint import Checkpoint, unread
from gateway.locked.workers import Workers
from mail.envelope import Envelope
from storage.draft import LocalDraft


class Eyes:
    """Workers that note what they were asked."""

    policy = Policy()

    def __init__(self) -> None:
        self.asked: list[Facts] = []

    async def examine(self, draft: LocalDraft, facts: Facts, by: Origin | None) -> Examined:
        assert by is facts.origin
        self.asked.append(facts)
        return Examined(summary=Summary(hosts=("evil.example",), files=("ab" * 32,)))


class Lists:
    def __init__(self, *found: Listing) -> None:
        self.found = found

    async def find(
        self, tenant: str, *, hosts: tuple[str, ...], files: tuple[str, ...]
    ) -> tuple[Listing, ...]:
        assert tenant == "default"
        assert (hosts, files) == (("evil.example",), ("ab" * 32,))
        return self.found


AUTHOR, HOST = Listing(BLOCK, "address", "a@b.example"), Listing(BLOCK, "host", "evil.example")
FACTS = Facts("inbound", Origin("mx", "192.0.2.1"), Envelope(""), listed=(AUTHOR,))


async def test_a_second_look_knows_what_the_first_found_on_a_list(tmp_path: Path) -> None:
    for lists, times in ((Lists(), 1), (Lists(HOST), 2)):
        eyes = Eyes()
        checkpoint = Checkpoint(cast(Workers, eyes), cast(Listings, lists))
        facts, _ = await checkpoint.examine(LocalDraft(tmp_path), FACTS, FACTS.origin)
        assert len(eyes.asked) == times
        assert facts.listed == (AUTHOR, *lists.found)
        assert eyes.asked[-1] == facts


class Readers(Eyes):
    """Workers that read words in pictures, or have no time."""

    reads = True

    def __init__(self, direction: str, answer: Examined | None) -> None:
        super().__init__()
        self.rule = "picture_of_text" if direction == "inbound" else "scanned_attachment"
        self.answer, self.pages = answer, 0

    async def examine(self, draft: LocalDraft, facts: Facts, by: Origin | None) -> Examined:
        found = Finding(self.rule, "", (), values={"name": "a.png", "how": "unread"})
        return msgspec.structs.replace(await super().examine(draft, facts, by), findings=(found,))

    async def read(self, draft: LocalDraft, facts: Facts, pages: int, *seconds: float) -> Examined | None:
        self.pages += pages
        return self.answer


@pytest.mark.parametrize("answer", [Examined(score=9), None])
async def test_pictures_of_text_that_arrive_are_read_at_once_or_not_at_all(
    tmp_path: Path, answer: Examined | None
) -> None:
    eyes = Readers("inbound", answer)
    checkpoint = Checkpoint(cast(Workers, eyes), cast(Listings, Lists()))
    facts, found = await checkpoint.examine(LocalDraft(tmp_path), FACTS, FACTS.origin)
    assert eyes.pages == 1
    assert facts.pages == 0
    assert found.score == (9 if answer else 0)
    assert bool(found.findings) is (answer is None)


async def test_pictures_of_text_that_leave_are_read_later(tmp_path: Path) -> None:
    eyes = Readers("outbound", Examined())
    checkpoint = Checkpoint(cast(Workers, eyes), cast(Listings, Lists()))
    leaving = msgspec.structs.replace(FACTS, direction="outbound")
    _, found = await checkpoint.examine(LocalDraft(tmp_path), leaving, leaving.origin)
    assert eyes.pages == 0
    assert unread(found.findings)
