"""What was frozen of the fourth set: a file for each set in frozen/, with its counts and digests.

`python -m tests.judged.fourth.freeze [SET …]` writes them; `test_fourth.py` compares.
"""

import hashlib
import sys
from collections import Counter
from pathlib import Path

from tests.judged import samples
from tests.judged.fourth import DATA, FOURTH, written

FROZEN = Path(__file__).parent / "frozen"
PARTS = {"takeover": ("takeover", "thief"), "bounces": ("forged", "genuine")}
"""Sets whose data have other names."""


def lines(which: str) -> list[str]:
    """Counts of both halves, digests of the deciding data and of the mails that come of it."""
    said = []
    digest = hashlib.sha256()
    for half, name in FOURTH.items():
        expected: Counter[str] = Counter()
        kinds, doubts = set(), 0
        for one in samples(which, half):
            expected[one.expects] += 1
            kinds.add(one.kind)
            doubts += bool(one.doubt)
            if name == "deciding":
                for piece in (one.name.encode(), one.expects.encode(), hashlib.sha256(one.content).digest()):
                    digest.update(piece + b"\0")
        shown = ", ".join(f"{word} {count}" for word, count in sorted(expected.items()))
        said.append(f"{half}: {expected.total()} mails of {len(kinds)} kinds ({shown}), {doubts} in doubt")
    for name in PARTS.get(which, (which,)):
        path = DATA / f"{name}_deciding.toml"
        if path.exists():
            said.append(f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}")
    return [*said, f"{digest.hexdigest()}  mails of {which}"]


def main(sets: list[str]) -> None:
    FROZEN.mkdir(exist_ok=True)
    for which in sets or written():
        text = "".join(f"{line}\n" for line in lines(which))
        print(f"{which}\n{text}")
        (FROZEN / f"{which}.txt").write_text(text, "utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
