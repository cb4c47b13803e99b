"""The checkpoint with real processes and hostile mails (T29, T32, T33, T47)."""

import asyncio
import hashlib
import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
import uvloop

from config.policy import ConfigError, Policy
from filters.examined import UNEXAMINABLE, Examined
from filters.extract.sample import samples
from filters.facts import Facts, Origin
from filters.verdict import Disposition
from gateway.locked import rehearsal, room, sandbox
from gateway.locked.pool import WorkerPool
from gateway.locked.shares import Overdrawn
from gateway.locked.workers import Workers
from mail.compose import Edit, applied
from mail.envelope import Envelope, ForwardPath
from storage.draft import LocalDraft
from tests.filters import mails

FACTS = Facts(
    "inbound",
    Origin("inbound", "192.0.2.1"),
    Envelope("a@b.example", (ForwardPath("c@d.example"), ForwardPath("e@d.example"))),
)
HOSTILE = "tests.gateway.hostile"

pytestmark = pytest.mark.skipif(
    "seccomp" not in sandbox.walls(), reason="no system call filters in this kernel"
)
Start = Callable[..., Awaitable[Workers]]


@pytest.fixture
async def start() -> AsyncIterator[Start]:
    running: list[Workers] = []

    async def started(**settings: object) -> Workers:
        given = {"count": 1, "target": HOSTILE, "time_limit": 5.0, **settings}
        policy = given.pop("policy", Policy(version="p1"))
        workers = Workers(policy, **given)  # type: ignore[arg-type]
        running.append(workers)
        await workers.start()
        return workers

    yield started
    for workers in running:
        await workers.stop()


@pytest.fixture
def mail(tmp_path: Path) -> Iterator[Callable[[bytes], LocalDraft]]:
    drafts: list[LocalDraft] = []

    def made(content: bytes) -> LocalDraft:
        draft = LocalDraft(tmp_path)
        draft.write(content)
        drafts.append(draft)
        return draft

    yield made
    for draft in drafts:
        draft.discard()


Mail = Callable[[bytes], LocalDraft]


def held(examined: Examined) -> str:
    """Why a mail is held for everybody as unexaminable; fails when it is not."""
    assert examined.verdict.disposition is Disposition.HOLD
    assert examined.verdict.holds == {UNEXAMINABLE}
    assert [c.recipients for c in examined.copies] == [(0, 1)]
    assert [f.rule for f in examined.findings] == [UNEXAMINABLE]
    return examined.findings[0].values["why"]


async def worker_of(workers: Workers, mail: Mail) -> int:
    return int((await workers.examine(mail(b"hello\r\n"), FACTS)).summary.subject.split()[1])


async def test_a_mail_is_examined(start: Start, mail: Mail) -> None:
    workers = await start()
    examined = await workers.examine(mail(b"edit 10\r\n"), FACTS)
    assert examined.summary.subject.endswith("9 edit 10")
    assert examined.copies[0].edits == (Edit(0, 5, b"Edit:"), Edit(9, 9, b"x" * 10 + b"\r\n"))
    assert workers.counts == {"examined": 1}


@pytest.mark.parametrize("size", [0, 100, 128 << 10, (128 << 10) + 1, 20 << 20])
async def test_every_byte_arrives(start: Start, mail: Mail, size: int) -> None:
    workers = await start()
    content = b"digest\r\n" + os.urandom(max(0, size - 8)) if size else b""
    examined = await workers.examine(mail(content), FACTS)
    if size:
        assert examined.summary.subject == hashlib.sha256(content).hexdigest()
    assert workers.counts["examined"] == 1


async def test_many_bytes_come_back(start: Start, mail: Mail) -> None:
    workers = await start()
    examined = await workers.examine(mail(b"edit 15000000\r\n"), FACTS)
    assert len(examined.copies[0].edits[1].new) == 15_000_002


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"abort", "crash"),
        (b"segfault", "crash"),
        (b"loop", "time"),
        (b"bomb", "memory"),
        (b"raise", "RuntimeError"),
        (b"recurse", "RecursionError SystemError crash"),  # by the version of Python
        (b"garbage", "nonsense"),
        (b"huge", "nonsense"),
        (b"twice", "nonsense"),
        (b"lose", "nonsense"),
        (b"outside", "nonsense"),
        (b"smuggle", "nonsense"),
        (b"forge", "nonsense"),
        (b"edit 51000000", "nonsense"),
    ],
)
async def test_a_hostile_mail_is_held_and_harms_nobody(
    start: Start, mail: Mail, content: bytes, why: str
) -> None:
    workers = await start(time_limit=1.0 if why == "time" else 30.0)
    assert held(await workers.examine(mail(content + b"\r\n"), FACTS)) in why.split()
    assert not (await workers.examine(mail(b"hello\r\n"), FACTS)).findings


async def test_a_mail_that_could_not_be_examined_still_names_no_hidden_recipient(
    start: Start, mail: Mail
) -> None:
    """It is released some day, or passes under observation: Bcc, and fields in our name, are gone before."""
    content = b"abort \r\nBcc: x@secret.example\r\nX-Sekisho-Warning: no\r\n\r\nhi\r\n"
    for mode in ("enforce", "observe"):
        workers = await start(policy=Policy(version="p1", mode=mode))
        for direction, gone in (("outbound", b"secret"), ("inbound", b"Sekisho")):
            facts = msgspec.structs.replace(FACTS, direction=direction)
            (copy,) = (await workers.examine(mail(content), facts)).copies
            assert bool(copy.verdict.holds) == (mode == "enforce")
            left = applied(content, copy.edits)
            assert gone not in left


async def test_what_the_mail_says_does_not_get_into_the_finding(start: Start, mail: Mail) -> None:
    workers = await start()
    examined = await workers.examine(mail(b"raise\r\n"), FACTS)
    assert b"secret" not in repr(examined).encode()


async def test_a_stopped_worker_is_killed_at_the_limit(start: Start, mail: Mail) -> None:
    workers = await start(time_limit=1.0)
    pid = await worker_of(workers, mail)
    os.kill(pid, signal.SIGSTOP)
    assert held(await workers.examine(mail(b"hello\r\n"), FACTS)) == "time"
    assert await worker_of(workers, mail) != pid


async def test_memory_bombs_do_not_grow_the_gateway(start: Start, mail: Mail) -> None:
    workers = await start(memory_limit=200 << 20)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for _ in range(3):
        assert held(await workers.examine(mail(b"bomb\r\n"), FACTS)) == "memory"
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 8 << 10


async def test_a_tree_that_costs_too_much_ends_the_worker_that_builds_it(start: Start, mail: Mail) -> None:
    """100,000 attributes of one element took lexbor 44 s; the mail is not tried again, since time is its own fault."""
    workers = await start(time_limit=300.0)
    assert held(await workers.examine(mail(b"tree 100000\r\n"), FACTS)) == "time"
    assert workers.counts["retried"] == 0
    assert not (await workers.examine(mail(b"tree 1000\r\n"), FACTS)).findings


async def test_crashes_among_200_mails_touch_only_their_own(start: Start, mail: Mail) -> None:
    workers = await start(count=3)
    contents = [b"abort\r\n" if n % 10 == 3 else b"hello %d\r\n" % n for n in range(200)]
    answers = await asyncio.gather(*(workers.examine(mail(c), FACTS) for c in contents))
    for content, examined in zip(contents, answers, strict=True):
        if content.startswith(b"abort"):
            assert held(examined) == "crash"
        else:
            assert examined.summary.subject.endswith(content.decode().strip())
    assert workers.counts["examined"] == 180


async def test_a_poison_mail_is_tried_twice_at_most(start: Start, mail: Mail) -> None:
    workers = await start()
    held(await workers.examine(mail(b"abort\r\n"), FACTS))  # a fresh worker: nobody else to blame
    assert workers.counts["retried"] == 0
    await worker_of(workers, mail)
    held(await workers.examine(mail(b"abort\r\n"), FACTS))  # after another mail: once more, in a fresh one
    assert workers.counts["retried"] == 1


async def test_a_mail_whose_worker_was_killed_from_outside_is_examined_again(
    start: Start, mail: Mail
) -> None:
    workers = await start()
    pid = await worker_of(workers, mail)
    asking = asyncio.ensure_future(workers.examine(mail(b"sleep 0.5\r\n"), FACTS))
    await asyncio.sleep(0.1)
    os.kill(pid, signal.SIGKILL)
    assert (await asking).summary.subject.endswith("sleep 0.5")


async def test_workers_are_replaced_after_their_share(start: Start, mail: Mail) -> None:
    workers = await start(mails=3)
    pids = [await worker_of(workers, mail) for _ in range(9)]
    assert [len(set(pids[n : n + 3])) for n in (0, 3, 6)] == [1, 1, 1]
    assert len(set(pids)) == 3


async def test_what_one_mail_did_to_its_worker_ends_with_its_share(start: Start, mail: Mail) -> None:
    """A mail that took its worker over stays in it; here it only leaves something behind and looks whether it is there."""
    workers = await start(mails=4)
    assert await left_behind(workers, mail) == [1, 2, 3, 4, 1, 2, 3, 4, 1]


async def test_an_error_of_ours_while_one_is_given_back_loses_no_place(
    start: Start, mail: Mail, monkeypatch: pytest.MonkeyPatch
) -> None:
    workers = await start()

    def failing(self: WorkerPool, worker: object) -> None:
        raise RuntimeError("planted")

    with monkeypatch.context() as patch:
        patch.setattr(WorkerPool, "back", failing)
        for _ in range(3):  # more than there are, the spare included
            with pytest.raises(RuntimeError, match="planted"):
                await workers.examine(mail(b"hello\r\n"), FACTS)
    assert await workers.examine(mail(b"hello\r\n"), FACTS)


async def test_a_worker_never_sees_mail_of_the_other_direction(start: Start, mail: Mail) -> None:
    workers = await start(mails=100)
    leaving = msgspec.structs.replace(FACTS, direction="outbound")
    report = Facts("report", FACTS.origin, Envelope("a@b.example", ()))
    assert await left_behind(workers, mail) == [1, 2, 3, 4, 5, 6, 7, 8, 9]
    assert await left_behind(workers, mail, leaving) == [1, 2, 3, 4, 5, 6, 7, 8, 9]
    assert (await left_behind(workers, mail, report))[0] == 10  # a report is a stranger's mail too
    assert not set(workers._arriving.pids) & set(workers._leaving.pids)


async def test_a_worker_gets_ready_with_a_mail_of_ours(start: Start, mail: Mail) -> None:
    """Before its first mail, and by one of the direction that it will examine."""
    workers = await start(count=1, mails=1)
    for direction in ("inbound", "outbound"):
        facts = msgspec.structs.replace(FACTS, direction=direction)
        for _ in range(3):  # the first, its spare, and the one in place of that
            examined = await workers.examine(mail(b"ran\r\n"), facts)
            assert examined.summary.subject == f"{direction} {direction}"


async def left_behind(workers: Workers, mail: Mail, facts: Facts = FACTS) -> list[int]:
    """Of nine mails, the how manieth of its worker each is, by what they leave behind there."""
    seen = [await workers.examine(mail(b"leave\r\n"), facts) for _ in range(9)]
    return [int(examined.summary.subject) for examined in seen]


LEAVING = msgspec.structs.replace(
    FACTS,
    direction="outbound",
    envelope=Envelope("a@b.example", (ForwardPath("c@d.example"),)),
    passphrases={"c@d.example": "kumquat-agreed"},
    fresh_passphrase="kumquat-fresh",
    typed=("kumquat-typed",),
)


async def test_passphrases_are_not_there_in_the_first_step(start: Start, mail: Mail) -> None:
    """Neither among the facts nor in the octets that came; the same look finds them when a mail has them in itself."""
    workers = await start()
    examined = await workers.examine(mail(b"secrets\r\n"), LEAVING)
    assert examined.summary.subject == "False nothing"
    examined = await workers.examine(mail(b"secrets\r\n\r\nkumquat\r\n"), LEAVING)
    assert examined.summary.subject == "True nothing"


async def test_passphrases_are_told_for_what_they_are_needed(start: Start, mail: Mail) -> None:
    workers = await start()
    encrypting = (await workers.examine(mail(b"needs encrypt encrypt\r\n"), LEAVING)).summary.subject
    assert encrypting.startswith("False ")
    assert "agreed" in encrypting
    assert "fresh" in encrypting
    assert "typed" not in encrypting.replace("('typed', ())", "")
    opening = (await workers.examine(mail(b"needs locked_file bcc\r\n"), LEAVING)).summary.subject
    assert "kumquat-typed" in opening
    assert "kumquat-fresh" not in opening


@pytest.mark.parametrize("asked", [b"encrypt bcc", b"anything encrypt"])
async def test_who_asks_for_passphrases_without_need_gets_none(
    start: Start, mail: Mail, asked: bytes
) -> None:
    workers = await start()
    examined = await workers.examine(mail(b"needs %b\r\n" % asked), LEAVING)
    assert examined.findings[0].values["why"] == "nonsense"
    assert "kumquat" not in repr(examined)


async def test_who_was_told_how_to_encrypt_has_to(start: Start, mail: Mail) -> None:
    """With two recipients the hostile target forgets that it said so."""
    workers = await start()
    facts = msgspec.structs.replace(LEAVING, envelope=FACTS.envelope)
    assert held(await workers.examine(mail(b"needs encrypt encrypt\r\n"), facts)) == "nonsense"
    arriving = msgspec.structs.replace(LEAVING, direction="inbound")
    examined = await workers.examine(mail(b"needs encrypt encrypt\r\n"), arriving)
    assert examined.findings[0].values["why"] == "nonsense"


async def test_the_next_worker_waits_before_it_is_needed(start: Start, mail: Mail) -> None:
    """With a zygote that does nothing there is no fork to wait for: the spare is there all the same."""
    workers = await start(mails=2, wait_limit=5.0)
    assert workers._generation is not None
    zygote = workers._generation._process.pid
    first, spare = workers._arriving.pids
    os.kill(zygote, signal.SIGSTOP)
    try:
        assert [await worker_of(workers, mail) for _ in range(3)] == [first, first, spare]
    finally:
        os.kill(zygote, signal.SIGCONT)


@pytest.mark.parametrize("content", [b"grow 48000000\r\n", b"keep\r\n" + b"x" * 200_000])
async def test_a_worker_that_keeps_too_much_is_replaced(start: Start, mail: Mail, content: bytes) -> None:
    workers = await start()
    first = await worker_of(workers, mail)
    await workers.examine(mail(content), FACTS)
    assert await worker_of(workers, mail) != first


async def test_a_worker_that_grew_a_little_stays(start: Start, mail: Mail) -> None:
    workers = await start()
    first = await worker_of(workers, mail)
    await workers.examine(mail(b"grow 8000000\r\n"), FACTS)
    assert await worker_of(workers, mail) == first


async def test_large_mails_wait_for_one_another_and_small_ones_do_not(
    start: Start, mail: Mail, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(room, "TURN", 1000.0)
    workers = await start(count=4, time_limit=60.0)
    workers._room = room.Room(2 * room.LARGE)
    large = b"sleep 1000\r\n" + b"x" * room.LARGE
    waiting = [asyncio.ensure_future(workers.examine(mail(large), FACTS)) for _ in range(4)]
    for _ in range(3):
        await worker_of(workers, mail)
    assert workers._arriving._idle.qsize() == 2
    for each in waiting:
        each.cancel()
    await asyncio.gather(*waiting, return_exceptions=True)


async def test_the_policy_changes_while_mails_are_examined(start: Start, mail: Mail) -> None:
    workers = await start(count=2)
    slow = asyncio.ensure_future(workers.examine(mail(b"sleep 1\r\n"), FACTS))
    await asyncio.sleep(0.1)
    stream = [asyncio.ensure_future(workers.examine(mail(b"hello\r\n"), FACTS)) for _ in range(50)]
    await workers.reconfigure(Policy(version="p2"))
    assert (await workers.examine(mail(b"hello\r\n"), FACTS)).summary.subject.startswith("p2 ")
    assert (await slow).summary.subject.startswith("p1 ")
    assert {(await each).summary.subject.split()[0] for each in stream} <= {"p1", "p2"}
    assert workers.counts["examined"] == 52
    assert workers.counts["retried"] == 0


async def test_a_wrong_policy_changes_nothing(start: Start, mail: Mail) -> None:
    workers = await start()
    with pytest.raises(ConfigError, match="the policy is wrong"):
        await workers.reconfigure(Policy(version="wrong"))
    assert (await workers.examine(mail(b"hello\r\n"), FACTS)).summary.subject.startswith("p1 ")
    with pytest.raises(ConfigError, match="the policy is wrong"):
        await start(policy=Policy(version="wrong"))


async def test_a_target_that_does_not_exist_stops_the_start(start: Start) -> None:
    with pytest.raises(ConfigError):
        await start(target="tests.gateway.nothing_here")


async def test_the_zygote_is_started_again(start: Start, mail: Mail) -> None:
    workers = await start(count=2)
    pid = await worker_of(workers, mail)
    assert workers._generation is not None
    os.kill(workers._generation._process.pid, signal.SIGKILL)
    assert ended(pid)  # by the kernel's hand: until then it could still answer
    asking = [workers.examine(mail(b"hello\r\n"), FACTS) for _ in range(5)]
    assert all(not e.findings for e in await asyncio.gather(*asking))
    assert await worker_of(workers, mail) != pid


async def test_workers_that_end_while_a_generation_starts_are_replaced(
    start: Start, mail: Mail, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They were taken for members of their pool, which was full then, and no mail was examined any more."""
    workers = await start(count=2, wait_limit=5.0)
    welcome = workers._welcome

    def ended(*given: Any) -> Any:
        worker = welcome(*given)
        assert worker.pid, "the zygote went"
        os.kill(worker.pid, signal.SIGKILL)
        worker.on_idle_end(worker)
        return worker

    with monkeypatch.context() as patched:
        patched.setattr(workers, "_welcome", ended)
        await workers.reconfigure(Policy(version="p2"))
    assert (await workers.examine(mail(b"hello\r\n"), FACTS)).summary.subject.startswith("p2 ")


async def test_a_mail_waits_for_a_worker_but_not_for_ever(start: Start, mail: Mail) -> None:
    workers = await start(wait_limit=0.2)
    busy = asyncio.ensure_future(workers.examine(mail(b"sleep 1\r\n"), FACTS))
    await asyncio.sleep(0)
    with pytest.raises(TimeoutError):
        await workers.examine(mail(b"hello\r\n"), FACTS)
    assert not (await busy).findings


async def test_giving_up_on_a_mail_frees_its_worker(start: Start, mail: Mail) -> None:
    workers = await start()
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.1):
            await workers.examine(mail(b"sleep 4\r\n"), FACTS)
    assert not (await workers.examine(mail(b"hello\r\n"), FACTS)).findings


async def test_stopping_ends_everything(start: Start, mail: Mail) -> None:
    workers = await start(count=2)
    pid = await worker_of(workers, mail)
    asking = asyncio.ensure_future(workers.examine(mail(b"sleep 4\r\n"), FACTS))
    await asyncio.sleep(0.1)
    await workers.stop()
    with pytest.raises(ConnectionAbortedError):
        await asking
    with pytest.raises(ConnectionAbortedError):
        await workers.examine(mail(b"hello\r\n"), FACTS)
    assert ended(pid)


async def test_no_descriptor_is_lost(start: Start, mail: Mail) -> None:
    workers = await start(mails=2, time_limit=0.5)
    large = mail(b"hello\r\n" + b"x" * 200_000)
    large.view(), large.fileno()
    before = len(os.listdir("/proc/self/fd"))
    for content in (b"hello", b"abort", b"garbage", b"loop", b"raise"):
        await workers.examine(mail(content + b"\r\n"), FACTS)
        await workers.examine(large, FACTS)
    await workers.reconfigure(Policy(version="p2"))
    await worker_of(workers, mail)
    assert len(os.listdir("/proc/self/fd")) == before


async def test_secrets_of_the_environment_stay_here(
    start: Start, mail: Mail, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SEKISHO_SECRET", "x")
    monkeypatch.setenv("LD_LIBRARY_PATH", "/nowhere")
    workers = await start()
    told = (await workers.examine(mail(b"environ\r\n"), FACTS)).summary.subject
    assert "SEKISHO" not in told
    assert "LD_LIBRARY_PATH" not in told
    assert "LANG" in told


async def test_files_are_out_of_reach_unless_the_sandbox_is_off(start: Start, mail: Mail) -> None:
    locked = await start()
    assert (await locked.examine(mail(b"open /etc/passwd\r\n"), FACTS)).summary.subject == "PermissionError"
    loose = await start(sandbox="off")
    assert (await loose.examine(mail(b"open /etc/passwd\r\n"), FACTS)).summary.subject == "opened"
    assert held(await loose.examine(mail(b"abort\r\n"), FACTS)) == "crash"


async def test_a_sandbox_with_a_hole_stops_the_start(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    """Landlock alone leaves UDP open; the probe that gets out is named."""
    if "landlock" not in sandbox.walls():
        pytest.skip("this kernel has no Landlock")
    monkeypatch.setattr("gateway.locked.sandbox.walls", lambda: ("landlock",))
    with pytest.raises(ConfigError, match="send_udp"):
        await start()


async def test_a_machine_without_walls_stops_the_start(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gateway.locked.sandbox.walls", tuple)
    with pytest.raises(ConfigError):
        await start()


async def test_the_filter_alone_suffices(start: Start, mail: Mail, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gateway.locked.sandbox.walls", lambda: ("seccomp",))
    workers = await start()
    assert (await workers.examine(mail(b"open /etc/passwd\r\n"), FACTS)).summary.subject == "PermissionError"


async def test_documents_are_read_where_no_file_can_be_opened(start: Start, mail: Mail) -> None:
    """Every family's libraries work in a locked-up process exactly as they do here, each in a fresh one and once more."""
    workers = await start(target="tests.gateway.readers", time_limit=20.0, mails=2)
    from tests.gateway import readers

    for name, document in sorted(samples().items()):
        content = name.encode() + b"\n" + document
        here = readers.run(content, FACTS, Policy()).summary.subject.replace(
            " opened ", " PermissionError ", 1
        )
        for _ in range(2):
            assert (await workers.examine(mail(content), FACTS)).summary.subject == here, name


async def test_a_client_whose_mails_take_for_ever_leaves_workers_to_others(start: Start, mail: Mail) -> None:
    """Each of its mails would hold a worker for a quarter of an hour; unfair workers would not answer anybody else."""
    workers = await start(count=4, time_limit=900.0, wait_limit=900.0)
    hostile, honest = Origin("inbound", "192.0.2.1"), Origin("inbound", "192.0.2.2")
    tasks = [
        asyncio.ensure_future(workers.examine(mail(b"sleep 900\r\n"), FACTS, hostile)) for _ in range(12)
    ]
    for _ in range(5):
        examined = await workers.examine(mail(b"hello\r\n"), FACTS, honest)
        assert not examined.findings
    assert not any(task.done() for task in tasks)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def test_a_client_that_had_its_share_comes_later(start: Start, mail: Mail) -> None:
    workers = await start(count=2, time_limit=1.0, per_client=1.5)
    hostile, honest = Origin("inbound", "192.0.2.1"), Origin("inbound", "192.0.2.2")
    for _ in range(2):
        assert held(await workers.examine(mail(b"sleep 900\r\n"), FACTS, hostile)) == "time"
    with pytest.raises(Overdrawn):
        await workers.examine(mail(b"hello\r\n"), FACTS, hostile)
    assert not (await workers.examine(mail(b"hello\r\n"), FACTS, honest)).findings
    assert not (await workers.examine(mail(b"hello\r\n"), FACTS)).findings


@pytest.mark.parametrize("direction", ["inbound", "outbound"])
async def test_the_real_checkpoint_works_where_no_file_can_be_opened(
    start: Start, mail: Mail, direction: str
) -> None:
    workers = await start(target="filters.warm", time_limit=20.0)
    facts = msgspec.structs.replace(FACTS, direction=direction)
    examined = await workers.examine(mail(rehearsal.MAIL), facts)
    assert UNEXAMINABLE not in {f.rule for f in examined.findings}, examined.findings
    assert examined.summary.subject == "通行手形"
    assert examined.summary.attachments == ("list.txt",)


async def test_the_real_checkpoint_encrypts_with_what_it_is_told(start: Start, mail: Mail) -> None:
    workers = await start(target="filters.warm", time_limit=20.0, policy=mails.policy())
    content = mails.attached(("a.txt", b"Confidential"), to="c@d.example")
    strong = "aB3-xyZ9-Qq77-mnop-2rst"
    facts = mails.facts("c@d.example", passphrases={"c@d.example": strong}, fresh_passphrase="")
    examined = await workers.examine(mail(content), facts)
    (copy,) = examined.copies
    assert copy.passphrase_source == "address"
    assert b"application/zip" in applied(content, copy.edits)


def test_it_works_on_uvloop(tmp_path: Path) -> None:
    async def main() -> None:
        workers = Workers(Policy(version="p1"), 2, target=HOSTILE)
        await workers.start()
        drafts = []
        for content in (b"hello\r\n", b"edit 3000000\r\n", b"abort\r\n", b"hello\r\n" + b"x" * 300_000):
            draft = LocalDraft(tmp_path)
            draft.write(content)
            drafts.append(draft)
        answers = await asyncio.gather(*(workers.examine(d, FACTS) for d in drafts))
        assert [len(a.findings) for a in answers] == [0, 0, 1, 0]
        await workers.stop()
        for draft in drafts:
            draft.discard()

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(main())


def test_workers_do_not_outlive_a_killed_gateway() -> None:
    program = (
        "import asyncio\nfrom config.policy import Policy\nfrom gateway.locked.workers import Workers\n"
        "async def main():\n"
        f"    workers = Workers(Policy(), 2, target={HOSTILE!r})\n"
        "    await workers.start()\n"
        "    pids = workers._arriving.pids + workers._leaving.pids + [workers._generation._process.pid]\n"
        "    print(*pids, flush=True)\n"
        "    await asyncio.sleep(60)\n"
        "asyncio.run(main())\n"
    )
    with subprocess.Popen(
        [sys.executable, "-I", "-c", program], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as gateway:
        assert gateway.stdout is not None
        pids = [int(word) for word in gateway.stdout.readline().split()]
        gateway.kill()
    assert len(pids) == 7  # two for each direction, a spare each, and the zygote
    assert all(ended(pid) for pid in pids)


def ended(pid: int) -> bool:
    """True as soon as a process is gone or only waits to be collected; False after ten seconds."""
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        except OSError:
            return True
        if state == "Z":
            return True
        time.sleep(0.01)
    return False
