"""Damage found in ordinary mail is noted in both directions and changes nothing."""

import pytest

from filters.verdict import Disposition
from tests.filters.mails import examined

CUT_OFF = b"From: sato@us.example\r\nSubject: s\r\nContent-Type: multipart/mixed; boundary=a\r\n\r\n--a\r\n\r\nhello\r\n"
TWO_BOUNDARIES = CUT_OFF.replace(b"boundary=a", b"boundary=a; boundary=b") + b"--a--\r\n"
TNEF = b"From: sato@us.example\r\nContent-Type: application/ms-tnef; name=winmail.dat\r\n\r\nx\r\n"


@pytest.mark.parametrize(
    ("raw", "direction"), [(CUT_OFF, "inbound"), (CUT_OFF, "outbound"), (TNEF, "inbound"), (TNEF, "outbound")]
)
def test_noted(raw: bytes, direction: str) -> None:
    result = examined(raw, "sato@us.example", direction=direction)
    assert "odd_form" in {f.rule for f in result.findings}
    assert result.verdict.disposition is not Disposition.REJECT
    assert "unscannable" not in result.verdict.holds


def test_what_can_hide_something_sends_our_own_mail_back() -> None:
    rules = {f.rule for f in examined(TWO_BOUNDARIES).findings}
    assert "ambiguous_mail" in rules
    assert "odd_form" not in rules
