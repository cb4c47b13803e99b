"""What is on a page of a PDF: text, and what is stamped upon it."""

import io

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, String

from filters.extract import Budget, extract, pdf_page
from filters.extract.pdf_letters import closed
from tests.filters.extract.documents import pdf

HIDDEN, NO_VIEW = 2, 32


def stamped(subtype: str, flags: int = 4, text: str = "Confidential stamp") -> bytes:
    """A page with an annotation that only its appearance says something of."""
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf("abc"))) as document:
        font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
        form = pikepdf.Stream(document, f"BT /F 12 Tf 5 5 Td ({text}) Tj ET".encode())
        form.Type, form.Subtype, form.BBox = Name.XObject, Name.Form, Array([0, 0, 200, 20])
        form.Resources = Dictionary(Font=Dictionary(F=font))
        annotation = Dictionary(
            Type=Name.Annot,
            Subtype=Name("/" + subtype),
            Rect=Array([50, 50, 250, 70]),
            F=flags,
            AP=Dictionary(N=form),
            Contents=String("note"),
        )
        document.pages[0].Annots = Array([document.make_indirect(annotation)])
        document.save(out)
    return out.getvalue()


@pytest.mark.parametrize("subtype", ["Stamp", "FreeText", "Watermark", "Widget", "Square"])
@pytest.mark.parametrize("flags", [0, 4, HIDDEN, NO_VIEW])
def test_the_appearance_of_an_annotation(subtype: str, flags: int) -> None:
    found = extract("a.pdf", "", stamped(subtype, flags), Budget())
    assert found.verdict == "ok"
    (page,) = [text for place, text in found.texts if place == "page 1"]
    assert page.split() == ["abc", "note", "Confidential", "stamp"]


def test_a_file_pinned_to_a_page() -> None:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf("abc"))) as document:
        file = pikepdf.Stream(document, "社外秘の付録".encode())
        file.Type = Name.EmbeddedFile
        pin = Dictionary(
            Type=Name.Annot,
            Subtype=Name.FileAttachment,
            Rect=Array([0, 0, 9, 9]),
            FS=Dictionary(Type=Name.Filespec, UF=String("付録.txt"), F=String("a"), EF=Dictionary(F=file)),
        )
        document.pages[0].Annots = Array([document.make_indirect(pin)])
        document.save(out)
    found = extract("a.pdf", "", out.getvalue(), Budget())
    assert ("付録.txt", "社外秘の付録") in found.texts
    assert [m.path for m in found.members] == ["付録.txt"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("社 外 秘", ["社外秘"]),
        ("社　外　秘 2024", ["社外秘"]),
        ("極   秘", ["極秘"]),
        ("C O N F I D E N T I A L", ["CONFIDENTIAL"]),
        ("社\r\n外\r\n秘\r\n", ["社外秘"]),
        ("この 資料 は", []),
        ("A B C", []),
        ("株式会社 あおば 様", []),
    ],
)
def test_letters_set_apart_are_a_word(text: str, words: list[str]) -> None:
    assert closed(text) == words


def test_a_page_with_letters_set_apart() -> None:
    found = extract("a.pdf", "", pdf("社 外 秘"), Budget())
    assert any("社外秘" in text for _, text in found.texts)


def test_more_annotations_than_are_read_are_a_finding(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf_page, "ANNOTATIONS", 0)
    assert extract("a.pdf", "", stamped("Stamp"), Budget()).verdict == "limit"
