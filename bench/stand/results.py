"""The figures of `bench peers`: kept in bench/results.json, shown in docs/performance.md between two marks."""

import shutil
import statistics
import subprocess
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

import msgspec

from bench.stand.measure import Figures

ROOT = Path(__file__).parents[2]
KEPT_IN = ROOT / "bench" / "results.json"
SHOWN_IN = ROOT / "docs" / "performance.md"
BEGIN, END = "<!-- written by ./dev bench peers --save -->", "<!-- until here -->"
ENOUGH = 2_000
"""Mails below which no 99th percentile is told."""
MARGIN = 3.0
"""So many times as fast as a peer the generator alone must be, or the kind is not reported."""

KEPT = ", kept"
BARS = {
    "inbound": {
        "10 kB text": 1.3, "10 kB text" + KEPT: 1.6, "100 kB + docx": 0.8, "100 kB unknown": 0.7,
        "5 MB picture": 1.2, "5 MB unknown": 0.8, "newsletter 60 kB": 0.6,
    },
    "outbound": {
        "10 kB text": 1.0, "100 kB + docx": 0.7, "100 kB unknown": 0.6, "5 MB picture": 1.0,
        "5 MB unknown": 0.7, "newsletter 60 kB": 0.7,
    },
}  # fmt: skip
"""Goals: Sekisho's rate in Postfix's."""
BESIDE = {
    "inbound": (
        "Postfix + rspamd",
        {"10 kB text": 3.0, "100 kB + docx": 1.3, "100 kB unknown": 1.2, "5 MB picture": 1.8,
         "5 MB unknown": 1.2, "newsletter 60 kB": 2.0},
    ),
    "outbound": ("Postfix + TLS, AUTH, DKIM", {"10 kB text": 1.5}),
}  # fmt: skip
"""Goals: Sekisho's rate in that of a Postfix that does more."""


class Told(msgspec.Struct, frozen=True):
    """One peer with one kind of mail: medians of the rounds (Figures says what of). `ratio`: of the rounds' rates to
    Postfix's in the same round. `p50`, `p99`: of the replies of all rounds; p99 only of `ENOUGH`."""

    mails: int
    rate: float
    ratio: float
    cpu: float
    delay: float
    p50: float
    p99: float | None
    memory: float
    generator: float
    kept_back: int
    refused: int


class Cell(msgspec.Struct, frozen=True):
    """One kind of mail, by peer. `alone`: mails a second of the generator without a peer."""

    measured: str
    alone: float
    peers: dict[str, Told]


class Way(msgspec.Struct, frozen=True):
    """One direction. `half`: reply times at half of the rate that Sekisho reached, 10 kB; `uncounted`: threads that
    ended are not in the CPU figures, since no cgroup could be made."""

    machine: str
    cells: dict[str, Cell]
    half: dict[str, Figures]
    uncounted: bool


def made(
    machine: str,
    rounds: Mapping[str, Mapping[str, Sequence[Figures]]],
    replies: Mapping[tuple[str, str], Sequence[float]],
    alone: Mapping[str, float],
    half: dict[str, Figures],
    uncounted: bool,
) -> Way:
    cells = {}
    for name, by_peer in rounds.items():
        if not {"Postfix", "Sekisho"} <= set(by_peer):
            continue
        base = [f.rate for f in by_peer["Postfix"]]
        told = {peer: _told(found, base, replies[name, peer]) for peer, found in by_peer.items()}
        cells[name] = Cell(f"{date.today()}, {_commit()}", alone[name], told)
    return Way(machine, cells, half, uncounted)


def _told(found: Sequence[Figures], base: Sequence[float], replies: Sequence[float]) -> Told:
    def median(name: str) -> float:
        return round(float(statistics.median(getattr(f, name) for f in found)), 3)

    return Told(
        mails=sum(f.mails for f in found),
        rate=median("rate"),
        ratio=round(statistics.median(f.rate / other for f, other in zip(found, base, strict=True)), 3),
        cpu=median("cpu"),
        delay=median("delay"),
        p50=round(at(replies, 0.5) * 1e3, 2),
        p99=round(at(replies, 0.99) * 1e3, 2) if len(replies) >= ENOUGH else None,
        memory=round(max(f.memory for f in found), 1),
        generator=median("generator"),
        kept_back=sum(f.kept_back for f in found),
        refused=sum(f.refused for f in found),
    )


def at(replies: Sequence[float], share: float) -> float:
    """The reply time that this share of mails did not exceed; 0 without mails."""
    ordered = sorted(replies)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0.0


def slow(cell: Cell) -> str:
    """Why a kind is not reported: the generator was not fast enough for somebody; "" when it was."""
    for name, told in cell.peers.items():
        could = min(cell.alone, 1e3 / told.generator if told.generator else cell.alone)
        if could < MARGIN * told.rate:
            return f"the generator alone does {could:.0f}/s, less than {MARGIN:.0f} × the {told.rate:.0f}/s of {name}"
    return ""


def save(ways: dict[str, Way]) -> None:
    """Into the file, kind by kind and peer by peer in the place of older figures, and into the document. A ratio is
    always that of the run that measured it."""
    kept = load()
    for name, way in ways.items():
        cells = dict(kept[name].cells) if name in kept else {}
        for kind, cell in way.cells.items():
            if not slow(cell):
                older = cells[kind].peers if kind in cells else {}
                cells[kind] = msgspec.structs.replace(cell, peers={**older, **cell.peers})
        kept[name] = msgspec.structs.replace(way, cells=cells)
    KEPT_IN.write_bytes(msgspec.json.format(msgspec.json.encode(kept), indent=1) + b"\n")
    write(BEGIN, shown(kept))


def write(begin: str, text: str) -> None:
    """Into docs/performance.md, behind the mark `begin` up to the next END."""
    before, rest = SHOWN_IN.read_text().split(begin + "\n")
    SHOWN_IN.write_text(before + begin + "\n" + text + END + rest.partition(END)[2])


def load() -> dict[str, Way]:
    return msgspec.json.decode(KEPT_IN.read_bytes(), type=dict[str, Way]) if KEPT_IN.exists() else {}


def shown(ways: Mapping[str, Way]) -> str:
    """The tables, in lines of at most 100 characters."""
    return "\n".join(part for name, way in ways.items() for part in (_rates(name, way), _half(name, way)))


def _rates(name: str, way: Way) -> str:
    beside, bars = BESIDE[name]
    others = [
        p
        for p in dict.fromkeys(p for c in way.cells.values() for p in c.peers)
        if p not in ("Postfix", "Sekisho")
    ]
    head = [name, "Postfix", "Sekisho/goal", *map(_short, others)]
    lines = ["| " + " | ".join(head) + " |", "|---" * len(head) + "|"]
    for kind, cell in way.cells.items():
        if reason := slow(cell):
            lines.append(f"| {kind} | not reported: {reason} |" + " |" * (len(head) - 2))
            continue
        postfix, ours = cell.peers["Postfix"], cell.peers["Sekisho"]
        row = [
            kind,
            f"{postfix.rate:.0f}/s ({_ms(postfix.cpu)})",
            f"{_reached(ours.ratio, BARS[name].get(kind))} ({_ms(ours.cpu)})",
        ]
        for peer in others:
            told = cell.peers.get(peer)
            row.append(f"{told.ratio:.2f} ({_ms(told.cpu)})" if told else "")
            if told and peer == beside and kind in bars:
                row[-1] += f" {_reached(ours.rate / told.rate, bars[kind])}"
        lines.append(f"|{'|'.join(row)}|")
    return "\n".join(lines) + "\n"


def _half(name: str, way: Way) -> str:
    head = f"| {name}, 10 kB at half load | mails/s | mails | p50 ms | p99 ms | delay ms | peak MB |"
    lines = [head, "|---" * 7 + "|"]
    for peer, f in way.half.items():
        p99 = f"{f.p99:.1f}" if f.mails >= ENOUGH else "–"
        most = max(c.peers[peer].memory for c in way.cells.values())
        lines.append(
            f"| {peer} | {f.rate:.0f} | {f.mails} | {f.p50:.1f} | {p99} | {f.delay:.2f} | {most:.0f} |"
        )
    return "\n".join(lines) + "\n"


def _short(peer: str) -> str:
    return peer.removeprefix("Postfix ").replace("amavisd-new", "amavis")


def _ms(cpu: float) -> str:
    return f"{cpu:.1f}" if cpu < 10 else f"{cpu:.0f}"


def _reached(value: float, goal: float | None) -> str:
    if goal is None:
        return f"{value:.2f}"
    return f"**{value:.2f}**/{goal:g}" if value >= goal else f"{value:.2f}/{goal:g}"


def _commit() -> str:
    if not shutil.which("git"):
        return "git is not installed"
    found = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, check=False
    )
    return found.stdout.decode().strip() or "no repository"
