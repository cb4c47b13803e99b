import pytest

from mail.charset import (
    decode_header,
    encode_header,
    encode_mailbox,
    unbase64,
    unfold,
)

HARD = "社外秘①㈱№℡髙ｱｲｳABC"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (b"=?iso-2022-jp?B?GyRCRnxLXBsoQg==?=", "日本"),
        (b"=?utf-8?q?a_b=3F?= c", "a b? c"),
        (b"=?utf-8?b?5pel?= =?utf-8?b?5pys?=", "日本"),
        (b"=?utf-8?b?5pel?=\r\n =?utf-8?b?5pys?=", "日本"),
        (b"=?utf-8?b?5g==?= =?utf-8?b?l6U=?=", "日"),  # one character split between two words
        (b"=?utf-8?b?5pel5pys", "=?utf-8?b?5pel5pys"),
        (b"=?utf-8*ja?B?5pel?=", "日"),
        (b"Re: =?utf-8?b?5pel?= x", "Re: 日 x"),
        (b"=?us-ascii?q?a?=b", "ab"),
        (b"=?x-none?q?a?=", "a"),
        (b"=?utf-8?q?a?b?=", "a?b"),
        (b"=?utf-8?q?a=0D=0ABcc:_x?=", "a  Bcc: x"),
        ("件名です".encode("cp932"), "件名です"),
        ("件名です".encode("iso2022_jp"), "件名です"),
        ("件名です".encode(), "件名です"),
        (b"=?gb2312?b?zOE=?= =?utf-8?b?5pel?=", "提日"),
        (b"=?utf-8?b?5pel", "=?utf-8?b?5pel"),
        (b"=?utf-8?b?5pel5pys!!?=", "日本"),
    ],
)
def test_decode_header(value, text):
    assert decode_header(value) == text


@pytest.mark.parametrize(
    "value",
    [
        b"=?utf-8?q?a?=" * 4000,
        b"=?a?q?" * 6000,
        b"=?" * 16000,
        b"=?utf-8?b?" + b"?" * 32000,
        b"=?a?q?b?c?d?e?f?g" * 2000,
    ],
)
def test_long_headers_are_read_in_one_pass(value):
    assert isinstance(decode_header(value), str)


@pytest.mark.parametrize(
    "text",
    [
        "plain subject",
        "件名" * 100,
        "a" * 300,
        "=?utf-8?q?x?=",
        "a  b",
        " a",
        "🙇" * 50,
        "日本 " * 40,
        "x" * 70 + " y",
        "",
        "word " * 60 + "end",
    ],
)
@pytest.mark.parametrize("length", [0, 7, 30])
def test_encode_header_folds_and_comes_back(text, length):
    wire = encode_header(text, length)
    lines = wire.split(b"\r\n")
    assert len(lines[0]) + (length + 2 if length else 0) <= 76
    assert all(len(line) <= 76 and line[:1] == b" " for line in lines[1:])
    assert decode_header(wire).strip() == text.strip()
    assert wire.isascii()


def test_a_header_value_cannot_begin_another_field():
    assert b"\n" not in encode_header("a\r\nBcc: x@y.example").replace(b"\r\n ", b"")
    assert b"\n" not in encode_mailbox("a\r\nBcc: x", "y@z.example").replace(b"\r\n ", b"")


@pytest.mark.parametrize(
    "name",
    ["山田, 太郎", "Yamada, Taro", 'say "hi" \\', "Taro", "渡邉 花子" * 10, "", "=?utf-8?q?x?=", "x" * 90],
)
def test_encode_mailbox(name):
    from mail.address import header_addresses

    wire = encode_mailbox(name, "a@b.example", 2) + b", c@d.example"
    first, second = header_addresses(unfold(wire))
    assert (first.name, first.address) == (name, "a@b.example")
    assert second.address == "c@d.example"
    assert all(len(line) <= 76 for line in wire.removesuffix(b", c@d.example").split(b"\r\n"))


def test_unbase64_passes_over_padding_and_junk():
    assert unbase64(b"YQ==YmM=\r\n!ZGVm") == b"abcdef"
    assert unbase64(b"YWJjZ") == b"abc"
    assert unbase64(b"") == b""
