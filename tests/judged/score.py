"""How well somebody answers a set: counts per kind; of a deciding half never which mail was wrong."""

from collections.abc import Callable
from dataclasses import dataclass, field

from tests.judged import BLIND, Half, Sample, samples


@dataclass
class Score:
    """`right` and `total` per kind, without the samples in doubt; those apart in `doubtful`."""

    right: dict[tuple[str, str], int] = field(default_factory=dict)  # (expectation, kind)
    total: dict[tuple[str, str], int] = field(default_factory=dict)
    doubtful: list[int] = field(default_factory=lambda: [0, 0])  # right, total
    wrong: list[str] = field(default_factory=list)  # names: never of a deciding half
    bare: bool = False  # whether a kind would tell which mail it was: then kinds are not named either

    def found(self, expects: str) -> tuple[int, int]:
        """Right and all of those for which this was expected."""
        return (
            sum(count for (expected, _), count in self.right.items() if expected == expects),
            sum(count for (expected, _), count in self.total.items() if expected == expects),
        )

    def lines(self) -> list[str]:
        """A line for each expectation and for each kind that is not all right."""
        said = []
        for expects in sorted({expected for expected, _ in self.total}):
            right, total = self.found(expects)
            said.append(f"{expects}: {right} of {total} ({right / total:.2%})")
            said += (
                []
                if self.bare
                else [
                    f"  {kind}: {self.right.get((expected, kind), 0)} of {count}"
                    for (expected, kind), count in sorted(self.total.items())
                    if expected == expects and self.right.get((expected, kind), 0) < count
                ]
            )
        return [*said, f"in doubt: {self.doubtful[0]} of {self.doubtful[1]}"]


def score(which: str, half: Half, answer: Callable[[Sample], str]) -> Score:
    """Ask `answer` for each sample of a half what it concludes; it says a word of the set's expectations.

    History is shown to it, in order, and not counted.
    """
    told = Score(bare=half in BLIND and half != "deciding")
    for one in samples(which, half):
        said = answer(one)
        if one.expects == "history":
            continue
        good = said == one.expects
        if one.doubt:
            told.doubtful[0] += good
            told.doubtful[1] += 1
            continue
        key = (one.expects, one.kind)
        told.right[key] = told.right.get(key, 0) + good
        told.total[key] = told.total.get(key, 0) + 1
        if not good and half not in BLIND:
            told.wrong.append(one.name)
    return told
