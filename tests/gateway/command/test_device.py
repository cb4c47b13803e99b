"""`sekisho device`: beside a running node, and the sessions that end with a credential."""

import asyncio
import hashlib
import smtplib
import ssl
from pathlib import Path

import pytest

from gateway.command import device
from tests.gateway.test_app import SATO, TARO, mail
from tests.services.certificates import Authority
from tests.services.node import PASSWORD, Site, site, trusting

CONTENT = mail(SATO).replace(b"\n", b"\r\n")


def folder(parent: Path, name: str) -> Path:
    made = parent / name
    made.mkdir()
    return made


def client(here: Site, password: str, login: str = "taro") -> smtplib.SMTP:
    host, port = here.node.addresses["submission"]
    found = smtplib.SMTP(host, port, timeout=60)
    found.starttls(context=trusting())
    found.ehlo("client.example")
    found.login(login, password)
    return found


async def made(here: Site, capsys: pytest.CaptureFixture[str], **bound: object) -> str:
    assert await device.add(here.node.settings, "default", "taro", "printer", **bound) == 0  # type: ignore[arg-type]
    return capsys.readouterr().out.split("password: ")[1].strip()


async def test_add_list_use_and_revoke(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    async with site(tmp_path) as here:
        settings = here.node.settings
        password = await made(here, capsys)
        open_session = await asyncio.to_thread(client, here, password)
        refused = await asyncio.to_thread(open_session.sendmail, TARO, [SATO], CONTENT)
        assert refused == {}
        assert await device.show(settings, "default") == 0
        told = capsys.readouterr().out
        assert "\ttaro\tprinter\tanywhere\t" in told
        assert "from 127.0.0.1" in told
        assert password not in told
        (line,) = [each for each in told.splitlines() if "\ttaro\t" in each]
        assert await device.revoke(settings, "default", line.partition("\t")[0]) == 0
        with pytest.raises(smtplib.SMTPException, match="530"):
            await asyncio.to_thread(open_session.sendmail, TARO, [SATO], CONTENT)
        with pytest.raises(smtplib.SMTPAuthenticationError):
            await asyncio.to_thread(client, here, password)
        events = [e.event for e in await here.node.store.entries("default") if e.event.startswith("device")]
        assert events == ["device_added", "device_revoked"]
        assert await device.revoke(settings, "default", "nothing") == 1


async def test_a_credential_that_is_revoked_between_mail_and_content(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    async with site(tmp_path) as here:
        session = await asyncio.to_thread(client, here, await made(here, capsys))
        assert (await asyncio.to_thread(session.mail, TARO))[0] == 250
        assert (await asyncio.to_thread(session.rcpt, SATO))[0] == 250
        (one,) = await here.node.devices.all("default")
        await here.node.devices.revoke("default", one.id)
        code, _ = await asyncio.to_thread(session.data, CONTENT)
        assert code == 530
        assert not await here.node.store.counts("default") or not sum(
            (await here.node.store.counts("default")).values()
        )


async def test_it_is_bound_to_its_networks(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    async with site(tmp_path) as here:
        away = await made(here, capsys, networks=("198.51.100.0/24",))
        with pytest.raises(smtplib.SMTPAuthenticationError):
            await asyncio.to_thread(client, here, away)
        near = await made(here, capsys, networks=("127.0.0.0/8",))
        await asyncio.to_thread(client, here, near)


async def test_a_listener_may_take_no_passwords_of_accounts(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    listener = {"name": "submission", "role": "submission", "port": 0, "account_passwords": False}
    async with site(tmp_path, listeners=[listener]) as here:
        with pytest.raises(smtplib.SMTPAuthenticationError):
            await asyncio.to_thread(client, here, PASSWORD)
        await asyncio.to_thread(client, here, await made(here, capsys))


async def test_guesses_are_counted(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    async with site(tmp_path, limits={"auth_failures": 3, "trusted": []}) as here:
        password = await made(here, capsys)
        for _ in range(3):
            with pytest.raises(smtplib.SMTPAuthenticationError):
                await asyncio.to_thread(client, here, password[:-1] + ("a" if password[-1] != "a" else "b"))
        with pytest.raises(smtplib.SMTPAuthenticationError) as blocked:
            await asyncio.to_thread(client, here, password)
        assert blocked.value.smtp_code == 454


async def test_mistakes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    async with site(tmp_path) as here:
        settings = here.node.settings
        assert await device.add(settings, "default", "nobody", "x") == 1
        assert await device.add(settings, "default", "taro", "x", ["office"]) == 1
        assert "192.0.2.0/24" in capsys.readouterr().out


@pytest.mark.parametrize("asks", ["ask", "require"])
async def test_it_is_bound_to_a_client_certificate(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], asks: str
) -> None:
    authority = Authority(folder(tmp_path, "ca"))
    laptop, other = (authority.pair(f"{name}.example", client=True) for name in ("laptop", "other"))
    print_of = hashlib.sha256(ssl.PEM_cert_to_DER_cert(laptop[0].read_text())).hexdigest()
    listener = {
        "name": "submission", "role": "submission", "port": 0, "client_certificates": asks, "client_ca": authority.file,
    }  # fmt: skip

    def enter(here: Site, password: str, pair: tuple[Path, Path] | None) -> None:
        context = trusting()
        if pair is not None:
            context.load_cert_chain(*pair)
        host, port = here.node.addresses["submission"]
        with smtplib.SMTP(host, port, timeout=60) as found:
            found.starttls(context=context)
            found.ehlo("client.example")
            found.login("taro", password)

    async with site(tmp_path, listeners=[listener]) as here:
        password = await made(here, capsys, certificate=print_of)
        await asyncio.to_thread(enter, here, password, laptop)
        with pytest.raises(smtplib.SMTPAuthenticationError):
            await asyncio.to_thread(enter, here, password, other)
        lost = smtplib.SMTPAuthenticationError if asks == "ask" else (smtplib.SMTPException, OSError)
        with pytest.raises(lost):
            await asyncio.to_thread(enter, here, password, None)
        foreign = Authority(folder(tmp_path, "foreign")).pair("laptop.example", client=True)
        with pytest.raises((smtplib.SMTPException, OSError)):
            await asyncio.to_thread(enter, here, password, foreign)
