"""ARC (RFC 8617): judging the chain that a mail brings, and adding our link to it.

What a forwarder or our own banner changes breaks DKIM; with ARC the one who changed the mail signs what the checks had
said before. dkimpy makes and judges the signatures; keys are asked for before.

Diagnostics: none raised. A chain in doubt is "fail"; a mail that cannot be sealed goes on without a seal (logged).
"""

import re
from collections.abc import Iterable
from typing import Any

import dkim as library
import msgspec
import structlog
from cryptography.hazmat.primitives.asymmetric import rsa

from config.log_events import LogEvent
from gateway.authenticate import dkim, dkim_library
from gateway.authenticate.sign import Signer, message_of, signed_names
from mail.compose import Pieces
from mail.message import Message

MOST = 50
"""Links of a chain (§4.2.1)."""

_SEAL, _SIGNATURE, _RESULTS = b"arc-seal", b"arc-message-signature", b"arc-authentication-results"
_INSTANCE = re.compile(rb"\s*i\s*=\s*([0-9]{1,2})\s*;", re.IGNORECASE)

log = structlog.get_logger()


class ArcSet(msgspec.Struct, frozen=True):
    """One ARC set: the tags of its seal and of its signature, its fields as dkimpy wants them, and its results.

    `results` is what its sealer had found, without the instance: the value of an Authentication-Results field.
    """

    seal: dict[str, str]
    signature: dict[str, str]
    fields: tuple[tuple[bytes, bytes], ...]
    results: bytes

    @property
    def sealer(self) -> str:
        """The domain that vouches; "" where seal and signature name different ones."""
        domain = self.seal.get("d", "").lower().rstrip(".")
        return domain if domain == self.signature.get("d", "").lower().rstrip(".") else ""


class Chain(msgspec.Struct, frozen=True):
    """The ARC sets of a mail, oldest first, unjudged: `word` is "none" or "fail" where that is clear without any key,
    else ""; `key_names` is where the keys of the seals and of the newest signature are published."""

    word: str = ""
    key_names: tuple[str, ...] = ()
    links: tuple[ArcSet, ...] = ()


def chain(message: Message) -> Chain:
    """The chain with everything that can be said of it without a key (§5.2, steps 1 to 3)."""
    fields = dkim_library.fields(message, _SEAL, _SIGNATURE, _RESULTS)
    if not fields:
        return Chain("none")
    count, rest = divmod(len(fields), 3)
    if rest or count > MOST:
        return Chain("fail")
    sets: dict[int, dict[bytes, tuple[bytes, bytes]]] = {number + 1: {} for number in range(count)}
    for field in fields:
        number = _instance(*field)
        if number not in sets or field[0].lower() in sets[number]:
            return Chain("fail")
        sets[number][field[0].lower()] = field
    links = []
    for number, one in sets.items():
        link = ArcSet(
            dkim_library.tags(one[_SEAL][1]),
            dkim_library.tags(one[_SIGNATURE][1]),
            (one[_RESULTS], one[_SIGNATURE], one[_SEAL]),
            one[_RESULTS][1].partition(b";")[2].strip(),
        )
        # A forwarder that found the chain broken says so, and then it is (§5.2 step 2).
        if link.seal.get("cv") != ("pass" if number > 1 else "none") or "h" in link.seal:
            return Chain("fail")
        links.append(link)
    names = [
        dkim_library.key_name(links[-1].signature),
        *(dkim_library.key_name(link.seal) for link in links),
    ]
    return Chain("", tuple(dict.fromkeys(names)), tuple(links))


def _instance(name: bytes, value: bytes) -> int:
    """i= of a field of a set, 0 when it has none."""
    if name.lower() == _RESULTS:
        match = _INSTANCE.match(value)
        return int(match[1]) if match else 0
    number = dkim_library.tags(value).get("i", "")
    return int(number) if re.fullmatch(r"[0-9]{1,2}", number) else 0


def verify(message: Message, found: Chain, keys: dict[str, str | None]) -> str:
    """ "none", "pass" or "fail" (§5.2); "" when the DNS did not answer, so that nobody can say.

    `keys` maps each of the chain's `key_names` to the published record, "" when there is none, None when the
    DNS did not answer.
    """
    if found.word:
        return found.word
    if any(keys.get(name) is None for name in found.key_names):
        return ""
    whole = dkim_library.prepared(message, library.ARC)
    newest = found.links[-1]
    names = newest.signature.get("h", "").lower()
    signed = [name.strip().encode() for name in names.split(":")]
    if b"from" not in signed or _SEAL in signed:
        return "fail"
    if not _good(whole, newest.fields[1], signed, newest.signature, keys, "bh", "h"):
        return "fail"
    # The seals cover the sets in the order of their instances, wherever they stand in the header (§5.1.1). dkimpy
    # takes fields of one name from the bottom up.
    whole.headers = [field for link in reversed(found.links) for field in reversed(link.fields)]
    covered: list[bytes] = []
    for link in found.links:
        covered += [_RESULTS, _SIGNATURE]
        if not _good(whole, link.fields[2], covered[:], link.seal, keys, "cv"):
            return "fail"
        covered.append(_SEAL)
    return "pass"


def _good(
    prepared: Any,
    field: tuple[bytes, bytes],
    names: list[bytes],
    tag: dict[str, str],
    keys: dict[str, str | None],
    *needed: str,
) -> bool:
    """True when the signature in `field` over the fields `names` fits."""
    wanted = [name.encode() for name in ("i", "a", "b", "d", "s", *needed)]
    try:
        sig = library.util.parse_tag_value(field[1])
        library.validate_signature_fields(sig, wanted, True)
        sig.setdefault(b"c", b"relaxed/relaxed")
        record = keys[dkim_library.key_name(tag)] or ""
        prepared.pk, prepared.keysize, prepared.ktag, prepared.seqtlsrpt = library.evaluate_pk(
            "", dkim.key_of(record).record
        )
        if prepared.ktag != b"rsa":
            return False
        return bool(prepared.verify_sig_process(sig, names, field, None))
    except Exception:  # hostile fields and keys raise many kinds
        return False


def trusted(message: Message, found: Chain, sealers: Iterable[str]) -> ArcSet | None:
    """Of a chain that has passed, the oldest link whose sealer we believe, as all after it: what it says is what a
    forwarder of our trust found before anybody of the chain since had the mail in hand. None when the newest sealer
    is not one of `sealers`: the last sealer can put any older sets under a mail of his own (§9.2). None too when
    something that a reader sees was added to what the newest has signed."""
    if not found.links or dkim.uncovered(
        dkim_library.prepared(message, library.ARC), found.links[-1].signature
    ):
        return None
    names = {sealer.lower().rstrip(".") for sealer in sealers}
    oldest = None
    for link in reversed(found.links):
        if link.sealer not in names:
            break
        oldest = link
    return oldest


class Sealer:
    """Our link: the key (RSA; ARC knows no other) and the name under which we write Authentication-Results."""

    def __init__(self, signer: Signer, authserv_id: str) -> None:
        """Raises ValueError for a key that ARC cannot use."""
        if not isinstance(signer.key, rsa.RSAPrivateKey):
            raise ValueError("ARC needs an RSA key (RFC 8617 §4.1)")
        self._signer = signer
        self.domain = signer.domain
        self._authserv_id = authserv_id

    def seal(self, content: Pieces) -> bytes:
        """The three lines of our ARC set, to put in front of this content, whose first
        Authentication-Results must be ours: its results are what we vouch for. b"" for what cannot be sealed.

        Blocks for the time of hashing; call it in a thread for big mails.
        """
        mail = message_of(content)
        names = signed_names(mail)
        if not names:
            return b""
        one = dkim_library.prepared(mail, library.ARC)
        one.headers = [*_in_order(mail), *_without_others(one.headers)]
        try:
            lines: list[bytes] = one.sign(
                self._signer.selector.encode(),
                self._signer.domain.encode(),
                self._signer.key,
                self._authserv_id.encode(),
                include_headers=names,
            )
        except Exception as error:  # the mail goes on without a seal
            log.warning(LogEvent.ARC_SEAL_FAILED, kind=type(error).__name__)
            return b""
        return b"".join(lines)


def _in_order(mail: Message) -> list[tuple[bytes, bytes]]:
    """The sets that are there, newest first: dkimpy takes them from the bottom up, wherever they stand."""
    fields = dkim_library.fields(mail, _SEAL, _SIGNATURE, _RESULTS)
    return sorted(fields, key=lambda field: -_instance(*field))


def _without_others(header: Iterable[tuple[bytes, bytes]]) -> Iterable[tuple[bytes, bytes]]:
    """The header without its ARC sets, and without all but the first Authentication-Results: dkimpy would join those of
    our name."""
    seen = False
    for name, value in header:
        if name.lower() in (_SEAL, _SIGNATURE, _RESULTS):
            continue
        results = name.lower() == b"authentication-results"
        if not (results and seen):
            yield name, value
        seen = seen or results
