"""Tiny files, one per family that loads something lazily: read once before the worker is locked up."""

import io
import zipfile

PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]/Contents 4 0 R/Resources<</Font<</F 5 0 R/G 6 0 R>>>>>>"
    b"endobj\n4 0 obj<</Length 66>>stream\nBT /F 9 Tf 9 9 Td (warm) Tj /G 9 Tf <305730663057> Tj ET            \n"
    b"endstream endobj\n5 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>endobj\n"
    b"6 0 obj<</Type/Font/Subtype/Type0/BaseFont/HeiseiMin-W3/Encoding/UniJIS-UCS2-H/DescendantFonts[7 0 R]>>endobj\n"
    b"7 0 obj<</Type/Font/Subtype/CIDFontType0/BaseFont/HeiseiMin-W3/CIDSystemInfo<</Registry(Adobe)"
    b"/Ordering(Japan1)/Supplement 2>>/FontDescriptor 8 0 R>>endobj\n"
    b"8 0 obj<</Type/FontDescriptor/FontName/HeiseiMin-W3/Flags 4/FontBBox[0 -200 1000 900]/ItalicAngle 0"
    b"/Ascent 900/Descent -200/CapHeight 700/StemV 80>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
)


def package(members: dict[str, str]) -> bytes:
    """A ZIP of texts, compressed."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in members.items():
            archive.writestr(name, text)
    return out.getvalue()


def samples() -> dict[str, bytes]:
    """File name -> content."""
    types = {"[Content_Types].xml": "<Types/>"}
    return {
        "a.pdf": PDF,
        "a.docx": package({**types, "word/document.xml": "<w:p>関所</w:p>"}),
        "a.xlsx": package({**types, "xl/sharedStrings.xml": "<sst><si><t>関所</t></si></sst>"}),
        "a.zip": package({"関所.txt": "関所", "b.html": "<html><p>関所</p></html>"}),
        "a.html": b"<html><p>a</p></html>",
        "a.txt": "関所で止まる".encode("cp932"),
        "b.txt": "関所で止まる".encode("iso2022_jp"),
    }
