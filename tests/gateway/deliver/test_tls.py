"""TLS towards a next hop: the same trust on every version of Python, and a cause for each failure."""

import ssl
from pathlib import Path

import pytest

from gateway.deliver.tls import failure, tls_context
from mail.cause import Cause
from tests.services.certificates import Authority, old

STRICT = ssl.VERIFY_X509_STRICT


def shake_hands(client: ssl.SSLContext, server: ssl.SSLContext, name: str = "localhost") -> None:
    """A handshake in memory. Raises ssl.SSLError, the client's before the server's."""
    up, down = ssl.MemoryBIO(), ssl.MemoryBIO()
    sides = [
        client.wrap_bio(down, up, server_hostname=name),
        server.wrap_bio(up, down, server_side=True),
    ]
    faults: list[ssl.SSLError] = []
    for _ in range(10):
        for side in tuple(sides):
            try:
                side.do_handshake()
            except ssl.SSLWantReadError:
                continue
            except ssl.SSLError as error:
                faults.append(error)
            sides.remove(side)
    if faults:
        raise faults[0]
    assert not sides


def why(client: ssl.SSLContext, server: ssl.SSLContext, name: str = "localhost") -> tuple[Cause, str]:
    with pytest.raises(ssl.SSLError) as caught:
        shake_hands(client, server, name)
    return failure(caught.value)


@pytest.mark.parametrize("verify", [True, False])
def test_what_is_checked_does_not_depend_on_the_version_of_python(verify: bool) -> None:
    context = tls_context(verify=verify)
    assert not context.verify_flags & STRICT
    assert context.verify_flags & ssl.VERIFY_X509_PARTIAL_CHAIN
    assert context.minimum_version is ssl.TLSVersion.TLSv1_2
    assert (context.verify_mode, context.check_hostname) == (
        (ssl.CERT_REQUIRED, True) if verify else (ssl.CERT_NONE, False)
    )


@pytest.mark.parametrize(
    ("critical", "strict", "refused"),
    [(True, False, True), (False, False, True), (False, True, True), (True, True, False)],
    ids=["no key identifiers", "neither", "not critical", "as RFC 5280 wants it"],
)
def test_a_private_authority_that_strict_mode_refuses_is_trusted(
    tmp_path: Path, critical: bool, strict: bool, refused: bool
) -> None:
    """What Python 3.13 does by default, set here by hand, and what we do."""
    authority = Authority(tmp_path, critical=critical, strict=strict)
    server = authority.server("localhost")
    shake_hands(tls_context(verify=True, ca_file=str(authority.file)), server)
    as_python_has_it = tls_context(verify=True, ca_file=str(authority.file))
    as_python_has_it.verify_flags |= STRICT
    if refused:
        cause, said = why(as_python_has_it, server)
        assert cause is Cause.CERTIFICATE_BAD
        assert said.startswith(("Missing", "Basic Constraints", "CA cert does not include key usage")), said
    else:
        shake_hands(as_python_has_it, server)


def test_a_certificate_in_the_file_is_trusted_though_it_is_no_root(tmp_path: Path) -> None:
    authority = Authority(tmp_path)
    certificate, key = authority.pair("localhost")
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(certificate, key)
    shake_hands(tls_context(verify=True, ca_file=str(certificate)), server)
    other = authority.pair("localhost")[0]
    cause, _ = why(tls_context(verify=True, ca_file=str(other)), server)
    assert cause is Cause.CERTIFICATE_UNTRUSTED, "that one, and no other of its authority"


def test_each_fault_of_a_certificate_has_its_cause(tmp_path: Path) -> None:
    authority = Authority(tmp_path)
    client = tls_context(verify=True, ca_file=str(authority.file))
    stranger = Authority(tmp_path, "Somebody Else")
    assert why(client, authority.server("localhost", days=-1)) == (
        Cause.CERTIFICATE_EXPIRED, "certificate has expired (X509 10)",
    )  # fmt: skip
    assert why(client, authority.server("localhost", since=1)) == (
        Cause.CERTIFICATE_EARLY, "certificate is not yet valid (X509 9)",
    )  # fmt: skip
    cause, said = why(client, authority.server("elsewhere.example"))
    assert (cause, "Hostname mismatch" in said) == (Cause.CERTIFICATE_NAME, True)
    cause, said = why(client, authority.server("elsewhere.example"), "192.0.2.1")
    assert (cause, "IP address mismatch" in said) == (Cause.CERTIFICATE_NAME, True)
    assert why(client, stranger.server("localhost"))[0] is Cause.CERTIFICATE_UNTRUSTED


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_nothing_in_common(tmp_path: Path) -> None:
    authority = Authority(tmp_path)
    client = tls_context(verify=True, ca_file=str(authority.file))
    assert why(client, old(authority.server("localhost")))[0] is Cause.TLS_VERSION
    server = authority.server("localhost")
    server.maximum_version = ssl.TLSVersion.TLSv1_2
    server.set_ciphers("AES128-SHA")
    client.set_ciphers("ECDHE-ECDSA-AES256-GCM-SHA384")
    client.maximum_version = ssl.TLSVersion.TLSv1_2
    assert why(client, server)[0] is Cause.TLS_VERSION


def test_what_answers_in_clear_text() -> None:
    reader, writer = ssl.MemoryBIO(), ssl.MemoryBIO()
    side = tls_context(verify=False).wrap_bio(reader, writer, server_hostname="localhost")
    with pytest.raises(ssl.SSLWantReadError):
        side.do_handshake()
    reader.write(b"220 mx.example ESMTP\r\n")
    with pytest.raises(ssl.SSLError) as caught:
        side.do_handshake()
    assert failure(caught.value)[0] is Cause.NOT_TLS


@pytest.mark.parametrize(
    "error", [ConnectionResetError(), ssl.SSLEOFError(8, "EOF"), TimeoutError(), ConnectionAbortedError()]
)
def test_a_handshake_that_is_cut(error: Exception) -> None:
    assert failure(error) == (Cause.TLS_CUT, type(error).__name__)
    outer = OSError("outside")
    outer.__cause__ = error
    assert failure(outer)[0] is Cause.TLS_CUT


def test_what_nobody_foresaw_is_told_by_its_name_and_nothing_endless() -> None:
    assert failure(ValueError("x")) == (Cause.TLS_FAILED, "ValueError")
    error = ssl.SSLError(1, "y" * 5000 + "\nBcc: x")
    cause, said = failure(error)
    assert cause is Cause.TLS_FAILED
    assert len(said) <= 200
    assert said.isprintable()


def test_a_host_that_knows_us_by_a_certificate_is_shown_one(tmp_path: Path) -> None:
    authority = Authority(tmp_path)
    server = authority.server("localhost")
    server.verify_mode = ssl.CERT_REQUIRED
    server.load_verify_locations(authority.file)
    certificate, key = (str(file) for file in authority.pair("relay.example.jp", client=True))
    shake_hands(tls_context(verify=True, ca_file=str(authority.file), pair=(certificate, key)), server)
    with pytest.raises(ssl.SSLError, match="PEER_DID_NOT_RETURN_A_CERTIFICATE"):
        shake_hands(tls_context(verify=True, ca_file=str(authority.file)), server)
    _, other = authority.pair("relay.example.jp", client=True)
    with pytest.raises(ssl.SSLError, match="KEY_VALUES_MISMATCH"):
        tls_context(verify=True, pair=(certificate, str(other)))
