"""Words in pictures, read behind the walls by the real Tesseract."""

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest

from config.policy import Policy
from filters.facts import Facts, Origin
from gateway.checkpoint import ARRIVING, ARRIVING_PAGE, ARRIVING_PAGES, unread
from gateway.locked import sandbox
from gateway.locked.workers import Workers
from mail.envelope import Envelope, ForwardPath
from storage.draft import LocalDraft
from tests.filters.extract.pages import needs_ocr, picture, scan
from tests.filters.mails import attached

FACTS = Facts(
    "inbound", Origin("inbound", "192.0.2.1"), Envelope("a@b.example", (ForwardPath("c@d.example"),))
)
LURE = "https://login.evil.example/signin"

pytestmark = pytest.mark.skipif(
    "seccomp" not in sandbox.walls(), reason="no system call filters in this kernel"
)
Start = Callable[..., Awaitable[Workers]]


@pytest.fixture
async def start() -> AsyncIterator[Start]:
    running: list[Workers] = []

    async def started(**settings: object) -> Workers:
        workers = Workers(Policy(version="p1"), 1, time_limit=60, **settings)  # type: ignore[arg-type]
        running.append(workers)
        await workers.start()
        return workers

    yield started
    for workers in running:
        await workers.stop()


def draft(folder: Path, *files: tuple[str, bytes]) -> LocalDraft:
    made = LocalDraft(folder)
    made.write(attached(*files))
    return made


@needs_ocr
async def test_a_scan_and_a_picture_are_read_each_in_a_fresh_process(start: Start, tmp_path: Path) -> None:
    workers = await start(ocr=True)
    assert workers.reads
    pids = set()
    for name, content in (("a.pdf", scan(["口座が変わりました"])), ("a.png", picture("口座が変わりました"))):
        mail = draft(tmp_path, (name, content))
        pids.update(workers._reading.pids[:1])
        before = await workers.examine(mail, FACTS)
        assert unread(before.findings)
        after = await workers.read(mail, FACTS, 1, 50, 60)
        assert after is not None
        assert not unread(after.findings)
        (record,) = (f for f in after.findings if f.rule == "picture_of_text")
        assert record.values["how"] == "read"
    assert len(pids) == 2


@needs_ocr
async def test_who_has_no_time_has_not_read_and_the_next_one_is_read(start: Start, tmp_path: Path) -> None:
    workers = await start(ocr=True)
    mail = draft(tmp_path, ("a.png", picture("見積書")))
    assert await workers.read(mail, FACTS, 1, 50, 0.001) is None
    assert workers.counts["unread"] == 1
    assert await workers.read(mail, FACTS, 1, 50, 60) is not None


async def test_who_does_not_want_it_has_no_such_process(start: Start, tmp_path: Path) -> None:
    workers = await start()
    assert not workers.reads
    assert workers._reading.pids == []
    mail = draft(tmp_path, ("a.txt", b"x"))
    assert not unread((await workers.examine(mail, FACTS)).findings)


def test_an_arriving_mail_waits_for_three_seconds_at_most() -> None:
    assert ARRIVING <= 3
    assert ARRIVING_PAGES * ARRIVING_PAGE < ARRIVING
