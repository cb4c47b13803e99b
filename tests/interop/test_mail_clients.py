"""The mail clients that people and scripts use, each with its own idea of AUTH, STARTTLS and line ends."""

import os
import smtplib
import subprocess
from pathlib import Path

import pytest

from quarantine.item import State
from tests.interop.mails import HANAKO, SATO, TARO, attach, body_of, files_of, mail
from tests.services.node import PASSWORD, trusting
from tests.services.postgres import unavailable
from tests.services.programs import required, wait_for
from tests.services.served import Hop, Served
from tests.services.sink import Taken


def run(command: list[str], content: bytes = b"", **environment: str) -> "subprocess.CompletedProcess[str]":
    done = subprocess.run(
        command, input=content, capture_output=True, timeout=60, check=False,
        env={**os.environ, **environment},
    )  # fmt: skip
    return subprocess.CompletedProcess(command, done.returncode, done.stdout.decode(), done.stderr.decode())


def swaks() -> None:
    """swaks needs a Perl module for TLS that its package only suggests."""
    required("swaks")
    if subprocess.run(["perl", "-MNet::SSLeay", "-e1"], capture_output=True, check=False).returncode:
        unavailable("swaks cannot speak TLS: libnet-ssleay-perl is not installed")


def held(node: Served) -> int:
    return len(node.items(state=(State.HELD,), owner="taro"))


@pytest.mark.parametrize("mechanism", ["PLAIN", "LOGIN"])
@pytest.mark.parametrize("way", ["starttls", "implicit"])
def test_swaks(node: Served, mechanism: str, way: str) -> None:
    swaks()
    host, port = node.addresses["submission" if way == "starttls" else "submissions"]
    before = held(node)
    done = run(
        ["swaks", "--server", f"{host}:{port}", "--tls" if way == "starttls" else "--tls-on-connect",
         "--auth", mechanism, "--auth-user", "taro", "--auth-password", PASSWORD, "--ehlo", "client.example",
         "--from", TARO, "--to", SATO, "--header", "Subject: swaks", "--body", "from swaks"]
    )  # fmt: skip
    assert done.returncode == 0, done.stdout
    assert "Accepted as" in done.stdout
    assert held(node) == before + 1


def test_swaks_is_refused(node: Served) -> None:
    """No AUTH without TLS, no mail without AUTH, no login with a wrong password, no other sender."""
    swaks()
    host, port = node.addresses["submission"]
    common = ["swaks", "--server", f"{host}:{port}", "--from", TARO, "--to", SATO]
    login = ["--auth", "PLAIN", "--auth-user", "taro", "--auth-password"]
    before = held(node)
    for arguments, said in (
        ([*common, *login, PASSWORD], "Host did not advertise authentication"),
        ([*common, "--tls"], "530"),
        ([*common, "--tls", *login, "wrong-Password-2"], "535"),
        ([*common, "--tls", *login, PASSWORD, "--from", HANAKO], "does not belong to your account"),
        (
            [*common, "--tls", *login, PASSWORD, "--header", f"From: {HANAKO}"],
            "does not belong to your account",
        ),
    ):
        done = run(arguments)
        assert done.returncode != 0, done.stdout
        assert said in done.stdout + done.stderr, done.stdout + done.stderr
    assert held(node) == before
    assert "wrong-Password-2" not in node.log


@pytest.mark.parametrize("option", ["AUTH=PLAIN", "AUTH=LOGIN"])
@pytest.mark.parametrize("way", ["smtp", "smtps"])
def test_curl(node: Served, tmp_path: Path, option: str, way: str) -> None:
    required("curl")
    host, port = node.addresses["submission" if way == "smtp" else "submissions"]
    file = tmp_path / "mail"
    file.write_bytes(mail(SATO, "from curl\n").as_bytes())
    before = held(node)
    done = run(
        ["curl", "--silent", "--show-error", "--insecure", "--ssl-reqd", f"{way}://{host}:{port}/client.example",
         "--user", f"taro:{PASSWORD}", "--login-options", option,
         "--mail-from", TARO, "--mail-rcpt", SATO, "--upload-file", str(file)]
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert held(node) == before + 1


def test_curl_to_a_refused_recipient_and_with_a_wrong_password(node: Served, tmp_path: Path) -> None:
    required("curl")
    host, port = node.addresses["submission"]
    file = tmp_path / "mail"
    file.write_bytes(mail(SATO).as_bytes())
    common = [
        "curl",
        "--silent",
        "--show-error",
        "--insecure",
        "--ssl-reqd",
        f"smtp://{host}:{port}/c.example",
    ]
    letter = ["--mail-rcpt", SATO, "--upload-file", str(file)]
    before = held(node)
    assert run([*common, "--user", "hanako:no-Password-3", "--mail-from", TARO, *letter]).returncode == 67
    done = run([*common, "--user", f"taro:{PASSWORD}", "--mail-from", HANAKO, *letter])
    assert done.returncode == 55
    assert "550" in done.stderr
    assert held(node) == before


@pytest.mark.parametrize("mechanism", ["plain", "login"])
@pytest.mark.parametrize("way", ["starttls", "implicit"])
def test_msmtp(node: Served, sink: Hop, mechanism: str, way: str) -> None:
    required("msmtp")
    host, port = node.addresses["submission" if way == "starttls" else "submissions"]
    content = mail(SATO, f"from msmtp {mechanism} {way}\n.leading dot\n").as_bytes()
    done = run(
        ["msmtp", "--file=/dev/null", f"--host={host}", f"--port={port}", "--tls=on", "--tls-certcheck=off",
         f"--tls-starttls={'on' if way == 'starttls' else 'off'}", f"--auth={mechanism}", "--user=taro",
         f"--passwordeval=printf %s '{PASSWORD}'", f"--from={TARO}", SATO],
        content.replace(b"\r\n", b"\n"),
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    node.let_go()

    def delivered() -> list[Taken]:
        return [m for m in sink.to(SATO) if f"from msmtp {mechanism} {way}".encode() in m.content]

    assert wait_for(delivered)
    (taken,) = delivered()
    assert body_of(taken.content) == body_of(content)


@pytest.mark.parametrize("way", ["starttls", "implicit"])
@pytest.mark.parametrize("mechanism", ["PLAIN", "LOGIN"])
def test_smtplib(node: Served, mechanism: str, way: str) -> None:
    with node.connect("submission" if way == "starttls" else "submissions", login="") as client:
        client.user, client.password = f"taro@{TARO.partition('@')[2]}", PASSWORD
        code, text = client.auth(mechanism, getattr(client, f"auth_{mechanism.lower()}"))
        assert code == 235, text
        before = held(node)
        assert client.sendmail(TARO, [SATO, HANAKO], mail(SATO, cc=HANAKO).as_bytes()) == {}
    assert held(node) == before + 1


def test_smtplib_without_tls_is_never_offered_auth(node: Served) -> None:
    host, port = node.addresses["submission"]
    with smtplib.SMTP(host, port, timeout=30) as client:
        client.ehlo("client.example")
        assert not client.has_extn("auth")
        assert client.docmd("AUTH", "PLAIN AHRhcm8AcGFzc3dvcmQ=")[0] in (530, 538)
        assert client.docmd("MAIL", f"FROM:<{TARO}>")[0] == 530
        client.starttls(context=trusting())
        client.ehlo("client.example")
        assert "PLAIN" in client.esmtp_features["auth"]


def test_the_inbound_listener_knows_no_logins_and_relays_for_nobody(node: Served, sink: Hop) -> None:
    """T18: sender and recipient forms that have opened relays, from an unauthenticated peer."""
    taken = len(sink.sink.mails)
    forms = (
        "sato@client.example.net", "sato%client.example.net@example.co.jp@client.example.net",
        "@example.co.jp:sato@client.example.net", '"sato@client.example.net"', "client.example.net!sato",
        "sato@[192.0.2.1]", "sato@client.example.net.", '"sato@client.example.net"@elsewhere.example',
        "sato@example.co.jp.elsewhere.example", "sato@notexample.co.jp", "<sato@client.example.net>",
        "sato@client.example.net,taro@example.co.jp", "sato@client.example.net taro@example.co.jp",
    )  # fmt: skip
    for sender in (SATO, TARO, "", "root"):
        with node.connect("inbound") as client:
            assert not client.has_extn("auth")
            if client.docmd("MAIL", f"FROM:<{sender}>")[0] != 250:
                continue
            for form in forms:
                code, text = client.docmd("RCPT", f"TO:<{form}>")
                assert 500 <= code < 560, (sender, form, code, text)
    assert len(sink.sink.mails) == taken


@pytest.mark.parametrize("way", ["submission", "inbound"])
def test_a_big_attachment(node: Served, sink: Hop, way: str) -> None:
    """20 MB of what does not compress."""
    big = os.urandom(20 << 20)
    message = mail(HANAKO, "大きな添付\n", sender=TARO if way == "submission" else SATO)
    attach(message, "記録.bin", big)
    before = len(sink.sink.mails)
    code, text = node.send(TARO if way == "submission" else SATO, [HANAKO], message.as_bytes(), name=way)
    assert code == 250, text
    (taken,) = [m for m in sink.taken(before + 1, 60)[before:] if m.recipients == [HANAKO.encode()]]
    assert files_of(taken.content)["記録.bin"] == big


def test_too_big_is_refused_at_mail(node: Served) -> None:
    with node.connect() as client:
        limit = int(client.esmtp_features["size"])
        code, _ = client.docmd("MAIL", f"FROM:<{TARO}> SIZE={limit + 1}")
        assert code == 552


def test_many_mails_over_one_connection(node: Served, sink: Hop) -> None:
    before = len(sink.sink.mails)
    with node.connect() as client:
        for number in range(30):
            assert client.sendmail(TARO, [HANAKO], mail(HANAKO, f"number {number}\n").as_bytes()) == {}
    taken = sink.taken(before + 30)[before:]
    assert sorted(body_of(t.content) for t in taken) == sorted(f"number {n}\r\n".encode() for n in range(30))
