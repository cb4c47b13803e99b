"""Judged sets: mails with an expectation, written by somebody who has seen no rule (README.md).

Each module of `SETS` has `samples(half)`, which yields `Sample`s. Nothing here imports the product, and
nothing depends on clock, network or chance: the same half is the same bytes on every machine, but for
what a module says that it takes from the machine (`secrets`: clean sources and manuals).
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib import import_module
from typing import Literal

Half = Literal[
    "development", "deciding", "third", "fourth", "fourth-deciding", "fifth-deciding", "sixth-deciding"
]
HALVES: tuple[Half, Half] = ("development", "deciding")
BLIND: frozenset[Half] = frozenset(("deciding", "fourth-deciding", "sixth-deciding"))
"""Of these only counts are told: nobody who writes rules may look at them."""
SETS = (
    "marks",
    "tables",
    "numbers",
    "secrets",
    "passphrases",
    "ordinary",
    "attacks",
    "bounces",
    "phishing",
    "takeover",
    "citing",
    "evasions",
)


@dataclass(frozen=True)
class Sample:
    """One mail and what should be concluded.

    `name` is "set/half/kind/number" and unique. `content` is a whole mail (RFC 5322, CRLF) as its sender hands
    it in, or as it arrives. `expects` is a word of the set (README.md). `doubt` says why another answer could
    be defended too; count such samples apart. `facts` is what the gateway would know about an arriving mail.
    """

    name: str
    half: Half
    content: bytes
    expects: str
    doubt: str = ""
    facts: dict[str, object] = field(default_factory=dict)

    @property
    def kind(self) -> str:
        """What it is a sample of: bars are counted by kind, too."""
        return self.name.split("/")[2]


def samples(which: str, half: Half) -> Iterator[Sample]:
    """All samples of a half of a set, in a fixed order. The rules' authors may not ask for "deciding".

    "third" was written later, to widen the rules by, "fourth" and "fourth-deciding" later still: these have modules
    of their own, not one for each set. "fifth-deciding" and "sixth-deciding" have data of their own for
    the modules of the fourth.
    """
    package = "third." if half == "third" else "" if half in HALVES else "fourth."
    module = import_module(f"tests.judged.{package}{which}")
    yield from module.samples(half)
