"""The demo's next hop: catches, refuses unknown users, and shows what it caught."""

import asyncio
import smtplib
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from gateway.demo.mail_catcher import Catcher


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
