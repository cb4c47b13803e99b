"""A DKIM and ARC signer of the tests' own, straight from RFC 6376 and RFC 8617, which writes whatever tags it is told: also wrong ones."""

import base64
import hashlib
import re
from collections.abc import Mapping
from typing import Any

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ed25519, padding, rsa

RSA = rsa.generate_private_key(65537, 1024)
ED25519 = ed25519.Ed25519PrivateKey.from_private_bytes(b"\x07" * 32)


def public(key: Any) -> str:
    """p= of a key."""
    if isinstance(key, ed25519.Ed25519PrivateKey):
        raw = key.public_key().public_bytes_raw()
    else:
        raw = key.public_key().public_bytes(
            serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
        )
    return base64.b64encode(raw).decode()


def header_form(name: str, value: str, how: str) -> str:
    if how == "simple":
        return f"{name}:{value}"
    return f"{name.lower()}:{' '.join(value.split())}"


def body_form(body: str, how: str) -> str:
    if how == "relaxed":
        body = "\r\n".join(re.sub(r"[ \t]+", " ", line).rstrip(" ") for line in body.split("\r\n"))
    body = body.rstrip("\r\n")
    return body + "\r\n" if body or how == "simple" else ""


Tags = Mapping[str, str | None]


def fields_of(mail: str) -> list[tuple[str, str]]:
    """Names and values of a header, with their folding."""
    head = mail.partition("\r\n\r\n")[0]
    return re.findall(r"([^:\s]+)[ \t]*:([^\r\n]*(?:\r\n[ \t][^\r\n]*)*)(?:\r\n|$)", head)


def signed(mail: str, key: Any = RSA, *, hash_name: str = "sha256", **tags: str | None) -> str:
    """The mail with a DKIM-Signature in front. `tags` replace the usual ones; None leaves one out."""
    return (
        _over(mail, "DKIM-Signature", {"v": "1", "d": "corp.example", "s": "s1"} | tags, key, hash_name)
        + mail
    )


def _over(mail: str, field: str, tags: Tags, key: Any = RSA, hash_name: str = "sha256") -> str:
    """A signature over header and body of a mail: one field with its line end."""
    kind = "ed25519" if isinstance(key, ed25519.Ed25519PrivateKey) else "rsa"
    usual: dict[str, str | None] = dict(tags)
    for name, value in (
        ("a", f"{kind}-{hash_name}"),
        ("c", "relaxed/relaxed"),
        ("h", "from:to:subject:date"),
    ):
        usual.setdefault(name, value)
    how_header, _, how_body = (usual["c"] or "simple/simple").partition("/")
    canonical = body_form(mail.partition("\r\n\r\n")[2], how_body or "simple").encode()
    if usual.get("l"):
        canonical = canonical[: int(usual["l"])]  # type: ignore[arg-type]
    usual.setdefault("bh", base64.b64encode(hashlib.new(hash_name, canonical).digest()).decode())
    fields = fields_of(mail)
    text, used = "", dict[str, int]()
    for name in (usual["h"] or "").lower().split(":"):
        same = [f for f in fields if f[0].lower() == name.strip()]
        place = len(same) - 1 - used.get(name, 0)
        used[name] = used.get(name, 0) + 1
        if place >= 0:
            text += header_form(*same[place], how_header) + "\r\n"
    return _finished(text, field, usual, how_header, key, hash_name)


def _finished(text: str, field: str, tags: Tags, how: str, key: Any, hash_name: str = "sha256") -> str:
    value = " " + "; ".join(f"{k}={v}" for k, v in tags.items() if v is not None) + "; b="
    data = (text + header_form(field, value, how)).encode()
    if isinstance(key, ed25519.Ed25519PrivateKey):
        signature = key.sign(hashlib.new(hash_name, data).digest())
    else:
        signature = key.sign(
            data, padding.PKCS1v15(), hashes.SHA1() if hash_name == "sha1" else hashes.SHA256()
        )
    return f"{field}:{value}{base64.b64encode(signature).decode()}\r\n"


def sealed(
    mail: str,
    number: int = 1,
    results: str = "list.example; dmarc=pass",
    *,
    signature: Mapping[str, str | None] = {},
    seal: Mapping[str, str | None] = {},
) -> str:
    """The mail with one more ARC set in front; `signature` and `seal` replace tags of the two."""
    who: dict[str, str | None] = {"i": str(number), "d": "list.example", "s": "arc"}
    own = f"ARC-Authentication-Results: i={number}; {results}\r\n"
    own = _over(own + mail, "ARC-Message-Signature", who | signature) + own
    names = ["arc-authentication-results", "arc-message-signature", "arc-seal"]
    sets = [f for f in fields_of(own + mail) if f[0].lower() in names]
    sets.sort(key=lambda f: (_instance(f[1]), names.index(f[0].lower())))
    tags: Tags = who | {"a": "rsa-sha256", "cv": "pass" if number > 1 else "none"} | seal
    text = "".join(header_form(*f, "relaxed") + "\r\n" for f in sets)
    return _finished(text, "ARC-Seal", tags, "relaxed", RSA) + own + mail


def _instance(value: str) -> int:
    match = re.search(r"(?:^|[;\s])i=(\d+)", value)
    return int(match[1]) if match else 0
