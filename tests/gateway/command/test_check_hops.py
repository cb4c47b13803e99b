"""Asking next hops from the command line: each is told of, no mail is sent, and the status says whether mail can leave."""

from pathlib import Path
from typing import Any

import pytest

from config.listening import ListenerSection
from config.next_hop import NextHopSection
from config.settings import Settings
from config.upstreams import UpstreamSection
from gateway.command import check_hops
from tests.gateway.deliver.test_next_hop import Authority
from tests.services.node import settings_of
from tests.services.sink import Sink


def section(sink: Sink, **more: Any) -> NextHopSection:
    return NextHopSection(host="127.0.0.1", port=sink.port, **{"tls": "none", **more})


def of(tmp_path: Path, **hops: Any) -> Settings:
    return settings_of(tmp_path, 9).model_copy(update={"relay": None, "mailbox": None, "routes": {}, **hops})


async def test_what_each_offers_and_no_mail(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    async with Sink() as mailbox, Sink(extensions=("SIZE 1000",), lmtp=True) as relay:
        same = section(mailbox)
        settings = of(tmp_path, mailbox=same, relay=section(relay, lmtp=True), routes={"x.example": same})
        assert await check_hops.check(settings) == 0
        told = capsys.readouterr().out
        assert f"mailbox, routes.x.example: 127.0.0.1:{mailbox.port}: ok" in told
        assert f"relay: 127.0.0.1:{relay.port} (LMTP): ok" in told
        assert "offers SIZE; not 8BITMIME, DSN, PIPELINING, SMTPUTF8" in told
        assert told.count("not encrypted") == 2
        assert mailbox.connections == relay.connections == 1
        assert not [
            c for sink in (mailbox, relay) for c in sink.commands if c[:4].upper() in (b"MAIL", b"RCPT")
        ]


async def test_tls_and_login_as_for_a_mail(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    authority, word = Authority(tmp_path), tmp_path / "word"
    word.write_text("kN7%vRq2wL\n")
    async with Sink(tls=authority.server("localhost"), logins={"gw": "kN7%vRq2wL"}) as sink:
        there = section(
            sink, tls="verify", ca_file=authority.file, server_name="localhost", username="gw",
            password_file=word,
        )  # fmt: skip
        assert await check_hops.check(of(tmp_path, relay=there)) == 0
        told = capsys.readouterr().out
        assert "TLSv1.3" in told
        assert "certificate checked; logged in as gw" in told
        word.write_text("another")
        assert await check_hops.check(of(tmp_path, relay=there)) == 1
        told = capsys.readouterr().out
        assert "FAILED [login_refused]" in told
        assert "another" not in told
        assert "kN7%vRq2wL" not in told


async def test_one_that_fails_is_told_with_its_remedy_in_each_language(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    async with Sink() as there, Sink() as gone:
        pass
    async with Sink() as there:
        assert await check_hops.check(of(tmp_path, mailbox=section(there), relay=section(gone))) == 1
        told = capsys.readouterr().out.splitlines()
        failed = told.index(next(line for line in told if "FAILED" in line))
        assert told[failed].startswith(f"relay: 127.0.0.1:{gone.port}: FAILED [connection_refused]")
        assert any("does not accept connections" in line for line in told[failed:])
        assert any("接続" in line for line in told[failed:])
        assert any("mailbox" in line and line.endswith(": ok") for line in told)


async def test_none_at_all_is_a_fault(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert await check_hops.check(of(tmp_path)) == 1
    assert "no next hop is configured" in capsys.readouterr().out


def test_next_hops_of_upstreams_are_asked_by_the_names_of_their_listeners(tmp_path: Path) -> None:
    there = {"host": "provider.example", "tls": "verify"}
    upstream = UpstreamSection(networks=("192.0.2.1",), relay=there, mailbox=there)  # type: ignore[arg-type]
    listener = ListenerSection(name="m365", role="relay", port=0, upstream=upstream)
    (names,) = check_hops.named(of(tmp_path, listeners=(listener,))).values()
    assert names == ["m365: relay", "m365: mailbox"]
