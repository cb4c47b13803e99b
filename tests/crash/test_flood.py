"""Strangers who open connections to the console and say half a request: mail goes on as if they were not there."""

import contextlib
import resource
import socket
from pathlib import Path

import pytest

from tests.crash.harness import Site
from tests.crash.mails import mail

pytestmark = [pytest.mark.system, pytest.mark.timeout(300)]

KINDS = ("internal", "external", "inbound", "quarantined")
STRANGERS = 1100
DESCRIPTORS = 1024
"""What a process may open where nobody raised the limit."""


def test_half_requests_take_nothing_from_the_mail(tmp_path: Path) -> None:
    with Site(tmp_path) as site, contextlib.ExitStack() as strangers:
        process = site.start().pid
        resource.prlimit(process, resource.RLIMIT_NOFILE, (DESCRIPTORS, DESCRIPTORS))
        for _ in range(STRANGERS):
            stranger = strangers.enter_context(
                socket.create_connection(site.running.addresses["console"], 30)
            )
            with contextlib.suppress(OSError):  # turned away: that is what we want
                stranger.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n")
        sent = site.play([mail(kind) for kind in KINDS])
        assert [s.code for s in sent] == [250] * len(KINDS)
        assert len(list(Path(f"/proc/{process}/fd").iterdir())) < DESCRIPTORS // 2
        told = [line["event"] for line in site.running.log()]
        assert "accept_failed" not in told
        assert 1 <= told.count("http_full") < 100, "a flood is not a flood of the log"
        assert site.quiet()
        audit = site.audit()
    assert not audit.wrong, audit.wrong
