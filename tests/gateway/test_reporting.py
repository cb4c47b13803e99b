"""The report address, with real clients: what is forwarded to it becomes a report and goes nowhere else."""

import asyncio
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

import msgspec
import pytest

from config.policy import Warn
from mail.message import Message
from quarantine.reported.reports import DAILY, Report
from tests.blobs import keys_of
from tests.gateway.test_app import HANAKO, SATO, TARO, mail
from tests.services.node import PASSWORD, Site, policy_of, site
from tests.services.programs import required

REPORT = "report@example.co.jp"
PHISH = "paypal@evil.example"
BODY = "至急 http://203.0.113.7/login でパスワードを入力してください\n"
STRICT = {"limits": {"trusted": []}}


async def arrived(here: Site, *, to: str = TARO) -> bytes:
    """A mail that people were warned of, as it lies in the mailbox."""
    count = len(here.catcher.caught)
    assert (await here.send(PHISH, [to], mail(to, BODY, sender=PHISH), name="inbound"))[0] == 250
    return (await here.caught(count + 1))[-1].content


def forwarded(inner: bytes, sender: str = TARO, to: str = REPORT) -> bytes:
    """Forward as attachment."""
    report = EmailMessage(policy=SMTP)
    report["From"], report["To"], report["Subject"] = sender, to, "Fwd: 怪しいメール"
    report.set_content("確認してください")
    from email import message_from_bytes

    report.add_attachment(message_from_bytes(inner, policy=SMTP))
    return report.as_bytes()


async def open_reports(here: Site) -> list[Report]:
    return [r for topic in await here.node.reports.open("default") for r in topic]


def warned() -> object:
    return policy_of(warn=Warn(warn_at=1, hold_at=1000))


async def test_forwarding_as_an_attachment_reports_the_very_mail(tmp_path: Path) -> None:
    async with site(tmp_path, warned(), report_address=REPORT) as here:  # type: ignore[arg-type]
        inner = await arrived(here)
        code, text = await here.send(TARO, [REPORT], forwarded(inner))
        assert (code, "Thank you" in text) == (250, True)
        (report,) = await open_reports(here)
        (passed,) = await here.node.store.entries("default", event="hand_over")
        assert (report.reporter, report.source, report.mail_id) == ("taro", "mail", passed.mail_id)
        assert (report.found.author, report.found.hosts) == (PHISH, ("203.0.113.7",))
        kept = bytes(await here.node.store.blobs.get(report.blob))
        assert b"203[.]0[.]113[.]7" in kept, "the bytes are kept as evidence, as they were forwarded"
        caught = await here.caught(2)
        assert [c.recipients for c in caught] == [(TARO,), (TARO,)], "nothing was relayed; a letter thanks"
        assert "報告" in Message(caught[1].content).first("subject").text  # type: ignore[union-attr]


async def test_forwarding_inline_by_another_client(tmp_path: Path) -> None:
    required("swaks")
    async with site(tmp_path, warned(), report_address=REPORT) as here:  # type: ignore[arg-type]
        inner = Message(await arrived(here))
        subject = inner.first("subject")
        assert subject is not None
        quoted = (
            "怪しいです\n\n-----元のメッセージ-----\n"
            f"差出人: PayPal <{PHISH}>\n送信日時: 2026年4月1日\n宛先: {TARO}\n件名: {subject.text}\n\n{BODY}"
        )
        file = tmp_path / "report.eml"
        file.write_text(
            f"From: {TARO}\nTo: {REPORT}\nSubject: FW: x\nMIME-Version: 1.0\n"
            f"Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n{quoted}",
            encoding="utf-8",
        )
        host, port = here.node.addresses["submission"]
        process = await asyncio.create_subprocess_exec(
            "swaks", "--server", host, "--port", str(port), "--tls", "--auth", "PLAIN", "--auth-user", "taro",
            "--auth-password", PASSWORD, "--from", TARO, "--to", REPORT, "--data", f"@{file}",
            stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
        )  # fmt: skip
        output, _ = await process.communicate()
        assert process.returncode == 0, output.decode()
        (report,) = await open_reports(here)
        (passed,) = await here.node.store.entries("default", event="hand_over")
        assert report.mail_id == passed.mail_id


async def test_other_recipients_of_a_report_get_the_mail_as_usual(tmp_path: Path) -> None:
    async with site(tmp_path, report_address=REPORT) as here:
        code, _ = await here.send(TARO, [REPORT, HANAKO], mail(HANAKO, "look at this\n"))
        assert code == 250
        caught = await here.caught(2)
        assert sorted(c.recipients for c in caught) == [(HANAKO,), (TARO,)]
        assert len(await open_reports(here)) == 1


@pytest.mark.parametrize("trusted", [True, False])
async def test_a_report_that_arrives_from_a_mailbox_of_ours(tmp_path: Path, *, trusted: bool) -> None:
    """Without authentication, and from no host of ours, it is taken, marked, and nobody is written to."""
    changes = {"report_address": REPORT, "report_networks": ["127.0.0.0/8"] if trusted else []}
    async with site(tmp_path, warned(), **changes) as here:  # type: ignore[arg-type]
        inner = await arrived(here)
        content = forwarded(inner)
        code, _ = await here.send(TARO, [REPORT, HANAKO], content, name="inbound")
        assert code == 250
        caught = await here.caught(3 if trusted else 2)
        assert [HANAKO in c.recipients for c in caught].count(True) == 1
        assert REPORT not in [r for c in caught for r in c.recipients]
        (report,) = await open_reports(here)
        assert (report.reporter, report.proved, bool(report.mail_id)) == ("taro", trusted, True)
        assert len(here.catcher.caught) == (3 if trusted else 2)


async def test_strangers_cannot_report(tmp_path: Path) -> None:
    async with site(tmp_path, report_address=REPORT) as here:
        for sender in (SATO, "", "nobody@example.co.jp"):
            code, text = await here.send(sender, [REPORT], mail(REPORT, sender=SATO), name="inbound")
            assert (code, text.split()[0]) == (550, "5.7.1")
        assert await open_reports(here) == []


async def test_who_exists_here_is_not_told_to_those_who_only_ask(tmp_path: Path) -> None:
    def answers(here: Site) -> set[tuple[int, bytes]]:
        told = set()
        with here.client("inbound") as client:
            for sender in (TARO, SATO, "", "nobody@example.co.jp"):
                client.mail(sender)
                told.add(client.rcpt(REPORT))
                client.rset()
        return told

    async with site(tmp_path, report_address=REPORT) as here:
        assert {code for code, _ in await asyncio.to_thread(answers, here)} == {250}


async def test_nobody_reports_the_mail_of_others(tmp_path: Path) -> None:
    async with site(tmp_path, warned(), report_address=REPORT) as here:  # type: ignore[arg-type]
        inner = await arrived(here, to=HANAKO)
        assert (await here.send(TARO, [REPORT], forwarded(inner)))[0] == 250
        (report,) = await open_reports(here)
        assert report.mail_id == ""
        assert report.found.author == PHISH, "what he shows is looked at all the same"


async def test_the_same_report_again_is_no_second_one(tmp_path: Path) -> None:
    async with site(tmp_path, warned(), report_address=REPORT) as here:  # type: ignore[arg-type]
        content = forwarded(await arrived(here))
        for _ in range(3):
            assert (await here.send(TARO, [REPORT], content))[0] == 250
        assert len(await open_reports(here)) == 1
        caught = await here.caught(2)
        await asyncio.sleep(0.3)
        assert len(caught) == 2, "one letter"


async def test_a_report_that_cannot_be_read_is_kept(tmp_path: Path) -> None:
    async with site(tmp_path, report_address=REPORT) as here:
        broken = b"From: taro@example.co.jp\nContent-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\n%%%\n"
        assert (await here.send(TARO, [REPORT], broken))[0] == 250
        assert (await here.send(TARO, [REPORT], b"X: y\n\n" + b"again"))[0] == 250
        assert len(await open_reports(here)) == 2


async def test_a_flood_is_refused_for_now(tmp_path: Path) -> None:
    async with site(tmp_path, report_address=REPORT) as here:
        node = here.node
        now = node.clock()
        for n in range(DAILY):
            await node.reports.add(Report("default", "taro", now, "page", mail_id=f"m{n}"))
        keys = set(await keys_of(node.store.blobs))
        assert (await here.send(TARO, [REPORT], mail(REPORT)))[0] == 450
        assert set(await keys_of(node.store.blobs)) == keys


async def test_without_the_setting_the_address_is_an_ordinary_one(tmp_path: Path) -> None:
    async with site(tmp_path) as here:
        assert (await here.send(SATO, [REPORT], mail(REPORT, sender=SATO), name="inbound"))[0] == 250
        (caught,) = await here.caught(1)
        assert caught.recipients == (REPORT,)
        assert msgspec.json.encode(await open_reports(here)) == b"[]"
