"""IN-ICON: programs with the icon of a document; what the extractor says of an icon is passed on."""

from unittest.mock import patch

from filters.extract import Extracted
from filters.extract.found import Sign
from filters.reading import Attachment
from tests.filters.inbound.arriving import look, mail


def test_a_borrowed_icon_is_seen_where_the_extractor_saw_it() -> None:
    answer = Extracted("zip", signs=(Sign("icon:PDF", "x/明細.exe", "PDF"),))
    with patch.object(Attachment, "extracted", answer):
        (finding,) = look("borrowed_icon", mail(files={"a.zip": b"PK"}))
    assert finding.values == {"name": "明細.exe", "icon": "PDF"}
    assert finding.evidence[0].part == "2/a.zip/x/明細.exe"


def test_other_files_have_none() -> None:
    assert not look("borrowed_icon", mail(files={"a.exe": b"MZ" + bytes(100), "b.pdf": b"%PDF-"}))
