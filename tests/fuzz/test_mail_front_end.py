"""The mail front end on mails broken at random: nothing raises, everything ends, problems have known names.

A few hundred in every run; `./dev test tests/fuzz --all` some ten thousand; longer, from another number on:
`SEKISHO_FUZZ_SECONDS=3600 SEKISHO_FUZZ_FROM=1000000 ./dev test tests/fuzz --all`. A failure names its number.
"""

import os
import time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from filters.ambiguity import SEVERITY
from filters.examine import run
from filters.ruleset import prepare
from filters.verdict import Disposition
from mail.ambiguity import ambiguities
from mail.compose import applied
from mail.message import PROBLEMS, Message
from mail.readings import MAX_READINGS, readings
from tests.filters.mails import facts, policy
from tests.fuzz.mutations import mutated

PREPARED = prepare(policy())


def front_end(raw: bytes) -> None:
    message = Message(raw)
    assert set(message.problems) <= PROBLEMS.keys()
    found = ambiguities(message)
    assert {a.name for a in found} <= SEVERITY.keys()
    for part in (*message.parts, *readings(message, found).parts):
        start, end = part.body_span
        assert 0 <= start <= end <= len(part.view)
        part.text()
        assert all(isinstance(name, str) for name in part.filenames)
    assert len({p.view.obj for p in readings(message, found).parts}) <= MAX_READINGS


def checkpoint(raw: bytes) -> None:
    """Both directions end with a verdict; what leaves a hold rebuilt has one reading."""
    for direction in ("inbound", "outbound"):
        recipient = "sato@us.example" if direction == "inbound" else "tanaka@partner.example"
        result = run(raw, facts(recipient, direction=direction), PREPARED)
        assert [c.recipients for c in result.copies] == [(0,)]
        for copy in result.copies:
            if "rebuild" in copy.verdict.rewrites and copy.edits:
                assert result.verdict.disposition is Disposition.HOLD
                assert ambiguities(Message(applied(raw, copy.edits))) == ()


@settings(max_examples=300, deadline=None)
@given(st.integers(0, 1 << 30))
def test_mails_broken_at_random(number: int) -> None:
    front_end(mutated(number))


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 1 << 30))
@example(648)  # a text file whose charset a client would have guessed
@example(18867)
def test_mails_broken_at_random_at_the_checkpoint(number: int) -> None:
    checkpoint(mutated(number))


@pytest.mark.slow
@pytest.mark.timeout(0)
def test_many_mails_broken_at_random() -> None:
    first = int(os.environ.get("SEKISHO_FUZZ_FROM", "0"))
    seconds = float(os.environ.get("SEKISHO_FUZZ_SECONDS", "120"))
    end, number = time.monotonic() + seconds, first
    while time.monotonic() < end:
        try:
            front_end(mutated(number))
            if number % 10 == 0:
                checkpoint(mutated(number))
        except Exception as error:
            raise AssertionError(f"the mail of number {number}") from error
        number += 1
    print(f"{number - first} mails from number {first} on")
