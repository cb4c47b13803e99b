"""The head of an HTTP/1.1 request, read before anything else sees it: what two readers could read in two ways is refused.

h11, which reads it next, is lenient where RFC 9112 allows it (lines that end in LF alone, folded fields, the same
Content-Length twice). A reverse proxy in front of us may be lenient in another way; what lies between is where requests
are smuggled. Bodies come with a Content-Length only: no browser sends a form in chunks.

Sources: RFC 9112 §2.2, §3, §5, §6; RFC 9110 §15; RFC 6585 §5.
"""

import re

LIMIT = 16 * 1024
"""Octets of a head, its last CRLF included."""
FIELDS = 100

OK = 200
BAD, LENGTH_REQUIRED, TOO_LONG, FIELDS_TOO_LARGE, VERSION = 400, 411, 413, 431, 505

_REQUEST = re.compile(rb"[!#$%&'*+.^_`|~0-9A-Za-z-]{1,32} /[\x21-\x7e]* HTTP/([0-9])\.[0-9]")
_FIELD = re.compile(rb"([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*+([^\x00-\x08\x0a-\x1f\x7f]*)")
_LENGTH = re.compile(rb"[0-9]{1,9}")
_BARE = re.compile(rb"(?<!\r)\n|\r(?!\n|\Z)|\x00")


def begun(octets: bytes) -> int:
    """Whether octets that are not a whole head yet can still become one: OK, or the status of the refusal."""
    if _BARE.search(octets):
        return BAD
    return FIELDS_TOO_LARGE if len(octets) >= LIMIT else OK


def read(head: bytes, body_limit: int) -> tuple[int, int]:
    """(OK, octets of the body) of a head with its empty line, or (status of the refusal, 0)."""
    if len(head) > LIMIT:
        return FIELDS_TOO_LARGE, 0
    line, *fields = head.removesuffix(b"\r\n\r\n").split(b"\r\n")
    request = _REQUEST.fullmatch(line)
    if _BARE.search(head) or request is None:
        return BAD, 0
    if request[1] != b"1":
        return VERSION, 0
    if len(fields) > FIELDS:
        return FIELDS_TOO_LARGE, 0
    lengths, coded = [], False
    for field in fields:
        found = _FIELD.fullmatch(field)
        if found is None:
            return BAD, 0
        name, value = found[1].lower(), found[2].strip(b" \t")
        coded |= name == b"transfer-encoding"
        if name == b"content-length":
            lengths.append(value)
    if coded:
        return (BAD if lengths else LENGTH_REQUIRED), 0
    if len(lengths) > 1 or not all(_LENGTH.fullmatch(text) for text in lengths):
        return BAD, 0
    length = int(lengths[0]) if lengths else 0
    return (TOO_LONG, 0) if length > body_limit else (OK, length)
