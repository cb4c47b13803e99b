"""IN-CRYPT: files that could not be read to their end."""

import zlib

from tests.filters.extract.documents import word
from tests.filters.inbound.arriving import archive, look, mail, weight


def test_beyond_the_limits_weighs_most() -> None:
    content = archive({"a.txt": b"x"})
    for _ in range(7):
        content = archive({"b.zip": content})
    (finding,) = look("unread_attachment", mail(files={"資料.zip": content}))
    assert finding.weight == 4
    assert finding.values["why"] == "limit"


def test_a_damaged_archive() -> None:
    broken = archive({"a.txt": b"x"})[:-25]
    (finding,) = look("unread_attachment", mail(files={"資料.zip": broken}))
    assert (finding.weight, finding.evidence[0].quote) == (3, "資料.zip")
    assert weight("unread_attachment", mail(files={"a.7z": b"7z\xbc\xaf\x27\x1c" + bytes(30)})) == 3


def test_a_damaged_document_weighs_little() -> None:
    assert weight("unread_attachment", mail(files={"a.pdf": b"%PDF-1.7\n broken"})) == 1


def test_what_is_whole_or_merely_unknown_is_silent() -> None:
    assert not look("unread_attachment", mail(files={"a.zip": archive({"a.txt": b"x"})}))
    assert not look("unread_attachment", mail(files={"a.docx": word(), "b.dat": zlib.compress(b"x" * 99)}))
