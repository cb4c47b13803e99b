"""Excel before 2007: cells of every kind, in every version of the format."""

import struct

import pytest

from filters.extract import Budget, Extracted, extract
from tests.filters.extract.cfb import compound
from tests.filters.extract.office97 import biff, record


def read(content: bytes) -> Extracted:
    return extract("a.xls", "", content, Budget())


def text_of(*cells: bytes, head: bytes = b"", version: int = 0x600, stream: str = "Workbook") -> str:
    found = read(compound({stream: biff(version, *cells, head=head)}))
    assert (found.kind, found.verdict) == ("xls", "ok")
    return "\n".join(text for _, text in found.texts).strip()


def number(row: int, value: float, style: int = 0) -> bytes:
    return record(0x203, struct.pack("<HHHd", row, 0, style, value))


def label(text: bytes) -> bytes:
    return record(0x204, struct.pack("<HHHH", 0, 0, 0, len(text)) + text)


def styles(*formats: int) -> bytes:
    return b"".join(record(0xE0, struct.pack("<HH", 0, each) + bytes(16)) for each in formats)


@pytest.mark.parametrize("stream", ["Workbook", "Book", "BOOK", "WORKBOOK"])
def test_the_stream_may_have_any_case(stream: str) -> None:
    assert text_of(number(0, 12345), stream=stream) == "12345"


def test_zeros_between_records_are_passed_over() -> None:
    assert text_of(bytes(4), number(0, 1), bytes(12), number(1, 2), bytes(400)) == "1\n2"


def test_numbers_as_they_are_shown() -> None:
    code = "000-0000-0000".encode("utf-16-le")
    formats = record(0x41E, struct.pack("<HHB", 164, 13, 1) + code)
    cells = (number(0, 31138, 1), number(1, 0.5, 2), number(2, 9012345678, 3), number(3, 0.1 + 0.2))
    assert text_of(*cells, head=formats + styles(0, 14, 9, 164)) == "1985/04/01\n50%\n090-1234-5678\n0.3"
    since = record(0x22, b"\1\0")
    assert text_of(number(0, 31138 - 1462, 1), head=since + styles(0, 14)) == "1985/04/01"


def test_results_of_formulas() -> None:
    def formula(row: int, value: bytes) -> bytes:
        return record(0x06, struct.pack("<HHH", row, 0, 0) + value + bytes(8))

    cells = (
        formula(0, struct.pack("<d", 5.0)),
        formula(1, b"\x01\0\x01\0\0\0\xff\xff"),
        formula(2, b"\x02\0\x0f\0\0\0\xff\xff"),
        formula(3, b"\x00\0\0\0\0\0\xff\xff"),
        record(0x207, struct.pack("<HB", 3, 1) + "社外秘".encode("utf-16-le")),
        record(0x205, struct.pack("<HHHBB", 4, 0, 0, 1, 0)),
    )
    assert text_of(*cells).split() == ["5", "TRUE", "#VALUE!", "社外秘", "TRUE"]


@pytest.mark.parametrize(
    ("page", "codec", "text"),
    [
        (932, "cp932", "社外秘"),
        (1251, "cp1251", "секретно"),
        (0x8001, "cp1252", "élève"),
        (1252, "cp932", "社外秘"),
        (None, "cp932", "社外秘"),
    ],
)
def test_octets_are_in_the_code_page(page: int | None, codec: str, text: str) -> None:
    head = record(0x42, struct.pack("<H", page)) if page else b""
    assert text_of(label(text.encode(codec)), head=head, version=0x500, stream="Book") == text


def test_a_chart_of_its_own() -> None:
    cells = (
        record(0x04, struct.pack("<HH3xB", 0, 1, 4) + b"Dawn"),
        record(0x03, struct.pack("<HH3xd", 1, 1, 80.5)),
        record(0x100D, b"\0\0\x07Percent"),
    )
    assert text_of(*cells, version=0x500, stream="Book").split() == ["Dawn", "80.5", "Percent"]


@pytest.mark.parametrize(
    "content",
    [
        record(0x009, b"\x02\0\x10\0")
        + record(0x04, struct.pack("<HH3xB", 0, 0, 6) + "社外秘".encode("cp932"))
        + record(0x02, struct.pack("<HH3xH", 1, 0, 42)),
        record(0x209, b"\0\0\x10\0\0\0") + label("社外秘".encode("cp932")) + number(1, 42),
        record(0x409, b"\0\0\x10\0\0\0") + label("社外秘".encode("cp932")) + number(1, 42),
        biff(0x500, label("社外秘".encode("cp932")), number(1, 42)),
    ],
    ids=["2", "3", "4", "5"],
)
def test_workbooks_that_lie_in_no_compound_file(content: bytes) -> None:
    found = read(content)
    assert (found.kind, found.verdict) == ("xls", "ok")
    assert "".join(text for _, text in found.texts).split() == ["社外秘", "42"]
