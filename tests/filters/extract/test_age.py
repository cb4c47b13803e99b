"""Files encrypted with age, and what only begins like one."""

from filters.extract import Budget, extract

HEADER = b"age-encryption.org/v1\n-> X25519 " + b"A" * 43 + b"\n" + b"B" * 43 + b"\n--- " + b"C" * 43 + b"\n"


def test_encrypted_is_what_nobody_can_read() -> None:
    sealed = bytes((n * n * 7 + n) % 251 for n in range(300))
    assert extract("a.age", "", HEADER + sealed, Budget()).verdict == "encrypted"
    for content in (
        HEADER + "社外秘の計画".encode() * 9,
        b"age-encryption.org/v1\n" + "社外秘の計画".encode(),
    ):
        found = extract("a.age", "", content, Budget())
        assert found.verdict == "ok"
        assert "社外秘" in "".join(text for _, text in found.texts)
