"""Certificates: good pairs are swapped in, bad ones never."""

import datetime
import os
import ssl
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from gateway.listen.tls import CertificateError, Certificates, build, generate_self_signed, names_in
from tests.services.certificates import Authority


@pytest.fixture
def pair(tmp_path: Path) -> tuple[Path, Path]:
    return generate_self_signed(tmp_path / "tls", "mx.sekisho.example")


@pytest.fixture
def other(tmp_path: Path) -> tuple[Path, Path]:
    return generate_self_signed(tmp_path / "other", "mx2.sekisho.example")


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    with structlog.testing.capture_logs():
        yield


def test_self_signed(pair: tuple[Path, Path]) -> None:
    certificate, key = pair
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert build(certificate, key).minimum_version == ssl.TLSVersion.TLSv1_2
    before = certificate.read_bytes()
    assert generate_self_signed(certificate.parent, "mx.sekisho.example") == pair
    assert certificate.read_bytes() == before


def test_a_good_pair_is_swapped_in(pair: tuple[Path, Path], other: tuple[Path, Path]) -> None:
    certificates = Certificates(*pair)
    before = certificates.context()
    assert not certificates.refresh()
    for old, new in zip(pair, other, strict=True):
        old.write_bytes(new.read_bytes())
    assert certificates.refresh()
    assert certificates.context() is not before
    assert not certificates.refresh()


def expired(key: Path) -> bytes:
    private = serialization.load_pem_private_key(key.read_bytes(), None)
    assert isinstance(private, ec.EllipticCurvePrivateKey)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "old")])
    then = datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC)
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(private.public_key())
        .serial_number(1).not_valid_before(then).not_valid_after(then + datetime.timedelta(days=1))
        .sign(private, hashes.SHA256())
    )  # fmt: skip
    return made.public_bytes(serialization.Encoding.PEM)


@pytest.mark.parametrize("damage", ["mismatch", "empty", "garbage", "missing", "expired", "encrypted"])
def test_a_bad_pair_leaves_the_old_one(
    pair: tuple[Path, Path], other: tuple[Path, Path], damage: str
) -> None:
    certificate, key = pair
    certificates = Certificates(*pair)
    before = certificates.context(), certificates.expires
    match damage:
        case "mismatch":
            key.write_bytes(other[1].read_bytes())
        case "empty":
            certificate.write_bytes(b"")
        case "garbage":
            key.write_bytes(b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n")
        case "missing":
            key.unlink()
        case "expired":
            certificate.write_bytes(expired(key))
        case "encrypted":
            private = serialization.load_pem_private_key(key.read_bytes(), None)
            lock = serialization.BestAvailableEncryption(b"secret")
            formats = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
            key.write_bytes(private.private_bytes(*formats, lock))
    with structlog.testing.capture_logs() as log:
        assert not certificates.refresh()
        assert not certificates.reload()
    assert (certificates.context(), certificates.expires) == before
    assert [entry["event"] for entry in log] == ["certificate_kept"] * 2
    assert "BEGIN" not in repr(log)


def test_a_start_without_a_usable_pair_fails(pair: tuple[Path, Path], other: tuple[Path, Path]) -> None:
    with pytest.raises(CertificateError, match="self-signed"):
        Certificates(pair[0], other[1])
    with pytest.raises(CertificateError):
        Certificates(pair[0].parent / "none.pem", pair[1])


def test_an_expired_certificate_does_not_stop_the_start(pair: tuple[Path, Path]) -> None:
    pair[0].write_bytes(expired(pair[1]))
    with structlog.testing.capture_logs() as log:
        certificates = Certificates(*pair)
    assert certificates.expires < 1_600_000_000
    assert log[0]["event"] == "certificate_expired"


def test_by_what_a_client_s_certificate_is_known(tmp_path: Path) -> None:
    certificate, _ = Authority(tmp_path).pair("Relay.Example.jp", client=True)
    read = x509.load_pem_x509_certificate(certificate.read_bytes())
    der = read.public_bytes(serialization.Encoding.DER)
    assert names_in(der, "ab") == ("sha256:ab", "relay.example.jp")
    address, _ = Authority(tmp_path).pair("192.0.2.1", client=True)
    read = x509.load_pem_x509_certificate(address.read_bytes())
    assert names_in(read.public_bytes(serialization.Encoding.DER), "ab") == ("sha256:ab",)
    assert names_in(b"no certificate", "ab") == ("sha256:ab",)


def test_a_pair_of_our_own_is_on_the_disk_before_it_has_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A power cut after the first start must not leave empty files, with which no start would succeed."""
    done: list[str] = []
    fsync, replace = os.fsync, Path.replace

    def noted(descriptor: int) -> None:
        done.append(f"fsync {Path(os.readlink(f'/proc/self/fd/{descriptor}')).name}")
        fsync(descriptor)

    def named(path: Path, other: Path) -> Path:
        done.append(f"name {other.name}")
        return replace(path, other)

    monkeypatch.setattr(os, "fsync", noted)
    monkeypatch.setattr(Path, "replace", named)
    generate_self_signed(tmp_path / "tls", "mx.example.jp")
    assert done == [
        step for file in ("self-signed.key", "self-signed.pem") for step in (f"fsync {file}.new", f"name {file}", "fsync tls")
    ]  # fmt: skip
