"""Private keys as octets: PKCS #1 (RFC 8017 A.1.2), PKCS #8 (RFC 5958), SEC 1 (RFC 5915), and stores of them, PKCS #12
(RFC 7292). They are read as what they are called in letters, which the detector of secrets knows."""

from filters.extract import strings
from filters.extract.formats import reads
from filters.extract.found import Found
from mail.ber import OCTETS, OID, SEQUENCE, NotBer, Walk

INTEGER = 0x02
LONGEST = 100_000
"""Octets of a key; a store of keys with its certificates has a few thousand."""
_ENCRYPTED = bytes.fromhex("2a864886f70d01")
"""What the identifiers of encryption by passphrase begin with (PKCS #5 and #12)."""


def begins(content: bytes) -> bool:
    """True for one value in DER, to its end, that is a private key or a store of them."""
    if content[:1] != b"\x30" or not 40 <= len(content) <= LONGEST:
        return False
    walk = Walk(content)
    try:
        whole = walk.element(0, len(content))
        if content[whole.next :].strip(b"\r\n"):
            return False
        first, second, *others = walk.children(whole)
        of = next(walk.children(second), None) if second.tag == SEQUENCE else None
    except (NotBer, ValueError):
        return False
    identified = of is not None and of.tag == OID
    if first.tag == INTEGER and first.end - first.start == 1:
        version = content[first.start]
        numbers = len(others) >= 3 and all(each.tag == INTEGER for each in (second, *others))
        return (
            (version == 0 and numbers)
            or (version == 1 and second.tag == OCTETS)
            or (version in (0, 1, 3) and identified and (version == 3 or bool(others)))
        )
    encrypted = next(walk.children(first), None) if first.tag == SEQUENCE else None
    return (
        encrypted is not None
        and content[encrypted.start : encrypted.end].startswith(_ENCRYPTED)
        and second.tag == OCTETS
        and not others
    )


@reads("private-key")
def read(content: bytes, found: Found) -> None:
    """Say in letters that it is a private key, and what can be read in it (names, attributes)."""
    found.budget.take_bytes(len(content))
    found.text("", f"-----BEGIN PRIVATE KEY-----\n{strings.texts(content)}")
    found.verdicts.append("ok")
