"""The gateway's end of the examining processes: the zygote that forks workers, and one worker.

Everything here is callbacks of the event loop and futures; there are no threads and no tasks. A zygote and
the workers it has forked are one generation: one policy, one set of imported code.

Diagnostics: ConfigError when a generation cannot start (policy, target, or a probe that escapes); Ended when
a worker gave no answer. A generation that is lost calls `on_lost` once.
"""

import asyncio
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

import msgspec

from config.policies import TenantPolicies
from config.policy import ConfigError
from filters.extract.budget import APART
from gateway.locked import channel, probes
from gateway.locked.channel import ANSWER, MAX_STRUCTURED, NEEDS, REQUEST, Done, Fork, Ready, Reap, Setup

START_SECONDS = 60.0
PROBE_SECONDS = 20.0
SLOW_SECONDS = 1.0
SLOW_NICE = 10
"""A worker that takes longer for a mail is nicer by so much than we are: it goes behind other mails and the event loop."""
Tell = Callable[[bytes], bytes]
_Content = tuple[int, bytes, memoryview]
_done = msgspec.msgpack.Decoder(Done)


class Ended(Exception):
    """A worker gave no usable answer: "died", "time" or "nonsense"."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Zygote:
    """One generation, which examines by `policy`; `count` of its workers are alive."""

    def __init__(
        self, process: subprocess.Popen[bytes], control: socket.socket, policy: TenantPolicies
    ) -> None:
        self.policies = policy
        self._loop = asyncio.get_running_loop()
        self._process = process
        self._control = control
        self._waiting: deque[asyncio.Future[Done]] = deque()
        self._buffer = bytearray()
        self.on_lost: Callable[[], None] = lambda: None
        self.alive = True
        self.count = 0
        self.lack = ""
        """What is missing for reading words in pictures."""

    @classmethod
    async def start(cls, setup: Setup, scratch: Path | None) -> "Zygote":
        """A zygote that is ready to fork, and whose children were proved to be locked up when `setup` wants walls.

        `scratch`: a directory for the probes' bait (None: the system's). Raises ConfigError.
        """
        ours, theirs = socket.socketpair()
        with theirs:
            process = subprocess.Popen(  # noqa: ASYNC220 - returns when the program is loaded: about 1 ms
                [sys.executable, "-I", "-B", "-m", "gateway.locked.process", str(theirs.fileno())],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                env=_environment(),
                pass_fds=(theirs.fileno(),),
                start_new_session=True,  # an interrupt from the terminal is for the gateway alone
            )
        ours.setblocking(False)
        self = cls(process, ours, setup.policy)
        try:
            async with asyncio.timeout(START_SECONDS):
                await self._loop.sock_sendall(ours, channel.frame(setup))
                ready = msgspec.msgpack.decode(await _frame(ours), type=Ready)
            if ready.problems:
                raise ConfigError(list(ready.problems))
            self.lack = ready.lack
            self._loop.add_reader(ours, self._readable)
            if setup.walls:
                await self._prove(scratch)
        except (OSError, EOFError, msgspec.MsgspecError) as error:  # TimeoutError is an OSError
            self.close()
            raise ConfigError([f"the examining processes did not start ({type(error).__name__})"]) from error
        except BaseException:
            self.close()
            raise
        return self

    def fork(
        self, direction: str = "", bait: probes.Bait | None = None
    ) -> tuple[socket.socket, asyncio.Future[Done]]:
        """Our end of a new worker's channel, and its process id to come (0: the zygote went). With a direction it gets
        ready for mails of that before it reads the first. Raises OSError."""
        ours, theirs = socket.socketpair()
        with theirs:
            ours.setblocking(False)
            ours.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 2 * channel.INLINE)
            theirs.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 2 * channel.INLINE)
            message = Fork(msgspec.structs.asdict(bait) if bait else {}, direction)
            try:
                return ours, self._request(channel.frame(message), [theirs.fileno()])
            except OSError:
                ours.close()
                raise

    def end(self, pid: int) -> asyncio.Future[Done] | None:
        """Kill a worker and collect it; how it ended comes later. None when the whole generation is gone."""
        if not self.alive:
            return None
        try:
            os.kill(
                pid, signal.SIGKILL
            )  # not collected before we ask for it: the id cannot be somebody else's
            return self._request(channel.frame(Reap(pid)), [])
        except OSError:  # now, not when its end is read: else a mail tries one dead worker after the other
            self.close()
            self.on_lost()
            return None

    def close(self) -> None:
        """End the generation: the zygote, and by the kernel's hand all its workers. Idempotent."""
        if self.alive:
            self.alive = False
            self._loop.remove_reader(self._control)
            self._control.close()
            self._process.kill()
            self._process.wait()
            while self._waiting:
                if not (future := self._waiting.popleft()).done():
                    future.set_result(Done(0))

    def _request(self, frame: bytes, fds: Sequence[int]) -> asyncio.Future[Done]:
        if not self.alive:
            raise ConnectionResetError("the zygote is gone")
        self._control.sendmsg([frame], channel.rights(fds) if fds else [])
        future: asyncio.Future[Done] = self._loop.create_future()
        self._waiting.append(future)
        return future

    def _readable(self) -> None:
        try:
            data = self._control.recv(65536)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if not data:
            self.close()
            self.on_lost()
            return
        buffer = self._buffer
        buffer += data
        head = channel.LENGTH.size
        while len(buffer) >= head and len(buffer) >= head + (size := channel.LENGTH.unpack_from(buffer)[0]):
            done = _done.decode(buffer[head : head + size])
            del buffer[: head + size]
            future = self._waiting.popleft()
            if not future.done():
                future.set_result(done)

    async def _prove(self, scratch: Path | None) -> None:
        """Let a locked-up child try to escape. Raises ConfigError with the probes that succeeded."""
        directory = tempfile.mkdtemp(prefix="probes-", dir=scratch)
        try:
            with (
                socket.create_server(("127.0.0.1", 0)) as tcp,
                socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp,
                socket.socket(socket.AF_UNIX) as unix,
            ):
                udp.bind(("127.0.0.1", 0))
                unix.bind("")  # a name in the abstract space, chosen by the kernel
                unix.listen()
                file = os.path.join(directory, "mail")
                Path(file).write_bytes(b"bait")  # noqa: ASYNC240 - four bytes, at the start
                ports = tcp.getsockname()[1], udp.getsockname()[1]
                bait = probes.Bait(os.getpid(), file, *ports, unix.getsockname())
                result = await self._probed(bait)
        finally:
            shutil.rmtree(directory, ignore_errors=True)
        missing = set(probes.PROBES) - set(result.refused) - set(result.succeeded)
        wrong = [
            f"the sandbox does not stop the probe {name}" for name in sorted({*result.succeeded, *missing})
        ]
        if wrong:
            raise ConfigError(wrong)

    async def _probed(self, bait: probes.Bait) -> probes.Result:
        sock, started = self.fork(bait=bait)
        with sock:
            async with asyncio.timeout(PROBE_SECONDS):
                pid = (await started).pid
                try:
                    return msgspec.msgpack.decode(await _frame(sock), type=probes.Result)
                except (EOFError, ConnectionError) as error:
                    ended = self.end(pid)
                    status = (await ended).status if ended is not None else 0
                    code = os.waitstatus_to_exitcode(status)
                    raise ConfigError(
                        [f"the sandbox could not be put up or tried (exit status {code})"]
                    ) from error


class Worker:
    """One worker as the gateway sees it: asked for one mail at a time.

    `served` counts its answers; `slow` is True when it was put behind the others, for good; `ended`
    is what Zygote.end said of it; `gone` is True when it cannot be asked any more. `on_idle_end` is called when
    it ends, or talks, without having been asked.
    """

    def __init__(self, sock: socket.socket, pid: int, zygote: Zygote) -> None:
        self.pid = pid
        self.zygote = zygote
        self.served = 0
        self.slow = False
        self.gone = False
        self.ended: asyncio.Future[Done] | None = None
        self.on_idle_end: Callable[[Worker], None] = lambda worker: None
        self._sock = sock
        self._loop = asyncio.get_running_loop()
        self._answer: asyncio.Future[_Content] | None = None
        self._buffer = bytearray()
        self._unsent = b""
        self._most = 0
        self._loop.add_reader(sock, self._readable)

    async def ask(
        self, facts: bytes, mail: bytes | None, fd: int, size: int, seconds: float, tell: Tell
    ) -> _Content:
        """(kind, structured part, edits' bytes) of the answer about a mail of `size` bytes: its bytes, or its `fd`.

        `tell` makes the frame with the secrets that the worker asks for; what it raises ends the worker.
        Raises Ended; then, and when cancelled, this worker must be ended.
        """
        answer: asyncio.Future[_Content] = self._loop.create_future()
        self._answer, self._tell = answer, tell
        self._buffer.clear()
        self._most = 2 * size + (16 << 20) + APART
        now = self._loop.time()
        self._timer = self._loop.call_at(now + min(seconds, SLOW_SECONDS), self._tick, now + seconds)
        try:
            self._send(facts, mail, fd, size)
            return await answer
        finally:
            self._timer.cancel()
            self._answer = None
            self.served += 1

    async def ending(self) -> Done | None:
        """How it ended; None when its whole generation went with it."""
        if self.ended is None or not (done := await asyncio.shield(self.ended)).pid:
            return None
        return done

    def close(self) -> None:
        """Let go of the channel. Idempotent; the worker itself is ended by Zygote.end."""
        if not self.gone:
            self.gone = True
            self._loop.remove_reader(self._sock)
            self._loop.remove_writer(self._sock)
            self._sock.close()

    def _send(self, facts: bytes, mail: bytes | None, fd: int, size: int) -> None:
        head = REQUEST.pack(len(facts), size, mail is None)
        pieces = [head, facts] if mail is None else [head, facts, mail]
        try:
            sent = self._sock.sendmsg(pieces, channel.rights([fd]) if mail is None else [])
        except OSError:  # it has died, or it has filled its channel
            self._fail("died")
            return
        if sent < sum(map(len, pieces)):
            self._unsent = b"".join(pieces)[sent:]
            self._loop.add_writer(self._sock, self._writable)

    def _writable(self) -> None:
        try:
            self._unsent = self._unsent[self._sock.send(self._unsent) :]
        except BlockingIOError:
            return
        except OSError:
            self._unsent = b""
            self._fail("died")
        if not self._unsent:
            self._loop.remove_writer(self._sock)

    def _readable(self) -> None:
        try:
            data = self._sock.recv(1 << 18)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if self._answer is None or self._answer.done():
            self.on_idle_end(self)
        elif not data:
            self._fail("died")
        else:
            self._buffer += data
            self._parse()

    def _parse(self) -> None:
        buffer = self._buffer
        if len(buffer) < ANSWER.size or self._answer is None:
            return
        kind, structured, added = ANSWER.unpack_from(buffer)
        total = ANSWER.size + structured + added
        if structured > MAX_STRUCTURED or added > self._most or len(buffer) > total:
            self._fail("nonsense")
        elif len(buffer) == total:
            middle = ANSWER.size + structured
            self._buffer = bytearray()
            if kind == NEEDS:
                self._second_step(bytes(buffer[ANSWER.size : middle]))
                return
            self._answer.set_result((kind, bytes(buffer[ANSWER.size : middle]), memoryview(buffer)[middle:]))

    def _second_step(self, asked: bytes) -> None:
        try:
            frame = self._tell(asked)
            if self._unsent or self._sock.send(frame) < len(frame):
                self._fail("nonsense")  # a worker asks when it has read the mail: there is room
        except OSError:
            self._fail("died")
        except ValueError:
            self._fail("nonsense")

    def _tick(self, end: float) -> None:
        if self._loop.time() >= end:
            self._fail("time")
            return
        self.slow = True
        if self.zygote.alive:
            with suppress(OSError):
                os.setpriority(os.PRIO_PROCESS, self.pid, os.getpriority(os.PRIO_PROCESS, 0) + SLOW_NICE)
        self._timer = self._loop.call_at(end, self._fail, "time")

    def _fail(self, reason: str) -> None:
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(Ended(reason))


async def _frame(sock: socket.socket) -> bytes:
    loop = asyncio.get_running_loop()

    async def exactly(size: int) -> bytes:
        data = bytearray()
        while len(data) < size:
            chunk = await loop.sock_recv(sock, size - len(data))
            if not chunk:
                raise EOFError
            data += chunk
        return bytes(data)

    return await exactly(channel.LENGTH.unpack(await exactly(channel.LENGTH.size))[0])


def _environment() -> dict[str, str]:
    """The zygote's environment: what a library needs to be found, and nothing that we were told in ours.

    Secrets may stand in the gateway's environment, and pylibmagic puts LD_LIBRARY_PATH and MAGIC there.
    """
    kept = {name: os.environ[name] for name in ("PATH", "TZ", "SYSTEMROOT") if name in os.environ}
    # numpy's algebra, which nobody uses, would start a thread for each processor, and so would Tesseract.
    return {**kept, "LANG": "C.UTF-8", "OPENBLAS_NUM_THREADS": "1", "OMP_THREAD_LIMIT": "1"}
