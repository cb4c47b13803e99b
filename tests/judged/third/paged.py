"""PDF of several pages, with what stands apart from their text: annotations, keywords, a layer across the page."""

from collections.abc import Sequence

_FONT = "/Resources << /Font << /F1 5 0 R >> >>"
_CMAP = (
    "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /U def /CMapType 2 def\n"
    "1 begincodespacerange <0000> <FFFF> endcodespacerange\n"
    "1 beginbfrange <0000> <FFFF> <0000> endbfrange\nendcmap end end"
)


def _hex(text: str) -> str:
    return text.encode("utf-16-be").hex()


def _stream(inner: str, fields: str = "") -> str:
    return f"<< {fields}/Length {len(inner)} >>\nstream\n{inner}\nendstream"


def _line(text: str, x: int, y: int, size: int, spaced: bool) -> str:
    if not spaced:
        return f"/F1 {size} Tf 1 0 0 1 {x} {y} Tm <{_hex(text)}> Tj\n"
    return "".join(
        f"/F1 {size} Tf 1 0 0 1 {x + 2 * size * n} {y} Tm <{_hex(letter)}> Tj\n"
        for n, letter in enumerate(text)
    )


def pages(
    texts: Sequence[Sequence[str]], *, foot: str = "", across: str = "", note: tuple[str, str] = ("", ""),
    keywords: str = "", spaced: str = "", signed: str = "",
) -> bytes:  # fmt: skip
    """`foot` stands below each page, `across` turned over it, `spaced` at its top with a gap behind each letter.

    `note` is an annotation of the first page: its subtype (FreeText, Watermark) and what it says. `signed` is the
    value of an invisible signature, in hexadecimal.
    """
    kids = " ".join(f"{10 + 2 * n} 0 R" for n in range(len(texts)))
    kind, said = note
    look = f"BT /F1 18 Tf 1 0 0 1 6 10 Tm <{_hex(said)}> Tj ET"
    objects: dict[int, str] = {
        1: "<< /Type /Catalog /Pages 2 0 R"
        + (" /AcroForm << /SigFlags 3 /Fields [9 0 R] >> >>" if signed else " >>"),
        2: f"<< /Type /Pages /Kids [{kids}] /Count {len(texts)} >>",
        3: f"<< /Keywords <feff{_hex(keywords)}> /Producer (Office) >>",
        4: _stream(_CMAP),
        5: "<< /Type /Font /Subtype /Type0 /BaseFont /HeiseiMin-W3 /Encoding /Identity-H "
        "/DescendantFonts [6 0 R] /ToUnicode 4 0 R >>",
        6: "<< /Type /Font /Subtype /CIDFontType0 /BaseFont /HeiseiMin-W3 /CIDSystemInfo << /Registry (Adobe) "
        "/Ordering (Identity) /Supplement 0 >> /DW 1000 /FontDescriptor << /Type /FontDescriptor /FontName "
        "/HeiseiMin-W3 /Flags 6 /FontBBox [-123 -257 1001 910] /ItalicAngle 0 /Ascent 723 /Descent -241 "
        "/CapHeight 709 /StemV 69 >> >>",
        7: f"<< /Type /Annot /Subtype /{kind or 'FreeText'} /Rect [380 770 560 806] /F 4 /DA (/F1 18 Tf) "
        f"/AP << /N 8 0 R >> /Contents <feff{_hex(said)}> >>",
        8: _stream(look, f"/Type /XObject /Subtype /Form /BBox [0 0 180 36] {_FONT} "),
    }
    if signed:
        objects[9] = (
            "<< /Type /Annot /Subtype /Widget /FT /Sig /T (Signature1) /F 132 /Rect [0 0 0 0] /V << /Type /Sig "
            f"/Filter /Adobe.PPKLite /SubFilter /adbe.pkcs7.detached /ByteRange [0 0 0 0] /Contents <{signed}> >> >>"
        )
    for number, lines in enumerate(texts):
        shown = "BT\n" + "".join(_line(text, 60, 740 - 20 * n, 11, False) for n, text in enumerate(lines))
        shown += _line(spaced, 200, 790, 14, True) if spaced else ""
        shown += _line(foot, 220, 30, 9, False) if foot else ""
        shown += f"/F1 60 Tf 0.7 0.7 -0.7 0.7 150 300 Tm <{_hex(across)}> Tj\n" if across else ""
        page = 10 + 2 * number
        notes = " /Annots [7 0 R]" if said and number == 0 else ""
        objects[page] = (
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {page + 1} 0 R {_FONT}{notes} >>"
        )
        objects[page + 1] = _stream(f"{shown}ET")
    out, places = b"%PDF-1.7\n", {}
    for number, inner in objects.items():
        places[number] = len(out)
        out += f"{number} 0 obj\n{inner}\nendobj\n".encode("ascii")
    size = max(objects) + 1
    table = "".join(
        f"{places[n]:010d} 00000 n \n" if n in places else "0000000000 65535 f \n" for n in range(size)
    )
    tail = f"xref\n0 {size}\n{table}trailer\n<< /Size {size} /Root 1 0 R /Info 3 0 R >>\n"
    return out + f"{tail}startxref\n{len(out)}\n%%EOF\n".encode("ascii")
