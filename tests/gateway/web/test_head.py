"""Heads of requests: one reading or none."""

import pytest

from gateway.web import head
from gateway.web.head import BAD, FIELDS_TOO_LARGE, LENGTH_REQUIRED, OK, TOO_LONG, VERSION

HOST = b"Host: console.test\r\n"


def get(fields: bytes = HOST, line: bytes = b"GET / HTTP/1.1") -> bytes:
    return line + b"\r\n" + fields + b"\r\n"


@pytest.mark.parametrize(
    ("octets", "expected"),
    [
        (get(), (OK, 0)),
        (get(HOST + b"Content-Length: 12\r\n", b"POST /login?next=/mail HTTP/1.0"), (OK, 12)),
        (get(HOST + b"Content-Length:\t65536 \r\n"), (OK, 65536)),
        (get(HOST + "X-Name: 山田\r\n".encode()), (OK, 0)),
        (get(HOST + b"Content-Length: 65537\r\n"), (TOO_LONG, 0)),
        (get(HOST + b"Content-Length: 99999999999999999999\r\n"), (BAD, 0)),
        (get(HOST + b"Content-Length: +5\r\n"), (BAD, 0)),
        (get(HOST + b"Content-Length: 5, 5\r\n"), (BAD, 0)),
        (get(HOST + b"Content-Length: \r\n"), (BAD, 0)),
        (get(HOST + b"Content-Length: 5\r\nContent-Length: 5\r\n"), (BAD, 0)),
        (get(HOST + b"Content-Length: 5\r\ncontent-length: 6\r\n"), (BAD, 0)),
        (get(HOST + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n"), (BAD, 0)),
        (get(HOST + b"TRANSFER-ENCODING: xchunked\r\nContent-Length: 5\r\n"), (BAD, 0)),
        (get(HOST + b"Transfer-Encoding: chunked\r\n"), (LENGTH_REQUIRED, 0)),
        (get(HOST + b"Transfer-Encoding : chunked\r\n"), (BAD, 0)),
        (get(HOST + b"X: a\r\n b\r\n"), (BAD, 0)),
        (get(HOST + b"X: a\r\n\tb\r\n"), (BAD, 0)),
        (get(b" Host: x\r\n"), (BAD, 0)),
        (get(HOST + b"X: a\x00b\r\n"), (BAD, 0)),
        (get(HOST + b"X: a\rb\r\n"), (BAD, 0)),
        (get(HOST + b"X: a\nContent-Length: 5\r\n"), (BAD, 0)),
        (get(HOST + b"X: a\x1bb\r\n"), (BAD, 0)),
        (get(HOST + b"no colon\r\n"), (BAD, 0)),
        (get(HOST + b": no name\r\n"), (BAD, 0)),
        (get(line=b"GET http://elsewhere.example/ HTTP/1.1"), (BAD, 0)),
        (get(line=b"CONNECT elsewhere.example:25 HTTP/1.1"), (BAD, 0)),
        (get(line=b"GET  / HTTP/1.1"), (BAD, 0)),
        (get(line=b"GET / HTTP/1.1 "), (BAD, 0)),
        (get(line=b"GET /"), (BAD, 0)),
        (get(line=b"GET / http/1.1"), (BAD, 0)),
        (get(line=b"GET / HTTP/2.0"), (VERSION, 0)),
        (get(HOST + b"X: 1\r\n" * head.FIELDS), (FIELDS_TOO_LARGE, 0)),
        (get(HOST + b"X: " + b"a" * 70_000 + b"\r\n"), (FIELDS_TOO_LARGE, 0)),
    ],
)
def test_what_a_head_says(octets: bytes, expected: tuple[int, int]) -> None:
    assert head.read(octets, 65536) == expected


@pytest.mark.parametrize(
    ("octets", "expected"),
    [
        (b"", OK),
        (b"GET / HTTP/1.1\r", OK),
        (b"GET / HTTP/1.1\r\nHost", OK),
        (b"GET / HTTP/1.1\nHost", BAD),
        (b"GET / HTTP/1.1\r\rHost", BAD),
        (b"GET / HTTP/1.1\r\n" + b"a" * head.LIMIT, FIELDS_TOO_LARGE),
    ],
)
def test_half_a_head(octets: bytes, expected: int) -> None:
    assert head.begun(octets) == expected
