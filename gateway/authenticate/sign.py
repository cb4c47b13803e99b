"""Signing what leaves: DKIM-Signature fields (RFC 6376, RFC 8463), the same bytes that dkimpy would write.

c=relaxed/simple: relays fold header fields again, so the header is relaxed; nobody may touch the body, so its
hash is that of the bytes as they are.

Diagnostics: ValueError for an invalid or weak key; nothing is raised for a mail.
"""

import base64
import re
from hashlib import sha256
from typing import Literal

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ed25519, padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256

from gateway.authenticate import dkim_field, dkim_library
from gateway.authenticate.dkim_field import Layout, relaxed, selected
from mail.compose import Pieces
from mail.message import Message
from mail.pieces import parted, stripped

OVERSIGNED = (
    b"from", b"sender", b"reply-to", b"to", b"cc", b"subject",
    b"mime-version", b"content-type", b"content-transfer-encoding",
)  # fmt: skip
"""Fields that change what a reader sees or whom he answers: signed once more than they occur, so that nobody
can add one (RFC 6376 §8.15)."""

SIGNED = (
    b"date", b"message-id", b"in-reply-to", b"references", b"resent-date", b"resent-from", b"resent-to",
    b"resent-cc", b"resent-message-id", b"list-id", b"list-help", b"list-unsubscribe", b"list-unsubscribe-post",
    b"list-subscribe", b"list-post", b"list-owner", b"list-archive", b"content-id", b"content-description",
    b"autocrypt", b"auto-submitted", b"importance", b"x-priority",
)  # fmt: skip
"""Fields that are signed as often as they occur. A relay may add a missing Date or Message-ID, so their
absence is not signed."""

LAYOUTS = 256
"""Lists of names whose layout is kept; mails of one client have few."""

_PADDING, _SHA256 = padding.PKCS1v15(), SHA256()
_NAME = re.compile(r"[a-z0-9](?:[a-z0-9_.-]*[a-z0-9])?", re.IGNORECASE)


class Signer:
    """A signing key of a domain. `key_pem` is an unencrypted RSA or Ed25519 private key (PKCS#8 or PKCS#1)."""

    def __init__(self, domain: str, selector: str, key_pem: bytes) -> None:
        for name in (domain, selector):
            if not _NAME.fullmatch(name):
                raise ValueError(f"{name!r} cannot be a domain or selector of DKIM (use A-labels)")
        self.domain = domain.lower()
        self.selector = selector
        self.key = _load(key_pem)
        octets = (self.key.key_size + 7) // 8 if isinstance(self.key, rsa.RSAPrivateKey) else 64
        self._size = (octets + 2) // 3 * 4
        self._layouts: dict[tuple[bytes, ...], Layout] = {}

    def __repr__(self) -> str:
        return f"Signer({self.record_name})"

    @property
    def algorithm(self) -> str:
        return "rsa-sha256" if isinstance(self.key, rsa.RSAPrivateKey) else "ed25519-sha256"

    @property
    def record_name(self) -> str:
        """The name in DNS under which `record` is to be published."""
        return f"{self.selector}._domainkey.{self.domain}"

    @property
    def record(self) -> str:
        """The text of the TXT record; longer than 255 characters it is published as several strings."""
        public = self.key.public_key()
        if isinstance(public, rsa.RSAPublicKey):
            raw = public.public_bytes(
                serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
            )
            return f"v=DKIM1; k=rsa; p={base64.b64encode(raw).decode()}"
        raw = public.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
        return f"v=DKIM1; k=ed25519; p={base64.b64encode(raw).decode()}"

    @property
    def zone_line(self) -> str:
        """The record as a line of a zone file, in strings of at most 255 characters."""
        text = self.record
        strings = " ".join(f'"{text[i : i + 255]}"' for i in range(0, len(text), 255))
        return f"{self.record_name}. IN TXT ( {strings} )"

    def sign(self, content: Pieces | bytes | memoryview) -> bytes:
        """The DKIM-Signature line, with its line end, to put in front of this content.

        b"" for a content that has no From field or whose header others might read in another way than we do:
        there is nothing that could be vouched for. Blocks for the time of hashing (5 MB: 6 ms); call it in a
        thread for big mails.
        """
        mail, body = parted([content] if isinstance(content, bytes | memoryview) else content)
        names = signed_names(mail)
        if not names:
            return b""
        layout = self._layouts.get(names)
        if layout is None:
            if len(self._layouts) >= LAYOUTS:
                self._layouts.clear()
            layout = Layout(self.algorithm, self.domain, self.selector, names, self._size)
            self._layouts[names] = layout
        headers = mail.headers
        present = [header.raw_name.lower() for header in headers]
        stamp = dkim_field.now()
        covered = [relaxed(present[place], headers[place].raw) for place in selected(present, names)]
        hashed = base64.b64encode(_simple(body))
        covered.append(layout.hashed(stamp, hashed))
        return layout.signed(stamp, hashed, base64.b64encode(self._signature(b"".join(covered))))

    def _signature(self, covered: bytes) -> bytes:
        if isinstance(self.key, rsa.RSAPrivateKey):
            return self.key.sign(covered, _PADDING, _SHA256)
        return self.key.sign(sha256(covered).digest())


def _simple(body: Pieces) -> bytes:
    """The digest of a body in simple form: one line end at its end (RFC 6376 §3.4.3)."""
    digest = sha256()
    for piece in stripped(body):
        digest.update(piece)
    digest.update(b"\r\n")
    return digest.digest()


def message_of(content: Pieces | bytes | memoryview) -> Message:
    """The mail that these pieces are together."""
    return Message(content if isinstance(content, bytes | memoryview) else b"".join(content))


def signed_names(mail: Message) -> tuple[bytes, ...]:
    """The h= list: one entry per occurrence, one more for the oversigned ones; () for what cannot be signed."""
    present = [h.raw_name.lower() for h in mail.headers]
    if b"from" not in present or set(mail.root.problems) - {"header-too-large"}:
        return ()
    names = [name for name in OVERSIGNED for _ in range(present.count(name) + 1)]
    return (*names, *(name for name in SIGNED for _ in range(present.count(name))))


def generate_key(kind: Literal["rsa", "ed25519"] = "rsa", bits: int = 2048) -> bytes:
    """A fresh private key as PEM (PKCS#8, not encrypted: the file's permissions protect it)."""
    key = rsa.generate_private_key(65537, bits) if kind == "rsa" else ed25519.Ed25519PrivateKey.generate()
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def _load(key_pem: bytes) -> rsa.RSAPrivateKey | ed25519.Ed25519PrivateKey:
    try:
        key = serialization.load_pem_private_key(key_pem, password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise ValueError("the DKIM key cannot be read (PEM, RSA or Ed25519, without a passphrase)") from None
    if isinstance(key, ed25519.Ed25519PrivateKey):
        return key
    if isinstance(key, rsa.RSAPrivateKey) and key.key_size >= dkim_library.SMALLEST_KEY:
        return key
    raise ValueError(f"the DKIM key must be Ed25519, or RSA of {dkim_library.SMALLEST_KEY} bits or more")
