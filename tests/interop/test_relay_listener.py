"""Real mail servers in front of a relay listener, set up by the lines that docs/relay.md prints.

A client hands its mail to them; they hand it on; it is held, recalled or sent on, and arrives at a real Postfix.
"""

import re
import smtplib
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from quarantine.item import Item, State
from tests.interop.mails import SATO, TARO, mail
from tests.services.certificates import Authority
from tests.services.dovecot import PASSWORD as MAILBOX_PASSWORD
from tests.services.dovecot import dovecot
from tests.services.exim import exim
from tests.services.node import DOMAIN, trusting
from tests.services.opensmtpd import opensmtpd
from tests.services.postfix import Postfix, postfix
from tests.services.postgres import free_port
from tests.services.programs import private_directory, wait_for
from tests.services.served import ROOT, Served, at, served

TENANT = "9b2fa7c4-1d3e-4c55-8a21-6f0d3b7e9c10"
MARKS = f"""\
/^From:/ PREPEND X-MS-Exchange-CrossTenant-Id: {TENANT}
/^To:/ PREPEND X-MS-Exchange-CrossTenant-FromEntityHeader: Hosted
/^Subject:/ PREPEND X-OriginatorOrg: {DOMAIN}
/^Date:/ PREPEND X-Example-Relay: $secret
"""
SECRET = "mellow-kite-0419-Hm3-q7RtW2"
HANAKO = f"hanako@{DOMAIN}"
_RECIPE = re.compile(r"<!-- recipe: ([\w-]+) -->\n```ini\n(.*?)```", re.DOTALL)
RECIPES = dict(_RECIPE.findall((ROOT / "docs/relay.md").read_text("utf-8")))


def recipe(name: str, port: int, **files: object) -> str:
    """The lines of the document, with this machine's names in the place of the example's."""
    text = RECIPES[name].replace("relay.example.jp", "127.0.0.1").replace("SECRET", SECRET)
    for before, after in files.items():
        path = f"/etc/{before.replace('__', '/')}"
        assert path in text, path
        text = text.replace(path, str(after))
    return re.sub(r"\b2526\b", str(port), text)


def main_cf(text: str) -> dict[str, str]:
    return dict(line.split(" = ", 1) for line in text.splitlines() if line)


def hand_over(port: int, sender: str, recipients: Sequence[str], content: bytes, login: str = "") -> None:
    """As a mail program does it that knows nothing of us."""
    with smtplib.SMTP("127.0.0.1", port, timeout=30) as client:
        if login:
            client.starttls(context=trusting())
            client.login(login, MAILBOX_PASSWORD)
        client.sendmail(sender, recipients, content)


@pytest.fixture(scope="module")
def world() -> Iterator[Postfix]:
    """The internet and our mailboxes: one real Postfix."""
    with postfix({"client.example.net": ["sato"], DOMAIN: ["taro", "hanako"]}) as running:
        yield running


class Relaying:
    """A node with a listener for each kind of upstream, all in front of the same Postfix."""

    def __init__(self, folder: Path, stack: ExitStack, world: Postfix) -> None:
        (folder / "secret").write_text(f"{SECRET}\n")
        self.authority = Authority(folder)
        self.back = free_port()
        back = at(self.back)
        kinds: dict[str, Any] = {
            "login": {"upstream": {"login": "postfix", "password_file": folder / "secret"}},
            "certificate": {
                "client_certificates": "ask",
                "client_ca": self.authority.file,
                "upstream": {"certificate_names": ["postfix.example.jp"]},
            },
            "filter": {
                "tls": "none",
                "upstream": {"networks": ["127.0.0.1"], "relay": back, "mailbox": back},
            },
        }
        self.provider = free_port()
        there = at(self.provider)
        kinds["provider"] = {
            "upstream": {
                "kind": "microsoft365",
                "networks": ["127.0.0.1"],
                "tenant_id": TENANT,
                "secret_header": "X-Example-Relay",
                "secret_file": folder / "secret",
                "relay": there,
                "mailbox": there,
            }
        }
        self.ports = {name: free_port() for name in kinds}
        listeners = [
            {"name": name, "role": "relay", "port": self.ports[name], **more} for name, more in kinds.items()
        ]
        hop = at(world.port)
        self.node: Served = stack.enter_context(
            served(listeners=listeners, relay=hop, mailbox=hop, margin_seconds=0)
        )

    def held(self, message_id: str, seconds: float = 30) -> Item:
        """The one item that waits of a mail."""

        def there() -> list[Item]:
            items = self.node.items(state=(State.HELD,))
            return [item for item in items if item.summary.message_id == message_id]

        assert wait_for(there, seconds), self.node.log[-2000:]
        (item,) = there()
        return item


@pytest.fixture(scope="module")
def relaying(world: Postfix) -> Iterator[Relaying]:
    with ExitStack() as stack:
        folder = stack.enter_context(private_directory("relaying"))
        yield Relaying(folder, stack, world)


def identified(content: bytes) -> str:
    found = re.search(rb"Message-ID: (\S+)", content)
    assert found
    return found[1].decode()


def arrived(server: Postfix, address: str, message_id: str) -> bytes:
    def there() -> list[bytes]:
        return [m for m in server.mails(address) if f"Message-ID: {message_id}".encode() in m]

    assert wait_for(there), server.log[-2000:]
    return there()[0]


def test_through_postfix_with_a_login_from_the_client_to_the_world(
    relaying: Relaying, world: Postfix
) -> None:
    """Held with a letter to its sender; recalled by them, or sent on; a colleague gets it at once; strangers bounce."""
    files = {"login": recipe("postfix-password", relaying.ports["login"])}
    settings = main_cf(recipe("postfix-login", relaying.ports["login"], postfix__sekisho="$dir/etc/login"))
    with postfix(settings=settings, files=files) as office:
        letters = len(world.mails(TARO))
        first, second = mail(f"{SATO}, {HANAKO}").as_bytes(), mail(SATO).as_bytes()
        for content, recipients in ((first, [SATO, HANAKO]), (second, [SATO])):
            hand_over(office.port, TARO, recipients, content)
        items = [relaying.held(identified(content)) for content in (first, second)]
        assert {(i.owner, i.upstream, i.peer) for i in items} == {("taro", "login", "127.0.0.1")}
        assert b"Received: " in arrived(world, HANAKO, identified(first))
        assert wait_for(lambda: len(world.mails(TARO)) >= letters + 2), "a letter about each"
        assert "status=sent (250 2.0.0 Accepted as" in office.log

        taro = relaying.node.console("taro")
        assert taro.act(items[0], "recall").status_code == 303
        taro.send_now(items[1])
        sent = arrived(world, SATO, identified(second))
        assert b"X-Sekisho-Relayed: " in sent
        assert not [m for m in world.mails(SATO) if identified(first).encode() in m], "recalled"
        accepted = relaying.node.entries("accept")
        assert [e.detail["upstream"] for e in accepted if e.item == items[0].id] == ["login"]

        hand_over(office.port, f"ghost@{DOMAIN}", [SATO], mail(SATO, sender=f"ghost@{DOMAIN}").as_bytes())
        assert wait_for(lambda: "is not a sender of our organisation" in office.log)

        hand_over(office.port, TARO, [SATO], sent)
        assert wait_for(lambda: "550 5.4.6" in office.log), "it has left here before"


def test_through_postfix_with_a_certificate(relaying: Relaying, world: Postfix) -> None:
    certificate, key = relaying.authority.pair("postfix.example.jp", client=True)
    settings = main_cf(recipe("postfix-certificate", relaying.ports["certificate"], postfix__client="client"))
    settings |= {"smtp_tls_cert_file": str(certificate), "smtp_tls_key_file": str(key)}
    content = mail(SATO).as_bytes()
    with postfix(settings=settings) as office:
        hand_over(office.port, TARO, [SATO], content)
        item = relaying.held(identified(content))
        assert (item.owner, item.upstream) == ("taro", "certificate")
    with postfix(
        settings={k: v for k, v in settings.items() if "tls_cert" not in k and "tls_key" not in k}
    ) as other:
        hand_over(other.port, TARO, [SATO], mail(SATO).as_bytes())
        assert wait_for(lambda: "does not take mail from you" in other.log), other.log[-1500:]


def test_as_a_filter_of_postfix(relaying: Relaying) -> None:
    """Everything is handed over, and comes back on another port: at once, or when it may leave."""
    lines = recipe("postfix-filter", relaying.ports["filter"]).splitlines()
    filtering = dict(o.split("=", 1) for o in re.findall(r"-o (\S+)", lines[0]))
    returning = dict(o.split("=", 1) for o in re.findall(r"-o (\S*)(?= |$)", lines[1]))
    domains = {"client.example.net": ["sato"], DOMAIN: ["taro", "hanako"]}
    with postfix(
        domains, ports={"submission": filtering, "back": returning}, fixed={"back": relaying.back}
    ) as office:
        content = mail(f"{SATO}, {HANAKO}").as_bytes()
        hand_over(office.ports["submission"], TARO, [SATO, HANAKO], content)
        item = relaying.held(identified(content))
        assert item.upstream == "filter"
        arrived(office, HANAKO, identified(content))
        assert not office.mails(SATO)
        relaying.node.console("taro").send_now(item)
        arrived(office, SATO, identified(content))


def test_through_exim(relaying: Relaying, world: Postfix) -> None:
    text = recipe("exim", relaying.ports["login"]).replace("byname", "byname\n  self = send")
    text = text.replace("  hosts_require_auth", "  tls_verify_certificates =\n  hosts_require_auth")
    content = mail(SATO).as_bytes()
    with exim(text) as office:
        hand_over(office.port, TARO, [SATO], content)
        item = relaying.held(identified(content))
        assert (item.owner, item.upstream) == ("taro", "login"), office.log
        relaying.node.console("taro").send_now(item)
        arrived(world, SATO, identified(content))


def test_through_opensmtpd(relaying: Relaying, world: Postfix) -> None:
    text = recipe("opensmtpd", relaying.ports["login"], mail__sekisho="$login")
    text = text.replace("auth <credentials>", "auth <credentials> tls no-verify")
    content = mail(SATO).as_bytes()
    with opensmtpd(text, f"sekisho postfix:{SECRET}\n") as office:
        hand_over(office.port, TARO, [SATO], content)
        item = relaying.held(identified(content))
        assert (item.owner, item.upstream) == ("taro", "login"), office.log
        relaying.node.console("taro").send_now(item)
        arrived(world, SATO, identified(content))


def test_through_dovecot_submission(relaying: Relaying, world: Postfix) -> None:
    text = recipe("dovecot", relaying.ports["login"]) + "submission_relay_ssl_verify = no\n"
    content = mail(SATO).as_bytes()
    with dovecot({TARO}, text) as office:
        hand_over(office.submission, TARO, [SATO], content, login=TARO)
        item = relaying.held(identified(content))
        assert (item.owner, item.upstream) == ("taro", "login"), office.log
        relaying.node.console("taro").send_now(item)
        arrived(world, SATO, identified(content))


@pytest.mark.parametrize("circle", [False, True])
def test_back_to_a_provider_by_direction_and_never_in_a_circle(relaying: Relaying, circle: bool) -> None:
    """A Postfix that writes what Microsoft 365 writes: mail to outsiders and to our own people goes back to it; where its
    rule takes that for new mail, the sender hears of the circle."""
    to_us = {"content_filter": f"smtp:[127.0.0.1]:{relaying.ports['provider']}"}
    domains = {"client.example.net": ["sato"], DOMAIN: ["taro", "hanako"]}
    with postfix(
        domains,
        {"smtp_tls_security_level": "encrypt", "smtp_header_checks": "regexp:$dir/etc/marks"},
        {"marks": MARKS.replace("$secret", SECRET)},
        {"users": to_us, "back": to_us if circle else {"content_filter": ""}},
        {"back": relaying.provider},
    ) as provider:
        content = mail(SATO, cc=HANAKO).as_bytes()
        hand_over(provider.ports["users"], TARO, [SATO, HANAKO], content)
        item = relaying.held(identified(content))
        assert (item.owner, item.upstream) == ("taro", "provider")
        relaying.node.console("taro").send_now(item)
        if circle:

            def told() -> list[bytes]:
                return [m for m in provider.mails(TARO) if b"5.4.6" in m and SATO.encode() in m]

            assert wait_for(told, 60), (provider.log[-3000:], provider.mails(TARO))
            assert b"going in circles" in told()[0]
            assert not provider.mails(SATO)
            return
        for address in (HANAKO, SATO):
            came = arrived(provider, address, identified(content))
            assert SECRET.encode() not in came
            assert f"X-MS-Exchange-CrossTenant-Id: {TENANT}".encode() in came


def test_another_customer_of_the_provider_relays_nothing(relaying: Relaying) -> None:
    """The same Postfix for another tenant, which writes our address into From."""
    marks = MARKS.replace("$secret", SECRET[::-1]).replace(TENANT, "46c98d88-e344-4ed4-8496-4ed7712e255d")
    settings = {
        "relayhost": f"[127.0.0.1]:{relaying.ports['provider']}",
        "smtp_tls_security_level": "encrypt",
        "smtp_header_checks": "regexp:$dir/etc/marks",
    }
    before = len(relaying.node.items())
    with postfix(settings=settings, files={"marks": marks}) as provider:
        hand_over(provider.port, TARO, [SATO], mail(SATO).as_bytes())
        assert wait_for(lambda: "is not known to come from our organisation" in provider.log), provider.log
    assert len(relaying.node.items()) == before
