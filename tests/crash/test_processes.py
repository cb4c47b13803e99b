"""One node of two processes on PostgreSQL: mail flows through both, either may be killed, and limits hold over both."""

import contextlib
import os
import random
import signal
import smtplib
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.crash.harness import Site, gently
from tests.crash.ledger import Sent
from tests.crash.mails import mail
from tests.crash.visitor import Visitor
from tests.services.node import PASSWORD, trusting
from tests.services.postgres import Cluster
from tests.services.programs import wait_for

pytestmark = [pytest.mark.system, pytest.mark.timeout(600)]
KINDS = ("internal", "external", "encrypted", "mixed", "inbound", "quarantined")


def _opened(pid: int) -> set[str]:
    """What a process has open."""
    found = set()
    for each in Path(f"/proc/{pid}/fd").iterdir():
        with contextlib.suppress(FileNotFoundError):
            found.add(os.readlink(each))
    return found


class Two(Site):
    """A node of two processes; `members` are their ids, by their name in the log."""

    def __init__(self, folder: Path, database: str, *, settings: str = "", **others: object) -> None:
        super().__init__(folder, database=database, cold=True, **others)  # type: ignore[arg-type]
        text = self.config.read_text().replace(
            "new_per_second = 1000.0\n", settings or "new_per_second = 1000.0\n"
        )
        self.config.write_text(f"processes = 2\n{text}")

    @property
    def members(self) -> dict[str, int]:
        pids = Path(f"/proc/{self.running.pid}/task/{self.running.pid}/children").read_text().split()
        named = {self._name(int(pid)): int(pid) for pid in pids}
        return {name: named[name] for name in ("n1", "n1.2")}

    @staticmethod
    def _name(pid: int) -> str:
        """The first one has the socket for commands, which the other has not."""
        taken = _opened(pid)
        lines = [line.split() for line in Path("/proc/net/unix").read_text().splitlines()]
        inodes = {words[6] for words in lines if words[-1].endswith("/service")}
        return "n1" if taken & {f"socket:[{inode}]" for inode in inodes} else "n1.2"

    def whole(self, times: int = 1) -> dict[str, int]:
        """Wait until both have said so often that they are ready."""

        def ready() -> bool:
            said = [line.get("node") for line in self.running.log() if line.get("event") == "ready"]
            return sum(said.count(name) for name in ("n1", "n1.2")) >= times + 1

        assert wait_for(ready, 60), self.running.log()[-5:]
        return self.members

    def owner(self, client: smtplib.SMTP) -> str:
        """The process that has the other end of a connection."""
        assert client.sock is not None
        ours, theirs = (f":{each[1]:04X}" for each in (client.sock.getsockname(), client.sock.getpeername()))
        for line in Path("/proc/net/tcp").read_text().splitlines()[1:]:
            words = line.split()
            if words[1].endswith(theirs) and words[2].endswith(ours):
                for name, pid in self.members.items():
                    if f"socket:[{words[9]}]" in _opened(pid):
                        return name
        raise AssertionError("nobody has it")

    @contextlib.contextmanager
    def at(self, name: str, listener: str = "submission", *, login: bool = True) -> Iterator[smtplib.SMTP]:
        """A client of one of the processes; which one gets a connection is chance."""
        for _ in range(200):
            with gently(self.client(listener) if login else self.greeted()) as client:
                if self.owner(client) == name:
                    yield client
                    return
        raise AssertionError(f"200 connections, and none came to {name}")

    def greeted(self) -> smtplib.SMTP:
        return smtplib.SMTP(*self.running.addresses["submission"], timeout=60)

    def chains(self) -> dict[str, int]:
        """How many entries each process has written."""
        return dict(self.custody.sql("SELECT node, seq FROM journal_head"))


def test_mail_flows_through_both_and_they_end_together(tmp_path: Path, postgres: Cluster) -> None:
    with Two(tmp_path, postgres.create()) as site:
        site.start()
        members = site.whole()
        for name in members:
            with site.at(name) as one, site.at(name, "inbound") as two:
                before = site.chains().get(name, 0)
                mails = [mail(kind) for kind in KINDS]
                clients = [("submission", one), ("inbound", two)]
                assert all(sent.acked for sent in site.play_on(clients, mails))
                assert site.chains()[name] > before, "who took the connection wrote its entries"
        site.settle()
        audit = site.audit()
        assert not audit.wrong, audit.wrong
        assert audit.acked == 12
        assert site.stop() < 30
        assert not [pid for pid in members.values() if Path(f"/proc/{pid}").exists()]


@pytest.mark.parametrize("victim", ["n1", "n1.2"])
def test_either_may_be_killed_under_traffic(tmp_path: Path, postgres: Cluster, victim: str) -> None:
    """Nothing is lost, nothing leaves that was recalled, and the one that is forked again delivers what it had leased."""
    with Two(tmp_path, postgres.create(), delay=4) as site:
        site.sink.pause = 0.3
        gateway = site.start()
        site.whole()
        visitor = Visitor("taro")
        visitor.enter(gateway)
        chance, sent = random.Random(7), list[Sent]()
        for turn in range(3):
            with contextlib.ExitStack() as stack:
                names = ["submission"] * 3 + ["inbound"] * 2
                clients = [(name, stack.enter_context(gently(site.client(name)))) for name in names]
                mails = [mail(chance.choice(KINDS)) for _ in range(40)]
                if turn == 1:
                    os.kill(site.members[victim], signal.SIGKILL)
                    site.died()
                sent += site.play_on(clients, mails)
        site.whole(times=2)
        assert [line for line in gateway.log() if line.get("event") == "process_ended"]
        for one in [s for s in sent if s.acked and s.mail.kind == "external"][::2]:
            item = one.text.partition("Accepted as ")[2].partition(";")[0]
            answer = visitor.press(gateway, item, "recall")
            states = site.custody.sql("SELECT state FROM item WHERE id = ?", item)
            assert (states == [("withdrawn",)]) == (answer == "did_recall"), (answer, states)
            if answer == "did_recall":
                one.recalled = time.time()
        site.resend()
        held = "SELECT COUNT(*) FROM item WHERE state = 'held' AND waits = 0 OR state IN ('queued', 'active')"
        assert wait_for(lambda: site.custody.sql(held) == [(0,)], 60), (
            "leases of the dead are given back at once"
        )
        audit = site.audit()
        print(audit)
        assert not audit.wrong, audit.wrong
        site.stop()


def test_limits_of_a_client_hold_over_both(tmp_path: Path, postgres: Cluster) -> None:
    settings = "new_per_second = 1000.0\nnew_burst = 1000\ntrusted = []\n"
    with Two(tmp_path, postgres.create(), settings=settings) as site, contextlib.ExitStack() as stack:
        text = site.config.read_text()
        site.config.write_text(text.replace("connections_per_address = 500", "connections_per_address = 20"))
        site.start()
        members = site.whole()

        clients = [stack.enter_context(gently(site.greeted())) for _ in range(20)]
        owners = Counter(map(site.owner, clients))
        assert set(owners) == set(members), "twenty connections, and all came to one"
        with pytest.raises(smtplib.SMTPConnectError) as refused:
            site.greeted()
        assert refused.value.smtp_code == 421
        os.kill(members["n1.2"], signal.SIGKILL)
        site.whole(times=2)
        for _ in range(owners["n1.2"]):
            stack.enter_context(gently(site.greeted()))
        with pytest.raises(smtplib.SMTPConnectError):
            site.greeted()


def test_failed_logins_count_for_both(tmp_path: Path, postgres: Cluster) -> None:
    settings = "new_per_second = 1000.0\nnew_burst = 1000\nauth_failures = 4\n"
    with Two(tmp_path, postgres.create(), settings=settings) as site:
        site.start()
        site.whole()

        def tried(name: str, password: str) -> int:
            with site.at(name, login=False) as client:
                client.starttls(context=trusting())
                client.ehlo("client.example")
                try:
                    return client.login("hanako", password)[0]
                except smtplib.SMTPAuthenticationError as refused:
                    return refused.smtp_code

        assert [tried("n1", "wrong") for _ in range(2)] == [535, 535], "smtplib tries two mechanisms"
        assert [tried("n1.2", "wrong"), tried("n1.2", PASSWORD)] == [454, 454]


def test_a_policy_is_read_again_by_both_and_by_who_comes_later(tmp_path: Path, postgres: Cluster) -> None:
    with Two(tmp_path, postgres.create()) as site:
        gateway = site.start()
        members = site.whole()
        policy = site.folder / "policy.toml"
        policy.write_text(policy.read_text().replace('then = "delay 0s"', 'then = "reject"'))
        gateway.signal(signal.SIGHUP)

        def loaded() -> int:
            return len([line for line in gateway.log() if line.get("event") == "policy_loaded"])

        assert wait_for(lambda: loaded() == 2, 60)
        os.kill(members["n1.2"], signal.SIGKILL)
        site.whole(times=2)
        for name in members:
            with site.at(name) as client:
                (sent,) = site.play_on([("submission", client)], [mail("external")])
                assert sent.code == 550, sent.text


def test_they_end_when_their_parent_is_gone(tmp_path: Path, postgres: Cluster) -> None:
    with Two(tmp_path, postgres.create()) as site:
        site.start()
        members = site.whole()
        site.kill()
        assert wait_for(lambda: not [p for p in members.values() if Path(f"/proc/{p}").exists()], 60)
        site.start()
        assert site.whole()
        site.stop()
