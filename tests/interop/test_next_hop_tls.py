"""A real Postfix with certificates that cannot be trusted, and a host that is not there: what people are told of it."""

import dataclasses
import json
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from config.next_hop import NextHopSection
from config.words import known
from gateway.command import check_hops
from gateway.deliver.courier import AttemptOutcome, Courier
from gateway.deliver.next_hop import NextHop
from mail.cause import Cause
from mail.envelope import Envelope, ForwardPath
from quarantine.item import Item, State, Status
from tests.interop.mails import TARO, mail
from tests.services.certificates import Authority
from tests.services.node import DOMAIN, settings_of
from tests.services.postfix import Postfix, postfix
from tests.services.programs import wait_for
from tests.services.served import Served, at, served

KINDS = {
    "good": None,
    "private": None,
    "expired": Cause.CERTIFICATE_EXPIRED,
    "early": Cause.CERTIFICATE_EARLY,
    "name": Cause.CERTIFICATE_NAME,
    "stranger": Cause.CERTIFICATE_UNTRUSTED,
    "version": Cause.TLS_VERSION,
    "none": Cause.NO_TLS,
}
"""What is wrong with each port of Postfix."""


@dataclasses.dataclass(frozen=True)
class Hosts:
    server: Postfix
    ca_file: Path
    stranger: Path
    absent: int


@pytest.fixture(scope="module")
def hosts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hosts]:
    trusted = Authority(tmp_path_factory.mktemp("trusted"), "Trusted", strict=True)
    stranger = Authority(tmp_path_factory.mktemp("stranger"), "Somebody Else")
    private = Authority(
        tmp_path_factory.mktemp("private"), "Private", critical=False
    )  # as Python 3.13 refuses it
    pairs = {
        "good": trusted.pair("localhost"),
        "private": private.pair("localhost"),
        "expired": trusted.pair("localhost", days=-1),
        "early": trusted.pair("localhost", since=1),
        "name": trusted.pair("elsewhere.example"),
        "stranger": stranger.pair("localhost"),
    }
    ports = {
        kind: {"smtpd_tls_cert_file": str(pair[0]), "smtpd_tls_key_file": str(pair[1])}
        for kind, pair in pairs.items()
    }
    ports["version"] = {**ports["good"], "smtpd_tls_protocols": "TLSv1.1"}
    ports["none"] = {"smtpd_tls_security_level": "none"}
    ca_file = tmp_path_factory.mktemp("file") / "trusted.pem"
    ca_file.write_bytes(trusted.file.read_bytes() + private.file.read_bytes())
    domains = {DOMAIN: ["taro"], **{f"{kind}.example": ["sato"] for kind in KINDS}}
    with postfix(domains, ports=ports) as server, socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # and nobody listens
        yield Hosts(server, ca_file, stranger.file, taken.getsockname()[1])


@pytest.mark.parametrize("kind", list(KINDS))
async def test_postfix_is_told_apart(hosts: Hosts, kind: str) -> None:
    hop = NextHop(
        host="127.0.0.1", port=hosts.server.ports[kind], tls="verify", ca_file=str(hosts.ca_file), server_name="localhost"
    )  # fmt: skip
    one = await attempt(hop)
    assert one.cause == (KINDS[kind] or ""), one.reply.reason
    assert (one.status is Status.DELIVERED) == (KINDS[kind] is None)


async def test_nobody_there(hosts: Hosts) -> None:
    assert (await attempt(NextHop(host="127.0.0.1", port=hosts.absent))).cause == Cause.CONNECTION_REFUSED


async def attempt(hop: NextHop) -> AttemptOutcome:
    courier = Courier("gw.example")
    envelope = Envelope("a@here.example", (ForwardPath("sato@good.example"),))
    (one,) = await courier.deliver(hop, envelope, [b"Subject: x\r\n\r\nbody\r\n"], 30)
    await courier.close()
    return one


async def test_the_command_says_the_same_before_any_mail(
    hosts: Hosts, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    routes = {
        f"{kind}.example": NextHopSection(
            host="127.0.0.1", port=hosts.server.ports[kind], tls="verify", ca_file=hosts.ca_file,
            server_name="localhost",
        )
        for kind in KINDS
    }  # fmt: skip
    settings = settings_of(tmp_path, 9).model_copy(update={"relay": None, "mailbox": None, "routes": routes})
    assert await check_hops.check(settings) == 1
    told = [line for line in capsys.readouterr().out.splitlines() if line.startswith("routes.")]
    assert len(told) == len(KINDS)
    for kind, line in zip(KINDS, told, strict=True):
        assert (f"[{KINDS[kind]}]" if KINDS[kind] else ": ok") in line, line


@pytest.fixture(scope="module")
def ours(hosts: Hosts, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The node's own file of authorities."""
    file = tmp_path_factory.mktemp("node") / "trusted.pem"
    file.write_bytes(hosts.ca_file.read_bytes())
    return file


@pytest.fixture(scope="module")
def node(hosts: Hosts, ours: Path) -> Iterator[Served]:
    ports = hosts.server.ports
    secured: dict[str, Any] = {"tls": "verify", "ca_file": ours, "server_name": "localhost"}
    routes = {f"{kind}.example": at(ports[kind], **secured) for kind in KINDS}
    routes["absent.example"] = at(hosts.absent, tls="none")
    mailbox = at(hosts.server.port, tls="encrypt")
    with served(relay=at(hosts.absent, tls="none"), mailbox=mailbox, routes=routes) as running:
        yield running


def deferred(node: Served, domain: str) -> Item:
    """A mail that somebody sent there, after its first attempt."""
    to = f"sato@{domain}"
    code, text = node.send(TARO, [to], mail(to).as_bytes())
    assert code == 250, text
    (item,) = node.let_go()

    def now() -> Item:
        return next(i for i in node.items(mail_id=item.mail_id) if i.id == item.id)

    assert wait_for(lambda: now().recipients[0].status is Status.DEFERRED), now()
    return now()


@pytest.mark.parametrize(
    ("domain", "cause"),
    [("expired.example", Cause.CERTIFICATE_EXPIRED), ("absent.example", Cause.CONNECTION_REFUSED)],
)
def test_log_journal_command_and_page_tell_the_cause(node: Served, domain: str, cause: Cause) -> None:
    item = deferred(node, domain)
    hop = item.recipients[0].hop
    lines = [json.loads(line) for line in node.log.splitlines() if line.startswith("{")]
    attempts = [line for line in lines if line["event"] == "attempt" and line["item"] == item.id]
    assert (attempts[-1]["cause"], attempts[-1]["hop"]) == (cause, hop)
    lost = [line for line in lines if line["event"] == "next_hop_lost" and line["hop"] == hop]
    assert [line["cause"] for line in lost] == [cause]
    entry = next(e for e in node.entries("finish") if e.item == item.id)
    assert entry.detail["outcomes"][0][3:] == [cause, hop]
    told = node.command("queue", "--state", "queued").stdout
    assert f"{hop}: {known('en', f'values.cause.{cause}')} [{cause}]" in told
    page = node.console("taro").look(item)
    assert str(known("ja", f"values.cause.{cause}")) in page
    assert str(known("ja", f"values.remedy.{cause}")) not in page, "that is for those who can do something"


def test_mended_and_retried(node: Served, hosts: Hosts, ours: Path) -> None:
    """The operator adds the authority to the file that is in use, and says retry: no restart, no waiting."""
    item = deferred(node, "stranger.example")
    hop = item.recipients[0].hop
    assert "(127.0.0.1" in item.recipients[0].reply
    with ours.open("ab") as file:
        file.write(hosts.stranger.read_bytes())
    done = node.command("retry", "--hop", hop, "--reason", "authority added")
    assert f"1 waited for {hop}: certificate_untrusted." in done.stdout
    assert "1 mail is due now" in done.stdout
    assert hosts.server.arrived("sato@stranger.example")
    assert wait_for(lambda: node.items(mail_id=item.mail_id, state=(State.DONE,)) != [])
    assert "nothing waits" in node.command("retry", "--hop", hop).stdout
    (entry,) = [e for e in node.entries("retry") if e.item == item.id]
    assert entry.actor.startswith("operator:")
    assert entry.detail["reason"] == "authority added"
    assert [line for line in node.log.splitlines() if "next_hop_back" in line and hop in line]
