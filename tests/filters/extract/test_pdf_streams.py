"""PDF files whose streams have no end are not read to the square of their number; others are read as before."""

import io

import pikepdf
import pytest

from filters.extract import Budget, extract
from filters.extract.pdf_streams import MOST, leads_nowhere
from filters.extract.sample import PDF
from tests.growth import BAR, growth

BODY, TRAILER = PDF.split(b"trailer", 1)


def rebuilt(
    count: int, length: bytes = b"8", end: bytes = b"\nendstream\nendobj\n", before: bytes = b""
) -> bytes:
    """A PDF without a cross-reference table, with so many more streams of eight octets."""
    streams = b"".join(
        b"%d 0 obj<</Length %b>>stream\n1 0 <<>>%b" % (n, length, end) for n in range(11, count + 11)
    )
    return BODY + before + streams + b"trailer" + TRAILER


ENDLESS = {
    "no end": (b"9", b"\n"),
    "no end of stream": (b"9", b"\nendobj\n"),
    "no end of object": (b"5", b"\nendstream\n"),
    "stuck end of stream": (b"9", b"endstream endobj\n"),
    "stuck end of object": (b"5", b"\nendstream<>endobj "),
    "a length nowhere": (b"10 0 R", b"endstream endobj\n"),
}


@pytest.mark.parametrize("kind", ENDLESS)
def test_streams_without_an_end_are_no_square(kind: str) -> None:
    def read(content: bytes) -> None:
        extract("a.pdf", "", content, Budget())

    assert growth(lambda size: rebuilt(size // 50, *ENDLESS[kind]), read, 200_000) < BAR
    found = extract("a.pdf", "", rebuilt(8_000, *ENDLESS[kind]), Budget())
    assert (found.verdict, found.reason) == ("limit", "parts")


@pytest.mark.parametrize("kind", ENDLESS)
def test_a_few_are_read(kind: str) -> None:
    found = extract("a.pdf", "", rebuilt(100, *ENDLESS[kind]), Budget())
    assert found.verdict == "ok"
    assert any("warm" in text for _, text in found.texts)


@pytest.mark.parametrize(
    ("count", "length", "end", "before"),
    [
        (8_000, b"8", b"\nendstream\nendobj\n", b""),
        (8_000, b"8", b"\r\nendstream\r\nendobj\r\n", b""),
        (8_000, b"8", b"endstream endobj\n", b""),
        (8_000, b"5", b"\nendstream\nendobj\n", b""),
        (
            2_000,
            b"10 0 R",
            b"endstream\nendobj\n",
            b"10 0 obj 8 endobj\n",
        ),  # PDFium: four times as many, 16 times the time
    ],
)
def test_streams_with_an_end_are_read_however_many(
    count: int, length: bytes, end: bytes, before: bytes
) -> None:
    content = rebuilt(count, length, end, before)
    assert content.count(b"stream") * len(content) > MOST
    assert not leads_nowhere(content)
    assert extract("a.pdf", "", content, Budget()).verdict == "ok"


def test_what_stands_in_a_stream_is_no_stream() -> None:
    text = b"(a stream of words) Tj\n" * 20_000
    content = (
        BODY
        + b"9 0 obj<</Length %d>>stream\n%b\nendstream\nendobj\n" % (len(text), text)
        + b"trailer"
        + TRAILER
    )
    assert not leads_nowhere(content)


def test_a_usual_file_leads_somewhere() -> None:
    made = pikepdf.new()
    for number in range(300):
        page = made.add_blank_page()
        page.Contents = pikepdf.Stream(made, b"%d stream " % number * 400)
    for mode in (pikepdf.ObjectStreamMode.disable, pikepdf.ObjectStreamMode.generate):
        out = io.BytesIO()
        made.save(out, object_stream_mode=mode, compress_streams=False)
        content = out.getvalue()
        assert content.count(b"stream") * len(content) > MOST
        assert not leads_nowhere(content)
