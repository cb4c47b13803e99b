"""IN-CRYPT: writing that nobody here can read is on record."""

from tests.filters.extract.documents import archive, pdf
from tests.filters.extract.pictures import written
from tests.filters.inbound.arriving import look, mail

PAGE = written("社外秘 Confidential")


def test_scans_and_pictures_of_text_also_inside_others() -> None:
    for name, content in (
        ("a.pdf", pdf(text="")),
        ("a.png", PAGE),
        ("a.zip", archive(("a.png", PAGE))),
    ):
        assert look("picture_of_text", mail("see", files={name: content})), name


def test_documents_with_text_and_other_files_are_none() -> None:
    for name, content in (("a.pdf", pdf()), ("a.txt", b"text"), ("a.zip", archive(("a.txt", b"x")))):
        assert not look("picture_of_text", mail("see", files={name: content})), name
