"""TLS towards a next hop: what is trusted, and why a handshake failed.

A certificate is checked in the same way by every version of Python: the chain up to an authority that is trusted, the
dates, and the name. Python 3.13 would also refuse what RFC 5280 asks of authorities and has no bearing on trust
(VERIFY_X509_STRICT: a key identifier that is missing, a basic constraint that is not critical), as the private
authorities of many mail systems have it; public ones are held to these rules by others. What stands in `ca_file` is
trusted as it stands there, also when it is no root (X509_V_FLAG_PARTIAL_CHAIN; the default from Python 3.13 on).
"""

import ssl
from collections.abc import Iterator

from mail.cause import Cause, one_line

VERIFY = ssl.VERIFY_X509_TRUSTED_FIRST | ssl.VERIFY_X509_PARTIAL_CHAIN
"""How certificates are checked, whatever the version of Python does by default."""

_BY_CODE = {
    9: Cause.CERTIFICATE_EARLY,
    10: Cause.CERTIFICATE_EXPIRED,
    **dict.fromkeys((2, 18, 19, 20, 21, 27), Cause.CERTIFICATE_UNTRUSTED),
    **dict.fromkeys((62, 64), Cause.CERTIFICATE_NAME),
}
"""OpenSSL's X509_V_ERR_* (x509_vfy.h)."""
_NOT_TLS = (
    "WRONG_VERSION_NUMBER",
    "HTTP_REQUEST",
    "PACKET_LENGTH_TOO_LONG",
    "UNKNOWN_PROTOCOL",
    "RECORD_LAYER_FAILURE",
)
_NO_COMMON = (
    "PROTOCOL", "NO_SHARED", "NO_CIPHERS", "HANDSHAKE_FAILURE", "INSUFFICIENT_SECURITY", "KEY_TOO_SMALL", "SSL_VERSION",
    "LEGACY_RENEGOTIATION", "WRONG_CIPHER", "VERSION_TOO",
)  # fmt: skip
"""Parts of OpenSSL's reasons."""
_CUT = (ssl.SSLEOFError, ssl.SSLZeroReturnError, ConnectionError, TimeoutError)


def tls_context(*, verify: bool, ca_file: str = "", pair: tuple[str, str] = ("", "")) -> ssl.SSLContext:
    """A client's TLS settings: TLS 1.2 or later; the system's authorities are trusted, or those of a file; with the certificate
    and key of a pair, if there is one. Raises OSError or SSLError when these cannot be read or do not belong together."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.verify_flags = VERIFY
    if ca_file:
        context.load_verify_locations(ca_file)
    else:
        context.load_default_certs(ssl.Purpose.SERVER_AUTH)
    if all(pair):
        context.load_cert_chain(*pair, password=b"")  # without one OpenSSL would ask for it on the terminal
    if not verify:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context


def failure(error: BaseException) -> tuple[Cause, str]:
    """Why a handshake failed, and what OpenSSL says of it."""
    chain = tuple(_chain(error))
    told = [e for e in chain if isinstance(e, ssl.SSLError) and not isinstance(e, _CUT)]
    if not told:
        cut = any(isinstance(e, _CUT) for e in chain)
        return Cause.TLS_CUT if cut else Cause.TLS_FAILED, type(chain[-1]).__name__
    if isinstance(first := told[0], ssl.SSLCertVerificationError):
        cause = _BY_CODE.get(first.verify_code, Cause.CERTIFICATE_BAD)
        return cause, one_line(f"{first.verify_message} (X509 {first.verify_code})")
    reason = getattr(first, "reason", None) or str(first)
    if reason in _NOT_TLS:
        return Cause.NOT_TLS, reason
    common = not any(part in reason for part in _NO_COMMON)
    return Cause.TLS_FAILED if common else Cause.TLS_VERSION, one_line(reason)


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    """An error and what it was raised from."""
    for _ in range(5):
        if error is None:
            return
        yield error
        error = error.__cause__ or error.__context__
