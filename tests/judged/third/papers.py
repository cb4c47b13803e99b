"""Documents with more places than `tests.judged.files` has: slides, watermarks, properties, notes, RTF, ODF, PDF."""

import io
import zipfile
from collections.abc import Mapping, Sequence
from xml.sax.saxutils import escape

from tests.judged.files import archive

_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_ROOT = "http://schemas.openxmlformats.org"
_LINK = f"{_ROOT}/officeDocument/2006/relationships"
_KIND = "application/vnd.openxmlformats-officedocument"
_SPACES = (
    f'xmlns:a="{_ROOT}/drawingml/2006/main" xmlns:r="{_LINK}" xmlns:p="{_ROOT}/presentationml/2006/main"'
)


def members(package: bytes) -> dict[str, str]:
    """The parts of a package, by name."""
    with zipfile.ZipFile(io.BytesIO(package)) as opened:
        return {name: opened.read(name).decode() for name in opened.namelist()}


def changed(package: bytes, parts: Mapping[str, str], types: Mapping[str, str] | None = None) -> bytes:
    """The package with parts put in or replaced; `types` are the media types of new ones."""
    inside = {**members(package), **parts}
    listed = "".join(
        f'<Override PartName="/{name}" ContentType="{kind}"/>' for name, kind in (types or {}).items()
    )
    inside["[Content_Types].xml"] = inside["[Content_Types].xml"].replace("</Types>", f"{listed}</Types>")
    return archive(inside.items())


def _link(relations: str, number: str, kind: str, target: str) -> str:
    one = f'<Relationship Id="{number}" Type="{kind}" Target="{target}"/>'
    return relations.replace("</Relationships>", f"{one}</Relationships>")


def custom_property(package: bytes, name: str, value: str) -> bytes:
    """A property of one's own (docProps/custom.xml), as labels of documents are kept."""
    text = (
        f'{_XML}<Properties xmlns="{_ROOT}/officeDocument/2006/custom-properties" '
        f'xmlns:vt="{_ROOT}/officeDocument/2006/docPropsVTypes"><property pid="2" name="{escape(name)}" '
        f'fmtid="{{D5CDD505-2E9C-101B-9397-08002B2CF9AE}}"><vt:lpwstr>{escape(value)}</vt:lpwstr></property></Properties>'
    )
    root = _link(members(package)["_rels/.rels"], "rId9", f"{_LINK}/custom-properties", "docProps/custom.xml")
    return changed(
        package,
        {"docProps/custom.xml": text, "_rels/.rels": root},
        {"docProps/custom.xml": f"{_KIND}.custom-properties+xml"},
    )


def core_property(package: bytes, element: str, value: str) -> bytes:
    """A property of every document: `cp:category`, `dc:subject`, `dc:description`, `cp:contentStatus`."""
    core = members(package)["docProps/core.xml"].replace(
        "</cp:coreProperties>", f"<{element}>{escape(value)}</{element}></cp:coreProperties>"
    )
    return changed(package, {"docProps/core.xml": core})


def watermarked(package: bytes, text: str) -> bytes:
    """A document whose header `X` is a picture of letters across the page (WordArt), as Word makes watermarks."""
    shape = (
        '<w:r><w:pict><v:shape id="PowerPlusWaterMarkObject1" type="#_x0000_t136" style="position:absolute;rotation:315">'
        f'<v:textpath style="font-family:&quot;MS Mincho&quot;" string="{escape(text)}"/></v:shape></w:pict></w:r>'
    )
    head = members(package)["word/header1.xml"].replace("<w:p><w:r>", f"<w:p>{shape}<w:r>", 1)
    return changed(package, {"word/header1.xml": head.replace(">X<", "> <")})


def boxed_sheet(package: bytes, text: str) -> bytes:
    """A workbook with a text box on its first sheet."""
    drawing = (
        f'{_XML}<xdr:wsDr xmlns:xdr="{_ROOT}/drawingml/2006/spreadsheetDrawing" xmlns:a="{_ROOT}/drawingml/2006/main">'
        "<xdr:twoCellAnchor><xdr:from><xdr:col>5</xdr:col><xdr:colOff>0</xdr:colOff><xdr:row>0</xdr:row>"
        "<xdr:rowOff>0</xdr:rowOff></xdr:from><xdr:to><xdr:col>7</xdr:col><xdr:colOff>0</xdr:colOff><xdr:row>2</xdr:row>"
        '<xdr:rowOff>0</xdr:rowOff></xdr:to><xdr:sp macro="" textlink=""><xdr:nvSpPr><xdr:cNvPr id="2" name="box"/>'
        '<xdr:cNvSpPr txBox="1"/></xdr:nvSpPr><xdr:spPr><a:prstGeom prst="rect"><a:avLst/></a:prstGeom></xdr:spPr>'
        f"<xdr:txBody><a:bodyPr/><a:p><a:r><a:t>{escape(text)}</a:t></a:r></a:p></xdr:txBody></xdr:sp><xdr:clientData/>"
        "</xdr:twoCellAnchor></xdr:wsDr>"
    )
    sheet = members(package)["xl/worksheets/sheet1.xml"].replace(
        "</worksheet>", f'<drawing xmlns:r="{_LINK}" r:id="rId1"/></worksheet>'
    )
    links = _link(
        f'{_XML}<Relationships xmlns="{_ROOT}/package/2006/relationships"></Relationships>',
        "rId1",
        f"{_LINK}/drawing",
        "../drawings/drawing1.xml",
    )
    return changed(
        package,
        {
            "xl/worksheets/sheet1.xml": sheet,
            "xl/worksheets/_rels/sheet1.xml.rels": links,
            "xl/drawings/drawing1.xml": drawing,
        },
        {"xl/drawings/drawing1.xml": f"{_KIND}.drawing+xml"},
    )


def _shape(number: int, text: str, place: str = "") -> str:
    kind = f'<p:nvPr><p:ph type="{place}"/></p:nvPr>' if place else "<p:nvPr/>"
    lines = "".join(f"<a:p><a:r><a:t>{escape(line)}</a:t></a:r></a:p>" for line in text.split("\n"))
    return (
        f'<p:sp><p:nvSpPr><p:cNvPr id="{number}" name="shape{number}"/><p:cNvSpPr/>{kind}</p:nvSpPr><p:spPr/>'
        f"<p:txBody><a:bodyPr/>{lines}</p:txBody></p:sp>"
    )


def _tree(tag: str, shapes: Sequence[str], tail: str = "") -> str:
    head = '<p:nvGrpSpPr><p:cNvPr id="1" name=""/><p:cNvGrpSpPr/><p:nvPr/></p:nvGrpSpPr><p:grpSpPr/>'
    inner = f"<p:cSld><p:spTree>{head}{''.join(shapes)}</p:spTree></p:cSld>{tail}"
    return f"{_XML}<p:{tag} {_SPACES}>{inner}</p:{tag}>"


def slide_table(rows: Sequence[Sequence[str]]) -> str:
    """A table as a shape of a slide."""
    body = "".join(
        f'<a:tr h="1">{"".join(f"<a:tc><a:txBody><a:bodyPr/><a:p><a:r><a:t>{escape(v)}</a:t></a:r></a:p></a:txBody></a:tc>" for v in row)}</a:tr>'
        for row in rows
    )
    grid = "".join('<a:gridCol w="9"/>' for _ in rows[0])
    return (
        '<p:graphicFrame><p:nvGraphicFramePr><p:cNvPr id="40" name="table"/><p:cNvGraphicFramePr/><p:nvPr/>'
        '</p:nvGraphicFramePr><p:xfrm/><a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/table">'
        f"<a:tbl><a:tblPr/><a:tblGrid>{grid}</a:tblGrid>{body}</a:tbl></a:graphicData></a:graphic></p:graphicFrame>"
    )


def pptx(
    slides: Sequence[Sequence[str]], *, footer: str = "", master: str = "", box: str = "", notes: str = "",
    tables: Sequence[str] = (),
) -> bytes:  # fmt: skip
    """Slides of shapes with text; `footer` and `box` stand on each, `master` behind all, `notes` under the first."""
    parts: dict[str, tuple[str, str]] = {}
    links = [("rId1", "slideMaster", "slideMasters/slideMaster1.xml")]
    for number, texts in enumerate(slides, 1):
        shapes = [_shape(n, text, "title" if n == 2 else "") for n, text in enumerate(texts, 2)]
        shapes += [_shape(30, footer, "ftr")] * bool(footer) + [_shape(31, box)] * bool(box)
        shapes += list(tables) if number == 1 else []
        parts[f"ppt/slides/slide{number}.xml"] = _tree("sld", shapes), "slide"
        links.append((f"rId{number + 1}", "slide", f"slides/slide{number}.xml"))
    parts["ppt/slideMasters/slideMaster1.xml"] = (
        _tree(
            "sldMaster",
            [_shape(2, master)] * bool(master),
            '<p:clrMap bg1="lt1" tx1="dk1" bg2="lt2" tx2="dk2" accent1="accent1" accent2="accent2" accent3="accent3" '
            'accent4="accent4" accent5="accent5" accent6="accent6" hlink="hlink" folHlink="folHlink"/>'
            '<p:sldLayoutIdLst><p:sldLayoutId id="2147483649" r:id="rId1"/></p:sldLayoutIdLst>',
        ),
        "slideMaster",
    )
    parts["ppt/slideLayouts/slideLayout1.xml"] = _tree("sldLayout", []), "slideLayout"
    if notes:
        parts["ppt/notesSlides/notesSlide1.xml"] = _tree("notes", [_shape(2, notes, "body")]), "notesSlide"
    listed = "".join(f'<p:sldId id="{255 + n}" r:id="rId{n + 1}"/>' for n in range(1, len(slides) + 1))
    parts["ppt/presentation.xml"] = (
        f'{_XML}<p:presentation {_SPACES}><p:sldMasterIdLst><p:sldMasterId id="2147483648" r:id="rId1"/>'
        f"</p:sldMasterIdLst><p:sldIdLst>{listed}</p:sldIdLst></p:presentation>",
        "presentation.main",
    )
    types = "".join(
        f'<Override PartName="/{name}" ContentType="{_KIND}.presentationml.{kind}+xml"/>'
        for name, (_, kind) in parts.items()
    )

    def related(*pairs: tuple[str, str, str]) -> str:
        inner = "".join(
            f'<Relationship Id="{i}" Type="{_LINK}/{kind}" Target="{to}"/>' for i, kind, to in pairs
        )
        return f'{_XML}<Relationships xmlns="{_ROOT}/package/2006/relationships">{inner}</Relationships>'

    layout = ("rId1", "slideLayout", "../slideLayouts/slideLayout1.xml")
    inside = [
        (
            "[Content_Types].xml",
            f'{_XML}<Types xmlns="{_ROOT}/package/2006/content-types"><Default Extension="rels" '
            f'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>{types}</Types>',
        ),
        ("_rels/.rels", related(("rId1", "officeDocument", "ppt/presentation.xml"))),
        ("ppt/_rels/presentation.xml.rels", related(*links)),
        ("ppt/slideMasters/_rels/slideMaster1.xml.rels", related(layout)),
        (
            "ppt/slideLayouts/_rels/slideLayout1.xml.rels",
            related(("rId1", "slideMaster", "../slideMasters/slideMaster1.xml")),
        ),
        *((name, text) for name, (text, _) in parts.items()),
    ]
    for number in range(1, len(slides) + 1):
        of_notes = [("rId2", "notesSlide", "../notesSlides/notesSlide1.xml")] if notes and number == 1 else []
        inside.append((f"ppt/slides/_rels/slide{number}.xml.rels", related(layout, *of_notes)))
    return archive(inside)


def rtf(lines: Sequence[str], *, header: str = "") -> bytes:
    """Rich text, each letter beyond ASCII as \\u, with a question mark for old readers."""

    def said(text: str) -> str:
        return "".join(c if c.isascii() else f"\\u{ord(c) - (65536 if ord(c) > 32767 else 0)}?" for c in text)

    head = f"{{\\header \\pard {said(header)}\\par}}" if header else ""
    return ("{\\rtf1\\ansi\\uc1 " + head + "".join(f"{said(line)}\\par\n" for line in lines) + "}").encode()


def odt(lines: Sequence[str], *, header: str = "") -> bytes:
    """A text document of LibreOffice; the header stands in its styles."""
    space = (
        'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
        'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
        'xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" office:version="1.3"'
    )
    body = "".join(f"<text:p>{escape(line)}</text:p>" for line in lines)
    listed = "".join(
        f'<manifest:file-entry manifest:full-path="{name}" manifest:media-type="{kind}"/>'
        for name, kind in (
            ("/", "application/vnd.oasis.opendocument.text"),
            ("content.xml", "text/xml"),
            ("styles.xml", "text/xml"),
        )
    )
    return archive(
        [
            ("mimetype", "application/vnd.oasis.opendocument.text"),
            (
                "content.xml",
                f"{_XML}<office:document-content {space}><office:body><office:text>{body}</office:text></office:body></office:document-content>",
            ),
            (
                "styles.xml",
                f'{_XML}<office:document-styles {space}><office:master-styles><style:master-page style:name="Standard">'
                f"<style:header><text:p>{escape(header)}</text:p></style:header></style:master-page></office:master-styles></office:document-styles>",
            ),
            (
                "META-INF/manifest.xml",
                f'{_XML}<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">{listed}</manifest:manifest>',
            ),
        ]
    )
