"""Documents from a few lines: the smallest files that the programs of an office open. Nothing is compressed."""

import io
import zipfile
from collections.abc import Iterable, Sequence
from xml.sax.saxutils import escape

Cell = str | int | float | None
_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_OFFICE = "http://schemas.openxmlformats.org"
_MAIN = f"{_OFFICE}/spreadsheetml/2006/main"
_WORD = f"{_OFFICE}/wordprocessingml/2006/main"
_REL = f"{_OFFICE}/officeDocument/2006/relationships"
_TYPE = "application/vnd.openxmlformats-officedocument"


def archive(members: Iterable[tuple[str, str | bytes]]) -> bytes:
    """A ZIP, stored, of one fixed date."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as packed:
        for name, content in members:
            packed.writestr(zipfile.ZipInfo(name, (2026, 11, 2, 9, 0, 0)), content)
    return out.getvalue()


def _package(
    types: dict[str, str], first: str, members: list[tuple[str, str]], title: str, keywords: str
) -> bytes:
    kinds = "".join(f'<Override PartName="/{name}" ContentType="{kind}"/>' for name, kind in types.items())
    core = (
        f'{_XML}<cp:coreProperties xmlns:cp="{_OFFICE}/package/2006/metadata/core-properties" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<dc:title>{escape(title)}</dc:title><cp:keywords>{escape(keywords)}</cp:keywords></cp:coreProperties>"
    )
    return archive(
        [
            (
                "[Content_Types].xml",
                f'{_XML}<Types xmlns="{_OFFICE}/package/2006/content-types"><Default Extension="rels" '
                'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
                '<Default Extension="xml" ContentType="application/xml"/>'
                '<Override PartName="/docProps/core.xml" '
                f'ContentType="application/vnd.openxmlformats-package.core-properties+xml"/>{kinds}</Types>',
            ),
            (
                "_rels/.rels",
                f'{_XML}<Relationships xmlns="{_OFFICE}/package/2006/relationships"><Relationship Id="rId1" '
                f'Type="{_REL}/officeDocument" Target="{first}"/><Relationship Id="rId2" '
                f'Type="{_OFFICE}/package/2006/relationships/metadata/core-properties" '
                'Target="docProps/core.xml"/></Relationships>',
            ),
            ("docProps/core.xml", core),
            *members,
        ]
    )


def _relations(pairs: Iterable[tuple[str, str, str]]) -> str:
    inner = "".join(f'<Relationship Id="{i}" Type="{_REL}/{kind}" Target="{to}"/>' for i, kind, to in pairs)
    return f'{_XML}<Relationships xmlns="{_OFFICE}/package/2006/relationships">{inner}</Relationships>'


def _column(index: int) -> str:
    name = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        name = chr(65 + rest) + name
    return name


def _cell(row: int, column: int, value: Cell) -> str:
    at = f"{_column(column)}{row}"
    if value is None or value == "":
        return ""
    if isinstance(value, str):
        return f'<c r="{at}" t="inlineStr"><is><t xml:space="preserve">{escape(value)}</t></is></c>'
    return f'<c r="{at}"><v>{value}</v></c>'


def xlsx(
    *sheets: tuple[str, Sequence[Sequence[Cell]]],
    header: str = "",
    footer: str = "",
    title: str = "",
    keywords: str = "",
) -> bytes:
    """A workbook of (sheet name, rows); numbers are numeric cells, None is no cell."""
    members, types = [], {"xl/workbook.xml": f"{_TYPE}.spreadsheetml.sheet.main+xml"}
    printed = ""
    if header or footer:
        printed = (
            "<headerFooter>"
            + (f"<oddHeader>&amp;C{escape(header.replace('&', '&&'))}</oddHeader>" if header else "")
            + (f"<oddFooter>&amp;C{escape(footer.replace('&', '&&'))}</oddFooter>" if footer else "")
            + "</headerFooter>"
        )
    for number, (_, rows) in enumerate(sheets, 1):
        body = "".join(
            f'<row r="{r}">{"".join(_cell(r, c, v) for c, v in enumerate(row))}</row>'
            for r, row in enumerate(rows, 1)
        )
        name = f"xl/worksheets/sheet{number}.xml"
        types[name] = f"{_TYPE}.spreadsheetml.worksheet+xml"
        members.append(
            (name, f'{_XML}<worksheet xmlns="{_MAIN}"><sheetData>{body}</sheetData>{printed}</worksheet>')
        )
    listing = "".join(
        f'<sheet name="{escape(name)}" sheetId="{i}" r:id="rId{i}"/>' for i, (name, _) in enumerate(sheets, 1)
    )
    book = f'{_XML}<workbook xmlns="{_MAIN}" xmlns:r="{_REL}"><sheets>{listing}</sheets></workbook>'
    links = _relations(
        (f"rId{i}", "worksheet", f"worksheets/sheet{i}.xml") for i in range(1, len(sheets) + 1)
    )
    members += [("xl/workbook.xml", book), ("xl/_rels/workbook.xml.rels", links)]
    return _package(types, "xl/workbook.xml", members, title, keywords)


def _paragraphs(lines: Iterable[str]) -> str:
    return "".join(f'<w:p><w:r><w:t xml:space="preserve">{escape(line)}</w:t></w:r></w:p>' for line in lines)


def _grid(rows: Sequence[Sequence[str]]) -> str:
    if not rows:
        return ""
    return "<w:tbl><w:tblPr/><w:tblGrid>{}</w:tblGrid>{}</w:tbl>".format(
        "<w:gridCol/>" * len(rows[0]),
        "".join(
            f"<w:tr>{''.join(f'<w:tc>{_paragraphs([cell])}</w:tc>' for cell in row)}</w:tr>" for row in rows
        ),
    )


def docx(
    lines: Iterable[str], *, rows: Sequence[Sequence[str]] = (), header: str = "", footer: str = "", title: str = "",
    keywords: str = "", box: str = "",
) -> bytes:  # fmt: skip
    """A document of paragraphs and a table; `box` is what a text box (a stamp) says."""
    space = f'xmlns:w="{_WORD}" xmlns:r="{_REL}" xmlns:v="urn:schemas-microsoft-com:vml"'
    types = {"word/document.xml": f"{_TYPE}.wordprocessingml.document.main+xml"}
    members, links, refs = [], [], ""
    for kind, tag, text in (("header", "hdr", header), ("footer", "ftr", footer)):
        if text:
            name = f"word/{kind}1.xml"
            types[name] = f"{_TYPE}.wordprocessingml.{kind}+xml"
            members.append((name, f"{_XML}<w:{tag} {space}>{_paragraphs([text])}</w:{tag}>"))
            links.append((f"rId{kind}", kind, f"{kind}1.xml"))
            refs += f'<w:{kind}Reference w:type="default" r:id="rId{kind}"/>'
    stamp = ""
    if box:
        stamp = (
            "<w:p><w:r><w:pict><v:rect><v:textbox><w:txbxContent>"
            f"{_paragraphs([box])}</w:txbxContent></v:textbox></v:rect></w:pict></w:r></w:p>"
        )
    body = f"{stamp}{_paragraphs(lines)}{_grid(rows)}<w:sectPr>{refs}</w:sectPr>"
    members.append(("word/document.xml", f"{_XML}<w:document {space}><w:body>{body}</w:body></w:document>"))
    members.append(("word/_rels/document.xml.rels", _relations(links)))
    return _package(types, "word/document.xml", members, title, keywords)


def pdf(lines: Iterable[str], *, stamp: str = "", title: str = "") -> bytes:
    """One page of text in a Japanese font that every reader has; `stamp` is an annotation (Stamp) that says so."""
    shown = "".join(
        f"1 0 0 1 60 {780 - 18 * n} Tm <{line.encode('utf-16-be').hex()}> Tj\n"
        for n, line in enumerate(lines)
    )
    page = f"BT /F1 11 Tf\n{shown}ET"
    look = f"BT /F1 20 Tf 1 0 0 1 8 10 Tm <{stamp.encode('utf-16-be').hex()}> Tj ET"
    fonts = "/Resources << /Font << /F1 5 0 R >> >>"
    cmap = (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /U def /CMapType 2 def\n"
        "1 begincodespacerange <0000> <FFFF> endcodespacerange\n"
        "1 beginbfrange <0000> <FFFF> <0000> endbfrange\nendcmap end end"
    )
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R {fonts}"
        + (" /Annots [7 0 R]" if stamp else "") + " >>",
        f"<< /Length {len(page)} >>\nstream\n{page}\nendstream",
        "<< /Type /Font /Subtype /Type0 /BaseFont /HeiseiKakuGo-W5 /Encoding /UniJIS-UTF16-H "
        "/DescendantFonts [6 0 R] /ToUnicode 9 0 R >>",
        "<< /Type /Font /Subtype /CIDFontType0 /BaseFont /HeiseiKakuGo-W5 /CIDSystemInfo "
        "<< /Registry (Adobe) /Ordering (Japan1) /Supplement 5 >> /DW 1000 /FontDescriptor "
        "<< /Type /FontDescriptor /FontName /HeiseiKakuGo-W5 /Flags 4 /FontBBox [-92 -250 1010 922] "
        "/ItalicAngle 0 /Ascent 752 /Descent -221 /CapHeight 737 /StemV 114 >> >>",
        "<< /Type /Annot /Subtype /Stamp /Rect [400 760 560 800] /F 4 /AP << /N 8 0 R >> "
        f"/Contents <feff{stamp.encode('utf-16-be').hex()}> >>",
        f"<< /Type /XObject /Subtype /Form /BBox [0 0 160 40] {fonts} /Length {len(look)} >>\n"
        f"stream\n{look}\nendstream",
        f"<< /Length {len(cmap)} >>\nstream\n{cmap}\nendstream",
        f"<< /Title <feff{title.encode('utf-16-be').hex()}> >>",
    ]  # fmt: skip
    out, places = b"%PDF-1.6\n", []
    for number, inner in enumerate(objects, 1):
        places.append(len(out))
        out += f"{number} 0 obj\n{inner}\nendobj\n".encode("ascii")
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    size = len(objects) + 1
    tail = (
        f"xref\n0 {size}\n0000000000 65535 f \n{table}trailer\n<< /Size {size} /Root 1 0 R /Info 10 0 R >>\n"
    )
    return out + f"{tail}startxref\n{len(out)}\n%%EOF\n".encode("ascii")
