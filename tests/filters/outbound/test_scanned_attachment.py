"""OUT-ENCRYPT: pages of pictures."""

from tests.filters.extract.documents import archive, pdf
from tests.filters.mails import attached, examined, findings

SCAN = pdf(text="")


def test_found_also_inside_an_archive() -> None:
    assert findings("scanned_attachment", attached(("a.pdf", SCAN)))
    assert findings("scanned_attachment", attached(("a.zip", archive(("a.pdf", SCAN), ("b.txt", b"x")))))


def test_it_is_only_observed() -> None:
    assert not examined(attached(("a.pdf", SCAN))).verdict.holds


def test_pages_with_text_are_left_alone_and_other_unread_files_are_another_rule() -> None:
    unknown = bytes(range(256)) * 20
    assert not findings("scanned_attachment", attached(("a.pdf", pdf())))
    both = attached(("a.zip", archive(("a.pdf", SCAN), ("b.bin", unknown))))
    assert not findings("scanned_attachment", both)
    assert findings("unsupported_attachment", both)
