"""The measurements run: a handful of mails through real peers. What they say is not judged here."""

import os
import shutil
from pathlib import Path

import pytest

from bench import examine, flow
from bench.stand import load, mails, peers, usage


@pytest.mark.slow
@pytest.mark.system
@pytest.mark.skipif(
    shutil.which("smtp-sink", path=peers.PATH) is None, reason="needs the Debian package postfix"
)
async def test_all_mails_of_a_gateway_reach_the_sink(tmp_path: Path) -> None:
    async with peers.sink() as sink, peers.sekisho(tmp_path / "gateway", sink.port) as gateway:
        for way in ("inbound", "outbound"):
            contents = flow.contents_for("10 kB text", way, 4, 0)
            figures = await flow.measure(gateway, sink, contents, flow.load_for(gateway, way, 2))
            assert figures.rate > 0
            assert figures.p99 >= figures.p50 > 0
            assert figures.memory > 0
    assert sink.mails == 8


def test_cpu_is_told_by_thread() -> None:
    before = usage.by_thread(os.getpid())
    sum(n * n for n in range(300_000))
    after = usage.by_thread(os.getpid())
    assert after["loop"] > before["loop"]
    assert set(after) == {"loop", "database", "other threads", "workers"}


def test_each_mail_is_another_one_and_of_its_size() -> None:
    for kind, size in (("10 kB text", 10_000), ("100 kB + docx", 100_000), ("5 MB + picture", 5_000_000)):
        one, other = mails.mails(kind, 2, mails.SENDER, mails.OUTSIDER)
        assert one != other
        assert 0.7 * size < len(one) < 1.3 * size
        assert one == next(mails.mails(kind, 1, mails.SENDER, mails.OUTSIDER)), "the same seed, the same mail"


def test_the_wire_form_doubles_dots() -> None:
    assert load.wire(b".a\r\n.b\r\nc.\r\n") == b"..a\r\n..b\r\nc.\r\n.\r\n"


def test_what_a_process_uses_can_be_read() -> None:
    import os

    assert os.getpid() in usage.tree(os.getpid())
    assert usage.cpu(os.getpid()) > 0
    assert usage.memory(os.getpid()) > 1_000_000


@pytest.mark.parametrize("way", ["inbound", "outbound"])
def test_the_mails_are_let_through(way: str) -> None:
    """A mail that were held would never reach the sink."""
    facts, prepared = examine.checkpoint(way)
    for kind in ("10 kB text", "100 kB + docx"):
        (content,) = flow.contents_for(kind, way, 1, 7)
        found = examine.run(content, facts, prepared)
        assert not found.verdict.holds
        assert not found.verdict.rejects
