"""ARC (RFC 8617): judging the chain that a mail brings, and adding our link to it.

What a forwarder or our own banner changes breaks DKIM; with ARC whoever changed the mail signs what the checks had
said before. dkimpy does the work; keys are asked for before.

Diagnostics: none raised. A chain in doubt is "fail"; a mail that cannot be sealed goes on without a seal (logged).
"""

from collections.abc import Iterable

import dkim
import msgspec
import structlog
from cryptography.hazmat.primitives.asymmetric import rsa

from gateway import dkimpy
from gateway.sign import Content, Signer, message_of, signed_names
from mail.message import Message

MOST = 20
"""Links of a chain that are followed (the standard allows 50; each may cost two questions to the DNS)."""

_SEAL, _SIGNATURE, _RESULTS = b"arc-seal", b"arc-message-signature", b"arc-authentication-results"

log = structlog.get_logger(__name__)


class Chain(msgspec.Struct, frozen=True):
    """The ARC sets of a mail, unjudged: `word` is "none" or "fail" where that is clear without any key, else "";
    `key_names` is where the keys of its signatures are published."""

    word: str = ""
    key_names: tuple[str, ...] = ()


def chain(message: Message) -> Chain:
    if not dkimpy.fields(message, _SEAL, _SIGNATURE, _RESULTS):
        return Chain("none")
    signed = dkimpy.fields(message, _SEAL, _SIGNATURE)
    found = [dkimpy.tags(value) for _, value in signed]
    if len(signed) > 2 * MOST or not all(found):
        return Chain("fail")
    return Chain("", tuple(dict.fromkeys(dkimpy.key_name(tags) for tags in found)))


def verify(message: Message, found: Chain, keys: dict[str, str | None]) -> str:
    """ "none", "pass" or "fail" (§5.2); "" when the DNS did not answer, so that nobody can say.

    `keys` maps each of the chain's `key_names` to the published record, "" when there is none, None when the
    DNS did not answer.
    """
    if found.word:
        return found.word
    if any(keys.get(name) is None for name in found.key_names):
        return ""

    def published(name: bytes, timeout: int = 0) -> bytes:
        return (keys.get(name.decode("utf-8", "replace").lower().rstrip(".")) or "").encode()

    try:
        word, _, _ = dkimpy.prepared(message, dkim.ARC).verify(dnsfunc=published)
    except Exception:  # hostile fields and keys raise many kinds
        return "fail"
    return "pass" if word == dkim.CV_Pass else "fail"


class Sealer:
    """Our link: the key (RSA; ARC knows no other) and the name under which we write Authentication-Results."""

    def __init__(self, signer: Signer, authserv_id: str) -> None:
        """Raises ValueError for a key that ARC cannot use."""
        if not isinstance(signer.key, rsa.RSAPrivateKey):
            raise ValueError("ARC needs an RSA key (RFC 8617 §4.1)")
        self._signer = signer
        self._authserv_id = authserv_id

    def seal(self, content: Content) -> bytes:
        """The three lines of our ARC set, to put in front of this content, whose first
        Authentication-Results must be ours: its results are what we vouch for. b"" for what cannot be sealed.

        Blocks for the time of hashing; call it in a thread for big mails.
        """
        mail = message_of(content)
        names = signed_names(mail)
        if not names:
            return b""
        one = dkimpy.prepared(mail, dkim.ARC)
        one.headers = list(_without_others(one.headers))
        try:
            lines: list[bytes] = one.sign(
                self._signer.selector.encode(),
                self._signer.domain.encode(),
                self._signer.key,
                self._authserv_id.encode(),
                include_headers=names,
            )
        except Exception as error:  # the mail goes on without a seal
            log.warning("arc-seal-failed", kind=type(error).__name__)
            return b""
        return b"".join(lines)


def _without_others(header: Iterable[tuple[bytes, bytes]]) -> Iterable[tuple[bytes, bytes]]:
    """The header without all but the first Authentication-Results: dkimpy would join those of our name."""
    seen = False
    for name, value in header:
        results = name.lower() == b"authentication-results"
        if not (results and seen):
            yield name, value
        seen = seen or results
