"""Postfix in front of us: as a host of the internet, and as a smarthost's client that logs in."""

import re
import smtplib
from collections.abc import Iterator

import pytest

from quarantine.item import State
from tests.interop.mails import SATO, TARO, attach, body_of, mail, parsed
from tests.services.node import DOMAIN, PASSWORD
from tests.services.postfix import Postfix, postfix
from tests.services.programs import wait_for
from tests.services.served import Hop, Served
from tests.services.sink import Taken

MANY = 40


def inject(server: Postfix, sender: str, *mails: tuple[str, bytes]) -> None:
    """Give mails to Postfix, as a program on that host does."""
    with smtplib.SMTP("127.0.0.1", server.port, timeout=30) as client:
        for recipient, content in mails:
            client.sendmail(sender, [recipient], content)


@pytest.fixture(scope="module")
def internet(node: Served) -> Iterator[Postfix]:
    """A host that relays everything to our inbound listener, over one connection at a time."""
    host, port = node.addresses["inbound"]
    settings = {
        "relayhost": f"[{host}]:{port}",
        "smtp_tls_security_level": "encrypt",
        "smtp_tls_connection_reuse": "yes",
        "default_destination_concurrency_limit": "1",
        "default_destination_recipient_limit": "1",
        "smtp_connection_cache_destinations": f"[{host}]:{port}",
        "smtp_connection_reuse_time_limit": "300s",
        "smtp_connection_cache_time_limit": "10s",
        "virtual_mailbox_domains": "sender.example",
        "virtual_mailbox_maps": "inline:{ {sato@sender.example=sato@sender.example/} }",
    }
    with postfix(settings=settings) as running:
        yield running


def test_many_mails_over_one_connection(node: Served, sink: Hop, internet: Postfix) -> None:
    before = len(sink.sink.mails)
    mails = [(TARO, mail(TARO, f"mail {n}\n.\n..\n", sender=SATO).as_bytes()) for n in range(MANY)]
    inject(internet, SATO, *mails)
    taken = sink.taken(before + MANY)[before:]
    assert len(taken) == MANY
    numbers = sorted(int(re.search(rb"mail (\d+)\r\n\.\r\n\.\.\r\n", t.content)[1]) for t in taken)  # type: ignore[index]
    assert numbers == list(range(MANY)), "each once, dots and all"
    assert wait_for(lambda: internet.queue() == "")
    uses = [int(n) for n in re.findall(r"conn_use=(\d+)", internet.log)]
    assert max(uses) >= 10, f"connections were used again up to {max(uses, default=1)} times"
    assert "Traceback" not in node.log


def test_content_is_what_postfix_sent(node: Served, sink: Hop, internet: Postfix) -> None:
    message = mail(TARO, "本文\n", sender=SATO, html="<p>本文</p>")
    attach(message, "資料.bin", bytes(range(256)) * 40)
    before = len(sink.sink.mails)
    inject(internet, SATO, (TARO, message.as_bytes()))
    (taken,) = sink.taken(before + 1)[before:]
    assert taken.content.endswith(message.as_bytes()[message.as_bytes().index(b"From:") :])


def test_postfix_keeps_what_the_next_hop_defers_and_bounces_what_it_refuses(
    node: Served, sink: Hop, internet: Postfix
) -> None:
    """A temporary refusal of the mailbox host stays temporary, a permanent one reaches the sender as a bounce."""
    taken = len(sink.sink.mails)
    sink.sink.script = {"RCPT": [None] * sink.sink._seen["RCPT"] + ["450 4.2.0 busy", "550 5.1.1 gone"]}
    try:
        inject(internet, "sato@sender.example", (TARO, mail(TARO, "later\n", sender=SATO).as_bytes()))
        assert wait_for(lambda: "450 4.2.0 busy" in internet.log)
        assert wait_for(lambda: "550 5.1.1 gone" in internet.log), "the second attempt"
    finally:
        sink.sink.script = {}
    bounce = internet.arrived("sato@sender.example")[0]
    assert b"Status: 5.1.1" in bounce
    assert len(sink.sink.mails) == taken


@pytest.fixture(scope="module")
def office(node: Served) -> Iterator[Postfix]:
    """A host of ours whose smarthost is our submission listener."""
    host, port = node.addresses["submission"]
    settings = {
        "relayhost": f"[{host}]:{port}",
        "smtp_tls_security_level": "encrypt",
        "smtp_sasl_auth_enable": "yes",
        "smtp_sasl_security_options": "noanonymous",
        "smtp_sasl_password_maps": "texthash:$dir/etc/logins",
    }
    logins = {"logins": f"[{host}]:{port} taro:{PASSWORD}\n"}
    with postfix({DOMAIN: ["taro"]}, settings, logins) as running:
        yield running


def test_a_smarthost_client_logs_in_and_its_mail_is_held(node: Served, sink: Hop, office: Postfix) -> None:
    content = mail(SATO, "smarthost 本文\n").as_bytes()
    identifier = str(parsed(content)["Message-ID"]).encode()
    inject(office, TARO, (SATO, content))
    assert wait_for(lambda: node.items(state=(State.HELD,), owner="taro")), office.log[-2000:]
    assert wait_for(lambda: "status=sent (250 2.0.0 Accepted as" in office.log)
    node.let_go()

    def arrived() -> list[Taken]:
        return [m for m in sink.to(SATO, count=0) if identifier in m.content]

    assert wait_for(arrived)
    (taken,) = arrived()
    assert body_of(taken.content) == body_of(content)
    assert parsed(taken.content)["Subject"] == "ご連絡"


def test_what_is_refused_comes_back_to_the_person_with_both_languages(node: Served, office: Postfix) -> None:
    before = len(office.mails(TARO))
    inject(office, TARO, (SATO, mail(SATO, "本件は社外秘です。\n社外秘\n").as_bytes()))
    bounce = office.arrived(TARO, before + 1)[-1]
    text = bounce.decode()
    assert "5.7.1" in text
    assert re.search(r"[ぁ-ん]", text), "Japanese"
    assert "confidential" in text.lower()


def test_another_persons_envelope_is_refused(node: Served, office: Postfix) -> None:
    count = len(node.items())
    inject(office, f"hanako@{DOMAIN}", (SATO, mail(SATO, sender=f"hanako@{DOMAIN}").as_bytes()))
    assert wait_for(lambda: "does not belong to your account" in office.log), office.log[-1500:]
    assert len(node.items()) == count


def test_a_wrong_password_keeps_the_mail_at_postfix(node: Served) -> None:
    host, port = node.addresses["submission"]
    settings = {
        "relayhost": f"[{host}]:{port}",
        "smtp_tls_security_level": "encrypt",
        "smtp_sasl_auth_enable": "yes",
        "smtp_sasl_security_options": "noanonymous",
        "smtp_sasl_password_maps": f"inline:{{ {{[{host}]:{port}=hanako:wrong-Password-1}} }}",
    }
    with postfix(settings=settings) as server:
        inject(server, TARO, (SATO, mail(SATO).as_bytes()))
        assert wait_for(lambda: "SASL authentication failed" in server.log), server.log[-1500:]
        assert wait_for(lambda: '"deferred"' in server.queue())
        assert "wrong-Password-1" not in node.log
