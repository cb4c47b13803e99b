"""Recipients' privacy, devices and private addresses end to end: a real mail client in, a real Postfix out."""

import hashlib
import re
import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest

from quarantine.item import State
from tests.interop.mails import TARO, mail, parsed
from tests.interop.test_mail_clients import run, swaks
from tests.services.certificates import Authority
from tests.services.node import DOMAIN, PASSWORD
from tests.services.postfix import Postfix, postfix
from tests.services.programs import private_directory
from tests.services.served import Served, at, served

CLIENTS = ("one.example.net", "two.example.net", "three.example.net")
BUYERS = tuple(f"buyer{n}@{CLIENTS[n % 3]}" for n in range(6))
EACH = '\n[rules.many_external]\nthen = "one copy each"\n'


@pytest.fixture(scope="module")
def server() -> Iterator[Postfix]:
    names = [address.partition("@")[0] for address in BUYERS]
    with postfix({DOMAIN: ["taro", "hanako"], **dict.fromkeys(CLIENTS, names)}) as running:
        yield running


@pytest.fixture(scope="module")
def authority() -> Iterator[Authority]:
    """Who signs the certificates of the house's computers."""
    with private_directory("authority") as folder:
        yield Authority(folder)


@pytest.fixture(scope="module")
def node(server: Postfix, authority: Authority) -> Iterator[Served]:
    hop = at(server.port, tls="encrypt")
    computers = {"client_certificates": "ask", "client_ca": authority.file, "account_passwords": False}
    listeners = [
        {"name": "submission", "role": "submission", "port": 0},
        {"name": "computers", "role": "submission", "port": 0, **computers},
    ]
    with served(EACH, relay=hop, mailbox=hop, listeners=listeners) as running:
        yield running


def test_each_buyer_gets_a_copy_of_their_own_and_the_answer_comes_back(node: Served, server: Postfix) -> None:
    message = mail(", ".join(f"客 <{address}>" for address in BUYERS), "ご案内です。\n")
    code, text = node.send(TARO, list(BUYERS), message.as_bytes())
    assert code == 250, text
    found = re.search(r"Accepted as (\w+)", text)
    assert found
    waiting = node.items(mail_id=found[1], direction="outbound", state=(State.HELD,))
    assert len(waiting) == len(BUYERS)
    page = node.console("taro")
    assert page.read("/mail").count(f'href="/mail/{found[1]}') == 1, "one mail, as its sender sees it"
    page.act(waiting[0], "send_now", checked=list(CLIENTS), alike="yes")
    for address in BUYERS:
        (copy,) = [m for m in server.arrived(address, 1) if b"buyer" in m]
        shown = parsed(copy)
        assert [a.addr_spec for a in shown["To"].addresses] == [address]
        assert [a.addr_spec for a in shown["From"].addresses] == [TARO], "an answer comes to the author"
        assert not [other for other in BUYERS if other != address and other.encode() in copy]


def test_a_device_sends_until_it_is_revoked(node: Served, server: Postfix) -> None:
    """By the page of the console alone, as the document says."""
    swaks()
    page = node.console("taro")
    before = set(re.findall(r"/devices/(\w+)/revoke", page.read("/devices")))
    form = {"token": page.token, "name": "printer", "networks": "127.0.0.0/8"}
    answer = page.client.post("/devices", data=form).text
    secrets = re.findall(r'<code class="secret">([^<]+)</code>', answer)
    assert secrets[0] == "taro"
    (device,) = set(re.findall(r"/devices/(\w+)/revoke", page.read("/devices"))) - before
    elsewhere = page.client.post("/devices", data=form | {"name": "branch", "networks": "192.0.2.0/24"}).text
    host, port = node.addresses["submission"]

    def command(password: str) -> list[str]:
        return [
            "swaks", "--server", f"{host}:{port}", "--tls", "--auth", "PLAIN", "--auth-user", "taro", "--auth-password",
            password, "--ehlo", "client.example", "--from", TARO, "--to", f"hanako@{DOMAIN}", "--body", "from a printer",
        ]  # fmt: skip

    stolen = run(command(re.findall(r'<code class="secret">([^<]+)</code>', elsewhere)[1]))
    assert stolen.returncode != 0, "a password of the branch office, used here"
    assert "535" in stolen.stdout + stolen.stderr
    done = run(command(secrets[1]))
    assert done.returncode == 0, done.stdout
    assert b"from a printer" in server.arrived(f"hanako@{DOMAIN}", 1)[-1]
    assert "127.0.0.1" in page.read("/devices"), "where it was used last"
    english = page.read("/devices?lang=en")
    assert "Last used" in english
    assert "192.0.2.0/24" in english
    page.read("/devices?lang=ja")
    page.client.post(f"/devices/{device}/revoke", data={"token": page.token})
    refused = run(command(secrets[1]))
    assert refused.returncode != 0
    assert "535" in refused.stdout + refused.stderr
    assert secrets[1] not in node.log


def test_a_password_is_bound_to_the_certificate_of_its_computer(
    node: Served, server: Postfix, authority: Authority
) -> None:
    """Where people's own passwords submit nothing: neither theirs nor a stolen one of a device is enough."""
    swaks()
    laptop, other = (authority.pair(f"{name}.example", client=True) for name in ("laptop", "other"))
    print_of = hashlib.sha256(ssl.PEM_cert_to_DER_cert(Path(laptop[0]).read_text())).hexdigest()
    page = node.console("taro")
    page.read("/devices")
    form = {"token": page.token, "name": "laptop", "networks": "", "certificate": print_of}
    login, password = re.findall(
        r'<code class="secret">([^<]+)</code>', page.client.post("/devices", data=form).text
    )
    assert ">証明書<" in page.read("/devices?lang=ja")
    assert ">Certificate<" in page.read("/devices?lang=en")
    host, port = node.addresses["computers"]

    def answer(secret: str, pair: tuple[Path, Path] | None) -> str:
        shown = ["--tls-cert", str(pair[0]), "--tls-key", str(pair[1])] if pair else []
        done = run([
            "swaks", "--server", f"{host}:{port}", "--tls", *shown, "--auth", "PLAIN", "--auth-user", login,
            "--auth-password", secret, "--ehlo", "client.example", "--from", TARO, "--to", f"hanako@{DOMAIN}",
            "--body", "from the laptop",
        ])  # fmt: skip
        return "sent" if done.returncode == 0 else done.stdout + done.stderr

    before = len(server.mails(f"hanako@{DOMAIN}"))
    for secret, pair in ((password, None), (password, other), (PASSWORD, laptop)):
        assert "535" in answer(secret, pair)
    assert answer(password, laptop) == "sent"
    assert b"from the laptop" in server.arrived(f"hanako@{DOMAIN}", before + 1)[-1]


def test_ones_own_private_address_is_found_by_the_reading_of_a_name(node: Served) -> None:
    """The people file says 山田太郎, and nothing of letters."""
    code, text = node.send(TARO, ["yamada-t0412@gmail.com"], mail("yamada-t0412@gmail.com").as_bytes())
    assert code == 250, text
    found = re.search(r"Accepted as (\w+)", text)
    assert found
    (item,) = node.items(mail_id=found[1], direction="outbound")
    assert item.holds == ("private_address",)
