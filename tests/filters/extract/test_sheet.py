"""Sheets of an xlsx as people read them."""

import io
import zipfile

import pytest

from filters.extract import Budget, extract, sheet
from filters.extract.sheet import Book
from tests.growth import BAR, growth

SPACE = b'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
STRINGS = (
    b'<?xml version="1.0"?><sst ' + SPACE + b">"
    b"<si><t>name</t></si><si><r><t>Sato &amp; </t></r><r><t>Co</t></r></si><si/><si><t>nobody sees it</t></si>"
    b"<si><t>\xe7\xa4\xbe\xe5\xa4\x96\xe7\xa7\x98</t><rPh sb='0' eb='1'><t>\xe3\x82\xb7\xe3\x83\xa3</t></rPh></si></sst>"
)
STYLES = (
    b"<styleSheet><numFmts count='1'><numFmt formatCode='000\\-0000\\-0000' numFmtId='164'/></numFmts>"
    b"<cellStyleXfs><xf numFmtId='14'/></cellStyleXfs>"
    b"<cellXfs><xf numFmtId='0'/><xf numFmtId='14'/><xf numFmtId=\"164\"/><xf numFmtId='9'/></cellXfs></styleSheet>"
)


def workbook(cells: bytes, strings: bytes = STRINGS, workbook: bytes = b"<workbook/>") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        made.writestr("[Content_Types].xml", b"<Types/>")
        made.writestr("xl/workbook.xml", workbook)
        made.writestr("xl/worksheets/sheet1.xml", b"<worksheet " + SPACE + b">" + cells + b"</worksheet>")
        made.writestr("xl/styles.xml", STYLES)
        if strings:
            made.writestr("xl/sharedStrings.xml", strings)
    return out.getvalue()


def texts(content: bytes) -> dict[str, str]:
    found = extract("a.xlsx", "", content, Budget())
    assert (found.kind, found.verdict) == ("xlsx", "ok"), found.why
    return {place.rpartition("/")[2]: text.strip() for place, text in found.texts}


def test_a_row_is_a_line_of_what_its_cells_show() -> None:
    cells = (
        b"<row r='1'><c r='A1' t='s'><v>1</v></c><c r='B1' s='2'><v>9012345678</v></c><c r='C1' s='1'><v>31138</v></c></row>"
        b"<row r='2'><c t='s'><v>4</v></c><c s='3'><v>0.5</v></c><c><v>0.30000000000000004</v></c><c t='b'><v>1</v></c></row>"
        b"<row r='3'><c t='str'><f>A1&amp;\"x\"</f><v>text</v></c><c><f>SUM(A1:A2)</f><v>7</v></c><c t='e'><v>#N/A</v></c></row>"
        b"<row r='4'><c t='inlineStr'><is><t>inline</t></is></c><c s='0'><v>5</v></c></row>"
    )
    found = texts(workbook(cells))
    lines = [line.strip().split("\t") for line in found["sheet1.xml"].split("\n") if line.strip()]
    assert lines == [
        ["Sato & Co", "090-1234-5678", "1985/04/01"],
        ["社外秘", "50%", "0.3", "TRUE"],
        ["text", "7", "#N/A"],
        ["inline", "5"],
        ['A1&"x"'],
    ]
    assert found["sharedStrings.xml"].split("\n") == ["name", "", "nobody sees it", "シャ"]


def test_prefixes_of_other_programs() -> None:
    strings = b'<x:sst xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><x:si><x:t>one</x:t></x:si></x:sst>'
    cells = b"<x:c xmlns:x='y' t=\"s\"><x:v>0</x:v></x:c><x:c xmlns:x='y' s='1'><x:v>31138</x:v></x:c>"
    assert texts(workbook(cells, strings))["sheet1.xml"].split() == ["one", "1985/04/01"]


def test_days_since_1904() -> None:
    found = texts(
        workbook(b"<c s='1'><v>29676</v></c>", workbook=b"<workbook><workbookPr date1904='1'/></workbook>")
    )
    assert found["sheet1.xml"] == "1985/04/01"


@pytest.mark.parametrize(
    "strings",
    [STRINGS.replace(b"<sst", b"<!-- x --><sst"), STRINGS.replace(b"</sst>", b"<![CDATA[]]></sst>")],
)
def test_strings_that_only_a_parser_reads_are_read_apart(strings: bytes) -> None:
    found = texts(workbook(b"<row><c t='s'><v>1</v></c></row>", strings))
    assert "Sato & Co" in found["sharedStrings.xml"]
    assert "社外秘" in found["sharedStrings.xml"]


def test_large_sheets_are_read_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheet, "CELLS", 3)
    found = texts(workbook(b"<row><c t='s'><v>1</v></c></row>" * 4))
    assert found["sheet1.xml"].split() == ["1"] * 4
    assert "Sato & Co" in found["sharedStrings.xml"]


def test_numbers_of_strings_and_styles_that_are_none() -> None:
    cells = b"<c t='s'><v>99</v></c><c t='s'><v>x</v></c><c s='99'><v>1.5</v></c><c s='1'><v>none</v></c>"
    assert texts(workbook(cells, b""))["sheet1.xml"].split() == ["99", "x", "1.5", "none"]


@pytest.mark.parametrize(
    "one", [b"<c t='s'><f>a", b"<c t='s'><v>", b"<c s='1'", b"<rPh >", b"<c><f>1</f>", b"<cellXfs"]
)
def test_cost_grows_with_the_sheet(one: bytes) -> None:
    book = Book(STRINGS, STYLES, b"")
    assert growth(lambda n: one * n, book.sheet, 2_000) < BAR
    assert growth(lambda n: one * n, lambda data: Book(data, data, b""), 2_000) < BAR


def test_texts_in_formulas_are_read_however_many_there_are() -> None:
    cells = b"".join(b"<c t='str'><f>IF(1,\"%d\")</f><v>x</v></c>" % number for number in range(3_000))
    last = '<c t="str"><f>IF(0,"社外秘")</f><v>x</v></c>'.encode()
    assert "社外秘" in texts(workbook(cells + last))["sheet1.xml"]
