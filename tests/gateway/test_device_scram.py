"""SCRAM-SHA-256 at a listener of a whole node: with a client of our own, and with GNU SASL."""

import asyncio
import base64
import hashlib
import hmac
import shutil
import smtplib
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.gateway.command.test_device import CONTENT, PASSWORD, SATO, TARO, Site, made, site, trusting

ONLY_DEVICES = {"name": "submission", "role": "submission", "port": 0, "account_passwords": False}
NONCE = "fyko+d2lbbFgONRv9qkxdawL"


def connected(here: Site) -> smtplib.SMTP:
    session = smtplib.SMTP(*here.node.addresses["submission"], timeout=60)
    session.starttls(context=trusting())
    session.ehlo("client.example")
    return session


def said(message: str) -> str:
    return base64.b64encode(message.encode()).decode() or "="


def heard(reply: tuple[int, bytes]) -> tuple[int, str]:
    return reply[0], base64.b64decode(reply[1]).decode() if reply[0] == 334 else reply[1].decode()


def logged_in(session: smtplib.SMTP, login: str, password: str, spoil: Callable[[str], str] = str) -> int:
    """The code of the last reply; the server's own proof is checked."""
    bare = f"n={login},r={NONCE}"
    code, answer = heard(session.docmd("AUTH", f"SCRAM-SHA-256 {said(f'n,,{bare}')}"))
    assert code == 334
    fields = dict(each.split("=", 1) for each in answer.split(","))
    assert fields["r"].startswith(NONCE)
    assert len(fields["r"]) > len(NONCE) + 20
    key = hashlib.pbkdf2_hmac("sha256", password.encode(), base64.b64decode(fields["s"]), int(fields["i"]))

    def signed(by: bytes, message: str) -> bytes:
        return hmac.digest(by, message.encode(), "sha256")

    final = f"c=biws,r={fields['r']}"
    message = ",".join([bare, answer, final])
    client = signed(key, "Client Key")
    signature = hmac.digest(hashlib.sha256(client).digest(), message.encode(), "sha256")
    proof = base64.b64encode(bytes(a ^ b for a, b in zip(client, signature, strict=True))).decode()
    code, answer = heard(session.docmd(said(spoil(f"{final},p={proof}"))))
    if code != 334:
        return code
    assert answer == "v=" + base64.b64encode(signed(signed(key, "Server Key"), message)).decode()
    return session.docmd("")[0]


async def test_any_of_ones_devices_logs_in_and_sends(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    async with site(tmp_path, listeners=[ONLY_DEVICES]) as here:
        passwords = [await made(here, capsys), await made(here, capsys)]

        def sends(password: str) -> None:
            with connected(here) as session:
                assert logged_in(session, "TARO", password) == 235
                assert session.mail(TARO)[0] == 250
                assert session.rcpt(SATO)[0] == 250
                assert session.data(CONTENT)[0] == 250

        for password in passwords:
            await asyncio.to_thread(sends, password)
        used = [each.used_from for each in await here.node.devices.all("default")]
        assert used == ["127.0.0.1"] * 2


async def test_wrong_proofs_other_networks_and_revoked_devices_are_refused_alike(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    async with site(tmp_path, listeners=[ONLY_DEVICES], limits={"auth_failures": 50}) as here:
        away = await made(here, capsys, networks=("198.51.100.0/24",))
        password = await made(here, capsys)

        def tries() -> list[int]:
            found = []
            for login, secret, spoil in (
                ("taro", password[:-1], str),
                ("taro", PASSWORD, str),
                ("taro", away, str),
                ("hanako", password, str),
                ("nobody", password, str),
                ("taro", password, lambda text: text.replace("c=biws", "c=eSws")),
            ):
                with connected(here) as session:
                    found.append(logged_in(session, login, secret, spoil))
            return found

        assert await asyncio.to_thread(tries) == [535] * 6
        for each in await here.node.devices.all("default"):
            await here.node.devices.revoke("default", each.id)

        def gone() -> int:
            with connected(here) as session:
                return logged_in(session, "taro", password)

        assert await asyncio.to_thread(gone) == 535


async def test_nothing_tells_who_exists(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Salt and iterations of nobody look like others', and are the same each time (RFC 5802 §9)."""
    async with site(tmp_path, listeners=[ONLY_DEVICES]) as here:
        await made(here, capsys)

        def asked(login: str) -> tuple[bytes, str]:
            with connected(here) as session:
                _, answer = heard(session.docmd("AUTH", f"SCRAM-SHA-256 {said(f'n,,n={login},r={NONCE}')}"))
                session.docmd("*")
                fields = dict(each.split("=", 1) for each in answer.split(","))
                return base64.b64decode(fields["s"]), fields["i"]

        first = [
            await asyncio.to_thread(asked, login) for login in ("taro", "hanako", "nobody", "TARO", "NoBody")
        ]
        again = [await asyncio.to_thread(asked, login) for login in ("taro", "hanako", "nobody")]
        assert first[:3] == again
        assert (first[3], first[4]) == (first[0], first[2])
        assert {(len(salt), iterations) for salt, iterations in first} == {(16, "4096")}
        assert len({salt for salt, _ in first}) == 3


async def test_guesses_count_as_with_a_password(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    limits = {"auth_failures": 3, "trusted": []}
    async with site(tmp_path, listeners=[ONLY_DEVICES], limits=limits) as here:
        password = await made(here, capsys)

        def guess(secret: str) -> int:
            with connected(here) as session:
                return logged_in(session, "taro", secret)

        assert [await asyncio.to_thread(guess, "wrong") for _ in range(3)] == [535] * 3
        assert await asyncio.to_thread(guess, password) == 454


async def test_it_is_offered_only_where_everybody_has_keys(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    usual = {"name": "submission", "role": "submission", "port": 0}

    def offers(here: Site) -> tuple[str, int]:
        with connected(here) as session:
            code, _ = session.docmd("AUTH", f"SCRAM-SHA-256 {said(f'n,,n=taro,r={NONCE}')}")
            if code == 334:
                session.docmd("*")
            return session.esmtp_features["auth"].strip(), code

    async with site(tmp_path / "all", listeners=[usual]) as here:
        await made(here, capsys)
        assert await asyncio.to_thread(offers, here) == ("PLAIN LOGIN", 504)
    async with site(tmp_path / "none", listeners=[ONLY_DEVICES]) as here:
        assert (await asyncio.to_thread(offers, here))[0] == "PLAIN LOGIN"
    async with site(tmp_path / "devices", listeners=[ONLY_DEVICES]) as here:
        await made(here, capsys)
        assert await asyncio.to_thread(offers, here) == ("SCRAM-SHA-256 PLAIN LOGIN", 334)


@pytest.mark.skipif(shutil.which("msmtp") is None, reason="msmtp with GNU SASL is needed")
async def test_a_client_of_others_sends_by_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    async with site(tmp_path, listeners=[ONLY_DEVICES]) as here:
        password = await made(here, capsys)
        host, port = here.node.addresses["submission"]

        def send(secret: str) -> subprocess.CompletedProcess[bytes]:
            command = [
                "msmtp", "--file=/dev/null", f"--host={host}", f"--port={port}", "--tls=on", "--tls-certcheck=off",
                "--auth=scram-sha-256", "--user=taro", f"--passwordeval=printf %s '{secret}'", f"--from={TARO}", SATO,
            ]  # fmt: skip
            return subprocess.run(command, input=CONTENT, capture_output=True, check=False, timeout=120)

        done = await asyncio.to_thread(send, password)
        assert done.returncode == 0, done.stderr
        assert (await asyncio.to_thread(send, password[:-1])).returncode != 0
