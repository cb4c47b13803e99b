"""Verifying DKIM signatures (RFC 6376, RFC 8463), in time linear in the size of the mail.

The work on the bytes is a pure function of the mail and the published keys; keys are asked for before.

Diagnostics: none raised; a signature that cannot be verified is "permerror", "neutral" or "fail" with its reason.
"""

import base64
import binascii
import hashlib
import re
from collections.abc import Iterable, Iterator

import msgspec
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ed25519, padding, rsa

MOST = 5
"""Signatures that are looked at; the others are left alone."""
SMALLEST_KEY = 1024
"""Bits of an RSA key below which a signature says nothing (RFC 8301)."""

_WSP = b" \t"
_FOLD = re.compile(rb"\r\n(?=[ \t])")
_BLANKS = re.compile(rb"[ \t]+")
_SIGNATURE = re.compile(rb"((?:^|;)[ \t\r\n]*b[ \t\r\n]*=)[^;]*")


class Signature(msgspec.Struct, frozen=True):
    """One DKIM-Signature field that can be checked.

    index is the position of the field in the header; tags are unfolded and without white space where that
    has no meaning; `key_name` is where its public key is published.
    """

    index: int
    tags: dict[str, str]

    @property
    def domain(self) -> str:
        return self.tags.get("d", "").lower().rstrip(".")

    @property
    def key_name(self) -> str:
        return f"{self.tags.get('s', '')}._domainkey.{self.domain}"


class Result(msgspec.Struct, frozen=True):
    """How one signature fared: an RFC 8601 word, the signing domain, and a reason for operators."""

    word: str
    domain: str = ""
    reason: str = ""


def tags(text: str) -> dict[str, str]:
    """A tag=value list (§3.2); empty when it is malformed or names a tag twice."""
    result: dict[str, str] = {}
    for item in text.split(";"):
        name, equals, value = item.partition("=")
        name = name.strip()
        if not name and not equals:
            continue
        if not equals or not name or name in result:
            return {}
        result[name] = value.strip()
    return result


def fields(header: bytes) -> list[bytes]:
    """The fields of a header block, folded lines joined to their field, each without its last line end."""
    result: list[bytes] = []
    for line in header.split(b"\r\n"):
        if line[:1] in (b" ", b"\t") and result:
            result[-1] += b"\r\n" + line
        elif line:
            result.append(line)
    return result


def split(raw: bytes) -> tuple[list[bytes], bytes]:
    """Header fields and body of a mail."""
    head, _, body = raw.partition(b"\r\n\r\n")
    return fields(head), body


def signatures(header: list[bytes]) -> list[Signature]:
    """The first few DKIM-Signature fields, from the top."""
    found = []
    for index, field in enumerate(header):
        name, _, value = field.partition(b":")
        if name.strip().lower() == b"dkim-signature":
            text = _FOLD.sub(b"", value).decode("utf-8", "replace")
            found.append(Signature(index, tags(text)))
            if len(found) == MOST:
                break
    return found


def verify(
    header: list[bytes], body: bytes, found: Iterable[Signature], keys: dict[str, str | None], now: float
) -> list[Result]:
    """The result of each signature.

    `keys` maps a signature's `key_name` to the published record, "" when there is none, None when the DNS
    did not answer. `now` is UTC seconds, for the expiry of signatures (x=).
    """
    digests: dict[tuple[str, str], tuple[bytes, int]] = {}
    results = []
    for signature in found:
        word, reason = _judged(header, body, signature, keys.get(signature.key_name), now, digests)
        results.append(Result(word, signature.domain, reason))
    return results


def _judged(
    header: list[bytes],
    body: bytes,
    signature: Signature,
    record: str | None,
    now: float,
    digests: dict[tuple[str, str], tuple[bytes, int]],
) -> tuple[str, str]:
    tag, domain = signature.tags, signature.domain
    if tag.get("v") != "1" or any(not tag.get(t) for t in ("a", "b", "bh", "d", "h", "s")):
        return "permerror", "the signature is malformed"
    signed = [n.strip().lower().encode("ascii", "replace") for n in tag["h"].split(":")]
    if b"from" not in signed:
        return "permerror", "From is not signed"
    identity = tag.get("i", "@" + domain).lower().rpartition("@")[2]
    if identity != domain and not identity.endswith("." + domain):
        return "permerror", "identity outside the signing domain"
    if tag["a"] not in ("rsa-sha256", "ed25519-sha256"):
        return "neutral", "an algorithm that proves nothing"
    if "x" in tag and _number(tag["x"]) < now:
        return "fail", "expired"
    for_header, _, for_body = tag.get("c", "simple/simple").partition("/")
    for_body = for_body or "simple"
    length = _number(tag["l"]) if "l" in tag else None
    if {for_header, for_body} - {"simple", "relaxed"} or (length is not None and length < 0):
        return "permerror", "unknown canonicalization or length"
    if record is None:
        return "temperror", "no answer from the DNS"
    if not record:
        return "permerror", "no key is published"
    which = (for_body, tag.get("l", ""))
    if which not in digests:
        digests[which] = body_hash(body, for_body, length)
    digest, size = digests[which]
    if digest != _base64(tag["bh"]):
        return "fail", "the body was changed"
    if length is not None and length < size:
        # Anybody can append to a mail of which only the beginning is signed (§8.2).
        return "neutral", "only a part of the body is signed"
    return _verified(record, tag, header_bytes(header, signed, signature, for_header))


def _verified(record: str, tag: dict[str, str], data: bytes) -> tuple[str, str]:
    published = tags(record)
    kind = "rsa" if tag["a"].startswith("rsa") else "ed25519"
    if published.get("v", "DKIM1") != "DKIM1" or published.get("k", "rsa") != kind or "p" not in published:
        return "permerror", "the key does not fit"
    if not published["p"]:
        return "fail", "the key was revoked"
    if "sha256" not in [h.strip() for h in published.get("h", "sha256").split(":")]:
        return "permerror", "the key does not allow this hash"
    key_bytes, signature = _base64(published["p"]), _base64(tag["b"])
    try:
        if kind == "ed25519":
            # RFC 8463 §3: the signature is over the hash of the data.
            digest = hashlib.sha256(data).digest()
            ed25519.Ed25519PublicKey.from_public_bytes(key_bytes).verify(signature, digest)
        else:
            key = serialization.load_der_public_key(key_bytes)
            if not isinstance(key, rsa.RSAPublicKey) or key.key_size < SMALLEST_KEY:
                return "permerror", "the key is too small"
            key.verify(signature, data, padding.PKCS1v15(), hashes.SHA256())
    except InvalidSignature:
        return "fail", "the signature does not fit"
    except (ValueError, UnsupportedAlgorithm):
        return "permerror", "the key cannot be read"
    return "pass", ""


def _number(text: str) -> int:
    """A decimal number of at most 15 digits, or -1."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 15 else -1


def _base64(text: str) -> bytes:
    try:
        return base64.b64decode(re.sub(r"\s+", "", text))
    except (binascii.Error, ValueError):
        return b""


def body_hash(body: bytes, how: str, length: int | None = None) -> tuple[bytes, int]:
    """SHA-256 of the canonical body (§3.4.3, §3.4.4), cut to `length` bytes when given; and its full length."""
    digest, size = hashlib.sha256(), 0
    for piece in _canonical_body(body, how):
        digest.update(piece if length is None else piece[: max(length - size, 0)])
        size += len(piece)
    return digest.digest(), size


def _canonical_body(body: bytes, how: str) -> Iterator[bytes]:
    if how == "simple":
        end = len(body)
        while body[max(end - 2, 0) : end] == b"\r\n":
            end -= 2
        yield body[:end]
        yield b"\r\n"
        return
    empty = 0
    for chunk in _chunks(body):
        out = []
        for line in chunk.split(b"\r\n"):
            line = _BLANKS.sub(b" ", line).rstrip(_WSP)
            if line:
                out.append(b"\r\n" * empty + line + b"\r\n")
                empty = 0
            else:
                empty += 1
        yield b"".join(out)


def _chunks(body: bytes, size: int = 1 << 20) -> Iterator[bytes]:
    """The body in pieces of whole lines without the last line end, so that no huge list of lines is made."""
    at = 0
    while at < len(body):
        end = body.find(b"\r\n", at + size)
        end = len(body) if end < 0 else end
        yield body[at:end]
        at = end + 2


def header_bytes(header: list[bytes], signed: list[bytes], signature: Signature, how: str) -> bytes:
    """What the signature covers: the signed fields from the bottom up, then the signature with an empty b=."""
    by_name: dict[bytes, list[bytes]] = {}
    for index, field in enumerate(header):
        if index != signature.index:
            by_name.setdefault(field.partition(b":")[0].strip().lower(), []).append(field)
    pieces = []
    for name in signed:
        if by_name.get(name):
            pieces.append(_canonical_field(by_name[name].pop(), how) + b"\r\n")
    name, _, value = header[signature.index].partition(b":")
    bare = name + b":" + _SIGNATURE.sub(rb"\1", value, count=1)
    return b"".join(pieces) + _canonical_field(bare, how)


def _canonical_field(field: bytes, how: str) -> bytes:
    if how == "simple":
        return field
    name, _, value = field.partition(b":")
    return name.strip().lower() + b":" + _BLANKS.sub(b" ", _FOLD.sub(b"", value)).strip(_WSP)
