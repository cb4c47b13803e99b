"""Arriving mail is checked against a real name server, gets a banner, and is sealed so that whoever has it next can trust us.

The mailbox host is a Postfix; what it has stored is judged by stock dkimpy and by Mail::DKIM (Perl), which share nothing.
"""

import re
import smtplib
import subprocess
from collections.abc import Iterator
from pathlib import Path

import dkim
import pytest

from filters.rewriters.banner import SIGN
from gateway.authenticate.sign import Signer, generate_key
from mail.message import Message
from mail.trace import read_results
from tests.gateway.authenticate import test_arc_cases as cases
from tests.gateway.stock import stock, stock_chain, stock_verifies
from tests.interop.mails import SATO, TARO, mail
from tests.services.dns import SERVFAIL, SILENCE, NameServer, Zone, name_server
from tests.services.node import DOMAIN
from tests.services.postfix import Postfix, postfix
from tests.services.programs import private_directory, required, unavailable
from tests.services.served import Served, at, crlf, served

POLICY = """\
[warn]
warn_at = 1
[rules.dmarc_reject]
then = "reject"
"""
LURE = "http://203.0.113.7/login パスワード\n"
SENDER = SATO.rpartition("@")[2]
KEY = generate_key()
AUTHOR, LIST, STRANGER, OURS = (
    Signer(domain, "s1", KEY) for domain in (SENDER, "list.example", "other-list.example", DOMAIN)
)
BANK = "info@bank.example"
FRONT, BEYOND = "127.0.0.8", "127.0.0.9"
"""A gateway in front of us, and who hands mail to it."""
ZONE: Zone = {
    (SENDER, "TXT"): ["v=spf1 ip4:127.0.0.1 -all"],
    (f"_dmarc.{SENDER}", "TXT"): ["v=DMARC1; p=reject"],
    ("bank.example", "TXT"): ["v=spf1 ip4:192.0.2.1 -all"],
    ("_dmarc.bank.example", "TXT"): ["v=DMARC1; p=reject"],
    ("broken.example", "TXT"): SERVFAIL,
    ("_dmarc.broken.example", "TXT"): SILENCE,
    ("beyond.example", "TXT"): [f"v=spf1 ip4:{BEYOND} -all"],
    **{(name, "TXT"): [cases.KEY] for name in cases.NAMES},
    **{(one.record_name, "TXT"): [one.record] for one in (AUTHOR, LIST, STRANGER, OURS)},
}
RECORDS = {one.record_name: one.record for one in (AUTHOR, LIST, STRANGER, OURS)}

JUDGE = """\
use Mail::DKIM::ARC::Verifier; use Mail::DKIM::DNS; use Net::DNS::Resolver;
Mail::DKIM::DNS::resolver(Net::DNS::Resolver->new(nameservers => ['127.0.0.1'], port => shift));
for my $name (@ARGV) {
    my $judge = Mail::DKIM::ARC::Verifier->new(); open(my $file, '<:raw', $name) or die;
    while (<$file>) { s/\\r?\\n\\z//; $judge->PRINT("$_\\r\\n") } $judge->CLOSE; print $judge->result, "\\n";
}
"""


@pytest.fixture(scope="module")
def names() -> Iterator[NameServer]:
    with name_server(ZONE) as running:
        yield running


@pytest.fixture(scope="module")
def server() -> Iterator[Postfix]:
    with postfix({DOMAIN: ["taro"]}) as running:
        yield running


@pytest.fixture(scope="module")
def node(server: Postfix, names: NameServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    file: Path = tmp_path_factory.mktemp("arc") / "arc.pem"
    file.write_bytes(KEY)
    with served(
        POLICY,
        mailbox=at(server.port),
        dns={"servers": ["127.0.0.1"], "port": names.port, "seconds": 2},
        arc={"domain": DOMAIN, "selector": "s1", "key_file": file},
        authentication={"trusted_sealers": ["list.example"], "trusted_hops": [f"{FRONT}/32"]},
    ) as running:
        yield running


def judged_by_perl(names: NameServer, *mails: bytes) -> list[str]:
    """What Mail::DKIM says of the chains of these mails."""
    required("perl")
    if subprocess.run(
        ["perl", "-MMail::DKIM::ARC::Verifier", "-e1"], capture_output=True, check=False
    ).returncode:
        unavailable("libmail-dkim-perl is not installed (see tests/system-packages.txt)")
    with private_directory("chains") as folder:
        files = [folder / str(number) for number in range(len(mails))]
        for file, content in zip(files, mails, strict=True):
            file.write_bytes(content)
        command = ["perl", "-e", JUDGE, str(names.port), *map(str, files)]
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, timeout=120, check=True)
    return done.stdout.decode().split()


def arrived(node: Served, server: Postfix, content: bytes, sender: str = SATO) -> bytes:
    """What Postfix has stored of a mail from outside, with the line ends that it had on the wire."""
    before = len(server.mails(TARO))
    code, text = node.send(sender, [TARO], content, name="inbound", login="")
    assert code == 250, text
    return crlf(server.arrived(TARO, before + 1)[-1])


def ours(content: bytes) -> dict[str, str]:
    """Our results of a mail by method."""
    fields = [h for h in Message(content).all("authentication-results") if b"sekisho.test" in h.value]
    (only,) = [read_results(h.value) for h in fields]
    return {r.method: r.result for r in only[1]}


@pytest.fixture(scope="module")
def stored(node: Served, server: Postfix) -> bytes:
    """A signed mail with a lure, and with results that somebody forged under our name."""
    plain = mail(TARO, LURE, sender=SATO).as_bytes()
    forged = b"Authentication-Results: (x) =?utf-8?q?sekisho=2Etest?=;\r\n\tarc=pass\r\nAuthentication-Results: other.example; spf=pass\r\n"
    return arrived(node, server, forged + AUTHOR.sign(plain) + plain)


def test_the_banner_breaks_the_authors_signature_and_our_results_tell_what_it_was(stored: bytes) -> None:
    assert any(SIGN in text for _, text in Message(stored).texts())
    start = stored.index(b"DKIM-Signature:")
    assert not stock_verifies(stored[start:], RECORDS)
    assert ours(stored) == {"spf": "pass", "dkim": "pass", "dmarc": "pass"}
    assert b"sekisho=2Etest" not in stored
    assert b"Authentication-Results: other.example; spf=pass" in stored, (
        "what others said of themselves stays"
    )


def test_our_seal_is_read_by_others(stored: bytes, names: NameServer) -> None:
    """Postfix has put its own fields in front, as every host does."""
    assert stored.startswith(b"Return-Path:")
    for content, expected in ((stored, "pass"), (stored + b"one more line\r\n", "fail")):
        assert stock_chain(content, RECORDS) == expected
        assert judged_by_perl(names, content) == [expected]
    results = Message(stored).first("arc-authentication-results")
    assert results is not None
    assert b"dmarc=pass" in results.value
    assert SENDER.encode() in results.value


def by_list(by: Signer) -> bytes:
    """A mail of the bank that a list has changed, and sealed with what it had found."""
    plain = mail(TARO, sender=BANK, more={"List-Id": f"<all.{by.domain}>"}).as_bytes()
    plain = (
        f"Authentication-Results: mx.{by.domain}; dmarc=pass header.from=bank.example\r\n".encode() + plain
    )
    with stock():
        lines = dkim.arc_sign(plain, b"s1", by.domain.encode(), KEY, f"mx.{by.domain}".encode())
    return b"".join(lines) + plain


def test_what_the_authors_domain_asks_to_refuse_is_refused(node: Served, server: Postfix) -> None:
    before = len(server.mails(TARO))
    for content in (mail(TARO, sender=BANK).as_bytes(), by_list(STRANGER)):
        code, text = node.send("bounce@client.example.net", [TARO], content, name="inbound", login="")
        assert (code, "5.7.1" in text, "DMARC" in text) == (550, True, True), text
    assert len(server.mails(TARO)) == before


def test_a_forwarder_of_our_trust_is_believed_and_its_chain_goes_on(
    node: Served, server: Postfix, names: NameServer
) -> None:
    content = arrived(node, server, by_list(LIST), "bounce@client.example.net")
    assert ours(content) == {"spf": "pass", "dkim": "none", "dmarc": "fail", "arc": "pass"}
    assert b"forwarded by list.example" in content
    assert b"ARC-Seal: i=2; cv=pass;" in content
    assert [stock_chain(content, RECORDS)] == judged_by_perl(names, content) == ["pass"]


def test_a_broken_name_server_is_a_fact_and_the_mail_arrives(node: Served, server: Postfix) -> None:
    content = arrived(node, server, mail(TARO, sender="a@broken.example").as_bytes(), "a@broken.example")
    assert ours(content) == {"spf": "temperror", "dkim": "none", "dmarc": "temperror"}


def test_behind_a_gateway_spf_is_judged_for_who_came_to_it(node: Served, server: Postfix) -> None:
    """A real Postfix in front of us writes the Received field that says so."""
    host, port = node.addresses["inbound"]
    before = len(server.mails(TARO))
    with postfix({}, {"relayhost": f"[{host}]:{port}", "smtp_bind_address": FRONT}) as front:
        for source in (BEYOND, "127.0.0.10"):
            with smtplib.SMTP("127.0.0.1", front.port, "mx.beyond.example", 60, (source, 0)) as client:
                client.sendmail("a@beyond.example", [TARO], mail(TARO, sender="a@beyond.example").as_bytes())
        server.arrived(TARO, before + 2)
    found = {
        re.findall(rb"client ([0-9.]+)", m)[0]: ours(crlf(m))["spf"] for m in server.mails(TARO)[before:]
    }
    assert found == {BEYOND.encode(): "pass", b"127.0.0.10": "fail"}


def test_chains_are_judged_as_another_implementation_does(names: NameServer) -> None:
    """All chains of tests/gateway/authenticate/test_arc_cases.py. Mail::DKIM takes four of those that we refuse: a seal with h=, signatures
    that do not cover From, and one with a time that is none."""
    passing, failing = [[m.encode() for m in mails] for mails in (cases.PASSING, cases.FAILING)]
    assert set(judged_by_perl(names, *passing)) == {"pass"}
    told = judged_by_perl(names, *failing)
    assert [number for number, word in enumerate(told) if word == "pass"] == [23, 30, 31, 37]
