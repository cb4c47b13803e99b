"""The table of severities is complete, and says what people are told."""

import pytest

from config.words import known
from filters.ambiguity import NOTE, SEVERITY, STOP, doubt
from filters.rule import Mail
from mail.ambiguity import WHY
from mail.message import Message
from tests.filters.mails import ORGANISATION, facts

UU = b"From: a@b.example\r\nSubject: s\r\n\r\nbegin 644 a.txt\r\n#86)C\r\n`\r\nend\r\n"
PLAIN = b"From: a@b.example\r\nSubject: s\r\n\r\nhello\r\n"
TNEF = b"From: a@b.example\r\nContent-Type: application/ms-tnef; name=winmail.dat\r\n\r\nx\r\n"


def mail(raw: bytes, direction: str = "inbound") -> Mail:
    return Mail(Message(raw), facts(direction=direction))


def test_every_detector_has_its_row() -> None:
    assert SEVERITY.keys() == WHY.keys()
    assert all(known("ja", f"values.damaged.{row.what}") for row in SEVERITY.values())


def test_what_ordinary_mail_has_stops_nothing() -> None:
    for name in ("tnef", "base64-in-text"):
        assert (SEVERITY[name].inbound, SEVERITY[name].outbound) == (NOTE, NOTE)


@pytest.mark.parametrize("direction", ["inbound", "outbound"])
def test_one_finding_tells_what_and_where(direction: str) -> None:
    finding = doubt(mail(UU, direction), ORGANISATION, STOP, (), ())
    assert finding is not None
    assert finding.values == {
        "what": "inline",
        "why": "uuencode",
    }
    assert finding.evidence[0].offset == UU.index(b"begin")


def test_policy_can_leave_detectors_out_and_add_others() -> None:
    assert doubt(mail(UU), ORGANISATION, STOP, ("uuencode",), ()) is None
    assert doubt(mail(TNEF), ORGANISATION, STOP, (), ()) is None
    assert doubt(mail(TNEF), ORGANISATION, NOTE, (), ()) is not None
    assert doubt(mail(TNEF), ORGANISATION, STOP, (), ("tnef",)) is not None
    assert doubt(mail(PLAIN), ORGANISATION, STOP, (), tuple(WHY)) is None
