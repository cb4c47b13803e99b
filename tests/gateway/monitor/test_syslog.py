"""The log at a real rsyslog over TLS: what it keeps, and that a server that is gone, false or deaf holds nobody up."""

import io
import json
import re
import socket
import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import structlog

from config.log_events import LogEvent
from config.policy import ConfigError
from config.watching import LogSection
from gateway import log
from gateway.monitor import syslog
from gateway.monitor.counters import COUNTERS, SYSLOG
from tests.services.certificates import Authority
from tests.services.postgres import free_port
from tests.services.programs import required, running


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return Authority(tmp_path)


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(syslog, "PAUSES", (0.05,))
    yield
    structlog.reset_defaults()


@contextmanager
def rsyslog(folder: Path, authority: Authority, port: int) -> Iterator[Path]:
    """A server that wants RFC 5424 over TLS; the file in which each message stands as it came."""
    required("rsyslogd")
    certificate, key = authority.pair("127.0.0.1")
    kept, settings = folder / "kept.log", folder / "rsyslog.conf"
    settings.write_text(
        f"""global(workDirectory="{folder}" defaultNetstreamDriverCAFile="{authority.file}"
  defaultNetstreamDriverCertFile="{certificate}" defaultNetstreamDriverKeyFile="{key}")
module(load="imtcp" streamDriver.name="gtls" streamDriver.mode="1" streamDriver.authMode="anon")
template(name="raw" type="string" string="%pri-text%|%protocol-version%|%app-name%|%hostname%|%msg%\\n")
input(type="imtcp" port="{port}" address="127.0.0.1")
action(type="omfile" file="{kept}" template="raw")
""",
        "utf-8",
    )
    command = ["rsyslogd", "-n", "-f", str(settings), "-i", str(folder / "pid")]
    with running(command, folder / "rsyslog.out", lambda: not refused(port)):
        yield kept


def refused(port: int) -> bool:
    with socket.socket() as asking:
        return asking.connect_ex(("127.0.0.1", port)) != 0


def until(there: Callable[[], bool], seconds: float = 30.0) -> None:
    end = time.monotonic() + seconds
    while not there():
        assert time.monotonic() < end, "it does not come"
        time.sleep(0.02)


def section(port: int, authority: Authority, **changes: object) -> LogSection:
    return LogSection.model_validate(
        {"syslog": f"tls://127.0.0.1:{port}", "syslog_ca": authority.file, **changes}
    )


def test_what_rsyslog_keeps_and_what_waits_while_it_is_gone(tmp_path: Path, authority: Authority) -> None:
    port, ours = free_port(), io.StringIO()
    writer = log.configure(
        "info", ours, section=section(port, authority, format="ecs"), hostname="mx.example.jp"
    )
    logger = structlog.get_logger()
    logger.error(LogEvent.ZYGOTE_LOST)
    until(lambda: "syslog_lost" in ours.getvalue())
    with rsyslog(tmp_path, authority, port) as kept:
        until(lambda: "syslog_back" in ours.getvalue())
        logger.info(
            LogEvent.MAIL, listener="inbound", peer="192.0.2.1", reply="250 OK", reason="山田\n<0>forged"
        )
        until(lambda: kept.exists() and "forged" in kept.read_text("utf-8"))
    writer.close()
    lines = [line.split("|", 4) for line in kept.read_text("utf-8").splitlines()]
    first = json.loads(lines[0][4])
    assert lines[0][:4] == ["mail.err", "1", "sekisho", "mx.example.jp"]
    assert first["event"]["action"] == "zygote_lost"
    mail = next(json.loads(line[4]) for line in lines if '"mail"' in line[4])
    assert mail["source"] == {"address": "192.0.2.1", "ip": "192.0.2.1"}
    assert mail["event"]["reason"] == "山田\n<0>forged"


def test_a_server_whose_certificate_nobody_knows_hears_nothing(tmp_path: Path, authority: Authority) -> None:
    port, ours = free_port(), io.StringIO()
    (tmp_path / "other").mkdir()
    stranger = Authority(tmp_path / "other", "Stranger")
    with rsyslog(tmp_path, authority, port) as kept:
        writer = log.configure("info", ours, section=section(port, stranger), hostname="x")
        structlog.get_logger().error(LogEvent.ZYGOTE_LOST)
        until(lambda: "CERTIFICATE_VERIFY_FAILED" in ours.getvalue())
        writer.close()
    assert not kept.exists()


def test_a_server_that_does_not_read_holds_nobody_up_and_what_is_dropped_is_counted(
    authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(log, "MAX_WAITING", 100)
    before = COUNTERS.dropped[SYSLOG]
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        port = deaf.getsockname()[1]
        ours = io.StringIO()
        writer = log.configure("info", ours, section=section(port, authority), hostname="x")
        logger = structlog.get_logger()
        for number in range(1_000):
            logger.error(LogEvent.ZYGOTE_LOST, number=number)
            while writer._first._lines.qsize() > 50:  # type: ignore[attr-defined]
                time.sleep(0.001)
        assert COUNTERS.dropped[SYSLOG] - before >= 800
    writer.close()
    assert ours.getvalue().count('"zygote_lost"') == 1_000, "standard error has them all"


def test_a_long_line_is_cut_where_a_server_would_cut_it() -> None:
    message = syslog._message('{"level": "warning", "x": "' + "あ" * 9_000 + '"}\n', "x")
    length, _, rest = message.partition(b" ")
    assert int(length) == len(rest) == syslog.MOST
    assert re.match(rb"<20>1 - x sekisho \d+ - - \{", rest)


def test_files_that_cannot_be_used_stop_the_start(tmp_path: Path, authority: Authority) -> None:
    (tmp_path / "no.pem").write_text("none")
    for changes in ({"syslog_ca": tmp_path / "no.pem"}, {"syslog_certificate": tmp_path / "absent"}):
        with pytest.raises((ConfigError, ssl.SSLError), match="certificates cannot be used"):
            log.configure("info", io.StringIO(), section=section(1, authority, **changes))
