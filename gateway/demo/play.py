"""The demo: the real gateway on embedded defaults, a next hop that catches everything, and sample mails.

The samples go through both directions with an ordinary SMTP client over STARTTLS; what happened to each is
printed as a table. The program then stays up until Ctrl-C.
"""

import asyncio
import smtplib
import socket
import ssl
import sys
from collections.abc import Sequence
from pathlib import Path

import msgspec
import structlog
import uvicorn
import uvloop

from config.load import load_policy
from config.log_events import LogEvent
from config.policy import Policy
from config.settings import Settings
from config.settings_file import load_settings
from config.tenant import DEFAULT
from directory.account import Account, Role
from directory.passphrases import fresh
from directory.passwords import weaknesses
from directory.sessions import Sessions
from gateway import log
from gateway.app import Node
from gateway.demo.mail_catcher import Catcher
from gateway.demo.outcomes import drawn, outcome
from gateway.demo.samples import DOMAIN, PARTNER, Sample, samples
from gateway.start.claims import LOCK, Claims
from gateway.start.ending import Ending

FOLDER = Path("var/demo")
PORTS = {
    "submission": 2587,
    "submissions": 2465,
    "inbound": 2525,
    "next hop": 2526,
    "console": 8080,
    "mailbox": 8081,
}
REPORT = f"report@{DOMAIN}"
AGREED = "kumquat-Ridge-48-lantern-Osprey"
ACCOUNTS = (
    Account("taro", {"ja": "山田 太郎", "en": "Taro Yamada"}, department="sales"),
    Account(
        "hanako",
        {"ja": "鈴木 花子", "en": "Hanako Suzuki"},
        department="sales",
        head_of=("sales",),
        roles=(Role.USER, Role.APPROVER),
    ),
    Account(
        "shacho",
        {"ja": "関 一郎", "en": "Ichiro Seki"},
        department="board",
        roles=(Role.USER, Role.PRESIDENT),
    ),
    Account(
        "admin",
        {"ja": "管理 者", "en": "Administrator"},
        department="it",
        roles=(Role.USER, Role.ADMINISTRATOR),
    ),
)


def run(*, once: bool = False, any_port: bool = False, keep: bool = False) -> int:
    """Play the demo on an empty state, or with `keep` on that of the last time; `once` stops after the table.

    Answers the exit status. Raises ConfigError when a demo runs in this folder already.
    """
    return uvloop.run(_run(once, any_port, keep))


async def _run(once: bool, any_port: bool, keep: bool) -> int:
    ending = Ending()
    settings = _settings(any_port)
    claims = Claims(settings)
    claims.take_folder()  # nobody else's state is emptied
    _say(f"A node in {FOLDER}, {'as it was left' if keep else 'with an empty state'}.")
    if not keep:
        _empty(FOLDER, settings.state_dir / LOCK)
    with (FOLDER / "log").open("a", encoding="utf-8") as stream:
        writer = log.configure("info", stream, node=settings.node)
        catcher = Catcher(FOLDER / "caught")
        node = Node(settings, _policy(), claims=claims)
        try:
            if not await ending.given_up(_perform(node, catcher, any_port)) and not once:
                await node.run(ending.asked)
            _say("\nStopping …")
        finally:
            await node.stop()
            await catcher.stop()
            structlog.get_logger().info(LogEvent.STOPPED)
            writer.close()
    return 0


async def _perform(node: Node, catcher: Catcher, any_port: bool) -> None:
    """Start everything, play the samples, and tell the spectator where to look."""
    assert node.settings.relay is not None
    await catcher.start(node.settings.relay.port)
    _say("Waiting for the examining processes, which try each format once: some seconds …")
    await node.start()
    passwords = await _people(node)
    page = _page(node, catcher, _free(PORTS["mailbox"], any_port))
    table = await _play(node, passwords["taro"], samples())
    print(drawn(table))
    await _introduce(node, passwords, page)


def _say(text: str) -> None:
    """Tell how far we are, beside what can be piped."""
    print(text, file=sys.stderr, flush=True)


def _empty(folder: Path, kept: Path) -> None:
    """Remove what earlier demos have left in the folder, but for one file."""
    for path in sorted(folder.rglob("*"), reverse=True):
        if path.is_dir() and not path.is_symlink():
            if path not in kept.parents:
                path.rmdir()
        elif path != kept:
            path.unlink()


def _free(port: int, any_port: bool) -> int:
    """The port, or 0 (any) when it is taken."""
    if any_port:
        return 0
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return 0
    return port


def _any() -> int:
    """A port that is free just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _settings(any_port: bool) -> Settings:
    def listener(name: str, role: str, mode: str) -> dict[str, object]:
        return {"name": name, "role": role, "tls": mode, "port": _free(PORTS[name], any_port)}

    hop = _free(PORTS["next hop"], any_port) or _any()
    next_hop = {"host": "127.0.0.1", "port": hop, "tls": "none"}
    console = _free(PORTS["console"], any_port) or _any()  # known before the start: links in mail need it
    return load_settings(
        None,
        hostname="sekisho.localhost",
        state_dir=FOLDER / "state",
        listeners=[
            listener("submission", "submission", "starttls"),
            listener("submissions", "submission", "implicit"),
            listener("inbound", "inbound", "starttls"),
        ],
        relay=next_hop,
        mailbox=next_hop,
        console={"port": console, "base_url": f"http://127.0.0.1:{console}"},
        dns={"enabled": False},
        report_address=REPORT,
    )


def _policy() -> Policy:
    policy = load_policy(None, (), demo=True)
    return msgspec.structs.replace(
        policy, organisation=msgspec.structs.replace(policy.organisation, domains=(DOMAIN,))
    )


async def _people(node: Node) -> dict[str, str]:
    """The demo's accounts with new passwords; the partner's passphrase as if agreed by telephone."""
    passwords = {}
    for account in ACCOUNTS:
        login = account.login
        account = msgspec.structs.replace(account, addresses=(f"{login}@{DOMAIN}",))
        await node.people.save(account, node.clock(), source="demo")
        passwords[login] = _password(account)
        await node.people.set_password(DEFAULT, login, passwords[login])
    if not await node.vault.find(DEFAULT, [f"x@{PARTNER}"]):
        await node.vault.add(DEFAULT, PARTNER, AGREED, note="agreed by telephone (demo)", by="admin")
    return passwords


def _password(account: Account) -> str:
    """A new one that the rules for passwords take: about one in 400 has a row such as 345 by chance."""
    names = (account.login, *account.name.values(), *account.addresses)
    while weaknesses(made := f"Demo7-{fresh(16)}", names):
        pass
    return made


def _page(node: Node, catcher: Catcher, port: int) -> str:
    """Serve the demo mailbox's page; its address."""
    config = uvicorn.Config(catcher.page(), host="127.0.0.1", port=port, log_config=None, lifespan="off")
    bound = config.bind_socket()
    node.background(uvicorn.Server(config)._serve([bound]))
    return f"http://127.0.0.1:{bound.getsockname()[1]}/"


async def _play(node: Node, password: str, played: Sequence[Sample]) -> list[tuple[str, str, str]]:
    """Each sample over SMTP; (direction, title, what happened)."""
    rows = []
    _say(f"Playing {len(played)} sample mails, one after the other …")
    for sample in played:
        reply = await asyncio.to_thread(_send, node, password, sample)
        rows.append((sample.direction, sample.title, await outcome(node, sample, *reply)))
    return rows


def _send(node: Node, password: str, sample: Sample) -> tuple[int, str]:
    """One mail as a mail client sends it; the last reply's code and text."""
    name = "submission" if sample.direction == "outbound" else "inbound"
    host, port = node.addresses[name]
    trusting = ssl.create_default_context()  # the demo's certificate is self-signed
    trusting.check_hostname = False
    trusting.verify_mode = ssl.CERT_NONE
    with smtplib.SMTP(host, port, timeout=60) as client:
        client.starttls(context=trusting)
        client.ehlo("client.localhost")
        if name == "submission":
            client.login("taro", password)
        try:
            code, _ = client.mail(sample.sender)
            for address in sample.to:
                code, text = client.rcpt(address)
                if code >= 400:
                    return code, text.decode()
            code, text = client.data(sample.content)
        except smtplib.SMTPResponseException as error:
            return error.smtp_code, error.smtp_error.decode() if isinstance(error.smtp_error, bytes) else str(
                error.smtp_error
            )
        return code, text.decode()


async def _introduce(node: Node, passwords: dict[str, str], page: str) -> None:
    where = {name: f"{host}:{port}" for name, (host, port) in node.addresses.items()}
    code = await Sessions(node.store.database).issue_code(DEFAULT, "admin", node.clock())
    print(f"""
Listening
  submission (STARTTLS)  {where["submission"]}
  submission (TLS)       {where["submissions"]}
  inbound                {where["inbound"]}
  console                {node.console.url}/
  demo mailbox           {page}   what left the checkpoint
  report address         {REPORT}   forward suspicious mail there

Accounts (new passwords at every start)""")
    for account in ACCOUNTS:
        roles = ", ".join(account.roles)
        print(
            f"  {account.login:8} {passwords[account.login]:24} {account.name_in('en')}, {account.department}: {roles}"
        )
    print(
        f"""
One-time console login as administrator
  {node.console.url}/once   code {code}

Send a mail of your own with any client: server and port as above, STARTTLS, account taro.
Ctrl-C stops it. The log is in {FOLDER / "log"}; the next start begins with an empty state, or with --keep where this
one ends.""",
        flush=True,
    )
