"""The page for monitoring of a whole node: what Prometheus' own tool says of it, what it tells, and what it never does."""

import asyncio
import http.client
import math
import re
import subprocess
from pathlib import Path

import pytest

from config.policy import ConfigError
from config.watching import MetricsSection
from gateway.locked import sandbox
from gateway.monitor.page import AT_ONCE, MonitorPage
from storage.backup import noted
from storage.backup.manifest import Manifest
from storage.interfaces import StoreError
from tests.gateway.test_app import TARO
from tests.services.node import site
from tests.services.postgres import free_port
from tests.services.programs import required

needs_walls = pytest.mark.skipif(
    "seccomp" not in sandbox.walls(), reason="no system call filters in this kernel"
)


async def asked(port: int, path: str, method: str = "GET") -> tuple[int, str]:
    def ask() -> tuple[int, str]:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
        try:
            connection.request(method, path)
            answer = connection.getresponse()
            return answer.status, answer.read().decode()
        finally:
            connection.close()

    return await asyncio.to_thread(ask)


def value(page: str, sample: str) -> float:
    """That of one sample, such as `sekisho_queue_items{state="queued"}`."""
    (found,) = re.findall(rf"^{re.escape(sample)} (\S+)$", page, re.MULTILINE)
    return float(found)


@needs_walls
async def test_a_node_tells_its_figures_and_promtool_has_nothing_to_say(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    port = free_port()
    heads = tmp_path / "heads"
    async with site(
        tmp_path, metrics={"port": port}, journal={"heads_file": heads}, backup={"folder": tmp_path / "b"}
    ) as here:
        monkeypatch.setattr("gateway.monitor.figures.FRESH", 0.0)
        assert await asked(port, "/livez") == (200, "ok\n")
        assert await asked(port, "/readyz") == (200, "ok\n")
        await here.node._canary.prove()
        content = f"From: {TARO}\r\nSubject: Kumquat-Secret\r\n\r\nx\r\n".encode()
        code, _ = await here.send(TARO, ["someone@partner.example"], content)
        assert code == 250
        status, page = await asked(port, "/metrics")
        assert status == 200
        assert value(page, 'sekisho_queue_items{state="held_outbound"}') == 1
        assert value(page, "sekisho_database_up") == 1
        assert value(page, "sekisho_backup_age_seconds") == math.inf, "there is none yet"
        assert value(page, "sekisho_backup_age_limit_seconds") == 48 * 3600
        made = Manifest("b", here.node.clock() - 60, "n", "1", (), "sqlite", 1, (), {})
        await here.node.store.database.write(lambda t: noted.note(t, made, "", 1))
        assert 60 <= value((await asked(port, "/metrics"))[1], "sekisho_backup_age_seconds") < 3600
        assert value(page, "sekisho_workers_up") == 1
        assert value(page, 'sekisho_key_missing{key="seal"}') == 0
        assert value(page, 'sekisho_certificate_expires_timestamp_seconds{listener="inbound"}') > 1e9
        assert "sekisho_journal_heads_carried_timestamp_seconds{sink=" in page
        assert not re.search(r"[\w.]+@|Kumquat|partner\.example", page), (
            "addresses and contents have no place here"
        )
        (hop,) = re.findall(r'sekisho_next_hop_up\{hop="(.*)"\} 1', page)

        async def gone(*_: object) -> None:
            raise StoreError("gone")

        monkeypatch.setattr("gateway.monitor.figures.depth", gone)
        assert await asked(port, "/readyz") == (503, "database\n")
        assert value((await asked(port, "/metrics"))[1], "sekisho_database_up") == 0
        await here.catcher.stop()
        await here.node._canary.prove()
        assert value((await asked(port, "/metrics"))[1], f'sekisho_next_hop_up{{hop="{hop}"}}') == 0
    required("promtool")
    checked = subprocess.run(
        ["promtool", "check", "metrics"], input=page, text=True, capture_output=True, check=False
    )
    assert (checked.returncode, checked.stdout + checked.stderr) == (0, "")


async def nothing() -> str:
    return "x\n"


async def no_lack() -> list[str]:
    return []


@pytest.fixture
async def port() -> int:
    return free_port()


async def test_what_is_no_question_is_answered_or_closed(port: int) -> None:
    page = MonitorPage(MetricsSection(port=port), 0, nothing, no_lack)
    await page.open()
    assert (await asked(port, "/metrics"))[0] == 200
    assert await asked(port, "/metrics", "HEAD") == (200, "")
    assert (await asked(port, "/metrics", "POST"))[0] == 405
    assert (await asked(port, "/else"))[0] == 404
    for octets in (b"GET /metrics HTTP/1.1\r\n" + b"x" * 20_000, b"\0\xff\r\n\r\n", b"", b"\r\n\r\n"):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(octets)
        writer.write_eof()
        answer = await reader.read()
        assert b" 200 " not in answer.partition(b"\r\n")[0]
        writer.close()
    waiting = [await asyncio.open_connection("127.0.0.1", port) for _ in range(AT_ONCE)]
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    assert await reader.read() == b"", "no more at once"
    for _, other in [*waiting, (reader, writer)]:
        other.close()
    await page.close()
    await page.close()


async def test_a_port_that_is_taken_stops_the_start_and_no_port_is_no_page(port: int) -> None:
    page = MonitorPage(MetricsSection(port=port), 0, nothing, no_lack)
    await page.open()
    with pytest.raises(ConfigError, match=f"metrics: cannot listen on 127.0.0.1:{port}"):
        await MonitorPage(MetricsSection(port=port - 1), 1, nothing, no_lack).open()
    await page.close()
    await MonitorPage(MetricsSection(), 0, nothing, no_lack).open()
