"""Verifying the DKIM signatures of a mail (RFC 6376, RFC 8301, RFC 8463): dkimpy's judgement, and what it does not ask.

A pure function of the mail, the published keys and the time; keys are asked for before.

Diagnostics: none raised. Words as in RFC 8601 §2.7.1: "pass"; "fail" (header or body were changed); "policy" (it verifies,
but others could have added what a reader sees); "neutral" (it fails, and its domain says that it is only testing);
"temperror"; "permerror" (signature or key cannot be used).
"""

import time
from collections.abc import Iterable
from typing import Any

import dkim
import msgspec

from filters.facts import SignatureResult
from gateway.authenticate import dkim_library
from gateway.authenticate.sign import OVERSIGNED
from mail.message import Message

MOST = 5
"""Signatures that are verified; those of the author's domain first, then from the top."""
MOST_FIELDS = 50
"""DKIM-Signature fields that are read at all."""

ALGORITHMS = ("rsa-sha256", "ed25519-sha256")
"""Not rsa-sha1, which dkimpy would still accept (RFC 8301 §3.1)."""

CLOCKS = 300
"""Seconds for which an expired signature still counts: clocks differ (§3.5 x=)."""

_SINGLE = frozenset({*(name.decode() for name in OVERSIGNED), "date"})
"""Fields of which a reader sees one: one more than were signed is somebody else's (§8.15)."""


class Signature(msgspec.Struct, frozen=True):
    """One DKIM-Signature field. `index` counts those fields from the top; `key_name` is where its key is."""

    index: int
    tags: dict[str, str]

    @property
    def domain(self) -> str:
        return self.tags.get("d", "").lower().rstrip(".")

    @property
    def key_name(self) -> str:
        return dkim_library.key_name(self.tags)


class Key(msgspec.Struct, frozen=True):
    """A published key that may be used (§3.6.1): `record` is what dkimpy is to read of it.

    testing   t=y: the domain is trying DKIM out
    strict    t=s: the identity of the signer must be in the very domain, not below it
    """

    record: str
    testing: bool = False
    strict: bool = False


def signatures(message: Message, author: str = "") -> list[Signature]:
    """The DKIM-Signature fields that are verified; one that is malformed has no tags. Those of the domain `author`, or of
    one above or below it, come first: nobody can push them out by adding others."""
    fields = dkim_library.fields(message, b"dkim-signature")[:MOST_FIELDS]
    found = [Signature(index, dkim_library.tags(value)) for index, (_, value) in enumerate(fields)]
    return sorted(found, key=lambda s: not _related(s.domain, author))[:MOST]


def _related(one: str, other: str) -> bool:
    return bool(one and other) and (one == other or one.endswith("." + other) or other.endswith("." + one))


def key_of(record: str) -> Key:
    """The key in a record. Raises ValueError with the reason why it cannot be used."""
    tag = dkim_library.tags(record.encode("utf-8", "replace"))
    if not tag:
        raise ValueError("no key is published" if not record else "the key is malformed")
    if "v" in tag and (tag["v"] != "DKIM1" or next(iter(tag)) != "v"):
        raise ValueError("the key is of another version")
    if "p" not in tag:
        raise ValueError("the key is malformed")
    if not tag["p"]:
        raise ValueError("the key was revoked")
    if "h" in tag and "sha256" not in _listed(tag["h"]):
        raise ValueError("the key is for other hashes")
    if "s" in tag and not {"*", "email"} & _listed(tag["s"]):
        raise ValueError("the key is not for mail")
    flags = _listed(tag.get("t", ""))
    return Key(f"k={tag.get('k', 'rsa')}; p={tag['p']}", "y" in flags, "s" in flags)


def _listed(value: str) -> set[str]:
    return {word.strip() for word in value.split(":")}


def verify(
    message: Message, found: Iterable[Signature], keys: dict[str, str | None], now: float | None = None
) -> list[SignatureResult]:
    """The result of each signature.

    `keys` maps a signature's `key_name` to the published record, "" when there is none, None when the DNS
    did not answer; `now` is in seconds since the epoch.
    """
    prepared = dkim_library.prepared(message)
    results = []
    for signature in found:
        word, reason = _judged(
            prepared, signature, keys.get(signature.key_name), time.time() if now is None else now
        )
        results.append(SignatureResult(word, signature.domain, signature.tags.get("s", "").lower(), reason))
    return results


def _judged(prepared: Any, signature: Signature, record: str | None, now: float) -> tuple[str, str]:
    tag = signature.tags
    if not tag:
        return "permerror", "the signature is malformed"
    names = [name.strip().lower() for name in tag.get("h", "").split(":")]
    if "from" not in names:
        return "permerror", "From is not signed"  # dkimpy does not ask (§6.1.1)
    if tag.get("a") not in ALGORITHMS:
        return "permerror", "an algorithm that proves nothing"
    if tag.get("x", "").isdecimal() and int(tag["x"][:20]) + CLOCKS < now:
        return "permerror", "the signature has expired"  # dkimpy allows 10 hours
    if record is None:
        return "temperror", "no answer from the DNS"
    try:
        key = key_of(record)
    except ValueError as error:
        return "permerror", str(error)
    domain = signature.domain
    if key.strict and tag.get("i", f"@{domain}").rpartition("@")[2].lower().rstrip(".") != domain:
        return "permerror", "the identity is not in the very domain of the key"
    word, reason = _verified(prepared, signature, key)
    if word == "fail" and key.testing:
        return "neutral", f"{reason}, in a test of the domain"  # as if it were not signed (§3.6.1 t=y)
    if word != "pass":
        return word, reason
    if "l" in tag and int(tag["l"]) > _size(prepared.body, tag.get("c", "")):
        return "permerror", "more is signed than there is"
    if added := uncovered(prepared, tag):
        return "policy", added
    return "pass", "the domain is testing" if key.testing else ""


def uncovered(prepared: Any, tag: dict[str, str]) -> str:
    """What a reader sees of this mail although a good signature with these tags does not cover it; "" for nothing."""
    if "l" in tag and int(tag["l"]) < _size(prepared.body, tag.get("c", "")):
        return "only a part of the body is signed"  # anybody can append to it (§8.2)
    names = [name.strip().lower() for name in tag.get("h", "").split(":")]
    present = [name.decode("ascii", "replace").lower() for name, _ in prepared.headers]
    for name in sorted(_SINGLE.intersection(names)):
        if present.count(name) > names.count(name):
            return f"{name} was added after signing"
    return ""


def _verified(prepared: Any, signature: Signature, key: Key) -> tuple[str, str]:
    # dkimpy meets hostile fields and keys with many kinds of exceptions, not only its own. The order of calls is
    # that of dkim.asyncsupport, which also has its keys from elsewhere.
    try:
        sig, names, signed = prepared.verify_headerprep(signature.index)
    except Exception:
        return "permerror", "the signature is malformed or not valid at this time"
    try:
        prepared.pk, prepared.keysize, prepared.ktag, prepared.seqtlsrpt = dkim.evaluate_pk(
            signature.key_name, key.record
        )
        if not sig[b"a"].startswith(prepared.ktag + b"-"):
            return "permerror", "the key is of another kind"
    except Exception:
        return "permerror", "no usable key is published"
    if prepared.ktag == b"rsa" and prepared.keysize < dkim_library.SMALLEST_KEY:
        return "permerror", "the key is too small"
    try:
        good = prepared.verify_sig_process(sig, names, signed[signature.index], None)
    except dkim.ValidationError:
        return "fail", "the body was changed"
    except Exception:
        return "permerror", "the signature or its key cannot be used"
    return ("pass", "") if good else ("fail", "the signature does not fit")


def _size(body: dkim_library.Body, canonicalization: str) -> int:
    return len(body.relaxed if canonicalization.endswith("/relaxed") else body.simple)
