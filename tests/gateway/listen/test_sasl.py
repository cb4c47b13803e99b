"""What clients answer to AUTH."""

import pytest

from gateway.listen.sasl import LONGEST, Credentials, credentials, decode, masked, plain


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (b"dGFybw==", b"taro"),
        (b"=", b""),
        (b"", b""),
        (b"dGFybw", None),
        (b"dGF ybw==", None),
        (b"\xff", None),
    ],
)
def test_decode(answer: bytes, expected: bytes | None) -> None:
    assert decode(answer) == expected


@pytest.mark.parametrize(
    ("answer", "login"),
    [
        (b"\0taro\0pw", "taro"),
        (b"taro\0taro\0pw", "taro"),
        (b"hanako\0taro\0pw", None),
        (b"\0taro\0", None),
        (b"\0\0pw", None),
        (b"taro\0pw", None),
        (b"\0taro\0pw\0", None),
        (b"\0\xff\0pw", None),
        (b"\0" + b"t" * (LONGEST + 1) + b"\0pw", None),
        ("\0日本\0しお".encode(), "日本"),
    ],
)
def test_plain(answer: bytes, login: str | None) -> None:
    read = plain(answer)
    assert (read.login if read else None) == login


def test_login_with_nul_or_nothing() -> None:
    assert credentials(b"taro", b"p\0w") is None
    assert credentials(b"taro", b"") is None
    assert credentials(b"", b"pw") is None


def test_secrets_are_not_shown() -> None:
    assert "pw" not in repr(Credentials("taro", "pw"))
    assert masked("taro.yamada") == "ta…"
    assert masked("") == ""
