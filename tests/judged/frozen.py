"""What was frozen: digests of the deciding halves, as data and as the mails that come of it."""

import hashlib
from collections import Counter
from pathlib import Path

from tests.judged import HALVES, SETS, samples

HERE = Path(__file__).parent
README = HERE / "README.md"


def produced(which: str) -> str:
    """SHA-256 over all names, expectations and contents of a deciding half."""
    digest = hashlib.sha256()
    for one in samples(which, "deciding"):
        for piece in (one.name.encode(), one.expects.encode(), hashlib.sha256(one.content).digest()):
            digest.update(piece + b"\0")
    return digest.hexdigest()


def frozen() -> list[str]:
    """A line for each deciding file and for each set's deciding mails (of later sets: in their frozen/)."""
    found = (path for path in HERE.rglob("*deciding*") if path.suffix in {".toml", ".jsonl", ".py"})
    later = {HERE / "fourth", HERE / "fifth", HERE / "sixth"}
    files = sorted(path for path in found if not later & set(path.parents))
    lines = [f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.relative_to(HERE)}" for path in files]
    return lines + [f"{produced(which)}  mails of {which}" for which in SETS]


def table() -> list[str]:
    """Counts per set, half and expectation, as a Markdown table."""
    lines = ["| set | half | mails | expected | in doubt |", "|---|---|---|---|---|"]
    for which in SETS:
        for half in HALVES:
            expected: Counter[str] = Counter()
            doubts = 0
            for one in samples(which, half):
                expected[one.expects] += 1
                doubts += bool(one.doubt)
            shown = ", ".join(f"{name} {count}" for name, count in sorted(expected.items()))
            lines.append(f"| {which} | {half} | {expected.total()} | {shown} | {doubts} |")
    return lines
