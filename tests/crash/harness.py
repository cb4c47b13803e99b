"""A gateway as a real process on a state directory that survives it, its clients, and its next hop.

with Site(tmp_path) as site:
    site.start()
    site.play([mail("internal"), mail("inbound")])
    site.kill()
    site.start()
    site.settle()
    assert not site.audit().wrong
"""

import contextlib
import json
import os
import select
import signal
import smtplib
import subprocess
import sys
import threading
import time
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import argon2

from tests.crash.custody import Custody
from tests.crash.ledger import Audit, Ledger, Sent
from tests.crash.mails import HANAKO, TARO, Mail
from tests.crash.sink import Sink
from tests.services.launched import Launched, children, zygotes
from tests.services.node import DOMAIN, PASSWORD, trusting

ROOT = Path(__file__).parents[2]
START = 240.0
"""Seconds that a start may take on a busy machine."""

POLICY = """
[organisation]
domains = ["{domain}"]
[rules.external_recipient]
then = "delay {delay}s"
[rules.executable]
then = "hold"
[sending]
per_10_minutes = 0
per_day = 0
"""

SETTINGS = """
hostname = "sekisho.test"
node = "{node}"
state_dir = "state"
policy = "policy.toml"
people = "people.toml"
database = "{database}"
margin_seconds = 0.0
listeners = [
    {{ name = "submission", role = "submission", port = 0 }},
    {{ name = "inbound", role = "inbound", port = 0 }},
]
[relay]
host = "127.0.0.1"
port = {hop}
tls = "none"
[mailbox]
host = "127.0.0.1"
port = {hop}
tls = "none"
[console]
port = 0
[workers]
count = {workers}
[digest]
enabled = false
[dns]
enabled = false
[limits]
new_per_second = 1000.0
connections_per_address = 500
"""

PEOPLE = """
[[person]]
login = "taro"
addresses = ["{taro}"]
language = "en"
password_hash = "{hash}"
[[person]]
login = "hanako"
addresses = ["{hanako}"]
password_hash = "{hash}"
[[person]]
login = "president"
roles = ["president"]
"""


COLD = """
import sys
from functools import partial
from gateway.command import cli
from gateway.deliver import dispatcher
if {lease}:
    dispatcher.Dispatch = partial(dispatcher.Dispatch, lease={lease}, margin={lease} / 4, poll=0.5)
sys.exit(cli.main(sys.argv[1:]))
"""
"""A gateway that is an interpreter of its own, with leases as in tests/services/launcher.py."""


class Gateway:
    """One process. `addresses` by listener name; `log` its lines so far; `nurse` forks its others (0: itself does)."""

    def __init__(self, pid: int, nurse: int, log: Path, start: int) -> None:
        self.pid = pid
        self.nurse = nurse
        self.addresses: dict[str, tuple[str, int]] = {}
        self._log = log
        self._start = start
        self._fd = os.pidfd_open(pid)

    def wait(self, seconds: float) -> bool:
        """True when it has ended within `seconds`."""
        return bool(select.select([self._fd], [], [], seconds)[0])

    def signal(self, number: int) -> None:
        with contextlib.suppress(ProcessLookupError):
            signal.pidfd_send_signal(self._fd, number)

    @property
    def zygote(self) -> int:
        """Forks its examining processes."""
        return zygotes(self.nurse)[0]

    def workers(self) -> list[int]:
        """Its examining processes."""
        return [each for zygote in (*zygotes(self.nurse), *children(self.pid)) for each in children(zygote)]

    def log(self) -> list[dict[str, Any]]:
        with self._log.open("rb") as file:
            file.seek(self._start)
            return [_line(line) for line in file.read().decode(errors="replace").splitlines()]

    def ready(self) -> None:
        """Wait until it listens; raises RuntimeError with its log when it does not."""
        end = time.monotonic() + START
        while time.monotonic() < end:
            for line in self.log():
                if line.get("event") == "ready":
                    for name, text in line["addresses"].items():
                        host, _, port = text.rpartition(":")
                        self.addresses[name] = (host, int(port))
                    return
            if self.wait(0.03):
                break
        raise RuntimeError(f"the gateway did not start: {self.log()[-5:]}")


class Site:
    """Settings, state directory, ledger and next hop of a node whose process comes and goes.

    `delay`: seconds that mail to outsiders waits. `database`: a URL ("": SQLite in the state directory).
    `environment`: what the gateway has beside ours; `cold`: it is an interpreter of its own, not forked from a warm process;
    `lease`: seconds that a lease lasts, other than usual; `state`: a state directory elsewhere; `settings`: more of them, lines
    without a table; `custody`: where what it keeps is found, when that is not in its state directory; `program`: the tree of
    another program than this one.
    """

    def __init__(
        self,
        folder: Path,
        *,
        delay: int = 0,
        database: str = "",
        node: str = "n1",
        workers: int = 1,
        sink: Sink | None = None,
        ledger: Ledger | None = None,
        environment: dict[str, str] | None = None,
        cold: bool = False,
        lease: float = 0.0,
        state: Path | None = None,
        settings: str = "",
        custody: Custody | None = None,
        program: Path = ROOT,
    ) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self.delay = delay
        self.sink = sink or Sink()
        self.ledger = ledger or Ledger()
        self.state = state or folder / "state"
        self.custody = custody or Custody(
            database or f"sqlite:///{self.state / 'sekisho.db'}", self.state / "spool"
        )
        self.gateway: Gateway | None = None
        self.kills = 0
        self._environment = environment or {}
        self._cold = cold or program != ROOT
        self._program = program
        self._lease = lease
        self._own_sink = sink is None
        (folder / "policy.toml").write_text(POLICY.format(domain=DOMAIN, delay=delay))
        (folder / "people.toml").write_text(PEOPLE.format(taro=TARO, hanako=HANAKO, hash=_hash()))
        written = SETTINGS.format(node=node, database=database, hop=self.sink.port, workers=workers)
        if state is not None:
            written = written.replace('state_dir = "state"', f'state_dir = "{state}"')
        self.config = folder / "sekisho.toml"
        self.config.write_text(settings + written)
        self.log = folder / "log"
        self.log.touch()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.gateway is not None:
            self.gateway.signal(signal.SIGCONT)
            self.gateway.signal(signal.SIGKILL)
            self.gateway.wait(10)
        if self._own_sink:
            self.sink.close()

    @property
    def running(self) -> Gateway:
        assert self.gateway is not None
        return self.gateway

    def start(self) -> Gateway:
        """Start a process on the state directory and wait until it listens."""
        start = self.log.stat().st_size
        if self._cold:
            pid, nurse = self._spawn(), 0
        else:
            launched = Launched(self.config, self.log, self._lease, self._environment)
            pid, nurse = launched.pid, launched.nurse
        self.gateway = Gateway(pid, nurse, self.log, start)
        self.gateway.ready()
        return self.gateway

    def _spawn(self) -> int:
        serve = [sys.executable, "-c", COLD.format(lease=self._lease)]
        with self.log.open("ab") as out:
            self._process = subprocess.Popen(
                [*serve, "serve", "--config", str(self.config)],
                cwd=self._program, stdin=subprocess.DEVNULL, stdout=out, stderr=out, start_new_session=True,
                env={**os.environ, **self._environment},
            )  # fmt: skip
        return self._process.pid

    def kill(self) -> None:
        """kill -9, as far as somebody else has not done it already."""
        self.running.signal(signal.SIGKILL)
        assert self.running.wait(10)
        self.died()

    def died(self) -> None:
        """The process is gone: note what was under way."""
        self.kills += 1
        self.ledger.killed(self.custody)

    def stop(self, seconds: float = 30.0) -> float:
        """SIGTERM; how long it took. Raises TimeoutError."""
        began = time.monotonic()
        self.running.signal(signal.SIGTERM)
        if not self.running.wait(seconds):
            raise TimeoutError(f"still running after {seconds} s")
        return time.monotonic() - began

    def client(self, name: str, login: str = "taro", seconds: float = 60) -> smtplib.SMTP:
        """A connected client after STARTTLS and, on the submission listener, AUTH; `seconds`: for how long it waits each time."""
        if name not in self.running.addresses:
            raise ConnectionRefusedError("it is starting")
        host, port = self.running.addresses[name]
        client = smtplib.SMTP(host, port, timeout=seconds)
        client.starttls(context=trusting())
        client.ehlo("client.example")
        if name == "submission":
            client.login(login, PASSWORD)
        return client

    def send(self, client: smtplib.SMTP, mail: Mail) -> Sent:
        """One mail on an open connection, noted in the ledger. Raises OSError when the connection is lost."""
        return transact(self.ledger, client, mail)

    def play(self, mails: Iterable[Mail], pause: float = 0.0) -> list[Sent]:
        """Send mails, each direction on one connection of its own, until done or until the gateway is gone."""
        todo = list(mails)
        with contextlib.ExitStack() as stack:
            clients: list[tuple[str, smtplib.SMTP]] = []
            for name in dict.fromkeys(m.listener for m in todo):
                with contextlib.suppress(OSError):  # gone already
                    clients.append((name, stack.enter_context(gently(self.client(name)))))
            return self.play_on(clients, todo, pause)

    def play_on(
        self, clients: Iterable[tuple[str, smtplib.SMTP]], mails: Iterable[Mail], pause: float = 0.0
    ) -> list[Sent]:
        """As `play`, on connections that are open already; those of one name share the mails."""
        todo = {name: iter([m for m in mails if m.listener == name]) for name in ("submission", "inbound")}
        lock, done = threading.Lock(), list[Sent]()

        def run(name: str, client: smtplib.SMTP) -> None:
            while True:
                with lock:
                    mail = next(todo[name], None)
                if mail is None:
                    return
                try:
                    done.append(self.send(client, mail))
                except OSError:
                    return
                time.sleep(pause)

        threads = [threading.Thread(target=run, args=pair, daemon=True) for pair in clients]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(120)
            assert not thread.is_alive(), "a client hangs"
        return done

    def resend(self) -> None:
        """What a client does that heard nothing, or 4yz: it sends the same mail again."""
        self.play([s.mail for s in self.ledger.unfinished()])

    def quiet(self, seconds: float = 20.0) -> bool:
        """Wait until nothing is due or leaving (True), or the process is gone, or the time is over (False)."""
        end = time.monotonic() + seconds
        while time.monotonic() < end and not self.running.wait(0):
            if not self.custody.busy():
                return True
            time.sleep(0.03)
        return False

    def settle(self, seconds: float = 30.0) -> None:
        """Start when nothing runs; resend what was not answered, and let everything leave that may."""
        if self.gateway is None or self.gateway.wait(0):
            self.start()
        self.resend()
        self.custody.retry_now()
        assert self.quiet(seconds), [row for row in self.custody.rows() if row.live]

    def audit(self) -> Audit:
        return self.ledger.audit(self.custody, self.sink, self.delay)


def transact(ledger: Ledger, client: smtplib.SMTP, mail: Mail) -> Sent:
    """MAIL, RCPT and DATA. From the content on, a lost connection means that nobody knows."""
    sent = ledger.begins(mail)
    code, text = client.mail(mail.sender)
    for recipient in mail.recipients:
        if code < 400:
            code, text = client.rcpt(recipient)
    if code < 400:
        try:
            code, text = client.data(mail.content)
            sent.doubts += 400 <= code < 500
        except smtplib.SMTPDataError as refused:
            code, text = refused.smtp_code, _bytes(refused.smtp_error)
        except OSError:
            sent.silences += 1
            raise
    else:
        client.rset()
    sent.code, sent.text = code, text.decode(errors="replace")
    return sent


@contextlib.contextmanager
def gently(client: smtplib.SMTP) -> Iterator[smtplib.SMTP]:
    """Quit at the end, whether or not somebody is still there."""
    try:
        yield client
    finally:
        with contextlib.suppress(OSError):
            client.quit()
        client.close()


@cache
def _hash() -> str:
    """The parameters are those of directory/passwords.py, so that a login does not write."""
    return argon2.PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1).hash(PASSWORD)


def _bytes(text: bytes | str) -> bytes:
    return text if isinstance(text, bytes) else text.encode()


def _line(text: str) -> dict[str, Any]:
    try:
        value = json.loads(text)
    except ValueError:
        return {"text": text}
    return value if isinstance(value, dict) else {"text": text}
