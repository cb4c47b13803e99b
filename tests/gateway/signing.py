"""A DKIM signer of the tests' own, straight from RFC 6376, which writes whatever tags it is told: also wrong ones."""

import base64
import hashlib
import re
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


def signed(mail: str, key: Any = RSA, *, hash_name: str = "sha256", **tags: str | None) -> str:
    """The mail with a DKIM-Signature in front. `tags` replace the usual ones; None leaves one out."""
    head, _, body = mail.partition("\r\n\r\n")
    kind = "ed25519" if isinstance(key, ed25519.Ed25519PrivateKey) else "rsa"
    usual: dict[str, str | None] = {
        "v": "1", "a": f"{kind}-{hash_name}", "c": "relaxed/relaxed", "d": "corp.example", "s": "s1",
        "h": "from:to:subject:date",
    }  # fmt: skip
    usual |= tags
    how_header, _, how_body = (usual["c"] or "simple/simple").partition("/")
    canonical = body_form(body, how_body or "simple").encode()
    if usual.get("l"):
        canonical = canonical[: int(usual["l"])]  # type: ignore[arg-type]
    digest = base64.b64encode(hashlib.new(hash_name, canonical).digest()).decode()
    value = " " + "; ".join(f"{k}={v}" for k, v in ({"bh": digest} | usual).items() if v is not None) + "; b="
    fields = re.findall(r"([^:\s]+)[ \t]*:([^\r\n]*(?:\r\n[ \t][^\r\n]*)*)(?:\r\n|$)", head)
    text, used = "", {}
    for name in (usual["h"] or "").split(":"):
        same = [f for f in fields if f[0].strip().lower() == name.strip().lower()]
        place = len(same) - 1 - used.get(name.lower(), 0)
        used[name.lower()] = used.get(name.lower(), 0) + 1
        if place >= 0:
            text += header_form(same[place][0], same[place][1], how_header) + "\r\n"
    text += header_form("DKIM-Signature", value, how_header)
    if kind == "ed25519":
        signature = key.sign(hashlib.new(hash_name, text.encode()).digest())
    else:
        algorithm = hashes.SHA1() if hash_name == "sha1" else hashes.SHA256()
        signature = key.sign(text.encode(), padding.PKCS1v15(), algorithm)
    return f"DKIM-Signature:{value}{base64.b64encode(signature).decode()}\r\n{mail}"
