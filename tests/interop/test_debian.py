"""docs/howto/debian.md on an empty Debian 12 and 13: its commands, as they stand there, until mail flows both ways.

The machine is a directory; it has a network of its own from the moment that its packages are there, in which a mail catcher is
the provider. The time that each chapter took is printed.
"""

import re
import shlex
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.services.machines import NEEDED, ROOT, Machine, copied

pytestmark = [pytest.mark.slow, *NEEDED]

GUIDE = (ROOT / "docs/howto/debian.md").read_text("utf-8")
CHAPTERS = dict(re.findall(r"^## ([^\n]+)\n.*?^```sh\n(.*?)^```$", GUIDE, re.MULTILINE | re.DOTALL))
OPERATIONS = (ROOT / "docs/operations.md").read_text("utf-8")
SUITES = ("bookworm", "trixie")
BOOTS = "systemd,iproute2"
"""What every Debian that boots has, and one in a directory has not."""
ALONE = "unshare --net --pid --fork --kill-child bash /tmp/flow.sh"
ARRIVES = """\
import smtplib
with smtplib.SMTP("127.0.0.1", 25, timeout=120) as client:
    client.sendmail("sato@client.example", ["taro@hinode.example"], "From: sato@client.example\\n"
        "To: taro@hinode.example\\nSubject: Answer\\n\\nyes\\n")
"""
FLOW = f"""\
set -eu
ip link set lo up
mount -t proc proc /proc
mount -t tmpfs tmpfs /run
/opt/sekisho/bin/sekisho mail-catcher --port 2525 --folder /tmp/caught > /tmp/catcher.log 2>&1 &
{{chapters}}
for turn in $(seq 120); do [ -e /tmp/caught/0001.eml ] && break; sleep 1; done
cat /tmp/caught/0001.eml
/opt/sekisho/bin/python -c '{ARRIVES}'
for turn in $(seq 120); do [ -e /var/mail/taro ] && break; sleep 1; done
cat /var/mail/taro
"""


def test_what_it_installs_is_what_operations_says() -> None:
    said = OPERATIONS.partition("### On a machine with systemd")[2].partition("Write `/etc/sekisho")[0]
    commands = [line.strip() for line in said.splitlines() if line.startswith("    ")]
    assert commands
    assert set(commands) <= set(CHAPTERS["Install"].splitlines())


@pytest.fixture(params=SUITES)
def machine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Machine]:
    made = copied(request.param, BOOTS, tmp_path / "root")
    yield made
    shutil.rmtree(made.directory)


def test_mail_flows_both_ways_by_the_guide_alone(machine: Machine) -> None:
    began, took = time.monotonic(), dict[str, float]()
    first, _, rest = CHAPTERS["Install"].partition("cd /srv/sekisho\n")
    assert rest
    machine.run(f"bash -c {shlex.quote('export DEBIAN_FRONTEND=noninteractive; set -eu; ' + first)}", 1500)
    machine.bring()  # the mirrors' authority here, which ca-certificates does not know
    took["packages"] = time.monotonic() - began
    machine.run(f"bash -c {shlex.quote('set -eu; cd /srv/sekisho; ' + rest)}", 1500)
    took["install"] = time.monotonic() - began
    systemctl = machine.directory / "usr/local/bin/systemctl"
    shutil.copyfile(ROOT / "tests/services/images/systemctl", systemctl)
    systemctl.chmod(0o755)
    with (machine.directory / "etc/hosts").open("a") as hosts:
        hosts.write("\n127.0.0.1 smtp.provider.example\n")
    chapters = "\n".join(CHAPTERS[name] for name in ("The files", "Postfix", "Start, and look"))
    (machine.directory / "tmp/flow.sh").write_text(FLOW.replace("{chapters}", chapters))
    said = machine.run(ALONE, 600)
    took["mail"] = time.monotonic() - began
    print({name: f"{seconds / 60:.1f} min" for name, seconds in took.items()})
    assert "X-Sekisho" in said
    sent, _, arrived = said.rpartition("Return-Path: <sato@client.example>")
    assert "Subject: Angebot" in sent
    assert "DKIM-Signature" in sent
    assert "From: taro@hinode.example" in sent
    assert "Subject: Answer" in arrived
    assert "X-Sekisho-Warning: no" in arrived
    log = (machine.directory / "var/log/sekisho.log").read_text()
    assert '"event": "ready"' in log
    assert "Traceback" not in log
