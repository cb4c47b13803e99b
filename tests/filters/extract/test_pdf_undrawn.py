"""Letters of a font that is not in the file, drawn one by one: PDFium leaves them out, a viewer shows them."""

import zlib

import pypdfium2
import pytest

from filters.extract import Budget, Extracted, extract
from filters.extract.pdf_undrawn import may_lack
from tests.filters.mails import attached, findings

WORD = "社外秘"


def document(*, packed: bool, ranges: bool, arrays: bool) -> bytes:
    """A page with a line of text, and a stamp of single letters above it."""
    codes = [f"{ord(char):04x}" for char in WORD]
    show = (lambda c: f"[<{c}>] TJ") if arrays else (lambda c: f"<{c}> Tj")
    stamp = "\n".join(f"/F1 14 Tf 1 0 0 1 {200 + 28 * n} 790 Tm {show(c)}" for n, c in enumerate(codes))
    line = "".join(f"{ord(char):04x}" for char in "会議の議題")
    page = f"BT\n/F1 11 Tf 1 0 0 1 60 740 Tm <{line}> Tj\n{stamp}\nET".encode()
    known = WORD + "会議の題"
    pairs = [f"<{ord(c):04x}> <{ord(c):04x}>{f' <{ord(c):04x}>' if ranges else ''}" for c in known]
    kind = "range" if ranges else "char"
    chars = f"{len(pairs)} beginbf{kind}\n" + "\n".join(pairs) + f"\nendbf{kind}"
    space = "1 begincodespacerange\n<0000> <ffff>\nendcodespacerange\n"
    table = f"/CIDInit /ProcSet findresource begin\nbegincmap\n{space}{chars}\nendcmap\nend".encode()
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 850]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        _stream(page, packed),
        b"<</Type/Font/Subtype/Type0/BaseFont/HeiseiMin-W3/Encoding/Identity-H/DescendantFonts[6 0 R]/ToUnicode 8 0 R>>",
        b"<</Type/Font/Subtype/CIDFontType0/BaseFont/HeiseiMin-W3/DW 1000/FontDescriptor 7 0 R"
        b"/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>>>",
        b"<</Type/FontDescriptor/FontName/HeiseiMin-W3/Flags 6/FontBBox[-123 -257 1001 910]/ItalicAngle 0/Ascent 723"
        b"/Descent -241/CapHeight 709/StemV 69>>",
        _stream(table, packed),
    ]
    out, places = b"%PDF-1.5\n", []
    for number, each in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, each)
    xref = b"".join(b"%010d 00000 n \n" % place for place in places)
    return out + b"xref\n0 9\n0000000000 65535 f \n%strailer<</Size 9/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (xref, len(out))  # fmt: skip


def _stream(data: bytes, packed: bool) -> bytes:
    data, how = (zlib.compress(data), b"/Filter/FlateDecode") if packed else (data, b"")
    return b"<</Length %d%s>>stream\n%s\nendstream" % (len(data), how, data)


def read(content: bytes) -> Extracted:
    return extract("a.pdf", "", content, Budget())


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("ranges", [False, True])
@pytest.mark.parametrize("arrays", [False, True])
def test_they_are_read(packed: bool, ranges: bool, arrays: bool) -> None:
    content = document(packed=packed, ranges=ranges, arrays=arrays)
    page = pypdfium2.PdfDocument(content)[0].get_textpage().get_text_range()
    assert WORD not in page, "or nothing has to be done here any more"
    found = read(content)
    assert WORD in {text for _, text in found.texts}
    assert found.verdict == "ok"
    assert findings("confidential_attachment", attached(("a.pdf", content)))


def test_a_file_with_its_fonts_is_not_looked_through() -> None:
    assert not may_lack(b"/ToUnicode /CIDFontType2 /FontBBox /FontFile2")
    assert may_lack(b"/ToUnicode /CIDFontType0 /FontBBox")


def test_damaged_tables_and_streams_cost_nothing() -> None:
    content = document(packed=False, ranges=True, arrays=False)
    for damaged in (
        content.replace(b"<5916> <5916>", b"<5916> <ffffffff>"),
        content.replace(b"endbfrange", b""),
        content[:900],
    ):
        read(damaged)
