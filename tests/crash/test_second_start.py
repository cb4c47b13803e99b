"""A second start beside a running node says so, and touches nothing."""

import contextlib
import hashlib
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.crash.harness import ROOT, Site
from tests.crash.mails import mail
from tests.crash.sink import Sink
from tests.services.postgres import Cluster
from tests.services.programs import wait_for

pytestmark = [pytest.mark.system, pytest.mark.timeout(600)]


def files(folder: Path) -> dict[str, tuple[int, str]]:
    """Every file below, by name: when it was changed and what is in it."""
    return {
        str(path.relative_to(folder)): (
            path.stat().st_mtime_ns,
            hashlib.sha256(path.read_bytes()).hexdigest(),
        )
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def sekisho(config: Path, *command: str) -> subprocess.CompletedProcess[str]:
    """`sekisho COMMAND`, as somebody types it; it has two minutes to end by itself."""
    return subprocess.run(
        [sys.executable, "-m", "gateway.command.cli", *command, "--config", str(config)],
        cwd=ROOT, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip


@pytest.mark.parametrize("elsewhere", [False, True])
def test_a_second_start_in_the_folder_or_on_the_database_exits_before_it_touches_anything(
    tmp_path: Path, elsewhere: bool
) -> None:
    """It took the leases of the running node for those of a dead one, and delivered what was being delivered."""
    with Site(tmp_path, sink=Sink(pause=2.0)) as site:
        first = site.start()
        sent = site.play([mail("internal")])
        assert wait_for(lambda: site.sink.deliveries)
        leases = site.custody.sql("SELECT id, token, node, due_at FROM item WHERE state = 'active'")
        assert leases
        config = site.config
        if elsewhere:  # the same database, another state folder
            text = config.read_text().replace('"state"', '"other"')
            config = tmp_path / "second.toml"
            config.write_text(
                text.replace('database = ""', f'database = "sqlite:///{site.state}/sekisho.db"')
            )
        first.signal(signal.SIGSTOP)
        try:
            before = files(site.state)
            second = sekisho(config, "serve")
            assert files(site.state) == before
        finally:
            first.signal(signal.SIGCONT)
        assert second.returncode == 2, second.stderr
        assert f"process {first.pid}" in second.stderr
        (line,) = second.stderr.splitlines()
        assert line.startswith("sekisho: ")
        assert site.quiet()
        (done,) = sent
        assert site.sink.count(done.mail.message_id, done.mail.recipients[0]) == 1
        site.sink.close()


def test_commands_that_write_work_beside_the_node(tmp_path: Path) -> None:
    with Site(tmp_path, delay=600) as site:
        site.start()
        site.play([mail("external")])
        ((item,),) = site.custody.sql("SELECT id FROM item WHERE state = 'held'")
        done = sekisho(site.config, "release", str(item), "--reason", "test")
        assert done.returncode == 0, done.stderr
        assert site.quiet()
        assert site.custody.sql("SELECT state FROM item WHERE id = ?", item) == [("done",)]


def test_no_process_of_the_node_but_itself_keeps_the_folder(tmp_path: Path) -> None:
    """A worker that outlives the node, stopped by a debugger for example, must not keep the next start out."""
    if os.geteuid() != 0:
        pytest.skip("to see what a locked process has open needs root")
    with Site(tmp_path) as site:
        node = site.start()
        site.play([mail("internal")])

        def open_in_state(pid: int) -> list[str]:
            targets = []
            for descriptor in Path(f"/proc/{pid}/fd").iterdir():
                with contextlib.suppress(FileNotFoundError):  # it may be closed meanwhile
                    targets.append(os.readlink(descriptor))
            return [target for target in targets if target.endswith("lock")]

        assert open_in_state(node.pid)
        workers = [node.zygote, *node.workers()]
        assert len(workers) > 1
        assert not [target for pid in workers for target in open_in_state(pid)]
        site.kill()
        site.start()


def test_a_taken_port_is_found_before_any_lease(tmp_path: Path) -> None:
    """Leases were reclaimed and mail delivered before the port was tried."""
    with Site(tmp_path, sink=Sink(pause=30.0)) as site, contextlib.ExitStack() as stack:
        others = [stack.enter_context(socket.create_server(("127.0.0.1", 0))) for _ in range(3)]
        site.start()
        site.play([mail("internal")])
        assert wait_for(lambda: site.sink.deliveries)
        site.kill()
        leases = site.custody.sql("SELECT id, token, state FROM item WHERE state = 'active'")
        assert leases
        config = tmp_path / "taken.toml"
        text = site.config.read_text()
        ports = [other.getsockname()[1] for other in others]
        for port in ports:
            text = text.replace("port = 0", f"port = {port}", 1)
        config.write_text(text)
        before = files(site.state)
        second = sekisho(config, "serve")
        assert second.returncode == 2
        for name, port in zip(("listener submission", "listener inbound", "console"), ports, strict=True):
            assert f"{name}: cannot listen on 127.0.0.1:{port}" in second.stderr, "all of them at once"
        assert site.custody.sql("SELECT id, token, state FROM item WHERE state = 'active'") == leases
        after = files(site.state)
        assert {name for name in after if after[name] != before.get(name)} == {"lock", "sekisho.db-n1.lock"}
        assert len(site.sink.deliveries) == 1
        site.sink.close()


def test_a_second_node_of_the_same_name_on_postgresql_is_noticed(tmp_path: Path, postgres: Cluster) -> None:
    database = postgres.create()
    with (
        Site(tmp_path / "a", database=database, node="one") as first,
        Site(tmp_path / "b", database=database, node="two") as other,
    ):
        keys = f'seal_key_file = "{first.state}/seal.key"\nkey_folder = "{first.state}/keys"\n'
        other.config.write_text(keys + other.config.read_text())
        first.start()
        other.start()  # another name may
        other.stop()
        other.config.write_text(other.config.read_text().replace('node = "two"', 'node = "one"'))
        second = sekisho(other.config, "serve")
        assert second.returncode == 2, second.stderr
        assert 'node "one"' in second.stderr
        assert first.running.wait(0) is False
        first.kill()
        other.start()  # the name is free as soon as its holder is gone
