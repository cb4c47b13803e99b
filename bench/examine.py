"""What the checkpoint costs: `python -m bench examine [--seconds S] [--only TEXT] [--compare]`.

Mails of one kind of part each, in both directions: once in this process, and once through the workers (their
sandbox on), one mail at a time. The difference of the two is the hop. CPU is this process's in the first case;
"CPU through" is that of all processes, forks included, in the second.
"""

import argparse
import gzip
import io
import os
import random
import statistics
import time
import zipfile
from collections.abc import Callable
from contextlib import nullcontext

import msgspec
import uvloop

from bench.stand import usage
from bench.stand.mails import OUTSIDER, SENDER, docx, jpeg, mail, part, text
from config.load import load_policy
from config.settings import WorkersSection
from filters import ruleset
from filters.facts import Facts, Origin
from filters.markup import dom
from filters.ruleset import Prepared, prepare
from filters.warm import run, warm
from gateway.locked.workers import Workers
from mail.envelope import Envelope, ForwardPath

_prepared: list[Prepared] = []


def prepared_policy() -> Prepared:
    """The shipped policy for the bench's domain, warmed up."""
    if not _prepared:
        shipped = load_policy(None, (), demo=True)
        organisation = msgspec.structs.replace(shipped.organisation, domains=(SENDER.rpartition("@")[2],))
        warm()
        _prepared.append(prepare(msgspec.structs.replace(shipped, organisation=organisation)))
    dom.guard(lambda size: nullcontext())  # as in a worker, where somebody watches
    return _prepared[0]


def checkpoint(way: str) -> tuple[Facts, Prepared]:
    """Facts of a mail of this direction, and the policy."""
    sender, recipient = (SENDER, OUTSIDER) if way == "outbound" else (OUTSIDER, SENDER)
    envelope = Envelope(sender, (ForwardPath(recipient),))
    return Facts(way, Origin(way, "192.0.2.1"), envelope), prepared_policy()


def _html(chance: random.Random) -> bytes:
    rows = "".join(f"<tr><td style='color:#333'>{line}</td></tr>" for line in text(chance, 6000).split("\n"))
    return f'<html><body><a href="https://partner.example.jp/">partner</a><table>{rows}</table></body></html>'.encode()


def _zip(chance: random.Random) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(10):
            archive.writestr(f"minutes-{number}.txt", text(chance, 3000))
    return out.getvalue()


def kinds(chance: random.Random) -> dict[str, Callable[[], list[bytes]]]:
    prose = part(text(chance, 300).encode(), "text/plain; charset=utf-8")
    office = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    small = part(text(chance, 600).encode(), "text/plain; charset=utf-8", "notes.txt")
    return {
        "1 kB text": lambda: [prose],
        "10 kB text": lambda: [part(text(chance, 2700).encode(), "text/plain; charset=utf-8")],
        "100 kB text": lambda: [part(text(chance, 27_000).encode(), "text/plain; charset=utf-8")],
        "html page": lambda: [part(_html(chance), "text/html; charset=utf-8")],
        "docx": lambda: [prose, part(docx(chance, 8000, 60_000), office, "report.docx")],
        "zip of 10 texts": lambda: [prose, part(_zip(chance), "application/zip", "minutes.zip")],
        "gzip": lambda: [
            prose,
            part(gzip.compress(text(chance, 9000).encode()), "application/gzip", "a.txt.gz"),
        ],
        "5 MB jpeg": lambda: [prose, part(jpeg(chance, 3_700_000), "image/jpeg", "photo.jpg")],
        "5 MB unknown": lambda: [
            prose,
            part(chance.randbytes(3_700_000), "application/octet-stream", "a.dat"),
        ],
        "10 small files": lambda: [prose] + [small] * 10,
        "100 small files": lambda: [prose] + [small] * 100,
    }


async def _through(workers: Workers, facts: Facts, content: bytes) -> float:
    start = time.perf_counter()
    await workers.examine(_Memory(content), facts)
    return time.perf_counter() - start


class _Memory:
    """A Draft of bytes in memory."""

    def __init__(self, content: bytes) -> None:
        self.size = len(content)
        self._content = content

    def write(self, data: bytes | memoryview) -> None:
        raise NotImplementedError

    def view(self) -> memoryview:
        return memoryview(self._content)

    def fileno(self) -> int | None:
        return None

    def discard(self) -> None: ...


async def measure(seconds: float, only: str, served: int) -> None:
    prepared = prepared_policy()
    workers = Workers(prepared.policy, 1, mails=served)
    await workers.start()
    here = os.getpid()
    print(f"{'direction':<10}{'mail':<18}{'kB':>7}{'CPU µs':>10}{'MB/s':>8}{'hop µs':>10}{'CPU through':>13}")
    try:
        for way in ("inbound", "outbound"):
            facts, _ = checkpoint(way)
            for name, make in kinds(random.Random(1)).items():
                if only not in name:
                    continue
                sender, recipient = (SENDER, OUTSIDER) if way == "outbound" else (OUTSIDER, SENDER)
                contents = [mail(n, sender, recipient, make()) for n in range(3 if "5 MB" in name else 20)]
                run(contents[0], facts, prepared)
                start, used, mails = time.perf_counter(), time.process_time(), 0
                alone: list[float] = []
                hop: list[float] = []
                while time.perf_counter() - start < seconds:
                    content = contents[mails % len(contents)]
                    begin = time.perf_counter()
                    run(content, facts, prepared)
                    alone.append(time.perf_counter() - begin)
                    mails += 1
                used = (time.process_time() - used) / mails
                start, all_cpu = time.perf_counter(), usage.cpu(here)
                while time.perf_counter() - start < seconds:
                    hop.append(await _through(workers, facts, contents[len(hop) % len(contents)]))
                through = (usage.cpu(here) - all_cpu) / len(hop) * 1e6
                size = statistics.mean(map(len, contents))
                extra = (statistics.median(hop) - statistics.median(alone)) * 1e6
                print(
                    f"{way:<10}{name:<18}{size / 1e3:>7.0f}{used * 1e6:>10.0f}{size / used / 1e6:>8.1f}{extra:>10.0f}{through:>13.0f}"
                )
    finally:
        await workers.stop()


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(
        prog="python -m bench examine", description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--seconds", type=float, default=0.7, help="per line and way of measuring")
    parser.add_argument("--only", default="", help="kinds whose name contains this")
    parser.add_argument(
        "--mails", type=int, default=WorkersSection().mails, help="that each worker serves (workers.mails)"
    )
    parser.add_argument(
        "--compare", action="store_true", help="ask sleeping rules, too; a difference ends it"
    )
    options = parser.parse_args(arguments)
    ruleset.COMPARING = options.compare
    print(usage.machine())
    uvloop.run(measure(options.seconds, options.only, options.mails))
