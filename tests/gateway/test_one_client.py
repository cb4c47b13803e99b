"""One client takes what it can get of everything and keeps it; another one's mail goes on as if it were alone.

The limits are those of docs/limits.md, with small numbers. No client is trusted; the greedy one is 127.0.0.2.
"""

import asyncio
import contextlib
import smtplib
import socket
from collections import Counter
from pathlib import Path

import pytest

from tests.services.node import DOMAIN, PASSWORD, Site, site, trusting

GREEDY, HURRIED, HONEST = "127.0.0.2", "127.0.0.4", "127.0.0.3"
LIMITS = {
    "trusted": [],
    "connections": 30,
    "connections_per_address": 6,
    "new_burst": 8,
    "new_per_second": 0.001,
    "recipients": 100,
    "next_hop_connections": 3,
    "next_hop_connections_per_client": 2,
    "next_hop_wait": 0.5,
    "next_hop_unused": 600.0,
    "auth_failures": 3,
}
CONSOLE = {"port": 0, "limits": {"connections": 12, "connections_per_address": 4, "head": 60.0}}
CONTENT = b"From: a@partner.example\r\nSubject: minutes\r\nMessage-ID: <1@partner.example>\r\n\r\nHello\r\n"

pytestmark = pytest.mark.timeout(120)


class Taker:
    """A client that never gives anything back before the end."""

    def __init__(self, place: Site, kept: contextlib.ExitStack) -> None:
        self._place = place
        self._kept = kept

    def connect(self, name: str, source: str = GREEDY) -> socket.socket:
        sock = socket.create_connection(self._place.node.addresses[name], 30, (source, 0))
        return self._kept.enter_context(sock)

    def greeted(self, number: int, source: str = GREEDY) -> tuple[list[socket.socket], Counter[str]]:
        """The connections that are let in of so many, and what all of them heard."""
        inside, heard = [], Counter[str]()
        for _ in range(number):
            sock = self.connect("inbound", source)
            said = answer(sock)
            heard[said[:9] if said.startswith("421") else said[:3]] += 1
            if said.startswith("220"):
                inside.append(sock)
        return inside, heard

    def hurried(self, number: int) -> Counter[str]:
        """What is heard by connections that come and go at once."""
        heard = Counter[str]()
        for _ in range(number):
            sock = self.connect("inbound", HURRIED)
            heard[answer(sock)[:9].replace("220 sekis", "220")] += 1
            sock.sendall(b"QUIT\r\n")
            answer(sock)
            sock.close()
        return heard


def answer(sock: socket.socket) -> str:
    """The next reply, read to its last line; "" when the connection is over."""
    said = b""
    while not said.endswith(b"\n") or said.rsplit(b"\r\n", 2)[-2][3:4] == b"-":
        try:
            data = sock.recv(4096)
        except ConnectionResetError:
            data = b""
        if not data:
            break
        said += data
    return said.decode()


def ask(sock: socket.socket, line: str) -> str:
    sock.sendall(f"{line}\r\n".encode())
    return answer(sock)


def open_mail(sock: socket.socket) -> str:
    """MAIL and one RCPT, for which the next hop is asked; the answer to RCPT."""
    ask(sock, "EHLO greedy.example")
    ask(sock, "MAIL FROM:<a@partner.example>")
    return ask(sock, f"RCPT TO:<taro@{DOMAIN}>")


def honest_mail(place: Site) -> int:
    host, port = place.node.addresses["inbound"]
    with smtplib.SMTP(host, port, "honest.example", 60, (HONEST, 0)) as client:
        refused = client.sendmail("a@partner.example", [f"taro@{DOMAIN}"], CONTENT)
    return len(refused)


def submission(place: Site, source: str, password: str) -> smtplib.SMTP:
    host, port = place.node.addresses["submission"]
    client = smtplib.SMTP(host, port, "client.example", 60, (source, 0))
    try:
        client.starttls(context=trusting())
        client.login("taro", password)
    except smtplib.SMTPException:
        client.close()
        raise
    return client


def wrong_login(place: Site, source: str) -> int:
    """The code that a wrong password is answered with."""
    try:
        submission(place, source, "wrong").close()
    except smtplib.SMTPAuthenticationError as error:
        return error.smtp_code
    except (smtplib.SMTPServerDisconnected, smtplib.SMTPConnectError):
        return 421
    return 235


def page(place: Site, source: str) -> bytes:
    """The first line of the console's answer."""
    with socket.create_connection(place.node.addresses["console"], 30, (source, 0)) as sock:
        sock.sendall(b"GET /login HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
        return sock.recv(4096).split(b"\r\n")[0]


def take_all(place: Site, taker: Taker) -> None:
    """Whatever one client can have; says what it got."""
    logins = [wrong_login(place, GREEDY) for _ in range(6)]
    assert logins[0] == 535
    assert logins[-1] == 454

    inside, heard = taker.greeted(4)
    assert heard["220"] == 2, "the logins used the rest of its burst"
    assert heard["421 4.7.0"] == 2
    assert taker.hurried(12)["421 4.7.0"] == 4, "eight at once, then hardly one"

    first, second = (open_mail(sock) for sock in inside)
    assert (first[:3], second[:3]) == ("250", "250")
    inside[0].sendall("".join(f"RCPT TO:<hanako+{i}@{DOMAIN}>\r\n" for i in range(120)).encode())
    said = ""
    while said.count("\r\n") < 120:
        said += answer(inside[0])
    assert said.count("452 4.5.3") == 21, "a hundred recipients, then no more"
    assert ask(inside[1], "DATA").startswith("354")
    inside[1].sendall(CONTENT)  # and never the dot
    for _ in range(8):
        taker.connect("console").sendall(b"GET / HTTP/1.1\r\n")


async def test_who_takes_everything_takes_it_from_nobody(tmp_path: Path) -> None:
    async with site(tmp_path, limits=LIMITS, console=CONSOLE) as place:
        with contextlib.ExitStack() as kept:
            client = await asyncio.to_thread(submission, place, HONEST, PASSWORD)  # no stranger from here on
            client.close()
            await asyncio.to_thread(take_all, place, Taker(place, kept))
            assert [await asyncio.to_thread(honest_mail, place) for _ in range(3)] == [0, 0, 0]
            client = await asyncio.to_thread(submission, place, HONEST, PASSWORD)
            client.close()
            assert await asyncio.to_thread(page, place, HONEST) == b"HTTP/1.1 200 OK"
            assert len(await place.caught(3)) == 3


async def test_one_client_gets_its_share_of_connections_and_next_hops(tmp_path: Path) -> None:
    limits = {**LIMITS, "new_burst": 100}
    async with site(tmp_path, limits=limits) as place:
        with contextlib.ExitStack() as kept:
            inside, heard = await asyncio.to_thread(Taker(place, kept).greeted, 20)
            assert heard == {"220": 6, "421 4.3.2": 14}
            # Who waits for a connection to the next hop gets one that another of the same client does not use.
            answers = [await asyncio.to_thread(open_mail, sock) for sock in inside]
            assert {said[:3] for said in answers} == {"250"}
            assert await asyncio.to_thread(honest_mail, place) == 0
