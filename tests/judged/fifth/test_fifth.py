"""The fifth set is what it was when it was sealed; its mails are of their own and can be read again."""

import email
import email.policy
from email.message import EmailMessage
from functools import cache

import pytest

from tests.judged import Sample, samples
from tests.judged.fifth import FIFTH, written
from tests.judged.fifth.freeze import FROZEN, lines

LEFT = ("{link}", "{token}", "{digits}", "{to}", "{host}", "{domain}", "[[", "]]", "[=", "{qr}")
LEAST = {
    "attacks": 80,
    "citing": 80,
    "phishing": 70,
    "tables": 85,
    "passphrases": 80,
    "secrets": 85,
    "numbers": 60,
}
"""Kinds of a set: a half that decides is not a few examples."""


@cache
def mails(which: str) -> tuple[Sample, ...]:
    """Made once for all tests."""
    return tuple(samples(which, FIFTH[0]))


@pytest.mark.parametrize("which", written())
def test_the_half_is_as_it_was_frozen(which: str) -> None:
    """Whoever changes one says so in README.md: `python -m tests.judged.fifth.freeze SET`, and why."""
    assert (FROZEN / f"{which}.txt").read_text("utf-8").splitlines() == lines(which, mails(which))


@pytest.mark.parametrize("which", written())
def test_each_sample_is_a_mail_of_its_own(which: str) -> None:
    """A mistake of the writer would be taken for a fault of the product."""
    found = mails(which)
    assert len({one.name for one in found}) == len({one.content for one in found}) == len(found)
    assert all(one.name.startswith(f"{which}/{FIFTH[0]}/") and one.name.count("/") == 3 for one in found)
    assert len({one.kind for one in found}) >= LEAST.get(which, 0)


def _said(part: EmailMessage) -> str:
    """The text of a part, whatever its label says: innocent programs have unknown ones, too."""
    try:
        return str(part.get_content())
    except LookupError:
        return part.get_payload(decode=True).decode("latin-1")  # type: ignore[union-attr]


@pytest.mark.slow
@pytest.mark.parametrize("which", written())
def test_what_was_written_can_be_read_again(which: str) -> None:
    """Nothing of a mail is named here: only its number."""
    for number, one in enumerate(mails(which)):
        parsed = email.message_from_bytes(one.content, policy=email.policy.default)
        shown = f"{which}, sample {number}"
        assert None not in (parsed["from"], parsed["to"], parsed["subject"]), shown
        parts = list(parsed.walk())
        assert not any(part.defects for part in parts), shown
        text = "".join(_said(p) for p in parts if p.get_content_type() in ("text/plain", "text/html"))
        assert not any(left in text or left in parsed["subject"] for left in LEFT), shown
