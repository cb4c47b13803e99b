"""Streams of a PDF that unfold to muchs are not opened; others are."""

import base64
import zlib
from collections.abc import Iterator

import pytest

from filters.extract import Budget, extract
from filters.extract.pdf_filters import MOST, measure
from tests.growth import BAR, growth


def pdf(stream: bytes, filters: bytes, more: bytes = b"", *, subtype: bytes = b"") -> bytes:
    """A page with these contents."""
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 100 100]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>",
        b"<<%b/Length %d/Filter %b>>stream\n%b\nendstream" % (subtype, len(stream), filters, stream),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
        more or b"null",
    ]
    body = b"".join(b"%d 0 obj%b\nendobj\n" % (n, o) for n, o in enumerate(objects, 1))
    return b"%PDF-1.4\n" + body + b"trailer<</Root 1 0 R>>"


def zeros(size: int, times: int = 1) -> bytes:
    def pieces() -> Iterator[bytes]:
        engine = zlib.compressobj(9)
        for _ in range(size // 1_000_000):
            yield engine.compress(b" " * 1_000_000)
        yield engine.flush()

    made = b"".join(pieces())
    for _ in range(times - 1):
        made = zlib.compress(made, 9)
    return made


CONTENTS = b"BT /F 12 Tf 10 10 Td (Hello) Tj ET"


@pytest.fixture(scope="module")
def much() -> bytes:
    return zeros(150_000_000)


@pytest.mark.parametrize("times", [1, 2, 3])
def test_much_of_nothing_is_not_unfolded(times: int, much: bytes) -> None:
    stream = much
    for _ in range(times - 1):
        stream = zlib.compress(stream, 9)
    for filters in (b"[" + b"/FlateDecode" * times + b"]", b"[" + b"/Fl" * times + b"]"):
        found = extract("a.pdf", "", pdf(stream, filters), Budget())
        assert (found.verdict, found.reason) == ("limit", "ratio")


def test_filters_that_hide(much: bytes) -> None:
    twice = zlib.compress(much, 9)
    for content in (
        pdf(twice, b"6 0 R", b"[/FlateDecode/FlateDecode]"),
        pdf(twice, b"[/Fl#61teDecode /FlateDecode]"),
        pdf(twice, b"60 0 R"),
        pdf(base64.a85encode(twice) + b"~>", b"[/ASCII85Decode/FlateDecode/FlateDecode]"),
        pdf(twice.hex().encode() + b">", b"[/ASCIIHexDecode/FlateDecode/FlateDecode]"),
        pdf(much, b"/FlateDecode", subtype=b"/Subtype/Image"),
    ):
        assert extract("a.pdf", "", content, Budget()).verdict == "limit"
    assert extract("a.pdf", "", pdf(b"x", b"[/LZWDecode/FlateDecode]"), Budget()).verdict == "unsupported"


@pytest.mark.parametrize(
    ("stream", "filters"),
    [
        (zlib.compress(CONTENTS), b"/FlateDecode"),
        (zlib.compress(zlib.compress(CONTENTS)), b"[/FlateDecode/FlateDecode]"),
        (zlib.compress(CONTENTS), b"6 0 R"),
        (base64.a85encode(zlib.compress(CONTENTS)) + b"~>", b"[/ASCII85Decode/FlateDecode]"),
        (zlib.compress(CONTENTS + b" " * 30_000_000), b"/FlateDecode"),
    ],
)
def test_what_unfolds_to_little_is_read(stream: bytes, filters: bytes) -> None:
    found = extract("a.pdf", "", pdf(stream, filters, b"/FlateDecode"), Budget())
    assert found.verdict == "ok"
    assert "Hello" in "".join(text for _, text in found.texts)


def test_many_that_are_each_small_enough() -> None:
    one = zeros(MOST // 2)
    streams = b"".join(b"<</Filter/FlateDecode>>stream\n%b\nendstream\n" % one for _ in range(3))
    with pytest.raises(Exception, match="unfolds to too much"):
        measure(streams)


def test_cost_grows_with_the_file() -> None:
    one = b"7 0 obj<</Length 3/Filter 9 0 R>>stream\nabc\nendstream endobj\n"
    assert growth(lambda n: one * n, measure, 500) < BAR
