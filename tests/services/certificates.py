"""A certificate authority for tests, and what it and its enemies sign. Real X.509, made in memory.

authority = Authority(tmp_path)
context = authority.server("localhost")            # an SSLContext for a server
hop = NextHop(…, tls="verify", ca_file=str(authority.file))
"""

import ipaddress
import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

_SIGNS = x509.KeyUsage(
    digital_signature=False, content_commitment=False, key_encipherment=False, data_encipherment=False,
    key_agreement=False, key_cert_sign=True, crl_sign=True, encipher_only=False, decipher_only=False,
)  # fmt: skip


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


class Authority:
    """`file` is its certificate (PEM). `strict`: as RFC 5280 wants it, with key identifiers and key usage; else as many
    private authorities are. `critical` is that of its basic constraints."""

    def __init__(
        self, directory: Path, name: str = "Test Authority", *, strict: bool = False, critical: bool = True
    ) -> None:
        self._strict = strict
        self._directory = directory
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._subject = _name(name)
        self._count = 0
        extensions: list[tuple[x509.ExtensionType, bool]] = [
            (x509.BasicConstraints(ca=True, path_length=0), critical)
        ]
        if strict:
            extensions += [
                (_SIGNS, True),
                (x509.SubjectKeyIdentifier.from_public_key(self._key.public_key()), False),
            ]
        certificate = self._sign(self._subject, self._key.public_key(), extensions)
        self.file = directory / f"{name.replace(' ', '-')}.pem"
        self.file.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))

    def _sign(
        self, subject: x509.Name, public: ec.EllipticCurvePublicKey,
        extensions: list[tuple[x509.ExtensionType, bool]], days: float = 30, since: float = -60,
    ) -> x509.Certificate:  # fmt: skip
        now = datetime.now(UTC)
        builder = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(self._subject)
            .public_key(public)
            .serial_number(x509.random_serial_number())
            .not_valid_before(now + timedelta(days=since))
            .not_valid_after(now + timedelta(days=days))
        )
        for extension, critical in extensions:
            builder = builder.add_extension(extension, critical)
        return builder.sign(self._key, hashes.SHA256())

    def pair(
        self, name: str, days: float = 30, since: float = -60, *, client: bool = False
    ) -> tuple[Path, Path]:
        """Files of a certificate for a host name or address, and of its key; valid from `since` to `days` from now. `client`:
        it is for a client, not for a server."""
        key = ec.generate_private_key(ec.SECP256R1())
        try:
            alternative: x509.GeneralName = x509.IPAddress(ipaddress.ip_address(name))
        except ValueError:
            alternative = x509.DNSName(name)
        purpose = ExtendedKeyUsageOID.CLIENT_AUTH if client else ExtendedKeyUsageOID.SERVER_AUTH
        extensions: list[tuple[x509.ExtensionType, bool]] = [
            (x509.SubjectAlternativeName([alternative]), False),
            (x509.ExtendedKeyUsage([purpose]), False),
        ]
        if self._strict:
            issuer = x509.AuthorityKeyIdentifier.from_issuer_public_key(self._key.public_key())
            extensions += [
                (issuer, False),
                (x509.SubjectKeyIdentifier.from_public_key(key.public_key()), False),
            ]
        certificate = self._sign(_name(name), key.public_key(), extensions, days, since)
        self._count += 1
        files = self._directory / f"{self._count}.crt", self._directory / f"{self._count}.key"
        files[0].write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
        files[1].write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
        )
        return files

    def server(self, name: str, days: float = 30, since: float = -60) -> ssl.SSLContext:
        """A server's context with a certificate for this name."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*self.pair(name, days, since))
        return context


def old(context: ssl.SSLContext) -> ssl.SSLContext:
    """The same, but with nothing newer than TLS 1.1."""
    context.set_ciphers("ALL:@SECLEVEL=0")
    context.minimum_version = ssl.TLSVersion.TLSv1
    context.maximum_version = ssl.TLSVersion.TLSv1_1
    return context
