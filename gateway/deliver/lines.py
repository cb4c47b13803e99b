"""What an envelope is on the wire to a next hop: MAIL and RCPT as lines, and whether a content may go there at all. Pure.

Diagnostics: a Reply instead of a line is a refusal that is ours: the next hop is not asked.
"""

import re
from collections.abc import Mapping

from gateway.deliver.wire import CHUNK
from mail.address import AddressError, parse
from mail.compose import Pieces
from mail.envelope import Envelope, ForwardPath
from mail.reply import Reply
from storage.content import Content

_PARAMETER = re.compile(rb"[^\x00-\x20\x7f]+")

BAD_ADDRESS = Reply(553, "The address cannot be written in SMTP", 1, 3)
NEEDS_8BIT = Reply(554, "The next hop does not take 8-bit content, and it is not converted", 6, 3)
NEEDS_UTF8 = Reply(550, "The next hop does not take addresses beyond ASCII", 6, 7)
NEEDS_UTF8_HEADER = Reply(550, "The next hop does not take header fields beyond ASCII", 6, 9)


def mail_line(envelope: Envelope, offered: Mapping[str, str], size: int = 0) -> bytes | Reply:
    """The MAIL command for a next hop that offers these extensions, or the reply that refuses it here.

    RET and ENVID only where DSN is offered (RFC 3461 §5.2), BODY where 8BITMIME is (RFC 6152), SIZE where it
    is and `size` is known (RFC 1870). A non-ASCII reverse-path needs SMTPUTF8 (RFC 6531 §3.2).
    """
    utf8 = envelope.smtputf8 and "smtputf8" in offered
    words = [b"SMTPUTF8"] if utf8 else []
    if envelope.body == "8BITMIME" and "8bitmime" in offered:
        words.append(b"BODY=8BITMIME")
    if size and "size" in offered:
        words.append(b"SIZE=%d" % size)
    if "dsn" in offered:
        words += [b"RET=" + envelope.ret.encode()] if envelope.ret else []
        words += [b"ENVID=" + envelope.envid.encode()] if envelope.envid else []
    return _line(b"MAIL FROM:", envelope.reverse_path, words, utf8)


def rcpt_line(path: ForwardPath, offered: Mapping[str, str], utf8: bool = False) -> bytes | Reply:
    """The RCPT command, with NOTIFY and ORCPT where DSN is offered, or the reply that refuses it here.

    `utf8` says that the transaction has the SMTPUTF8 parameter.
    """
    words = []
    if "dsn" in offered:
        words += [b"NOTIFY=" + ",".join(path.notify).encode()] if path.notify else []
        words += [b"ORCPT=" + path.orcpt.encode()] if path.orcpt and (utf8 or path.orcpt.isascii()) else []
    return _line(b"RCPT TO:", path.address, words, utf8) if path.address else BAD_ADDRESS


def _line(verb: bytes, address: str, words: list[bytes], utf8: bool) -> bytes | Reply:
    """One command line. The last look at an address before the wire, with the same grammar as the first: it
    has exactly one reading, and no byte in it can end the path or the command."""
    if not utf8 and not address.isascii():
        return NEEDS_UTF8
    try:
        if address and parse(address, smtputf8=utf8, lenient_dots=True) != address:
            return BAD_ADDRESS
    except AddressError:
        return BAD_ADDRESS
    if not all(_PARAMETER.fullmatch(word) for word in words):
        return BAD_ADDRESS
    raw = address.encode("utf-8")
    return verb + b"<" + raw + b">" + b"".join(b" " + word for word in words) + b"\r\n"


def unfit(envelope: Envelope, content: Content | Pieces, offered: Mapping[str, str]) -> Reply | None:
    """Why this content cannot go to a next hop with these extensions; None when it can.

    Content that was declared 8BITMIME is neither converted (that would break signatures) nor sent where
    8BITMIME is not offered (RFC 6152 §3); a header beyond ASCII needs SMTPUTF8 (RFC 6531 §3.2).
    """
    if envelope.body == "BINARYMIME":
        return NEEDS_8BIT
    plain = True
    if (envelope.body and "8bitmime" not in offered) or (envelope.smtputf8 and "smtputf8" not in offered):
        chunks = (bytes(p[i : i + CHUNK]) for p in content for i in range(0, len(p), CHUNK))
        plain = all(chunk.isascii() for chunk in chunks)
    if plain:
        return None
    if envelope.smtputf8 and "smtputf8" not in offered and not _header(content).isascii():
        return NEEDS_UTF8_HEADER
    return NEEDS_8BIT if envelope.body and "8bitmime" not in offered else None


def _header(content: Content | Pieces) -> bytes:
    header = b""
    for piece in content:
        header += bytes(piece[: 1024 * 1024])
        if (end := header.find(b"\r\n\r\n")) >= 0:
            return header[:end]
    return header
