"""Real mail, where a copy lies beside the project: bad mail gets a warning, good mail is left alone."""

import pytest

from bench.detect import CORPUS, OURS, Seen, half, judge
from config.policy import Organisation, Policy
from filters.ruleset import prepare

pytestmark = pytest.mark.skipif(not CORPUS.is_dir(), reason="no corpus beside the project")


def judged(folder: str) -> list[Seen]:
    """The half of a folder that nobody looked at while writing the indicators."""
    prepared = prepare(Policy(organisation=Organisation(name="Ours", domains=(OURS,))))
    files = sorted(f for f in (CORPUS / folder).iterdir() if half(f.name) == "check")
    return [judge(file, prepared) for file in files]


def share(seen: list[Seen], least: int) -> float:
    """How many show at least this many different indicators."""
    return sum(len({f.rule for f in s.findings}) >= least for s in seen) / len(seen)


def warned(seen: list[Seen]) -> float:
    return sum(s.warned for s in seen) / len(seen)


def test_japanese_phishing_shows_several_indicators() -> None:
    seen = judged("phish_ja")
    assert share(seen, 1) >= 0.99
    assert share(seen, 2) >= 0.90
    assert warned(seen) >= 0.95


def test_phishing_of_the_world_is_warned_of() -> None:
    assert warned(judged("phish")) >= 0.70


def test_ordinary_mail_is_left_alone() -> None:
    assert warned(judged("ham")) <= 0.01


def test_newsletters_are_mostly_left_alone() -> None:
    assert warned(judged("ham_newsletter")) <= 0.10
