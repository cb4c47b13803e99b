"""`sekisho serve --config FILE` as a process of its own, and what a test asks of it from outside.

with sink() as hop, served(relay=at(hop), mailbox=at(hop)) as node:
    node.addresses["submission"]        (host, port) by listener's name
    node.items(), node.entries(), node.log
    node.console("taro").act(item, "send_now", checked=[…])
"""

import asyncio
import contextlib
import functools
import json
import re
import signal
import smtplib
import ssl
import subprocess
import sys
import threading
from collections.abc import Callable, Coroutine, Iterator, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any, Self, TypeVar

import httpx2

from config.settings import Settings
from config.settings_file import load_settings
from config.tenant import EVERY
from directory.account import Account, Role
from directory.passwords import Hasher
from directory.vault import Vault
from gateway.command.operator import opened
from quarantine.item import Entry, Item, State
from quarantine.store import Query, Store
from storage.day_keys import DayKeys
from storage.day_seal import DaySeal
from storage.seal import open_seal
from tests.services.launched import Launched, launched
from tests.services.node import ACCOUNTS, DOMAIN, PASSWORD, trusting
from tests.services.programs import private_directory, running, wait_for
from tests.services.sink import Sink, Taken

ROOT = Path(__file__).parent.parent.parent
T = TypeVar("T")

POLICY = f"""\
sending = {{ per_10_minutes = 0, per_day = 0 }}
[organisation]
name = "Example"
domains = ["{DOMAIN}"]
group_domains = ["group.example"]
"""


def toml(value: object) -> str:
    """A value as TOML, tables in one line."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(k)} = {toml(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(toml(v) for v in value) + "]"
    return json.dumps(str(value) if isinstance(value, Path) else value, ensure_ascii=False)


def at(port: int, **more: object) -> dict[str, object]:
    """A next hop on loopback, without TLS unless said."""
    return {"host": "127.0.0.1", "port": port, "tls": "none", **more}


class Served:
    """A running node."""

    def __init__(self, directory: Path, settings: Settings) -> None:
        self.directory = directory
        self.settings = settings
        self.addresses: dict[str, tuple[str, int]] = {}
        self._consoles: dict[str, Console] = {}
        self.program: subprocess.Popen[bytes] | Launched

    def reload(self, policy: str) -> None:
        """Another policy over POLICY, in force when this returns."""
        before = self.log.count('"event": "policy_loaded"')
        (self.directory / "policy.toml").write_text(POLICY + policy, encoding="utf-8")
        self.program.send_signal(signal.SIGHUP)
        assert wait_for(lambda: self.log.count('"event": "policy_loaded"') > before), self.log[-2000:]

    @property
    def log(self) -> str:
        return (self.directory / "log").read_text(encoding="utf-8", errors="replace")

    def started(self) -> bool:
        """True once it says that it is ready; `addresses` is known then."""
        for line in self.log.splitlines():
            if '"event": "ready"' in line:
                told = json.loads(line)["addresses"]
                self.addresses = {
                    k: (v.rpartition(":")[0], int(v.rpartition(":")[2])) for k, v in told.items()
                }
                return True
        return False

    def command(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        """An operator's `sekisho …` next to it."""
        return subprocess.run(
            [sys.executable, "-m", "gateway.command.cli", *arguments, "--config", str(self.directory / "sekisho.toml")],
            cwd=ROOT, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip

    def ask(self, question: Callable[[Store], Coroutine[Any, Any, T]]) -> T:
        """Ask its store, from outside like the command line does."""

        async def asked() -> T:
            async with opened(self.settings) as store:
                return await question(store)

        return asyncio.run(asked())

    def items(self, **query: Any) -> list[Item]:
        return self.ask(
            lambda store: store.find(Query(EVERY, **{"limit": 10_000, "order": "oldest", **query}))
        )

    def entries(self, event: str) -> list[Entry]:
        return self.ask(lambda store: store.entries(EVERY, event=event, limit=10_000))

    def blob(self, key: str) -> bytes:
        async def get(store: Store) -> bytes:
            return bytes(await store.blobs.get(key))

        return self.ask(get)

    def secret(self, item: Item) -> str:
        """The generated passphrase, opened as the console's page does."""
        return self.secrets([item])[0]

    def secrets(self, items: Sequence[Item]) -> list[str]:
        async def get(store: Store) -> list[str]:
            secrets = await self._day_seal(store)
            return [secrets.open(i.secret, i.mail_id.encode()).decode() for i in items]

        return self.ask(get)

    async def _day_seal(self, store: Store) -> DaySeal:
        seal = await open_seal(self.settings.seal_key, store.database)
        return DaySeal(seal, DayKeys(self.settings.keys, seal, store.database))

    def agree(self, subject: str, passphrase: str) -> None:
        """A passphrase agreed with a partner beforehand, as the page of partners keeps it; a weak one too, as if the policy had
        asked for less then."""

        async def add(store: Store) -> None:
            await Vault(store.database, await self._day_seal(store), lambda tenant: 0).add(
                "default", subject, passphrase, note="by telephone", by="admin"
            )

        self.ask(add)

    def console(self, login: str) -> "Console":
        """Logged in once for each person."""
        if login not in self._consoles:
            host, port = self.addresses["console"]
            self._consoles[login] = Console(f"http://{host}:{port}", login)
        return self._consoles[login]

    def connect(self, name: str = "submission", login: str = "taro") -> smtplib.SMTP:
        """A client after STARTTLS (implicit TLS for "submissions"), logged in where people submit."""
        host, port = self.addresses[name]
        client: smtplib.SMTP
        if name == "submissions":
            client = smtplib.SMTP_SSL(host, port, timeout=60, context=trusting())
        else:
            client = smtplib.SMTP(host, port, timeout=60, local_hostname="client.example")
            client.starttls(context=trusting())
        client.ehlo("client.example")
        if login and name != "inbound":
            client.login(login, PASSWORD)
        return client

    def send(
        self,
        sender: str,
        recipients: Sequence[str],
        content: bytes,
        *,
        name: str = "submission",
        login: str = "taro",
        client: smtplib.SMTP | None = None,
        options: Sequence[str] = (),
    ) -> tuple[int, str]:
        """One mail; the code and text of the reply that decided."""
        with contextlib.ExitStack() as stack:
            if client is None:
                client = stack.enter_context(self.connect(name, login))
            code, text = client.mail(sender, list(options))
            for recipient in recipients:
                if code < 400:
                    code, text = client.rcpt(recipient)
            if code < 400:
                code, text = client.data(crlf(content))
            else:
                client.rset()
        return code, text.decode()

    def let_go(self, login: str = "taro") -> list[Item]:
        """The sender sends now all that waits for nothing but time; the items."""
        held = self.items(owner=login, direction="outbound", state=(State.HELD,))
        waiting = [i for i in held if i.due_at is not None and not i.holds and not i.approvals]
        for item in waiting:
            self.console(login).send_now(item)
        return waiting


class Console:
    """A person at the console, over HTTP. With a one-time `code` the person sets PASSWORD first."""

    def __init__(self, base: str, login: str, code: str = "") -> None:
        self.client = httpx2.Client(base_url=base, timeout=30)
        if code:
            self._token(self.client.get("/once").text)
            assert self.client.post("/once", data={"token": self.token, "code": code}).status_code == 303
            self._token(self.client.get("/password").text)
            new = {"token": self.token, "new": PASSWORD, "again": PASSWORD}
            assert self.client.post("/password", data=new).status_code == 303
            return
        self._token(self.client.get("/login").text)
        answer = self.client.post(
            "/login", data={"token": self.token, "login": login, "password": PASSWORD, "next": "/mail"}
        )
        assert answer.status_code == 303, answer.text[-500:]

    def _token(self, text: str) -> None:
        found = re.search(r'name="token" value="([^"]+)"', text)
        assert found, text[-500:]
        self.token = found[1]

    def read(self, path: str) -> str:
        """A page, whose forms can be sent from then on."""
        text = self.client.get(path).text
        self._token(text)
        return text

    def look(self, item: Item | str) -> str:
        return self.read(f"/mail/{_id(item)}")

    def act(self, item: Item, act: str, **fields: object) -> "httpx2.Response":
        """Press a button of a mail's page."""
        self.look(item)
        return self.client.post(f"/mail/{item.id}/{act}", data={"token": self.token, **fields})

    def approve(self, item: Item, comment: str = "") -> "httpx2.Response":
        """Open every reason, then agree to what the page shows."""
        while keys := re.findall(r'name="key" value="([^"]+)"', page := self.look(item)):
            self.client.post(f"/mail/{item.id}/reason", data={"token": self.token, "key": keys[0]})
        bound = re.search(r'name="bound" value="([^"]+)"', page)
        assert bound, page[-500:]
        return self.act(item, "approve", bound=bound[1], comment=comment)

    def send_now(self, item: Item | str) -> None:
        """Send now, with every box ticked."""
        boxes = re.findall(r'name="checked" value="([^"]+)"', self.look(item))
        fields = {"token": self.token, "checked": boxes}
        answer = self.client.post(f"/mail/{_id(item)}/send_now", data=fields)
        assert answer.status_code == 303, answer.text[-500:]


def _id(item: Item | str) -> str:
    return item if isinstance(item, str) else item.id


@contextlib.contextmanager
def served(
    policy: str = "", *, accounts: Sequence[Account] = ACCOUNTS, cold: bool = False, **settings: object
) -> Iterator[Served]:
    """A node for the length of the block. `policy` is laid over POLICY, `settings` over the defaults here.

    `cold`: its processes are started as the product starts them, not forked from one that is warm already.
    """
    with private_directory("node") as directory:
        file = written(directory, policy, accounts, **settings)
        with started(file, cold=cold) as node:
            yield node


def written(directory: Path, policy: str, accounts: Sequence[Account], **settings: object) -> Path:
    """The files of a node; that of its settings."""
    (directory / "policy.toml").write_text(POLICY + policy, encoding="utf-8")
    (directory / "people.toml").write_text(_people(accounts), encoding="utf-8")
    values = {
        "hostname": "sekisho.test",
        "state_dir": "state",
        "policy": "policy.toml",
        "people": "people.toml",
        "listeners": [
            {"name": "submission", "role": "submission", "tls": "starttls", "port": 0},
            {"name": "submissions", "role": "submission", "tls": "implicit", "port": 0},
            {"name": "inbound", "role": "inbound", "tls": "starttls", "port": 0},
        ],
        "relay": at(2526),
        "mailbox": at(2526),
        "console": {"port": 0},
        # The time limit is a wall clock's: a test machine that does something else must not change verdicts.
        "workers": {"count": 1, "seconds": 60},
        "dns": {"enabled": False},
        "digest": {"enabled": False},
        **settings,
    }
    file = directory / "sekisho.toml"
    file.write_text("".join(f"{key} = {toml(value)}\n" for key, value in values.items()))
    return file


@contextlib.contextmanager
def started(
    file: Path, *, cold: bool = False, environment: Mapping[str, str] = MappingProxyType({})
) -> Iterator[Served]:
    """A node with these settings for the length of the block; `environment` is what it has beside ours (not `cold`)."""
    node, log = Served(file.parent, load_settings(file)), file.parent / "log"
    command = [sys.executable, "-m", "gateway.command.cli", "serve", "--config", str(file)]
    start = (
        running(command, log, node.started, 120)
        if cold
        else launched(file, log, node.started, 120, environment=environment)
    )
    with start as node.program:
        yield node


@functools.cache
def _hashed() -> str:
    async def hashed() -> str:
        hasher = Hasher(threads=1)
        try:
            return await hasher.hash(PASSWORD)
        finally:
            hasher.close()

    return asyncio.run(hashed())


def _people(accounts: Sequence[Account]) -> str:
    tables = []
    for account in accounts:
        values = {
            "login": account.login,
            "name": account.name,
            "addresses": account.addresses,
            "department": account.department,
            "head_of": account.head_of,
            "roles": [role.value for role in account.roles],
            "password_hash": _hashed(),
            "language": account.language,
        }
        tables.append("[[person]]\n" + "".join(f"{k} = {toml(v)}\n" for k, v in values.items()))
    if not any(Role.PRESIDENT in account.roles for account in accounts):
        # Without one, no start: nobody could approve what the shipped policy leaves to the president.
        tables.append('[[person]]\nlogin = "president"\nroles = ["president"]\n')
    return "\n".join(tables)


class Hop:
    """A Sink (tests/services/sink.py) in a thread of its own, for tests that are not asynchronous."""

    def __init__(self, sink: Sink) -> None:
        self.sink = sink
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        asyncio.run_coroutine_threadsafe(self.sink.__aenter__(), self._loop).result(10)
        return self

    def __exit__(self, *error: object) -> None:
        asyncio.run_coroutine_threadsafe(self.sink.__aexit__(None, None, None), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)

    @property
    def port(self) -> int:
        return self.sink.port

    def taken(self, count: int = 1, seconds: float = 30) -> list[Taken]:
        """The mails that it took, once there are `count` (or what there is after `seconds`)."""
        wait_for(lambda: len(self.sink.mails) >= count, seconds)
        return list(self.sink.mails)

    def to(self, *recipients: str, count: int = 1, seconds: float = 30) -> list[Taken]:
        """The mails that it took for any of these recipients."""
        wanted = {r.encode() for r in recipients}

        def found() -> list[Taken]:
            return [m for m in list(self.sink.mails) if wanted & set(m.recipients)]

        wait_for(lambda: len(found()) >= count, seconds)
        return found()


def hop(tls: ssl.SSLContext | None = None, **more: Any) -> Hop:
    """A next hop that takes everything."""
    return Hop(Sink(tls=tls, **more))


def crlf(content: bytes) -> bytes:
    return content.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
