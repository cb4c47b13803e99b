"""Header fields and pictures that say a mail's class."""

import pytest

from filters.reading.labels import labels
from mail.message import Message


@pytest.mark.parametrize(
    ("field", "said"),
    [
        ("Sensitivity: Company-Confidential", "Company-Confidential"),
        ("X-Classification: Internal", "Internal"),
        ("MSIP_Labels: MSIP_Label_0a1b_Name=Secret; MSIP_Label_0a1b_Enabled=true", "Secret"),
    ],
)
def test_fields(field: str, said: str) -> None:
    (found,) = labels(Message(f"{field}\r\nSubject: x\r\n\r\n".encode()).root, ())
    assert (found.raw, found.role) == (said, "property")


def test_pictures() -> None:
    root = Message(b"Subject: x\r\n\r\n").root
    (found,) = labels(root, [("1.2", "社外秘\n図"), ("1.3", "")])
    assert (found.place, found.raw) == ("1.2#alt", "社外秘\n図")
