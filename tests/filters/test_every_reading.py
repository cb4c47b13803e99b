"""A mail that clients read differently delivers nothing unseen: every reading is examined, in both directions."""

import io
import zipfile
from collections import Counter
from functools import cache

import pytest

from filters.examine import run
from filters.examined import Examined
from filters.rule import Mail
from filters.ruleset import prepare
from filters.verdict import Disposition
from mail.message import Message
from tests.filters.mails import facts, policy
from tests.mail.ambiguous_mails import carriers

TEXT = "この資料は社外秘です。取り扱いに注意してください。"


def macro_file() -> bytes:
    """A Word file with macros and a confidential text."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("[Content_Types].xml", '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>')  # fmt: skip
        archive.writestr(
            "word/document.xml", f"<document><body><p><r><t>{TEXT}</t></r></p></body></document>"
        )
        archive.writestr("word/vbaProject.bin", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600))
    return file.getvalue()


PROGRAM = b"MZ\x90\x00" + bytes(56) + b"\x40\x00\x00\x00" + b"PE\0\0" + bytes(range(256)) * 2
PAYLOADS = {"x.exe": PROGRAM, "x.docm": macro_file(), "x.txt": (TEXT * 20).encode()}
CARRIERS = carriers(PAYLOADS, TEXT)
SEES = {
    ("outbound", "x.exe"): {"executable_attachment"},
    ("outbound", "x.docm"): {"confidential_attachment", "confidential_body", "class_approval"},
    ("outbound", "x.txt"): {"confidential_attachment", "confidential_body", "class_approval"},
    ("inbound", "x.exe"): {"executable", "type_mismatch"},
    ("inbound", "x.docm"): {"macro"},
}
PREPARED = prepare(policy())


@cache
def examined(raw: bytes, direction: str) -> Examined:
    recipient = "tanaka@partner.example" if direction == "outbound" else "sato@us.example"
    return run(raw, facts(recipient, direction=direction), PREPARED)


def test_there_are_enough_of_them() -> None:
    assert len(CARRIERS) >= 150
    assert len({raw for _, _, raw in CARRIERS}) == len(CARRIERS)


@pytest.mark.parametrize("direction", ["outbound", "inbound"])
def test_nothing_is_delivered_undetected(direction: str) -> None:
    told: Counter[str] = Counter()
    delivered, blind = [], []
    for detector, name, raw in CARRIERS:
        result = examined(raw, direction)
        if (direction, name) in SEES:
            seen = bool({f.rule for f in result.findings} & SEES[direction, name])
        else:  # no indicator asks for a text as such: it must be there for those that look into it
            mail = Mail(Message(raw), facts("sato@us.example", direction=direction))
            seen = any(TEXT in text.raw for text in mail.reading.texts("body", "content"))
        stopped = result.verdict.disposition is not Disposition.DELIVER
        told["seen"] += seen
        if not seen:
            blind.append((detector, name))
        if not seen and not stopped:
            delivered.append((detector, name))
    assert delivered == []
    assert told["seen"] >= 0.95 * len(CARRIERS), blind


def test_what_is_held_leaves_only_in_one_reading() -> None:
    for _, _, raw in CARRIERS:
        result = examined(raw, "inbound")
        if "unscannable" in result.verdict.holds:
            assert all(copy.edits and copy.edits[0].end == len(raw) for copy in result.copies)
