"""Two errors count the same: a missed attack, and a warning that nobody believes any longer.

The letters were written for this test, not the lists for the letters: a change that loses one or two may be right,
a change that moves these rates is not.
"""

import pytest

from config.policy import Policy
from tests.filters.inbound.letter import POLICY, STRANGE, warned

FACTS = pytest.mark.parametrize("checked", [False, True], ids=["nothing checked", "SPF, DKIM and DMARC pass"])
TOLD = pytest.mark.parametrize("policy", [POLICY, STRANGE], ids=["people and partners told", "nothing told"])


@FACTS
@TOLD
def test_ordinary_mail_is_left_alone(policy: Policy, checked: bool) -> None:
    """At most one mail in a hundred, business mail in Japanese and English and newsletters together."""
    names = ("ordinary_ja", "ordinary_en", "ordinary_more")
    seen = [one for name in names for one in warned(name, policy, checked)]
    wrong = [f"{letter['subject']}: {[f.rule for f in found]}" for letter, found, was in seen if was]
    assert len(seen) >= 160
    assert len(wrong) <= len(seen) // 100, wrong


@FACTS
@TOLD
def test_offices_that_ask_and_urge_are_left_alone(policy: Policy, checked: bool) -> None:
    """Letters of banks, shops, offices and correspondents that ask and urge as attacks do: written before the wide rows."""
    seen = [
        one for name in ("ordinary_office_ja", "ordinary_office_en") for one in warned(name, policy, checked)
    ]
    wrong = [f"{letter['subject']}: {[f.rule for f in found]}" for letter, found, was in seen if was]
    assert len(seen) >= 160
    assert not wrong, wrong


@FACTS
@TOLD
@pytest.mark.parametrize(
    ("name", "least"), [("deceiving_ja", 0.95), ("deceiving_en", 0.95), ("deceiving_more", 0.9)]
)
def test_deceiving_mail_is_warned_of(name: str, least: float, policy: Policy, checked: bool) -> None:
    seen = warned(name, policy, checked)
    missed = [f"{letter['subject']}: {[f.rule for f in found]}" for letter, found, was in seen if not was]
    assert len(seen) - len(missed) >= least * len(seen), missed


@FACTS
@pytest.mark.parametrize("name", ["deceiving_ja", "deceiving_en", "deceiving_more"])
def test_deceiving_mail_shows_several_indicators(name: str, checked: bool) -> None:
    """Apart from the sender being new."""
    counts = [
        len({f.rule for f in found} - {"first_contact"}) for _, found, _ in warned(name, POLICY, checked)
    ]
    assert sum(c >= 1 for c in counts) >= 0.99 * len(counts)
    assert sum(c >= 2 for c in counts) >= 0.9 * len(counts)


@FACTS
@TOLD
def test_two_sentences(policy: Policy, checked: bool) -> None:
    """What is so short that only what it asks, and that nobody is named in it, can tell: and as short letters that ask for nothing of that."""
    ordinary, deceiving = warned("ordinary_curt", policy, checked), warned("deceiving_curt", policy, checked)
    wrong = [f"{letter['subject']}: {[f.rule for f in found]}" for letter, found, was in ordinary if was]
    missed = [
        f"{letter['subject']}: {[f.rule for f in found]}" for letter, found, was in deceiving if not was
    ]
    assert len(ordinary) >= 100
    assert len(deceiving) >= 70
    assert not wrong, wrong
    assert not missed, missed


@FACTS
@TOLD
def test_letters_of_another_hand(policy: Policy, checked: bool) -> None:
    """Letters written by somebody who had not seen the rules; docs/detection.md has the figures of the first run."""
    ordinary, deceiving = (
        warned("ordinary_blind", policy, checked),
        warned("deceiving_blind", policy, checked),
    )
    wrong = [f"{letter['subject']}: {[f.rule for f in found]}" for letter, found, was in ordinary if was]
    missed = [
        f"{letter['subject']}: {[f.rule for f in found]}" for letter, found, was in deceiving if not was
    ]
    assert (len(ordinary), len(deceiving)) == (70, 80)
    # Two from outside speak in the name of our people and our organisation: only an insider can tell.
    assert len(wrong) <= (2 if policy is POLICY else 0), wrong
    assert len(missed) <= 4, missed
