"""Verifying the DKIM signatures of a mail (RFC 6376, RFC 8301, RFC 8463): dkimpy's judgement in words.

A pure function of the mail and the published keys; keys are asked for before.

Diagnostics: none raised; a signature that cannot be verified is "permerror", "neutral" or "fail" with its reason.
"""

from collections.abc import Iterable
from typing import Any

import dkim
import msgspec

from gateway import dkimpy
from mail.message import Message

MOST = 5
"""Signatures that are looked at, from the top; the others are left alone."""

ALGORITHMS = ("rsa-sha256", "ed25519-sha256")
"""Not rsa-sha1, which dkimpy would still accept (RFC 8301 §3.1)."""


class Signature(msgspec.Struct, frozen=True):
    """One DKIM-Signature field. `index` counts those fields from the top; `key_name` is where its key is."""

    index: int
    tags: dict[str, str]

    @property
    def domain(self) -> str:
        return self.tags.get("d", "").lower().rstrip(".")

    @property
    def key_name(self) -> str:
        return dkimpy.key_name(self.tags)


class Result(msgspec.Struct, frozen=True):
    """How one signature fared: an RFC 8601 word, the signing domain, and a reason for operators."""

    word: str
    domain: str = ""
    reason: str = ""


def signatures(message: Message) -> list[Signature]:
    """The first few DKIM-Signature fields, from the top; one that is malformed has no tags."""
    found = dkimpy.fields(message, b"dkim-signature")[:MOST]
    return [Signature(index, dkimpy.tags(value)) for index, (_, value) in enumerate(found)]


def verify(message: Message, found: Iterable[Signature], keys: dict[str, str | None]) -> list[Result]:
    """The result of each signature.

    `keys` maps a signature's `key_name` to the published record, "" when there is none, None when the DNS
    did not answer.
    """
    prepared = dkimpy.prepared(message)
    results = []
    for signature in found:
        word, reason = _judged(prepared, signature, keys.get(signature.key_name))
        results.append(Result(word, signature.domain, reason))
    return results


def _judged(prepared: Any, signature: Signature, record: str | None) -> tuple[str, str]:
    tag = signature.tags
    if not tag:
        return "permerror", "the signature is malformed"
    if "from" not in [name.strip().lower() for name in tag.get("h", "").split(":")]:
        return "permerror", "From is not signed"  # dkimpy does not ask (§6.1.1)
    if tag.get("a") not in ALGORITHMS:
        return "permerror", "an algorithm that proves nothing"
    if record is None:
        return "temperror", "no answer from the DNS"
    # dkimpy meets hostile fields and keys with many kinds of exceptions, not only its own. The order of calls is
    # that of dkim.asyncsupport, which also has its keys from elsewhere.
    try:
        sig, names, signed = prepared.verify_headerprep(signature.index)
    except Exception:
        return "permerror", "the signature is malformed or not valid at this time"
    try:
        prepared.pk, prepared.keysize, prepared.ktag, prepared.seqtlsrpt = dkim.evaluate_pk(
            signature.key_name, record
        )
        if not sig[b"a"].startswith(prepared.ktag):
            return "permerror", "the key is of another kind"
    except Exception:
        return "permerror", "no usable key is published"
    try:
        good = prepared.verify_sig_process(sig, names, signed[signature.index], None)
    except dkim.ValidationError:
        return "fail", "the body was changed"
    except Exception:
        return "permerror", "the signature or its key cannot be used"
    if not good:
        return "fail", "the signature does not fit"
    if "l" in tag and int(tag["l"]) < _size(prepared.body, tag.get("c", "")):
        # Anybody can append to a mail of which only the beginning is signed (§8.2).
        return "neutral", "only a part of the body is signed"
    return "pass", ""


def _size(body: dkimpy.Body, canonicalization: str) -> int:
    return len(body.relaxed if canonicalization.endswith("/relaxed") else body.simple)
