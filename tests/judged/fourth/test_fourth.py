"""The fourth set is what it was when it was frozen; its mails are of their own and can be read again."""

import email
import email.policy
from email.message import EmailMessage
from functools import cache

import pytest

from tests.judged import Half, Sample, samples
from tests.judged.fourth import FOURTH, written
from tests.judged.fourth.freeze import FROZEN, lines

BROKEN_ON_PURPOSE = {"evasions"}
LEFT = ("{link}", "{token}", "{digits}", "{to}", "[[", "]]", "{qr}")


@cache
def mails(which: str, half: Half) -> tuple[Sample, ...]:
    """Those of a half, made once for all tests."""
    return tuple(samples(which, half))


@pytest.mark.parametrize("which", written())
def test_the_deciding_half_is_as_it_was_frozen(which: str) -> None:
    """Whoever changes one says so in README.md: `python -m tests.judged.fourth.freeze SET`, and why."""
    assert (FROZEN / f"{which}.txt").read_text("utf-8").splitlines() == lines(which)


@pytest.mark.parametrize("which", written())
def test_each_sample_is_a_mail_of_its_own(which: str) -> None:
    """A mistake of the writer would be taken for a fault of the product."""
    found = {half: mails(which, half) for half in FOURTH}
    everything = [one for half in found.values() for one in half]
    assert len({one.name for one in everything}) == len(everything)
    assert len({one.content for one in everything}) == len(everything)
    for half, some in found.items():
        assert all(one.name.startswith(f"{which}/{half}/") and one.name.count("/") == 3 for one in some)


def _said(part: EmailMessage) -> str:
    """The text of a part, whatever its label says: innocent programs have unknown ones, too."""
    try:
        return str(part.get_content())
    except LookupError:
        return part.get_payload(decode=True).decode("latin-1")  # type: ignore[union-attr]


@pytest.mark.parametrize("which", [name for name in written() if name not in BROKEN_ON_PURPOSE])
def test_what_was_written_can_be_read_again(which: str) -> None:
    for half in FOURTH:
        for number, one in enumerate(mails(which, half)):
            parsed = email.message_from_bytes(one.content, policy=email.policy.default)
            shown = one.name if half == "fourth" else f"deciding sample {number}"
            assert None not in (parsed["from"], parsed["to"], parsed["subject"]), shown
            parts = list(parsed.walk())
            assert not any(part.defects for part in parts), shown
            text = "".join(_said(p) for p in parts if p.get_content_type() in ("text/plain", "text/html"))
            assert not [left for left in LEFT if left in text or left in parsed["subject"]], shown
