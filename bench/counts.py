"""What an examination does, counted: `python -m bench counts`. No seconds: the same on a busy machine.

Calls of Python functions, calls of C functions, searches by RE2 and texts encoded, for one mail; the mean of
mails that all differ, after as many others.
"""

import random
import sys
from collections.abc import Callable
from types import FrameType
from typing import Any

import msgspec

from bench.examine import checkpoint, kinds
from bench.stand.mails import OUTSIDER, SENDER, mail
from filters.facts import Facts
from filters.ruleset import Prepared
from filters.warm import run

MAILS = 20


class Counts(msgspec.Struct, frozen=True):
    """Per mail."""

    python: float
    c: float
    re2: float
    encodes: float


def counts(way: str, kind: str) -> Counts:
    """Of mails of this direction and kind (bench.examine)."""
    facts, prepared = checkpoint(way)
    sender, recipient = (SENDER, OUTSIDER) if way == "outbound" else (OUTSIDER, SENDER)
    make = kinds(random.Random(1))[kind]
    return of([mail(n, sender, recipient, make()) for n in range(2 * MAILS)], facts, prepared)


def of(contents: list[bytes], facts: Facts, prepared: Prepared) -> Counts:
    """Of the later half of these mails; the earlier half has loaded what is loaded once."""
    first, counted = contents[: len(contents) // 2], contents[len(contents) // 2 :]
    for content in first:
        run(content, facts, prepared)
    return _counted(lambda: [run(content, facts, prepared) for content in counted], len(counted))


def _counted(work: Callable[[], object], mails: int) -> Counts:
    python = c = searches = encodes = 0

    def note(frame: FrameType, event: str, argument: Any) -> None:
        nonlocal python, c, searches, encodes
        if event == "call":
            python += 1
        elif event == "c_call":
            c += 1
            name = argument.__name__
            encodes += name == "encode"
            searches += name in ("Match", "match", "search", "fullmatch") and _is_re2(argument)

    before = sys.getprofile()
    sys.setprofile(note)
    try:
        work()
    finally:
        sys.setprofile(before)
    return Counts(python / mails, c / mails, searches / mails, encodes / mails)


def _is_re2(function: Any) -> bool:
    return type(getattr(function, "__self__", None)).__module__ == "_re2" or "_re2" in str(
        getattr(function, "__module__", "")
    )


def main(arguments: list[str]) -> None:
    print(f"{'':<26}{'Python':>8}{'C':>8}{'RE2':>6}{'encode':>8}")
    for way in ("inbound", "outbound"):
        for kind in ("10 kB text", "html page", "docx"):
            found = counts(way, kind)
            print(
                f"{way + ' ' + kind:<26}{found.python:>8.0f}{found.c:>8.0f}{found.re2:>6.1f}{found.encodes:>8.1f}"
            )
