"""Mails broken at random, from mails in the shapes of usual programs and from crafted ones."""

import random
from functools import lru_cache

from tests.mail.ambiguous_mails import MAILS
from tests.mail.clean_mails import clean

TOKENS = (
    b"\r\n", b"\n", b"\r", b"\0", b"--", b"--b1", b"--b1--", b"=?", b"?=", b"=?utf-8?b?", b"=?iso-2022-jp?q?", b"\x1b$B", b"\x1b(B",
    b"\x1b(I", b"\x0e", b"\xff\xfe", b"\xe7\xa4\xbe", b"Content-Type: multipart/mixed; boundary=b1\r\n", b"Content-Type: message/rfc822\r\n",
    b"Content-Transfer-Encoding: base64\r\n", b"Content-Transfer-Encoding: x-uuencode\r\n", b'filename*0*="', b"filename*1=", b"boundary=",
    b'"', b"\\", b";", b"(", b"=", b"begin 644 x\r\n", b"=ybegin name=x\r\n", b"charset=utf-7", b"charset=utf-16", b"+ZeVnLIqe-", b" ", b"\t",
)  # fmt: skip


@lru_cache(maxsize=1)
def seeds() -> tuple[bytes, ...]:
    """The mails that are broken."""
    return (*(raw for _, raw, _ in MAILS), *(raw for _, raw in clean(70)), b"")


def mutated(number: int) -> bytes:
    """The mail of this number: always the same one."""
    chance = random.Random(number)
    mails = seeds()
    raw = bytearray(chance.choice(mails))
    for _ in range(chance.choice((1, 2, 5, 20))):
        at = chance.randint(0, len(raw))
        size = chance.choice((0, 1, 3, 30))
        match chance.randrange(6):
            case 0:
                raw[at : at + size] = chance.choice(TOKENS)
            case 1:
                raw[at:at] = chance.choice(TOKENS) * chance.choice((1, 1, 1, 50))
            case 2:
                del raw[at : at + size]
            case 3:
                raw[at : at + 1] = bytes([chance.randrange(256)])
            case 4:
                other = chance.choice(mails)
                begin = chance.randint(0, len(other))
                raw[at : at + size] = other[begin : begin + chance.choice((10, 100, 1000))]
            case _:
                raw[at:at] = raw[at : at + chance.choice((5, 50, 500))]
    return bytes(raw[:200_000])
