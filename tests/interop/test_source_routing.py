"""Nobody reaches another host through ours by a local part such as victim%elsewhere.example.

Behind the node stands a Postfix that trusts it and still knows such forms: who gets one past us has an open relay
(inbound), or mail that leaves at once and past every control (outbound).
"""

import smtplib
from collections.abc import Iterator

import pytest

from quarantine.item import State
from tests.interop.mails import HANAKO, SATO, TARO, mail
from tests.routing import forms
from tests.services.node import DOMAIN
from tests.services.postfix import Postfix, postfix
from tests.services.programs import wait_for
from tests.services.served import Served, at, served

VICTIM = "victim@elsewhere.example"
FORMS = forms(DOMAIN)


@pytest.fixture(scope="module")
def server() -> Iterator[Postfix]:
    domains = {"elsewhere.example": ["victim"], "sister.example": ["hanako"]}
    ours = {
        "mydestination": DOMAIN,
        "mynetworks": "127.0.0.0/8",
        "local_transport": "virtual",
        "swap_bangpath": "yes",
        "allow_percent_hack": "yes",
        "resolve_dequoted_address": "yes",
        "allow_untrusted_routing": "no",
    }
    with postfix(domains, settings=ours) as running:
        yield running


@pytest.fixture(scope="module")
def node(server: Postfix) -> Iterator[Served]:
    hop = at(server.port, tls="opportunistic")
    listeners = [
        {"name": "submission", "role": "submission", "port": 0},
        {"name": "inbound", "role": "inbound", "port": 0},
        {"name": "relay", "role": "relay", "port": 0, "upstream": {"networks": ["127.0.0.1"]}},
    ]
    with served(relay=hop, mailbox=hop, routes={"sister.example": hop}, listeners=listeners) as running:
        yield running


def test_the_next_hop_would_relay_them(server: Postfix) -> None:
    """What the other tests stand on: this Postfix really sends such mail on for clients that it trusts."""
    with smtplib.SMTP("127.0.0.1", server.port) as client:
        for address in FORMS:
            client.ehlo("trusted.example")
            client.mail("")
            if client.rcpt(address)[0] == 250:
                client.data(mail(HANAKO).as_bytes())
            client.rset()
    assert wait_for(lambda: len(server.mails(VICTIM)) >= 10)


@pytest.mark.parametrize("domain", [DOMAIN, f"dept.{DOMAIN}", "sister.example"])
@pytest.mark.parametrize(
    ("name", "sender", "login"),
    [
        ("inbound", "mallory@stranger.example", ""),
        ("submission", TARO, "taro"),
        ("relay", TARO, ""),
        ("relay", "", ""),
    ],
)
def test_all_listeners_refuse_them(
    node: Served, server: Postfix, name: str, sender: str, login: str, domain: str
) -> None:
    before = server.log.count(": client=")
    assert len(forms(domain)) >= 35
    for address in forms(domain):
        client = node.connect(name, login)
        with client:
            code, text = client.mail(sender)
            assert code == 250, text
            code, text = client.rcpt(address)
            assert code in (501, 553), (address, code, text)
            assert code == 501 or text.startswith(b"5.1.3"), (address, text)
    assert server.log.count(": client=") == before, "no transaction was begun for any of them"


def test_elsewhere_they_are_external_recipients_and_wait(node: Served) -> None:
    address = "victim%elsewhere.example@" + SATO.rpartition("@")[2]
    code, text = node.send(TARO, [address], mail(address).as_bytes())
    assert code == 250, text
    assert [i.recipients[0].path.address for i in node.items(owner="taro") if i.state is State.HELD] == [
        address
    ]


def test_ordinary_recipients_and_rewritten_senders_pass(node: Served) -> None:
    for reverse_path in (
        "SRS0=HHH=TT=other.example=a@forwarder.example",
        "b%c@stranger.example",
        "d!e@f.example",
    ):
        code, text = node.send(
            reverse_path, ["hanako@sister.example"], mail(HANAKO).as_bytes(), name="inbound", login=""
        )
        assert code in (250, 550), text
        assert "5.1.3" not in text
