"""Office files that are encrypted and open without asking are read like others, whatever hash their keys are made with."""

import io

import pytest
from msoffcrypto.method import ecma376_agile
from msoffcrypto.method.ecma376_agile import ECMA376Agile

from filters.extract import Budget, Keys, extract
from filters.extract.keys import AGREED
from tests.filters.extract.documents import word


def locked(password: str, monkeypatch: pytest.MonkeyPatch, digest: str, size: int, bits: int) -> bytes:
    def parameters(self: ecma376_agile.ECMA376AgileCipherParams) -> None:
        self.cipherName, self.hashName, self.saltSize, self.blockSize = "AES", digest, 16, 16
        self.keyBits, self.hashSize, self.saltValue = bits, size, None

    plain = ecma376_agile._encrypt_aes_cbc

    def padded(data: bytes, key: bytes, iv: bytes) -> bytes:
        """MS-OFFCRYPTO 2.3.4.13: a hash that fills no block is filled up with zeros."""
        return plain(data + b"\0" * (-len(data) % 16), key, iv)

    monkeypatch.setattr(ecma376_agile, "_encrypt_aes_cbc", padded)
    monkeypatch.setattr(ecma376_agile.ECMA376AgileCipherParams, "__init__", parameters)
    made: bytes = ECMA376Agile.encrypt(password, io.BytesIO(word()), spin_count=200)
    return made


@pytest.mark.parametrize(
    ("digest", "size", "bits"), [("SHA512", 64, 256), ("SHA1", 20, 128), ("SHA256", 32, 128)]
)
def test_agile_with_any_hash(digest: str, size: int, bits: int, monkeypatch: pytest.MonkeyPatch) -> None:
    by_itself = extract("a.xlsx", "", locked("VelvetSweatshop", monkeypatch, digest, size, bits), Budget())
    assert by_itself.verdict == "ok"
    assert "社外秘" in "".join(text for _, text in by_itself.texts)
    content = locked("quietly-7", monkeypatch, digest, size, bits)
    assert extract("a.docx", "", content, Budget()).verdict == "encrypted"
    opened = extract("a.docx", "", content, Budget(), keys=Keys(lambda: [("quietly-7", AGREED)]))
    assert (opened.verdict, opened.locked) == ("ok", True)
