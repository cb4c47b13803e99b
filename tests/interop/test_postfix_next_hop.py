"""Postfix as the next hop: what leaves reaches it over TLS, what arrives is answered by it."""

import re
import smtplib
from collections.abc import Iterator

import pytest

from quarantine.item import Item, State, Status
from tests.dialogues.test_smuggling import FALSE_ENDS
from tests.interop.mails import HANAKO, SATO, TARO, mail, parsed
from tests.services.node import DOMAIN
from tests.services.postfix import Postfix, postfix
from tests.services.programs import wait_for
from tests.services.served import Served, at, served

CLIENT = SATO.rpartition("@")[2]


EXTENSIONS = ("SMTPUTF8", "8BITMIME", "PIPELINING", "CHUNKING", "DSN")


@pytest.fixture(scope="module")
def server() -> Iterator[Postfix]:
    """It insists on TLS on its first port; on each of the others it lacks one extension."""
    domains = {
        DOMAIN: ["taro", "hanako"],
        CLIENT: ["sato", "後藤"],
        "unverified.example": ["sato"],
        "plain.example": ["sato"],
        **{f"no-{word.lower()}.example": ["sato"] for word in EXTENSIONS},
    }
    lacking = {word: {"smtpd_discard_ehlo_keywords": word.lower()} for word in EXTENSIONS}
    lacking["SMTPUTF8"] = {"smtputf8_enable": "no"}
    lacking["STARTTLS"] = {"smtpd_tls_security_level": "none"}
    with postfix(domains, ports=lacking) as running:
        yield running


@pytest.fixture(scope="module")
def node(server: Postfix) -> Iterator[Served]:
    verified = at(server.port, tls="verify", ca_file=server.ca_file, server_name=server.name)
    routes = {f"no-{w.lower()}.example": at(server.ports[w], tls="opportunistic") for w in EXTENSIONS}
    routes["unverified.example"] = at(server.port, tls="verify")
    routes["plain.example"] = at(server.ports["STARTTLS"], tls="encrypt")
    mailbox = at(server.port, tls="encrypt")
    with served(relay=verified, mailbox=mailbox, routes=routes) as running:
        yield running


def test_what_leaves_goes_over_verified_tls(node: Served, server: Postfix) -> None:
    before = len(server.mails(SATO))
    code, text = node.send(TARO, [SATO], mail(SATO, "本文です。\n").as_bytes())
    assert code == 250, text
    assert len(server.mails(SATO)) == before, "it is held"
    node.let_go()
    arrived = server.arrived(SATO, before + 1)[-1]
    assert b"with ESMTPS" in arrived, "Postfix saw TLS"
    assert parsed(arrived).get_content() == "本文です。\n"
    (entry,) = [line for line in node.log.splitlines() if '"event": "attempt"' in line and SATO in line][-1:]
    assert "TLSv1.3" in entry


def test_an_internal_copy_leaves_at_once(node: Served, server: Postfix) -> None:
    before = len(server.mails(HANAKO))
    node.send(TARO, [HANAKO], mail(HANAKO).as_bytes())
    assert len(server.arrived(HANAKO, before + 1)) == before + 1


@pytest.mark.parametrize("domain", ["unverified.example", "plain.example"])
def test_a_next_hop_without_the_encryption_that_we_require_gets_nothing(
    node: Served, server: Postfix, domain: str
) -> None:
    """A certificate of an unknown authority at level verify, no STARTTLS at level encrypt: deferred (T17)."""
    code, text = node.send(TARO, [f"sato@{domain}"], mail(f"sato@{domain}").as_bytes())
    assert code == 250, text
    (item,) = node.let_go()

    def now() -> Item:
        (found,) = [i for i in node.items(mail_id=item.mail_id) if i.id == item.id]
        return found  # the notice to the sender has the same mail id

    assert wait_for(lambda: now().recipients[0].status is Status.DEFERRED)
    after = now()
    assert after.state is State.QUEUED
    assert re.search("TLS|encryption", after.recipients[0].reply), after.recipients[0].reply
    assert server.mails(f"sato@{domain}") == []


def test_unknown_users_are_refused_at_rcpt(node: Served, server: Postfix) -> None:
    with node.connect("inbound") as client:
        assert client.mail(SATO)[0] == 250
        code, text = client.rcpt(f"nobody@{DOMAIN}")
        assert (code, b"User unknown" in text) == (550, True), text
        assert client.rcpt(TARO)[0] == 250
        code, text = client.rcpt("stranger@elsewhere.example")
        assert (code, b"Relaying denied" in text) == (550, True)
        before = len(server.mails(TARO))
        code, text = client.data(mail(TARO, sender=SATO).as_bytes())
        assert (code, b"queued as" in text) == (250, True), text
    assert len(server.arrived(TARO, before + 1)) == before + 1
    assert server.mails(f"nobody@{DOMAIN}") == []


def test_all_recipients_unknown(node: Served) -> None:
    with node.connect("inbound") as client:
        client.mail(SATO)
        assert client.rcpt(f"nobody@{DOMAIN}")[0] == 550
        assert client.docmd("DATA")[0] in (503, 554)


@pytest.mark.parametrize("way", ["inbound", "outbound"])
def test_dsn_parameters_arrive(node: Served, server: Postfix, way: str) -> None:
    """NOTIFY=SUCCESS comes to Postfix, which then reports with our ENVID and ORCPT (RFC 3461)."""
    sender, recipient = (HANAKO, SATO) if way == "outbound" else (SATO, TARO)
    before = len(server.mails(sender))
    name, login = ("submission", "hanako") if way == "outbound" else ("inbound", "")
    with node.connect(name, login) as client:
        assert client.mail(sender, ["RET=HDRS", f"ENVID=id-{way}"])[0] == 250
        original = f"ORCPT=rfc822;alias+2B{way}@example.org"
        assert client.rcpt(recipient, ["NOTIFY=SUCCESS,FAILURE", original])[0] == 250
        assert client.data(mail(recipient, sender=sender).as_bytes())[0] == 250
    if way == "outbound":
        node.let_go("hanako")
    found: list[bytes] = []

    def reported() -> bool:
        found[:] = [m for m in server.mails(sender) if b"delivery-status" in m and f"id-{way}".encode() in m]
        return bool(found)

    assert wait_for(reported), server.mails(sender)[before:]
    report = found[0]
    assert f"Original-Envelope-Id: id-{way}".encode() in report
    assert f"Original-Recipient: rfc822;alias+{way}@example.org".encode() in report.replace(b"+2B", b"+")
    assert b"Action: delivered" in report
    assert b"postfix.example" in report, "it is Postfix that reports: it was told"


def test_8bit_and_utf8_addresses(node: Served, server: Postfix) -> None:
    """SMTPUTF8 and 8BITMIME from client to Postfix; the bytes of the body stay as they are."""
    there = f"後藤@{CLIENT}"
    content = (
        f"From: {TARO}\r\nTo: {there}\r\nSubject: 日本語の件名\r\nMessage-ID: <u8@x>\r\nMIME-Version: 1.0\r\n"
        "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n八ビットの本文\r\n"
    ).encode()
    with node.connect() as client:
        assert client.docmd("MAIL", f"FROM:<{TARO}> BODY=8BITMIME SMTPUTF8")[0] == 250
        client.command_encoding = "utf-8"
        assert client.docmd("RCPT", f"TO:<{there}>")[0] == 250
        code, text = client.data(content)
        assert code == 250, text
    node.let_go()
    (arrived,) = server.arrived(there, 1)
    assert "八ビットの本文\n".encode() in arrived
    assert "Subject: 日本語の件名\n".encode() in arrived


def test_bdat_from_the_client(node: Served, server: Postfix) -> None:
    """CHUNKING on our side (RFC 3030), whatever the next hop is spoken to with."""
    before = len(server.mails(TARO))
    content = mail(TARO, "in two chunks\n", sender=SATO).as_bytes()
    with node.connect("inbound") as client:
        assert client.has_extn("chunking")
        client.mail(SATO)
        client.rcpt(TARO)
        for chunk, last in ((content[:100], ""), (content[100:], " LAST")):
            client.send(f"BDAT {len(chunk)}{last}\r\n".encode() + chunk)
            code, text = client.getreply()
            assert code == 250, text
    assert b"in two chunks" in server.arrived(TARO, before + 1)[-1]


def test_what_fails_for_good_comes_back_as_a_report(node: Served, server: Postfix) -> None:
    """Postfix refuses one of two; the other arrives, the sender gets one DSN without the original's body."""
    before = len(server.mails(TARO))
    code, _ = node.send(TARO, [SATO, f"gone@{CLIENT}"], mail(SATO, "本文は戻らない\n").as_bytes())
    assert code == 250
    node.let_go()
    found: list[bytes] = []

    def reported() -> bool:
        found[:] = [m for m in server.mails(TARO)[before:] if b"delivery-status" in m]
        return bool(found)

    assert wait_for(reported)
    text = parsed(found[0]).as_string()
    assert re.search(rf"Final-Recipient: rfc822; ?gone@{CLIENT}", text), text
    assert "Status: 5.1.1" in text
    assert "本文は戻らない" not in text
    assert found[0].startswith(b"Return-Path: <>")


@pytest.mark.parametrize("extension", EXTENSIONS)
def test_a_peer_that_lacks_an_extension(node: Served, server: Postfix, extension: str) -> None:
    """Postfix without one of its extensions still gets ordinary mail, and 8-bit text where it takes that."""
    with smtplib.SMTP("127.0.0.1", server.ports[extension]) as client:
        client.ehlo()
        assert not client.has_extn(extension)
    there = f"sato@no-{extension.lower()}.example"
    body = b"7bit\r\n" if extension == "8BITMIME" else "八ビット\r\n".encode()
    content = (
        f"From: {TARO}\r\nTo: {there}\r\nSubject: x\r\nMIME-Version: 1.0\r\nMessage-ID: <a@b>\r\n"
        "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
    ).encode() + body
    code, text = node.send(TARO, [there], content, options=["BODY=8BITMIME"])
    assert code == 250, text
    node.let_go()
    (arrived,) = server.arrived(there)
    assert arrived.endswith(body.replace(b"\r\n", b"\n"))


@pytest.mark.parametrize("verb", ["DATA", "BDAT"])
def test_false_ends_of_data_smuggle_nothing_into_postfix(node: Served, server: Postfix, verb: str) -> None:
    """T13 with a real host behind us, of a version that believes in bare line ends itself."""
    before = len(server.mails(TARO))
    refused = 0
    for number, end in enumerate(FALSE_ENDS):
        smuggled = f"MAIL FROM:<evil@x.example>\r\nRCPT TO:<{TARO}>\r\nDATA\r\nSubject: evil\r\n\r\nevil\r\n".encode()
        content = b"Subject: outer %d\r\n\r\nbody" % number + end + smuggled
        client = node.connect("inbound")
        client.mail(SATO)
        client.rcpt(TARO)
        try:
            if verb == "BDAT":
                client.send(b"BDAT %d LAST\r\n" % len(content) + content)
            else:
                assert client.docmd("DATA")[0] == 354
                client.send(content + b".\r\n")
            refused += client.getreply()[0] >= 500
            client.docmd("NOOP")
        except smtplib.SMTPServerDisconnected:
            refused += 1
        client.close()
    assert refused == len(FALSE_ENDS)
    node.send(SATO, [TARO], mail(TARO, "after all\n", sender=SATO).as_bytes(), name="inbound")
    arrived = server.arrived(TARO, before + 1)[before:]
    assert len(arrived) == 1
    assert b"after all" in arrived[0]
