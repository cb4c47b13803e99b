"""docker/ for real: the image is built, the compose files are brought up, and mail goes through by SMTP.

In place of images from registries stand Debian's PostgreSQL and HAProxy, and moto for the S3-compatible store.
"""

import contextlib
import re
import smtplib
import time
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from email import message_from_string
from email.message import Message

import httpx2
import pytest

from tests.interop.mails import mail
from tests.services.compose import Compose
from tests.services.containers import ROOT, copied, ready, sekisho, stand_in, tool
from tests.services.node import PASSWORD, trusting
from tests.services.programs import wait_for
from tests.services.served import Console

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1800)]

TARO, HANAKO, SATO = "taro@example.jp", "hanako@example.jp", "sato@client.example.net"


@pytest.fixture(scope="module")
def one() -> Iterator[Compose]:
    """docker/compose.yaml."""
    ready()
    with Compose(ROOT / "docker/compose.yaml", {"sekisho": sekisho()}) as running:
        yield running


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Compose]:
    """docker/compose.cluster.yaml, with secrets that docker/secrets.sh made."""
    ready()
    folder = tmp_path_factory.mktemp("cluster")
    copied(folder)
    tool("sh", str(folder / "docker/secrets.sh"))
    images = {
        "sekisho": sekisho(),
        "postgres": stand_in("postgres"),
        "haproxy": stand_in("haproxy"),
        "store": stand_in("store"),
    }
    names = {"POSTGRES_IMAGE": "postgres", "HAPROXY_IMAGE": "haproxy", "STORE_IMAGE": "store"}
    with Compose(folder / "docker/compose.cluster.yaml", images, names) as running:
        yield running


def caught(running: Compose) -> list[Message]:
    """What the mail catcher has, oldest first."""
    base = f"http://127.0.0.1:{running.port('catcher', 8081)}/"
    with urllib.request.urlopen(base, timeout=30) as page:
        numbers = sorted(int(n) for n in re.findall(r"href='/(\d+)'", page.read().decode()))
    found = []
    for number in numbers:
        with urllib.request.urlopen(f"{base}{number}", timeout=30) as source:
            found.append(message_from_string(source.read().decode()))
    return found


def subjects(running: Compose) -> list[str]:
    return [message["Subject"] for message in caught(running)]


def person(running: Compose, node: str, door: str, login: str) -> Console:
    """Somebody who sets a password by a one-time code, which an operator prints on `node`."""
    code = running.run(node, "sekisho", "login-link", login).rpartition("code: ")[2].strip()
    return Console(f"http://127.0.0.1:{running.port(door, 8025)}", login, code)


def submit(host: str, port: int, recipient: str, subject: str) -> str:
    """One mail of Taro's; the reply after the dot."""
    with smtplib.SMTP(host, port, timeout=60, local_hostname="client.example") as client:
        client.starttls(context=trusting())
        client.ehlo("client.example")
        client.login("taro", PASSWORD)
        client.mail(TARO)
        assert client.rcpt(recipient)[0] == 250
        large = "お世話になっております。\n" * 3000  # more than the database takes: it goes to the store
        code, text = client.data(mail(recipient, large, sender=TARO, subject=subject).as_bytes())
    assert code == 250, text
    return text.decode()


def deliver(host: str, port: int, subject: str, client_name: str = "mx.client.example") -> int:
    """One mail from outside; the code after the dot."""
    with smtplib.SMTP(host, port, timeout=60, local_hostname=client_name) as client:
        client.starttls(context=trusting())
        client.ehlo(client_name)
        client.mail(SATO)
        client.rcpt(TARO)
        return client.data(mail(TARO, sender=SATO, subject=subject).as_bytes())[0]


def item_of(reply: str, console: Console) -> str:
    """The item of an accepted mail, by the console's list."""
    found = re.search(r"Accepted as ([a-z2-7]{16})", reply)
    assert found, reply
    listed = re.search(rf'href="/mail/({found[1]}[^"/]*)"', console.client.get("/mail").text)
    assert listed, "the mail is in its sender's list"
    return listed[1]


class TestOneNode:
    """docker/compose.yaml."""

    def test_no_process_of_it_has_any_privilege(self, one: Compose) -> None:
        script = (
            "for p in /proc/[0-9]*; do grep -hE '^(Uid|CapPrm|CapBnd|NoNewPrivs|Seccomp):' $p/status; done"
        )
        told = {tuple(line.split()) for line in one.run("node", "sh", "-c", script).splitlines()}
        assert {t[1:] for t in told if t[0] == "Uid:"} == {("10025",) * 4}
        assert {t[1:] for t in told if t[0].startswith("Cap")} == {("0" * 16,)}
        assert ("NoNewPrivs:", "1") in told
        assert ("NoNewPrivs:", "0") not in told
        assert {t[1:] for t in told if t[0] == "Seccomp:"} == {("2",)}

    def test_the_examining_processes_are_locked_up_inside_the_container(self, one: Compose) -> None:
        """Their own filter stands on top of the container's, and no wall was found missing at the start."""
        script = "for p in /proc/[0-9]*; do grep -h Seccomp_filters $p/status; done"
        filters = [int(line.split()[1]) for line in one.run("node", "sh", "-c", script).splitlines()]
        assert max(filters) > min(filters), filters
        assert "sandbox" not in one.log("node"), one.log("node")

    def test_its_root_is_read_only_and_its_state_is_not(self, one: Compose) -> None:
        script = "touch /opt/x /etc/x 2>/dev/null && echo written; touch /var/lib/sekisho/x && echo state"
        assert one.run("node", "sh", "-c", script) == "state"

    def test_it_has_labels_and_no_compiler_and_no_pip(self, one: Compose) -> None:
        labels = one.inspected("node")["Config"]["Labels"]
        assert labels["org.opencontainers.image.licenses"] == "Apache-2.0"
        assert labels["sekisho.ocr.languages"] == "", "none are built in, and it says so"
        script = "for tool in gcc git /opt/sekisho/bin/pip; do command -v $tool; done; ls /opt/sekisho/lib/*/site-packages"
        there = one.run("node", "sh", "-c", script + "; true").split()
        assert {"pip", "tests", "bench", "/opt/sekisho/bin/pip"}.isdisjoint(there)
        assert "gateway" in there

    def test_mail_comes_in(self, one: Compose) -> None:
        assert deliver("127.0.0.1", one.port("node", 2525), "from outside") == 250
        assert "from outside" in subjects(one)

    def test_mail_to_an_outsider_is_held_released_and_delivered(self, one: Compose) -> None:
        taro = person(one, "node", "node", "taro")
        reply = submit("127.0.0.1", one.port("node", 2587), SATO, "held and released")
        assert "held and released" not in subjects(one)
        taro.send_now(item_of(reply, taro))
        assert wait_for(lambda: "held and released" in subjects(one))

    def test_held_mail_survives_a_new_container_on_the_old_volume(self, one: Compose) -> None:
        taro = person(one, "node", "node", "taro")
        reply = submit("127.0.0.1", one.port("node", 2587), SATO, "held in the volume")
        one.replace("node")
        taro = Console(f"http://127.0.0.1:{one.port('node', 8025)}", "taro")
        assert "held in the volume" not in subjects(one)
        taro.send_now(item_of(reply, taro))
        assert wait_for(lambda: "held in the volume" in subjects(one))
        assert "whole" in one.run("node", "sekisho", "journal", "verify")

    def test_it_stops_when_told_within_its_grace(self, one: Compose) -> None:
        one.stop("node", 30)
        assert one.inspected("node")["State"]["ExitCode"] == 0
        one.start("node")
        one.wait_healthy("node")

    def test_a_node_that_is_not_well_is_told_by_its_healthcheck(self, one: Compose) -> None:
        assert one.healthy("node")
        one.pause("node")
        try:
            assert not one.healthy("node")
        finally:
            one.unpause("node")
        one.wait_healthy("node")


def logged_in(url: str, login: str) -> Console:
    """A person who tries again while the balancer has not noticed yet that a node is gone."""
    for _ in range(60):
        with contextlib.suppress(httpx2.TransportError):
            return Console(url, login)
        time.sleep(0.5)
    return Console(url, login)


class TestCluster:
    """docker/compose.cluster.yaml."""

    def test_the_client_is_known_by_its_own_address_behind_the_balancer(self, cluster: Compose) -> None:
        here = cluster.here("balancer")
        balancer = cluster.address("balancer")
        assert deliver(balancer, 2525, "through the balancer") == 250
        (message,) = [m for m in caught(cluster) if m["Subject"] == "through the balancer"]
        newest = message.get_all("Received", [])[0]
        assert f"[{here}]" in newest, newest
        assert balancer not in newest

    def test_nobody_but_the_balancer_may_connect_to_a_node(self, cluster: Compose) -> None:
        with pytest.raises(smtplib.SMTPConnectError) as refused:
            smtplib.SMTP(cluster.address("one"), 2525, timeout=30)
        assert refused.value.smtp_code == 554

    def test_secrets_are_files_and_stand_in_no_environment(self, cluster: Compose) -> None:
        script = "cat /run/secrets/*; tr '\\0' '\\n' < /proc/1/environ"
        told = cluster.run("one", "sh", "-c", script)
        secrets = re.findall(r"[0-9a-f]{64}", told)
        assert len(secrets) == 3
        assert not any(secret in str(cluster.inspected("one")["Config"]) for secret in secrets)
        assert "10025" in cluster.run("one", "stat", "--format=%u", "/run/secrets/seal.key")

    def test_when_a_node_is_killed_mail_still_flows_and_nothing_is_lost(self, cluster: Compose) -> None:
        taro = person(cluster, "one", "balancer", "taro")
        balancer = cluster.address("balancer")
        held = [submit(balancer, 2587, SATO, f"held {number}") for number in range(4)]
        ids = [item_of(reply, taro) for reply in held]

        def keep_sending(number: int) -> str:
            """As a mail server does: again, until somebody takes it."""
            subject = f"flowing {number}"
            for _ in range(60):
                try:
                    if deliver(balancer, 2525, subject) == 250:
                        return subject
                except (OSError, smtplib.SMTPException):
                    pass
                time.sleep(0.5)
            return ""

        with ThreadPoolExecutor(4) as pool:
            sending = [pool.submit(keep_sending, number) for number in range(40)]
            wait_for(lambda: sum(each.done() for each in sending) >= 8, 120)
            cluster.kill("one")
            accepted = [each.result() for each in sending]
        assert all(accepted)
        assert not cluster.running("one")
        taro = logged_in(f"http://127.0.0.1:{cluster.port('balancer', 8025)}", "taro")
        for item in ids:
            taro.send_now(item)
        expected = {*accepted, *(f"held {number}" for number in range(4))}
        assert wait_for(lambda: expected <= set(subjects(cluster)), 120), expected - set(subjects(cluster))
        verified = cluster.run("two", "sekisho", "journal", "verify")
        assert {"one: whole", "two: whole"} <= set(verified.splitlines())

    def test_the_killed_node_comes_back(self, cluster: Compose) -> None:
        if not cluster.running("one"):
            cluster.start("one")
        cluster.wait_healthy("one")
        assert deliver(cluster.address("balancer"), 2525, "afterwards") == 250
        assert "afterwards" in subjects(cluster)
