"""docs/runbooks: each is walked through on a real node on which just that is wrong, and every command answers what stands there.

One node, on PostgreSQL and a small disk of its own, with a virus scanner, a certificate and a place for its heads, runs in a
thread; each page breaks one thing of it, sees the figure on which its alarm stands, runs "Look", mends, and runs "Proof".
"""

import asyncio
import contextlib
import io
import math
import os
import re
import shlex
import shutil
import signal
import socket
import subprocess
import threading
import time
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from pathlib import Path
from typing import Any

import pytest
import structlog

from config.watching import LogSection
from gateway import log
from gateway.command.cli import main
from gateway.locked import sandbox
from gateway.monitor.counters import COUNTERS, SYSLOG
from gateway.upkeep import mark_heads
from storage.backup import noted
from storage.backup.manifest import Manifest
from storage.seal import add_key
from tests.crash.test_errors import small_disk
from tests.gateway.test_app import HANAKO, SATO, TARO, mail
from tests.house.rooms import ROOT
from tests.services.certificates import Authority
from tests.services.clamav import clamav
from tests.services.node import Site, settings_of, site
from tests.services.postgres import Cluster, cluster, free_port
from tests.services.programs import required
from tests.services.served import POLICY, toml

FOLDER = ROOT / "docs/runbooks"
PAGES = sorted(path.stem for path in FOLDER.glob("*.md") if path.stem != "README")
RULES = (ROOT / "monitoring/alerts.yml").read_text("utf-8")
pytestmark = [
    pytest.mark.system,
    pytest.mark.skipif("seccomp" not in sandbox.walls(), reason="no system call filters in this kernel"),
]


class Stage:
    """The node, what it stands on, and how each thing is broken and mended."""

    def __init__(self, folder: Path, disk: Path, server: Cluster, scanner: Any, site_of: Any) -> None:
        self.folder, self.disk, self.server, self.scanner = folder, disk, server, scanner
        self.state = disk / "state"
        self.ports = {name: free_port() for name in ("submission", "inbound", "console", "metrics")}
        self.authority = Authority(folder)
        self._site_of = site_of
        self._loop: asyncio.AbstractEventLoop | None = None
        self.here: Site

    # -- the node ------------------------------------------------------------
    def start(self) -> None:
        ready = threading.Event()

        async def play() -> None:
            self._loop, self._end = asyncio.get_running_loop(), asyncio.Event()
            try:
                async with self._site_of() as self.here:
                    ready.set()
                    await self._end.wait()
            finally:
                ready.set()

        self._thread = threading.Thread(target=lambda: asyncio.run(play()))
        self._thread.start()
        ready.wait(120)
        assert self._thread.is_alive(), "the node does not start"

    def stop(self) -> None:
        assert self._loop is not None
        self._loop.call_soon_threadsafe(self._end.set)
        self._thread.join(60)

    def do(self, work: Coroutine[Any, Any, Any]) -> Any:
        assert self._loop is not None
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(90)

    def send(self, *to: str) -> None:
        code, text = self.do(self.here.send(TARO, list(to), mail(*to)))
        assert code == 250, text

    def canary(self) -> None:
        self.do(self.here.node._canary.prove())

    def hop_ends(self) -> None:
        self.do(self.here.catcher.stop())

    def hop_is_back(self) -> None:
        async def back() -> None:
            await self.here.catcher.start(self.hop)
            await self.here.node.courier.look_again()

        self.do(back())

    # -- what the pages are about ----------------------------------------------
    def break_backup_old(self) -> None:
        """The last one was three days ago, and since then another thing is where its place was."""
        add_key(self.state / "backup.key")
        (self.folder / "backups").touch()
        old = Manifest("old", time.time() - 3 * 86_400, "n", "1", (), "postgresql", 1, (), {})
        self.do(self.here.node.store.database.write(lambda t: noted.note(t, old, "", 1)))

    def mend_backup_old(self) -> None:
        (self.folder / "backups").unlink()

    def break_queue_grows(self) -> None:
        self.hop_ends()
        self.send(HANAKO)

    def mend_queue_grows(self) -> None:
        self.hop_is_back()

    def break_next_hop_refuses(self) -> None:
        self.hop_ends()
        self.canary()

    def mend_next_hop_refuses(self) -> None:
        self.hop_is_back()

    def break_database_gone(self) -> None:
        self.server.stop()

    def mend_database_gone(self) -> None:
        self.server.start()

    def break_disk_full(self) -> None:
        with (self.state / "core.4711").open("wb") as core:
            found = os.statvfs(self.state)
            os.posix_fallocate(core.fileno(), 0, int(found.f_bavail * found.f_frsize * 0.96))

    def break_workers_crash(self) -> None:
        generation = self.here.node.workers._generation
        assert generation is not None
        os.kill(generation._process.pid, signal.SIGKILL)

    def mend_workers_crash(self) -> None:
        self.canary()

    def break_scanner_gone(self) -> None:
        self.scanner.program.send_signal(signal.SIGSTOP)

    def mend_scanner_gone(self) -> None:
        self.scanner.program.send_signal(signal.SIGCONT)

    def certificate(self, days: float) -> None:
        tls = self.folder / "etc/tls"
        tls.mkdir(exist_ok=True, parents=True)
        for new, name in zip(self.authority.pair("sekisho.test", days), ("cert.pem", "key.pem"), strict=True):
            shutil.copy(new, tls / name)

    def reload(self) -> None:
        for each in self.here.node._certificates.values():
            self.do(_run(each.reload))

    def break_certificate_ends(self) -> None:
        self.certificate(5)
        self.reload()

    def mend_certificate_ends(self) -> None:
        self.certificate(90)
        self.reload()

    def break_clock_jumped(self) -> None:
        self.send(SATO)  # while nothing is held the clock is followed
        self.here.node.clock._wall = lambda: time.time() + 3600

    def mend_clock_jumped(self) -> None:
        self.here.node.clock._wall = time.time

    def break_canary_silent(self) -> None:
        self.hop_ends()
        self.canary()

    def mend_canary_silent(self) -> None:
        self.hop_is_back()
        self.canary()

    def heads(self) -> None:
        node = self.here.node
        self.do(mark_heads(node.store, node.seal, node._sinks, node.clock()))

    def break_heads_not_carried(self) -> None:
        self.heads()
        self.here.node._sinks.taken["file"] = 1.0  # long ago
        (self.folder / "heads").rename(self.folder / "away")
        (self.folder / "heads").mkdir()
        self.send(HANAKO)
        self.heads()

    def mend_heads_not_carried(self) -> None:
        (self.folder / "heads").rmdir()
        (self.folder / "away").rename(self.folder / "heads")
        self.heads()

    def break_key_missing(self) -> None:
        (self.folder / "safe").mkdir()
        shutil.move(self.state / "seal.key", self.folder / "safe/seal.key")

    def break_log_lost(self) -> None:
        deaf = self._deaf = socket.create_server(("127.0.0.1", 0))
        section = LogSection(syslog=f"tls://127.0.0.1:{deaf.getsockname()[1]}", syslog_ca=self.authority.file)
        before, log.MAX_WAITING = log.MAX_WAITING, 20
        writer = log.configure("error", io.StringIO(), section=section)
        for _ in range(100):
            writer.write("{}\n")
        writer.close()
        log.MAX_WAITING = before
        silent()
        assert COUNTERS.dropped[SYSLOG]

    def mend_log_lost(self) -> None:
        self._deaf.close()

    def break_node_down(self) -> None:
        self.stop()

    def mend_node_down(self) -> None:
        self.start()


def silent() -> None:
    """The node's log goes nowhere: what commands print is looked at."""
    log.configure("error", io.StringIO())


async def _run(work: Callable[[], object]) -> None:
    work()


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    required("promtool", "curl", "openssl")
    folder = tmp_path_factory.mktemp("runbooks")
    with contextlib.ExitStack() as stack, pytest.MonkeyPatch.context() as patch:
        disk = stack.enter_context(small_disk(folder / "disk", "64m", 4000))
        server = stack.enter_context(cluster())
        scanner = stack.enter_context(clamav())
        here = Stage(folder, disk, server, scanner, lambda: site_of(here))
        here.hop = free_port()  # type: ignore[attr-defined]
        here.certificate(90)
        listeners = [
            {"name": n, "role": n, "port": here.ports[n], "tls": "starttls"}
            for n in ("submission", "inbound")
        ]
        here.changes = {  # type: ignore[attr-defined]
            "state_dir": here.state, "database": server.create(), "listeners": listeners, "processes": 1,
            "console": {"port": here.ports["console"]}, "metrics": {"port": here.ports["metrics"]},
            "tls": {"certificate": folder / "etc/tls/cert.pem", "key": folder / "etc/tls/key.pem"},
            "journal": {"heads_file": folder / "heads"}, "backup": {"folder": folder / "backups"},
            "scanner": {"clamd": scanner.unix, "seconds": 2, "database_days": 0},
        }  # fmt: skip
        settings = settings_of(folder, here.hop, **here.changes)  # type: ignore[attr-defined]
        written = settings.model_dump(mode="json", exclude_unset=True) | {"policy": "policy.toml"}
        (folder / "etc/sekisho.toml").write_text("\n".join(f"{k} = {toml(v)}" for k, v in written.items()))
        (folder / "etc/policy.toml").write_text(POLICY, "utf-8")
        patch.setenv("SEKISHO_CONFIG", str(folder / "etc/sekisho.toml"))
        patch.setenv("COLUMNS", "100")
        patch.chdir(folder)
        patch.setattr("gateway.monitor.figures.FRESH", 0.0)
        silent()
        stack.callback(structlog.reset_defaults)
        here.start()
        stack.callback(here.stop)
        here.send(HANAKO)
        yield here


@contextlib.asynccontextmanager
async def site_of(stage: Any) -> AsyncIterator[Site]:
    async with site(stage.folder, hop_port=stage.hop, **stage.changes) as here:
        yield here


def test_each_alert_has_a_runbook_and_each_runbook_an_alert() -> None:
    named = dict(re.findall(r"alert: (\w+)(?:(?!alert:)[\s\S])*?runbook: docs/runbooks/(\S+)\.md", RULES))
    assert sorted(named.values()) == PAGES
    overview = (FOLDER / "README.md").read_text("utf-8")
    for alert, page in named.items():
        assert f"Alarm: `{alert}`" in (FOLDER / f"{page}.md").read_text("utf-8")
        assert f"({page}.md) (`{alert}`)" in overview
    assert len(named) >= 10


@pytest.mark.parametrize("page", PAGES)
def test_a_runbook_does_what_it_says(page: str, stage: Stage, capsys: pytest.CaptureFixture[str]) -> None:
    parts = dict(
        re.findall(r"^## (.+)\n([\s\S]*?)(?=^## |\Z)", (FOLDER / f"{page}.md").read_text("utf-8"), re.M)
    )
    assert list(parts) == ["What it means", "Look", "Mend", "Proof"]
    name = page.replace("-", "_")
    getattr(stage, f"break_{name}")()
    try:
        assert page == "node-down" or soon(lambda: alarming(page, stage))
        assert walked(parts["Look"], stage, capsys)
    finally:
        getattr(stage, f"mend_{name}", lambda: None)()
    walked(parts["Mend"], stage, capsys)
    assert walked(parts["Proof"], stage, capsys)


def soon(holds: Callable[[], bool]) -> bool:
    """Whether it holds within two minutes: the node works beside us."""
    end = time.monotonic() + 120
    while not (held := holds()) and time.monotonic() < end:
        time.sleep(0.2)
    return held


def alarming(page: str, stage: Stage) -> bool:
    """Whether the figures are such that the page's alarm is raised (monitoring/alerts.yml, without its time)."""
    text = ran("curl -s http://127.0.0.1:8026/metrics", stage, None)
    samples = re.findall(r"^sekisho_(\w+?)(?:\{(.*)\})? (\S+)$", text, re.M)

    def least(name: str, label: str = "") -> float:
        return min(
            (float(value) for key, labels, value in samples if key == name and label in labels),
            default=math.nan,
        )

    return {
        "backup-old": lambda: least("backup_age_seconds") > least("backup_age_limit_seconds"),
        "queue-grows": lambda: least("queue_oldest_seconds") >= 0 and least("queue_deferred_items") == 1,
        "next-hop-refuses": lambda: least("next_hop_up") == 0,
        "database-gone": lambda: least("database_up") == 0,
        "disk-full": lambda: least("disk_free_bytes") < 0.15 * least("disk_size_bytes"),
        "workers-crash": lambda: (
            least("examinations_total", '"zygote_lost"') >= 1 or least("workers_up") == 0
        ),
        "scanner-gone": lambda: least("scanner_up") == 0,
        "certificate-ends": lambda: (
            least("certificate_expires_timestamp_seconds") < time.time() + 14 * 86_400
        ),
        "clock-jumped": lambda: abs(least("clock_jump_seconds")) > 1,
        "canary-silent": lambda: least("canary_up") == 0,
        "heads-not-carried": lambda: least("journal_heads_carried_timestamp_seconds") < time.time() - 600,
        "key-missing": lambda: least("key_missing", '"seal"') == 1,
        "log-lost": lambda: least("log_dropped_lines_total", '"syslog"') > 0,
    }[page]()


def walked(section: str, stage: Stage, capsys: pytest.CaptureFixture[str]) -> int:
    """Run the commands of a section, each until it answers what stands there; how many there were."""
    blocks = re.findall(r"^```console\n([\s\S]*?)^```$", section, re.M)
    assert section.count("```") == 2 * len(blocks), "a block that the test does not see"
    commands = re.findall(r"^\$ (.*)\n((?:(?!\$ ).*\n)*)", "".join(blocks), re.M)
    for command, expected in commands:
        pattern = ".*?".join(map(re.escape, expected.strip().split("…")))
        end = time.monotonic() + 60
        while not re.fullmatch(pattern, shown := ran(command, stage, capsys), re.DOTALL):
            assert time.monotonic() < end, f"$ {command}\n{shown}"
            time.sleep(0.3)
    return len(commands)


def ran(command: str, stage: Stage, capsys: pytest.CaptureFixture[str] | None) -> str:
    """What a command says, on the test's node in place of one that is installed."""
    for there, here in {
        "/etc/sekisho": str(stage.folder / "etc"), "/var/lib/sekisho": str(stage.state), "/mnt/journal": str(stage.folder),
        "/mnt/safe": str(stage.folder / "safe"), ":8026": f":{stage.ports['metrics']}", "127.0.0.1:25 ": f"127.0.0.1:{stage.ports['inbound']} ",
    }.items():  # fmt: skip
        command = command.replace(there, here)
    if capsys is not None and command.startswith("sekisho "):
        capsys.readouterr()
        with contextlib.suppress(SystemExit):
            main(shlex.split(command)[1:])
        said = capsys.readouterr()
        return (said.out + said.err).strip()
    done = subprocess.run(
        ["sh", "-c", command], capture_output=True, text=True, timeout=60, check=False,
        env={**os.environ, "LC_ALL": "C.UTF-8"},
    )  # fmt: skip
    return (done.stdout + done.stderr).strip()
