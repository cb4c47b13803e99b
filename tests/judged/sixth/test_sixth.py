"""The sixth set is what it was when it was sealed; its mails are of their own and can be read again."""

from functools import cache

import pytest

from tests.judged import Sample, samples
from tests.judged.fifth.freeze import lines
from tests.judged.sealed import each_can_be_read, each_is_of_its_own
from tests.judged.sixth import DATA, SIXTH, written
from tests.judged.sixth.freeze import FROZEN

LEAST = {"attacks": 150, "citing": 190, "phishing": 110, "bounces": 100}
"""Kinds of a set: a half that decides is not a few examples."""


@cache
def mails(which: str) -> tuple[Sample, ...]:
    """Made once for all tests."""
    return tuple(samples(which, SIXTH[0]))


@pytest.mark.parametrize("which", written())
def test_the_half_is_as_it_was_frozen(which: str) -> None:
    """Whoever changes one says so in README.md: `python -m tests.judged.sixth.freeze SET`, and why."""
    assert (FROZEN / f"{which}.txt").read_text("utf-8").splitlines() == lines(
        which, mails(which), SIXTH[0], DATA
    )


@pytest.mark.parametrize("which", written())
def test_each_sample_is_a_mail_of_its_own(which: str) -> None:
    each_is_of_its_own(which, SIXTH[0], mails(which), LEAST.get(which, 0))


@pytest.mark.slow
@pytest.mark.parametrize("which", written())
def test_what_was_written_can_be_read_again(which: str) -> None:
    each_can_be_read(which, mails(which))
