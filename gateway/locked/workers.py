"""The checkpoint in locked-up processes: examine a mail, and never let it harm anything but itself.

`Workers.examine` hands a mail to a free worker of its direction and checks the answer. A worker that crashes, takes too long,
needs too much memory or answers nonsense is killed and replaced; its mail is held as `unexaminable`. A mail
whose worker died is tried once more when the death may not be its own fault: the worker had examined other
mails before, or all workers went at once. A poison mail therefore costs two workers at most. A worker that a mail took
over can lie about its own direction's next mails, and only until it has served its share (gateway/locked/pool.py).

Diagnostics: ConfigError from `start` and `reconfigure` (policy, or a sandbox that does not hold);
TimeoutError from `examine` when no worker becomes free, answered 451 like every doubt, and Overdrawn when this
client has had its share of them.
"""

import asyncio
import os
import socket
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Literal

import msgspec
import structlog

from config.log_events import LogEvent
from config.policies import TenantPolicies, as_policies
from config.policy import ConfigError, Policy
from config.settings import LimitsSection, WorkersSection
from filters.examine import indispensable
from filters.examined import UNEXAMINABLE, Examined
from filters.facts import Facts, Origin
from filters.rule import Mail
from gateway.locked import channel, sandbox
from gateway.locked.answer_check import Nonsense, believed, failure, needed, unexaminable
from gateway.locked.channel import EXAMINED, FAILED, LAST, Done, Setup
from gateway.locked.pool import WorkerPool
from gateway.locked.room import EACH, Room
from gateway.locked.shares import Shares
from gateway.locked.zygote import Ended, Worker, Zygote
from mail.message import Message
from mail.networks import Networks
from storage.interfaces import Draft
from storage.tally import Tally

TARGET = "filters.warm"
ATTEMPTS = 3
"""Most workers that a mail is given to; more than one only when their death may not be its fault."""
MORE_TIME = 20 << 20
"""Each so many bytes of a mail give it the time limit once more."""
PAUSE = 1.0
"""Seconds between attempts to start a new generation."""
NOBODY = Networks(())

log = structlog.get_logger()


class Workers:
    """The examining processes of one node.

    count          how many for each direction (None: two per processor, at least four, so that slow mails do not stop the
                   others), and a spare besides
    sandbox        "on", or "off": the same processes without the kernel's walls, on the administrator's risk
    time_limit     seconds for a small mail; large ones get more (MORE_TIME)
    memory_limit   bytes that a worker may come to occupy
    wait_limit     seconds that a mail waits for a free worker
    mails          mails after which a worker is replaced (1: a fresh process for each)
    per_client     seconds of theirs that one client may have within a minute (0: any), unless it is `exempt`
    spent          the tally of that, where several processes have one together
    ocr            whether words in pictures are read, where that is installed: by one process more for both directions, a
                   fresh one for each mail
    scratch        a writable directory for the bait of the sandbox's probes (None: the system's)
    """

    def __init__(
        self,
        policy: Policy | TenantPolicies,
        count: int | None = None,
        sandbox: Literal["on", "off"] = "on",
        *,
        time_limit: float = 10.0,
        memory_limit: int = 512 << 20,
        wait_limit: float = 60.0,
        mails: int = WorkersSection().mails,
        per_client: float = LimitsSection().examining_per_minute,
        exempt: Networks = NOBODY,
        spent: Tally | None = None,
        ocr: bool = False,
        scratch: Path | None = None,
        target: str = TARGET,
    ) -> None:
        self.counts: Counter[str] = Counter()
        """What happened to mails and workers: examined, retried, and the reasons of holds."""
        self.walls: tuple[str, ...] = ()
        self.policies = as_policies(policy)
        """Those in force."""
        self._count = count or max(4, 2 * (os.cpu_count() or 1))
        self._locked = sandbox == "on"
        self._time_limit = time_limit
        self._memory_limit = memory_limit
        self._wait_limit = wait_limit
        self._ocr = ocr
        self._scratch = scratch
        self._target = target
        self._arriving = WorkerPool("inbound", self._count, self._revive, mails)
        self._leaving = WorkerPool("outbound", self._count, self._revive, mails)
        self._reading = WorkerPool("", 1, self._revive)
        self._pools = (self._arriving, self._leaving, self._reading)
        self._shares = Shares(max(1, self._count - max(1, self._count // 4)), per_client, exempt, tally=spent)
        self._room = Room(max(4, self._count) * EACH)
        self._generation: Zygote | None = None
        self._changing = asyncio.Lock()
        self._stopped = False
        self._encoder = msgspec.msgpack.Encoder()

    @property
    def alive(self) -> bool:
        """Whether there are processes that a mail can be given to; where there are none, the next mail starts them."""
        return self._generation is not None and self._generation.alive

    @property
    def reads(self) -> bool:
        """Whether words in pictures are read here."""
        return self._ocr and self._generation is not None and not self._generation.lack

    async def start(self) -> None:
        """Start the processes and prove that they are locked up. Raises ConfigError."""
        if self._locked:
            self.walls = sandbox.walls()
            if not self.walls:
                raise ConfigError(
                    [
                        "this kernel offers neither Landlock nor system call filters to lock up examining processes"
                    ]
                )
            if "landlock" not in self.walls:
                log.warning(LogEvent.SANDBOX_WITHOUT_LANDLOCK)
        else:
            log.warning(LogEvent.SANDBOX_OFF)
        async with self._changing:
            await self._change(self.policies)
        if self._ocr and self._generation is not None and (lack := self._generation.lack):
            log.info(LogEvent.OCR_ABSENT, lack=lack)

    async def reconfigure(self, policy: Policy | TenantPolicies) -> None:
        """Examine by another policy from now on, or by others. Raises ConfigError, and then nothing has changed."""
        policies = as_policies(policy)
        async with self._changing:
            await self._change(policies)
            self.policies = policies

    async def stop(self) -> None:
        """End all processes. Mails under examination raise ConnectionAbortedError."""
        self._stopped = True
        generation, self._generation = self._generation, None
        if generation is not None:
            generation.close()
        for pool in self._pools:
            for worker in pool.emptied():
                worker.close()
            pool.lost()

    async def examine(self, draft: Draft, facts: Facts, by: Origin | None = None) -> Examined:
        """The checkpoint's answer for one mail. Never raises for anything that the mail contains.

        `by` is the client of whose share it takes; None for what people of ours ask for.
        """
        client = self._shares.client(by) if by else ""
        patience = self._wait_limit
        async with self._shares.turn(client, patience), self._room.place(draft.size, patience):
            return await self._examined(draft, facts, client)

    async def read(
        self, draft: Draft, facts: Facts, pages: int, page_seconds: float, seconds: float
    ) -> Examined | None:
        """The checkpoint's answer for a mail with the words in its pictures, of so many pages, `page_seconds` for each; None
        when there is none in `seconds`, waiting included."""
        facts = msgspec.structs.replace(facts, pages=pages, page_seconds=page_seconds)
        encoded = self._encoder.encode(facts.without_secrets())
        try:
            async with asyncio.timeout(seconds):
                worker = await self._reading.take(seconds)
                examined = await self._asked(self._reading, worker, encoded, draft, facts, seconds)
        except (Ended, TimeoutError):
            self.counts["unread"] += 1
            return None
        return None if any(f.rule == UNEXAMINABLE for f in examined.findings) else examined

    async def _examined(self, draft: Draft, facts: Facts, client: str) -> Examined:
        encoded = self._encoder.encode(facts.without_secrets())
        pool = self._leaving if facts.direction == "outbound" else self._arriving
        suspected = False
        for attempt in range(1, ATTEMPTS + 1):
            worker = await pool.take(self._wait_limit)
            before, began = worker.served, time.monotonic()
            try:
                seconds = self._time_limit * (1 + draft.size / MORE_TIME)
                return await self._asked(pool, worker, encoded, draft, facts, seconds)
            except Ended as error:
                reason = "crash" if error.reason == "died" else error.reason
            finally:
                self._shares.spend(client, time.monotonic() - began)
            ended = await worker.ending() if reason == "crash" else None
            if ended is not None and ended.signal == sandbox.HURRIED:
                reason = "time"  # it ended itself: one tree took too long
            again = reason == "crash" and attempt < ATTEMPTS
            if again and ended is not None:
                # This process alone has died: because of this mail, unless an earlier one had damaged it.
                again = before > 0 and not suspected
                suspected = True
            if self._stopped:
                raise ConnectionAbortedError("the examining processes were stopped")
            log.warning(LogEvent.EXAMINATION_FAILED, reason=reason, size=draft.size, again=again)
            if not again:
                break
            self.counts["retried"] += 1
        self.counts[reason] += 1
        return self._unexamined(draft, facts, reason)

    def _unexamined(self, draft: Draft, facts: Facts, reason: str) -> Examined:
        policy = self.policies(facts.origin.tenant)
        edits = indispensable(Mail(Message(draft.view()), facts), policy)
        return unexaminable(facts, reason, policy.mode, edits)

    async def _asked(
        self, pool: WorkerPool, worker: Worker, encoded: bytes, draft: Draft, facts: Facts, seconds: float
    ) -> Examined:
        """One attempt with one worker, which is free again or ended afterwards. Raises Ended."""
        keep = False
        given: set[str] = set()
        policy = worker.zygote.policies(facts.origin.tenant)

        def tell(asked: bytes) -> bytes:
            secrets = needed(asked, facts, policy, given)
            return channel.frame(secrets)

        try:
            with _content(draft) as (mail, fd):
                kind, head, data = await worker.ask(encoded, mail, fd, draft.size, seconds, tell)
            if kind & ~LAST == FAILED:
                failed = failure(head)
                log.warning(LogEvent.EXAMINATION_RAISED, kind=failed.kind[:80], where=failed.where[:80])
                reason = "memory" if failed.kind == "MemoryError" else failed.kind[:80]
                self.counts["memory" if reason == "memory" else "raised"] += 1
                return self._unexamined(draft, facts, reason)
            if kind & ~LAST != EXAMINED:
                raise Nonsense("neither an answer nor a failure")
            examined = believed(head, data, facts, draft.view(), policy, given)
            self.counts["examined"] += 1
            keep = not kind & LAST and not worker.slow
            return examined
        except Nonsense as error:
            log.error(LogEvent.WORKER_ANSWERED_NONSENSE, what=str(error))
            raise Ended("nonsense") from error
        finally:
            is_back = False
            try:
                if (
                    keep
                    and worker.served < pool.mails
                    and worker.zygote is self._generation
                    and not worker.gone
                ):
                    pool.back(worker)
                    is_back = True
            finally:  # whatever went wrong, its place is not lost
                if not is_back:
                    self._replace(pool, worker)

    async def _revive(self) -> None:
        """The generation is lost: start another one, or leave that to the next mail and raise."""
        try:
            if self._stopped:
                raise ConnectionAbortedError("the examining processes were stopped")
            async with self._changing:
                if self._generation is None or not self._generation.alive:
                    await self._change(self.policies)
        except ConfigError as error:
            log.error(LogEvent.WORKERS_DO_NOT_START, problems=error.problems)
            await asyncio.sleep(PAUSE)
            raise TimeoutError("the examining processes do not start") from error
        finally:
            if self._generation is None or not self._generation.alive:
                self._all_lost()

    async def _change(self, policies: TenantPolicies) -> None:
        """Start a generation under these policies and switch to it; the previous one ends with its last mail."""
        walls = self.walls if self._locked else ()
        setup = Setup(self._target, policies, walls, self._memory_limit, self._ocr)
        generation = await Zygote.start(setup, self._scratch)
        generation.count += 1  # whoever ends while others are started is not the last of it
        reads = self._ocr and not generation.lack
        workers: dict[WorkerPool, list[Worker]] = {
            pool: [] for pool in self._pools if reads or pool is not self._reading
        }
        try:
            places = [pool for pool in workers for _ in range(pool.count + 1)]
            forked = [(pool, *generation.fork(pool.direction)) for pool in places]
            for pool, sock, started in forked:
                workers[pool].append(self._welcome(pool, sock, (await started).pid, generation))
            if self._stopped or not generation.alive:
                raise ConnectionAbortedError("stopped while starting")
        except BaseException as error:
            generation.close()
            for worker in (worker for new in workers.values() for worker in new):
                worker.close()
            if isinstance(error, OSError):
                raise ConfigError([f"the examining processes cannot be forked ({error})"]) from error
            raise
        previous, self._generation = self._generation, generation
        generation.count -= 1
        generation.on_lost = self._lost
        for pool, new in workers.items():
            living = [worker for worker in new if not worker.gone]
            for old in pool.fill(living):
                self._replace(pool, old)
            for _ in range(len(new) - len(living)):  # ended while the others were started
                self._fork(pool, generation)
        if previous is not None and not previous.count:
            previous.close()

    def _welcome(self, pool: WorkerPool, sock: socket.socket, pid: int, zygote: Zygote) -> Worker:
        worker = Worker(sock, pid, zygote)
        worker.on_idle_end = partial(self._replace, pool)
        zygote.count += 1
        return worker

    def _replace(self, pool: WorkerPool, worker: Worker) -> None:
        """End a worker: the spare takes its place, and another spare is forked when this generation is in use."""
        if worker.gone:
            return
        zygote = worker.zygote
        zygote.count -= 1
        worker.ended = zygote.end(worker.pid)
        if worker.ended is not None:
            worker.ended.add_done_callback(_note)
        worker.close()
        pool.leave(worker)
        if zygote is not self._generation:
            if not zygote.count:
                zygote.close()
            return
        self._fork(pool, zygote)

    def _fork(self, pool: WorkerPool, zygote: Zygote) -> None:
        """Another worker for this pool, which it joins when it is there."""
        with suppress(OSError):  # then the generation is lost, which is noticed by itself
            sock, started = zygote.fork(pool.direction)
            started.add_done_callback(lambda future: self._forked(pool, sock, zygote, future))

    def _forked(
        self, pool: WorkerPool, sock: socket.socket, zygote: Zygote, started: asyncio.Future[Done]
    ) -> None:
        if not (pid := started.result().pid):
            sock.close()
            return
        worker = self._welcome(pool, sock, pid, zygote)
        if zygote is self._generation:
            pool.welcome(worker)
        else:
            self._replace(pool, worker)

    def _lost(self) -> None:
        """The zygote is gone, and its workers with it: the next mail starts another one."""
        if not self._stopped:
            log.error(LogEvent.ZYGOTE_LOST)
            self.counts["zygote_lost"] += 1
            self._all_lost()

    def _all_lost(self) -> None:
        for pool in self._pools:
            pool.lost()


@contextmanager
def _content(draft: Draft) -> Iterator[tuple[bytes | None, int]]:
    """The mail as bytes when it is small or has no file, else a read-only descriptor of its file."""
    file = draft.fileno() if draft.size > channel.INLINE else None
    if file is None:
        yield bytes(draft.view()), -1
        return
    fd = channel.read_only(file)
    try:
        yield None, fd
    finally:
        os.close(fd)


def _note(ended: asyncio.Future[Done]) -> None:
    if (done := ended.result()).pid:
        log.debug(LogEvent.WORKER_ENDED, pid=done.pid, status=os.waitstatus_to_exitcode(done.status))
