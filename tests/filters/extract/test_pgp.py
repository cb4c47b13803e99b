"""OpenPGP: packets decide whether something is encrypted, not the line above them."""

import base64

import pytest

from filters.extract import Budget, extract
from filters.extract.found import Extracted
from filters.extract.kinds import detect
from tests.filters.extract.documents import archive
from tests.filters.extract.signatures import armor, encrypted_pgp, literal, signed_pgp

MARKED = "この資料は社外秘です".encode()


def read(content: bytes, name: str = "a.gpg") -> Extracted:
    return extract(name, "", content, Budget())


def texts(found: Extracted) -> str:
    return "".join(text for _, text in found.texts)


@pytest.mark.parametrize("passphrase", [True, False])
@pytest.mark.parametrize("form", [lambda m: m, armor])
def test_encrypted(passphrase: bool, form: object) -> None:
    content = form(encrypted_pgp(passphrase=passphrase))  # type: ignore[operator]
    found = read(content)
    assert (found.kind, found.verdict, found.locked) == ("pgp", "encrypted", True)
    assert read(archive(("a.gpg", content)), "a.zip").verdict == "encrypted"


@pytest.mark.parametrize("method", [0, 1, 2, 3])
@pytest.mark.parametrize("form", [lambda m: m, armor])
def test_signed_is_read(method: int, form: object) -> None:
    found = read(form(signed_pgp(MARKED, method=method)))  # type: ignore[operator]
    assert found.verdict == "ok"
    assert "社外秘" in texts(found)


def test_partial_lengths_are_joined() -> None:
    found = read(literal(b"x" * 5_000 + MARKED, partial=True))
    assert found.verdict == "ok"
    assert "社外秘" in texts(found)


@pytest.mark.parametrize("kind", ["MESSAGE", "SIGNATURE"])
def test_an_armor_header_above_a_clear_text_hides_nothing(kind: str) -> None:
    for text in (MARKED + b"\n", b"\n" + MARKED + b"\n", base64.b64encode(MARKED) + b"\n"):
        found = read(f"-----BEGIN PGP {kind}-----\n".encode() + text, "a.asc")
        assert found.verdict != "encrypted"
    assert "社外秘" in texts(read(f"-----BEGIN PGP {kind}-----\n".encode() + MARKED, "a.asc"))


def signature(body: bytes, length: int) -> bytes:
    told = base64.encodebytes(b"\x89" + length.to_bytes(2, "big") + b"\x04" + body).replace(b"\n", b"\r\n")
    return b"-----BEGIN PGP SIGNATURE-----\r\n\r\n" + told + b"-----END PGP SIGNATURE-----\r\n"


def test_a_signature_that_is_cut_off_holds_nothing_up() -> None:
    drawn = bytes((7 + 37 * at) % 256 for at in range(200))
    assert read(signature(drawn, 563), "signature.asc").verdict == "ok"
    assert read(signature(MARKED * 4, 563), "signature.asc").verdict == "corrupt"
    assert read(signature(b"PK\3\4" + drawn, 20), "signature.asc").verdict != "ok"
    assert read(signature(drawn, 60_000), "signature.asc").verdict == "corrupt"


def test_text_beside_an_armor_is_read() -> None:
    found = read(armor(encrypted_pgp()) + MARKED, "a.asc")
    assert found.verdict == "partially_encrypted"
    assert "社外秘" in texts(found)


def test_packets_that_say_encrypted_and_are_not() -> None:
    found = read(encrypted_pgp(body=MARKED * 20))
    assert found.verdict == "corrupt"
    assert "社外秘" in texts(found)


def test_other_data_are_no_packets() -> None:
    for content in (encrypted_pgp()[:-5] + b"\x80", bytes(range(128, 256)) * 9, b"\x84\x01\x00" + bytes(50)):
        assert detect("a.bin", content) != "pgp"
