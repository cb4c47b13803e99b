"""No 250 before the disk has it (T04): the order of the system calls of a whole gateway, mail by mail.

Replies travel under TLS, so they are told by their place: our client waits for each, and each is one write.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from storage.contents import SMALL
from storage.keys import random_of
from tests.crash.harness import Site
from tests.crash.inject import traced
from tests.crash.mails import Mail, mail

pytestmark = [pytest.mark.system, pytest.mark.timeout(900)]

CALLS = "read,write,pwrite64,fsync,fdatasync,rename,link"


def calls(trace: Path) -> Iterator[tuple[bool, str, str]]:
    """(ended, call, text) in the order of time: when a call began and when it ended successfully."""
    begun: dict[str, str] = {}
    for line in trace.read_text(errors="replace").splitlines():
        thread, _, text = line.partition(" ")
        text = text.strip()
        if match := re.match(r"<\.\.\. \w+ resumed>(.*)", text):
            text = begun.pop(thread, "") + match[1]
        else:
            yield False, text.partition("(")[0], text
            if text.endswith("<unfinished ...>"):
                begun[thread] = text.removesuffix("<unfinished ...>").rstrip()
                continue
        if re.search(r"= \d+", text):
            yield True, text.partition("(")[0], text


class Watch:
    """What is on the disk, seen from the calls so far. Times are numbers of events.

    files     what was synced; `named`: contents that got their final name, in order
    durable   when the directory of a content was synced after that
    now       how many calls began or ended so far
    flushed   the newest write to the store's log that was flushed since
    """

    def __init__(self) -> None:
        self.files: set[str] = set()
        self.named: list[str] = []
        self.durable: dict[str, int] = {}
        self.flushed = 0
        self.taken = 0
        self.now = 0
        self._written = 0
        self._begun: dict[str, tuple[int, int]] = {}

    def see(self, ended: bool, call: str, text: str) -> None:
        self.now += 1
        path = (re.search(r"\(\d+<(.*?)>", text) or [""] * 2)[1]
        if call in ("fsync", "fdatasync") and not ended:
            self._begun[path] = (len(self.named), self._written)
        elif call in ("fsync", "fdatasync"):
            self.files.add(path)
            named, written = self._begun.pop(path)
            if path.endswith("-wal"):
                self.flushed = written
            for key in self.named[:named]:
                if path.endswith(f"/blobs/{random_of(key)[:2]}"):
                    self.durable.setdefault(key, self.now)
        elif call == "pwrite64" and path.endswith("-wal") and not ended:
            self._written = self.now
        elif call in ("rename", "link") and ended:
            old, new = re.findall(r'"(.*?)"', text)
            assert old in self.files, f"named before it was synced: {text}"
            self.named.append(Path(new).name)
        elif call == "read" and ended and "250 2.0.0 taken" in text:
            self.taken += 1


def replies(mails: list[Mail]) -> list[Mail | None]:
    """Of each reply in a session (MAIL, RCPT …, DATA, content): the mail that it promises, or None."""
    return [found for one in mails for found in (*[None] * (2 + len(one.recipients)), one)]


def check(trace: Path, mails: list[Mail]) -> int:
    """Compare every promise in the trace with what was durable then; how many promises there were.

    `mails` went over one connection, the only one with TLS.
    """
    watch = Watch()
    expected = iter(replies(mails))
    names = taken = promised = before = 0
    for ended, call, text in calls(trace):
        watch.see(ended, call, text)
        if call != "write" or ended or not re.match(r'write\(\d+<socket:\[\d+\]>, "\\27\\3\\3', text):
            continue
        if (one := next(expected)) is None:
            continue
        promised += 1
        if one.kind == "inbound":
            assert watch.taken > taken, "promised before the next hop had taken it"
        else:
            mine = watch.named[names:]  # a small content is committed with its items
            assert mine or len(one.content) <= SMALL, f"promised without a content: {one.kind}"
            assert set(mine) <= set(watch.durable), f"promised before its directory was synced: {one.kind}"
            committed = watch.flushed > max((watch.durable[key] for key in mine), default=before)
            assert committed, f"promised before its items were committed: {one.kind}"
        names, taken, before = len(watch.named), watch.taken, watch.now
    return promised


@pytest.mark.parametrize("rounds", [8, pytest.param(250, marks=pytest.mark.slow)])
@pytest.mark.parametrize("kinds", [("external", "encrypted"), ("quarantined", "inbound")])
def test_nothing_is_promised_before_it_is_on_the_disk(
    kinds: tuple[str, ...], rounds: int, tmp_path: Path
) -> None:
    mails = [mail(kind, 200_000 if n % 3 == 2 else 0) for n in range(rounds) for kind in kinds]
    with Site(tmp_path, delay=3600) as site:
        gateway = site.start()
        site.play([mail(kind) for kind in kinds])
        assert site.quiet()
        (name,) = {one.listener for one in mails}
        client = site.client(name)
        trace = tmp_path / "trace"
        with traced(gateway.pid, "-y", "-s", "32", "-e", f"trace={CALLS}", trace=trace):
            site.play_on([(name, client)], mails)
        client.close()
        assert all(s.acked for s in site.ledger.sent.values())
        assert check(trace, mails) == len(mails)
