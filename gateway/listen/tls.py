"""The certificates of the listeners: loaded beside the old ones, tried, and only then swapped in.

Loading a new pair into a context that is in use leaves it broken when key and certificate do not belong
together, and every handshake fails from then on. So a reload builds a new context, makes a handshake with it
in memory, and replaces the old one only when that worked. New connections use the new context; connections
that exist keep theirs.

Diagnostics: CertificateError at the start when the pair cannot be used. Later `certificate_kept` in the log:
the files changed but cannot be used, and the old pair stays.
"""

import contextlib
import datetime
import os
import ssl
import time
from pathlib import Path

import structlog
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from config.log_events import LogEvent
from storage.seal import sync_folder

log = structlog.get_logger()

NAMES = 100
"""Host names of a client's certificate that count."""
CHECK_SECONDS = 60.0
"""How often a running listener looks whether the files changed."""


class CertificateError(Exception):
    """The pair of certificate and key cannot be used; the message says why and contains no key material."""


class Certificates:
    """A certificate and its key in PEM files, and the SSLContext made of them for new connections."""

    def __init__(
        self, certificate: Path, key: Path, client_ca: Path | None = None, *, required: bool = False
    ) -> None:
        """Load the pair. An expired certificate is accepted here, with a warning: mail must flow.

        With `client_ca` clients are asked for a certificate that somebody in this file signed; `required`: none is let in
        without one.
        """
        self.certificate = certificate
        self.key = key
        self._client_ca, self._required = client_ca, required
        self._signature = self._look()
        self._checked = time.monotonic()
        self._context = self._build()
        self.expires = expiry(certificate)
        """End of validity of the certificate, UTC seconds since the epoch (for the metrics)."""
        if self.expires < time.time():
            log.warning(LogEvent.CERTIFICATE_EXPIRED, certificate=str(certificate))

    def context(self) -> ssl.SSLContext:
        """The context for a new connection; looks at most once a minute whether the files changed."""
        if time.monotonic() - self._checked > CHECK_SECONDS:
            self.refresh()
        return self._context

    def refresh(self) -> bool:
        """Reload when the files changed since they were last read. True when a new pair is in use."""
        self._checked = time.monotonic()
        signature = self._look()
        if signature == self._signature:
            return False
        self._signature = signature
        return self.reload()

    def reload(self) -> bool:
        """Read the files now. True when the new pair is in use; on any error the old one stays."""
        try:
            context = self._build()
            expires = expiry(self.certificate)
            if expires < time.time():
                raise CertificateError("the new certificate has expired")
        except CertificateError as error:
            log.error(LogEvent.CERTIFICATE_KEPT, certificate=str(self.certificate), error=str(error))
            return False
        self._context, self.expires = context, expires
        log.info(LogEvent.CERTIFICATE_LOADED, certificate=str(self.certificate), expires=expires)
        return True

    def _build(self) -> ssl.SSLContext:
        context = build(self.certificate, self.key)
        if self._client_ca is not None:
            if reason := unusable_ca(self._client_ca):
                raise CertificateError(reason)
            context.load_verify_locations(self._client_ca)
            context.verify_flags |= (
                ssl.VERIFY_X509_PARTIAL_CHAIN
            )  # a device's own certificate may stand there
            context.verify_mode = ssl.CERT_REQUIRED if self._required else ssl.CERT_OPTIONAL
        return context

    def _look(self) -> tuple[object, ...]:
        """What tells that a file is another one than before. A missing file is a state like any other."""
        seen: list[object] = []
        for path in filter(None, (self.certificate, self.key, self._client_ca)):
            try:
                status = path.stat()
            except OSError as error:
                seen.append(error.errno)
            else:
                seen.append((status.st_ino, status.st_mtime_ns, status.st_size))
        return tuple(seen)


def build(certificate: Path, key: Path) -> ssl.SSLContext:
    """A server context (TLS 1.2 or newer) that made a handshake with itself. Raises CertificateError."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.options |= ssl.OP_NO_COMPRESSION | ssl.OP_NO_RENEGOTIATION | ssl.OP_CIPHER_SERVER_PREFERENCE
    try:
        # Without a password of our own OpenSSL would ask for one on the terminal and stop the program.
        context.load_cert_chain(certificate, key, password=b"")
        _handshake(context)
    except (OSError, ValueError) as error:  # ssl.SSLError is an OSError
        reason = getattr(error, "reason", None) or getattr(error, "strerror", None) or type(error).__name__
        raise CertificateError(f"{certificate.name} and {key.name}: {reason}") from None
    return context


def unusable_ca(file: Path) -> str:
    """Why no client certificate can be checked by this file, "" when one can."""
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_verify_locations(file)
    except (OSError, ValueError) as error:
        reason = getattr(error, "reason", None) or getattr(error, "strerror", None) or type(error).__name__
        return f"{file.name}: {reason}"
    return ""


def expiry(certificate: Path) -> float:
    """The end of validity of the first certificate in a PEM file, UTC seconds. Raises CertificateError."""
    try:
        leaf = x509.load_pem_x509_certificates(certificate.read_bytes())[0]
    except (OSError, ValueError, IndexError) as error:
        raise CertificateError(f"{certificate.name}: {type(error).__name__}") from None
    return leaf.not_valid_after_utc.timestamp()


def _handshake(server: ssl.SSLContext) -> None:
    """Shake hands with ourselves in memory. Raises ssl.SSLError."""
    client = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    client.check_hostname = False
    client.verify_mode = ssl.CERT_NONE
    up, down = ssl.MemoryBIO(), ssl.MemoryBIO()
    sides = [client.wrap_bio(down, up), server.wrap_bio(up, down, server_side=True)]
    for _ in range(10):
        sides = [side for side in sides if not _step(side)]
        if not sides:
            return
    raise ssl.SSLError("the handshake does not end")


def _step(side: ssl.SSLObject) -> bool:
    try:
        side.do_handshake()
    except ssl.SSLWantReadError:
        return False
    return True


def names_in(certificate: bytes, fingerprint: str) -> tuple[str, ...]:
    """By what a client's certificate (DER) that was checked may be known: "sha256:" and its fingerprint, and its host names in
    lower case (RFC 6125: those of subjectAltName). What cannot be read has none."""
    names: list[str] = []
    with contextlib.suppress(ValueError, x509.ExtensionNotFound):
        read = x509.load_der_x509_certificate(certificate).extensions
        names = read.get_extension_for_class(x509.SubjectAlternativeName).value.get_values_for_type(
            x509.DNSName
        )
    return (f"sha256:{fingerprint}", *(name.lower() for name in names[:NAMES]))


def generate_self_signed(directory: Path, hostname: str) -> tuple[Path, Path]:
    """The paths of a certificate and key for `hostname` in `directory`; made when they are not there yet.

    The key is readable by us alone. For a first start: clients that verify will not trust it.
    """
    certificate, key = directory / "self-signed.pem", directory / "self-signed.key"
    if certificate.exists() and key.exists():
        return certificate, key
    directory.mkdir(parents=True, exist_ok=True)
    private = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, hostname[:64])])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(private.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(hours=1))
        .not_valid_after(now + datetime.timedelta(days=825))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(hostname)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .sign(private, hashes.SHA256())
    )
    pem = private.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    _write(key, pem, 0o600)
    _write(certificate, made.public_bytes(serialization.Encoding.PEM), 0o644)
    return certificate, key


def _write(path: Path, content: bytes, mode: int) -> None:
    """A file that is whole whenever it is there: one that a power cut left empty would keep the node from starting."""
    new = path.with_suffix(path.suffix + ".new")
    new.unlink(missing_ok=True)
    descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(descriptor)
    new.replace(path)
    sync_folder(path.parent)
