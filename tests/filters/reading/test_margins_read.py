"""What stands outside the parts of a mail is read as the mail is, in both directions."""

import base64

from filters.verdict import Disposition
from tests.filters.extract.documents import archive
from tests.filters.inbound.arriving import look
from tests.filters.mails import attached, examined, findings

SECRET = "【社外秘】来期の計画です。".encode()


def outside(place: str, piece: bytes) -> bytes:
    """A mail with a text and a file, and this before or behind them."""
    return attached(("a.txt", b"x")).replace(place.encode() + b"\r\n", piece + b"\r\n")


def test_a_mark_outside_the_parts_is_a_mark_in_the_mail() -> None:
    for place in ("preamble", "epilogue"):
        raw = outside(place, SECRET)
        assert SECRET in raw
        assert findings("confidential_body", raw), place
        assert examined(raw).verdict.disposition is Disposition.REJECT


def test_files_outside_the_parts_are_files() -> None:
    zipped = archive(("a.txt", SECRET))
    for place in ("preamble", "epilogue"):
        for piece in (zipped, base64.encodebytes(zipped).replace(b"\n", b"\r\n")):
            found = findings("confidential_attachment", outside(place, piece))
            assert found, (place, piece[:20])


def test_programs_that_arrive_outside_the_parts_are_seen() -> None:
    program = b"MZ\x90\0\3\0\0\0\4\0" + bytes(50) + b"\x40\0\0\0PE\0\0" + bytes(300)
    zipped = archive(("invoice.exe", program))
    for piece in (zipped, base64.encodebytes(zipped).replace(b"\n", b"\r\n")):
        assert look("executable", outside("epilogue", piece)), piece[:20]


def test_what_programs_write_there_is_nothing() -> None:
    raw = outside("preamble", b"This is a multi-part message in MIME format.")
    assert not findings("confidential_body", raw)
