"""What a PDF says beside its pages, wherever it stands and however it is written."""

import io
import zlib
from collections.abc import Callable

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, OutlineItem, String

from filters.extract import Budget, Extracted, extract, pdf_said
from filters.extract.found import Found
from filters.extract.pdf_said import decoded, strings
from tests.filters.extract.documents import pdf
from tests.growth import BAR, growth

MARK = "社外秘"
Change = Callable[[pikepdf.Pdf], object]


def saved(change: Change, **settings: object) -> bytes:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf("abc"))) as document:
        change(document)
        document.save(out, **settings)  # type: ignore[arg-type]
    return out.getvalue()


def read(content: bytes) -> Extracted:
    found = extract("a.pdf", "", content, Budget())
    assert found.verdict == "ok", found.why
    return found


def text_of(content: bytes) -> str:
    return "\n".join(text for _, text in read(content).texts)


def said(data: bytes) -> list[str]:
    return strings(data, Found(Budget(), lambda *_: "unknown"))


def field(document: pikepdf.Pdf, **settings: object) -> pikepdf.Object:
    """A field whose value its parent has; the widget has none."""
    parent = document.make_indirect(Dictionary(FT=Name.Tx, T=String("t"), **settings))
    widget = Dictionary(Type=Name.Annot, Subtype=Name.Widget, Parent=parent, Rect=Array([0, 0, 9, 9]))
    document.pages[0].Annots = Array([document.make_indirect(widget)])
    parent.Kids = Array([document.pages[0].Annots[0]])
    document.Root.AcroForm = Dictionary(Fields=Array([parent]))
    return parent


def bookmark(document: pikepdf.Pdf) -> None:
    with document.open_outline() as outline:
        outline.root.append(OutlineItem(MARK, 0))


def layer(document: pikepdf.Pdf) -> None:
    group = document.make_indirect(Dictionary(Type=Name.OCG, Name=String(MARK)))
    document.Root.OCProperties = Dictionary(OCGs=Array([group]), D=Dictionary(Order=Array([group])))


def alternative(document: pikepdf.Pdf, key: str) -> None:
    figure = Dictionary(Type=Name.StructElem, S=Name.Figure)
    figure[key] = String(MARK)
    document.Root.StructTreeRoot = Dictionary(Type=Name.StructTreeRoot, K=document.make_indirect(figure))


def page_label(document: pikepdf.Pdf) -> None:
    document.Root.PageLabels = Dictionary(Nums=Array([0, Dictionary(S=Name.D, P=String(MARK + "-"))]))


def xfa(document: pikepdf.Pdf, packed: bool) -> None:
    data = f"<xfa:data><name>{MARK}</name></xfa:data>".encode()
    stream = pikepdf.Stream(document, zlib.compress(data) if packed else data)
    if packed:
        stream.Filter = Name.FlateDecode
    document.Root.AcroForm = Dictionary(Fields=Array([]), XFA=Array([String("datasets"), stream]))


SAID: dict[str, Change] = {
    "value of a parent": lambda d: field(d, V=String(MARK)),
    "tool tip": lambda d: field(d, TU=String(MARK)),
    "options": lambda d: field(d, Opt=Array([String("a"), String(MARK)])),
    "options with values": lambda d: field(d, Opt=Array([Array([String("1"), String(MARK)])])),
    "caption": lambda d: field(d, MK=Dictionary(CA=String(MARK))),
    "rich text": lambda d: field(d, RC=String(f"<p>{MARK}</p>")),
    "bookmark": bookmark,
    "layer": layer,
    "alternative text": lambda d: alternative(d, "/Alt"),
    "actual text": lambda d: alternative(d, "/ActualText"),
    "page label": page_label,
    "XFA": lambda d: xfa(d, packed=False),
    "XFA, packed": lambda d: xfa(d, packed=True),
}
"""Where it stands -> how it comes there."""


@pytest.mark.parametrize("where", SAID)
def test_wherever_it_stands(where: str) -> None:
    assert MARK in text_of(saved(SAID[where], compress_streams=False))
    assert MARK in text_of(saved(SAID[where], object_stream_mode=pikepdf.ObjectStreamMode.generate))


def test_strings_of_encrypted_documents() -> None:
    locked = saved(bookmark, encryption=pikepdf.Encryption(owner="o", user="", R=6))
    assert MARK in text_of(locked)


def test_labels_in_xmp() -> None:
    def labelled(document: pikepdf.Pdf) -> None:
        with document.open_metadata() as metadata:
            metadata["pdfx:MSIP_Label_0a0b0c0d-1111-2222-3333-444455556666_Name"] = MARK

    found = read(saved(labelled))
    assert [sign.quote for sign in found.signs if sign.name == "label"] == [MARK]


@pytest.mark.parametrize(
    "written",
    [
        b"(\xfe\xff" + MARK.encode("utf-16-be").replace(b"\\", b"\\\\") + b")",
        b"<FEFF" + MARK.encode("utf-16-be").hex().encode() + b">",
        b"<fe ff\n" + MARK.encode("utf-16-be").hex().encode() + b">",
        b"(\xef\xbb\xbf" + MARK.encode() + b")",
        b"(" + MARK.encode("cp932") + b")",
        rb"(\376\377y>Y\026y\330)",
    ],
    ids=range(6),
)
def test_however_it_is_written(written: bytes) -> None:
    assert decoded(written) == MARK
    assert said(b"<</Contents " + written + b">>") == [MARK]


def test_strings_within_strings_and_none() -> None:
    assert said(
        rb"<</Title(a \(b\) (c) \\)/Contents(d\
e)/Rect[0 0 9 9]/Length 5/V/Off/Subj()>>"
    ) == ["a (b) (c) \\", "de"]
    assert decoded(b"(caf\xe9)") == "café"


@pytest.mark.parametrize("one", [b"/Contents(", b"/V[(", b"/Opt[((a)", b"/T<", b"/XFA[1 0 R"])
def test_cost_grows_with_the_file(one: bytes) -> None:
    assert growth(lambda n: one * n, said, 2_000) < BAR


def test_a_long_text_is_read_to_its_end() -> None:
    assert MARK in text_of(saved(lambda document: alternative_text(document, "x" * 60_000 + MARK)))


def alternative_text(document: pikepdf.Pdf, text: str) -> None:
    document.docinfo["/Subj"] = String(text)


@pytest.mark.parametrize(("bound", "key"), [("STRINGS", "strings"), ("STREAMS", "metadata")])
def test_what_is_beyond_a_bound_is_a_finding(monkeypatch: pytest.MonkeyPatch, bound: str, key: str) -> None:
    def change(document: pikepdf.Pdf) -> None:
        for number in range(4):
            document.docinfo[f"/Alt{number}"] = Dictionary(Alt=String(f"text {number}"))
            stream = document.make_stream(b"<x:xmpmeta/>", Type=Name.Metadata, Subtype=Name.XML)
            document.Root[f"/Piece{number}"] = stream

    content = saved(change)
    assert extract("a.pdf", "", content, Budget()).verdict == "ok"
    monkeypatch.setattr(pdf_said, bound, 2)
    found = extract("a.pdf", "", content, Budget())
    assert (found.verdict, key in found.why) == ("limit", True)
