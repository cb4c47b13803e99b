"""The demo's next hop: catches, refuses unknown users, and shows what it caught."""

import asyncio
import smtplib
import sys
import urllib.request
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from gateway.demo.mail_catcher import Catcher
from tests.services.postgres import free_port
from tests.services.programs import answers, running


async def test_it_catches_and_shows(tmp_path: Path) -> None:
    catcher = Catcher(tmp_path / "caught")
    port = await catcher.start(0)

    def send() -> None:
        with smtplib.SMTP("127.0.0.1", port) as client:
            client.sendmail("a@x.example", ["b@y.example"], b"Subject: <hello>\r\n\r\nbody\r\n")
            with pytest.raises(smtplib.SMTPRecipientsRefused):
                client.sendmail("a@x.example", ["nobody@y.example"], b"Subject: x\r\n\r\n")

    await asyncio.to_thread(send)
    await catcher.stop()
    assert [c.recipients for c in catcher.caught] == [("b@y.example",)]
    assert (tmp_path / "caught/0001.eml").read_bytes().endswith(b"body\r\n")
    page = TestClient(catcher.page())
    assert "&lt;hello&gt;" in page.get("/").text
    assert "body" in page.get("/1").text
    assert page.get("/9").status_code == 404


def test_by_itself_it_catches_shows_and_ends_when_told(tmp_path: Path) -> None:
    port, page = free_port(), free_port()
    command = [
        sys.executable, "-m", "gateway.command.cli", "mail-catcher",
        "--folder", str(tmp_path / "caught"), "--port", str(port), "--page-port", str(page),
    ]  # fmt: skip
    with running(command, tmp_path / "log", lambda: answers(port)) as program:
        with smtplib.SMTP("127.0.0.1", port, timeout=20) as client:
            client.sendmail("a@example.jp", ["b@example.jp"], b"Subject: alone\r\n\r\nx\r\n")
        with urllib.request.urlopen(f"http://127.0.0.1:{page}/1", timeout=20) as answer:
            assert b"Subject: alone" in answer.read()
        program.terminate()
        assert program.wait(20) == 0
