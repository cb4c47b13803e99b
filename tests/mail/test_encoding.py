import base64 as base64
import binascii
import os
import random
import tracemalloc

import pytest

from mail import encoding
from mail.encoding import base64_lines, blocks, decoded, guesses

DATA = os.urandom(1000)


def test_the_encodings_of_mime():
    assert decoded(DATA, "binary") == (DATA, "")
    assert decoded(base64.encodebytes(DATA), "base64") == (DATA, "")
    assert decoded(base64.encodebytes(DATA).replace(b"\n", b"\r\n"), "base64") == (DATA, "")
    assert decoded(memoryview(base64.b64encode(DATA)), "base64") == (DATA, "")
    assert decoded(binascii.b2a_qp(DATA, istext=False), "quoted-printable") == (DATA, "")
    assert decoded(b"a=\r\nb =\r\n=41", "quoted-printable") == (b"ab A", "")
    uu = (
        b"begin 644 x.bin\n"
        + b"".join(binascii.b2a_uu(DATA[n : n + 45]) for n in range(0, 1000, 45))
        + b"`\nend\n"
    )
    assert decoded(uu, "x-uuencode") == (DATA, "")


@pytest.mark.parametrize(
    ("body", "encoding", "content", "problem"),
    [
        (b"YWJj!ZGVm", "base64", b"abcdef", "base64-junk"),
        (b"YWJj!!!!ZGVm", "base64", b"abcdef", "base64-junk"),
        (b"YQ==Yg==", "base64", b"ab", "base64-after-padding"),
        (b"YQ==\r\n--- footer", "base64", None, "base64-after-padding"),
        (b"YWJjZ", "base64", b"abc", "base64-damaged"),
        (b"YW", "base64", b"a", "base64-unpadded"),
        (b"YWI=====", "base64", b"ab", "base64-unpadded"),
        (b"YWI====", "base64", b"ab", ""),
        (b"YWJ!j", "base64", b"abc", "base64-junk"),
        (b"=", "base64", b"", ""),
        (b"a=ZZb", "quoted-printable", b"a=ZZb", "quoted-printable-damaged"),
        (b"abc", "base-64", b"abc", "unknown-encoding"),
        (b"abc", "base64 x", b"abc", "unknown-encoding"),
        (b"no begin", "uuencode", b"no begin", "uuencode-damaged"),
    ],
)
def test_damage_has_a_name_and_what_can_be_read_is_read(body, encoding, content, problem):
    data, name = decoded(body, encoding)
    assert name == problem
    assert content is None or data == content


@pytest.mark.parametrize(
    ("declared", "body", "found"),
    [
        ("8bits", b"Hello=20world", ()),
        ("7bit;", b"TVqQAAMA", ()),
        ("foo", b"hello\r\n", ()),
        ("foo", b"Thanks, see https://partner.example/?id=2&b=x\r\n", ()),
        ("foo", base64.encodebytes(DATA), ("base64",)),
        ("foo", base64.b64encode(b"for nobody's eyes"), ("base64",)),
        ("base64 x", b"hello", ("base64",)),
        ("base64;", b"\r\n", ()),
        ("quoted-printable;", b"hello", ()),
        ("quoted-printable;", b"a=20b", ("quoted-printable",)),
        ("foo", b"begin 644 a\n#86)C\n`\nend\n", ("x-uuencode",)),
        ("x-yenc", b"=ybegin line=128 size=3 name=a\r\nabc\r\n=yend size=3\r\n", ("yenc",)),
    ],
)
def test_what_some_readers_undo_under_an_unknown_name(declared, body, found):
    assert guesses(declared, body) == found


def test_base64_in_a_text_is_a_file_a_text_or_nothing():
    def block(data: bytes) -> bytes:
        return b"hello\r\n\r\n" + base64.encodebytes(data).replace(b"\n", b"\r\n") + b"\r\nbye\r\n"

    file, text, key = b"%PDF-1.4" + bytes(200), "社外秘の文書です。".encode() * 20, bytes(range(256))
    assert [(at, kind) for at, _, kind in blocks(block(file))] == [(9, b"application/octet-stream")]
    assert [kind for _, _, kind in blocks(block(text))] == [b"text/plain"]
    assert list(blocks(block(key))) == []
    assert list(blocks(b"x" * 60 + b"\r\n")) == []
    assert len(list(blocks(block(file) * 100))) <= 20


@pytest.mark.parametrize("size", [0, 1, 56, 57, 58, 114, 1000, 70_000])
def test_base64_leaves_in_lines_as_the_library_writes_them(size: int) -> None:
    data = bytes(n % 251 for n in range(size))
    assert base64_lines(data) == base64.encodebytes(data).replace(b"\n", b"\r\n")


ODD = [
    b"YWJj" * 7,
    b"YQ==",
    b"YWI=",
    b"=",
    b"\r\n",
    b" ",
    b"!",
    b"Y",
    b"YW",
    b"===",
    b"\r\n\r\n\t ",
    b"YWJjZGVmZ2hp\r\n",
]


def test_base64_is_the_same_in_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wherever a body is cut: whole, it is decoded at once."""
    chance = random.Random(7)
    clean = 0
    for _ in range(4_000):
        body = b"".join(chance.choices(ODD, [9, 2, 2, 1, 4, 1, 1, 1, 1, 1, 1, 9], k=chance.randrange(9)))
        monkeypatch.setattr(encoding, "CHUNK", 1 << 20)
        whole = decoded(memoryview(body), "base64")
        monkeypatch.setattr(encoding, "CHUNK", chance.randrange(1, 12))
        assert decoded(memoryview(body), "base64") == whole, body
        clean += not whole[1] and len(body) > 12
    assert clean > 500


def test_a_large_file_is_in_memory_once_when_it_is_decoded() -> None:
    body = memoryview(base64_lines(bytes(8 << 20)))
    tracemalloc.start()
    content, _ = decoded(body, "base64")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert len(content) == 8 << 20
    assert peak < 1.3 * len(content)
