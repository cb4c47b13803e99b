import pytest

from mail.header import MAX_HEADER, MAX_HEADERS, read_headers


def read(raw: bytes):
    problems: list[str] = []
    junk: list[int] = []
    headers, end = read_headers(memoryview(raw), (0, len(raw)), problems, junk)
    return headers, end, problems, junk


def test_fields_with_their_spans_and_the_begin_of_the_body():
    headers, end, problems, _ = read(b"A: 1\r\nB: =?utf-8?q?=E6=BC=A2?=\r\n folded\r\n\r\nbody")
    assert [(h.name, h.span, h.text) for h in headers] == [("a", (0, 6), "1"), ("b", (6, 41), "漢 folded")]
    assert (end, problems) == (43, [])


@pytest.mark.parametrize(
    ("raw", "problem"),
    [
        (b"A: 1\r\njunk\r\nB: 2\r\n\r\n", "junk-in-header"),
        (b"A: 1\r\ntext\r\nmore", "missing-blank-line"),
        (b"From x Mon\nA: 1\n\n", "mbox-line"),
        (b"A: " + b"x" * MAX_HEADER + b"\r\n\r\n", "header-too-large"),
        (b"A: 1\r\n" * (MAX_HEADERS + 1) + b"\r\n", "too-many-headers"),
    ],
)
def test_damage_has_a_name(raw, problem):
    assert problem in read(raw)[2]


def test_where_the_junk_stands():
    assert read(b"A: 1\r\njunk\r\nB: 2\r\n\r\n")[3] == [6]
