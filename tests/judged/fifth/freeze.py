"""What was frozen of the fifth set: a file for each set in frozen/, with its counts and digests.

`python -m tests.judged.fifth.freeze [SET …]` writes them; `test_fifth.py` compares.
"""

import hashlib
import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from tests.judged import Half, Sample, samples
from tests.judged.fifth import DATA, FIFTH, files, written

FROZEN = Path(__file__).parent / "frozen"


def lines(which: str, mails: Iterable[Sample], half: Half = FIFTH[0], data: Path = DATA) -> list[str]:
    """Counts of a set, digests of its data and of the mails that come of them."""
    digest = hashlib.sha256()
    expected: Counter[str] = Counter()
    kinds, doubts = set(), 0
    for one in mails:
        expected[one.expects] += 1
        kinds.add(one.kind)
        doubts += bool(one.doubt)
        for piece in (one.name.encode(), one.expects.encode(), hashlib.sha256(one.content).digest()):
            digest.update(piece + b"\0")
    shown = ", ".join(f"{word} {count}" for word, count in sorted(expected.items()))
    return [
        f"{half}: {expected.total()} mails of {len(kinds)} kinds ({shown}), {doubts} in doubt",
        *(f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}" for path in files(which, data)),
        f"{digest.hexdigest()}  mails of {which}",
    ]


def main(sets: list[str], half: Half = FIFTH[0], data: Path = DATA) -> None:
    """Of another half with its data: into frozen/ beside these."""
    frozen = data.parent / FROZEN.name
    frozen.mkdir(exist_ok=True)
    for which in sets or written(data):
        text = "".join(f"{line}\n" for line in lines(which, samples(which, half), half, data))
        print(f"{which}\n{text}")
        (frozen / f"{which}.txt").write_text(text, "utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
