import pytest

from mail.charset import (
    decode,
    decode_header,
    detect,
    encode_header,
    encode_mailbox,
    fold,
    known,
    masked,
    normalise,
    unbase64,
    unfold,
)


def jis(text: str) -> bytes:
    """ISO-2022-JP with the vendor characters that no codec writes: cp932 turned into JIS by arithmetic."""
    out, wide = b"", False
    for char in text:
        raw = char.encode("cp932")
        if len(raw) == 1 and raw[0] >= 0x80:
            out += b"\x1b(I" + bytes([raw[0] & 0x7F]) + b"\x1b(B"
            wide = False
        elif len(raw) == 2:
            lead, trail = raw
            row = (lead - (0x81 if lead < 0xA0 else 0xC1)) * 2 + 0x21
            if trail >= 0x9F:
                row, cell = row + 1, trail - 0x7E
            else:
                cell = trail - 0x1F - (trail > 0x7F)
            out += (b"" if wide else b"\x1b$B") + bytes([row, cell])
            wide = True
        else:
            out += (b"\x1b(B" if wide else b"") + raw
            wide = False
    return out + (b"\x1b(B" if wide else b"")


HARD = "社外秘①㈱№℡髙ｱｲｳABC"


@pytest.mark.parametrize(
    ("data", "charset", "text"),
    [
        (jis("①㈱ⅢABCｱｲｳ"), "iso-2022-jp", "①㈱ⅢABCｱｲｳ"),
        (jis("纊褜鍈"), "ISO-2022-JP", None),
        (b"\x0e12\x0fab", "iso-2022-jp", "ｱｲab"),
        ("①㈱髙～".encode("cp932"), "shift_jis", "①㈱髙～"),
        ("①㈱髙".encode("cp932"), "Windows-31J", "①㈱髙"),
        ("日本語".encode("euc_jp"), "euc-jp", "日本語"),
        (b"\xad\xa1\xad\xea", "euc-jp", "①㈱"),
        ("会議".encode("utf-7"), "utf-7", "会議"),
        ("机密".encode("gb18030"), "gb2312", "机密"),
        ("機密".encode("big5"), "big5", "機密"),
        ("비밀".encode("euc_kr"), "ks_c_5601-1987", "비밀"),
        ("тайна".encode("koi8-r"), "koi8-r", "тайна"),
        ("café".encode("latin-1"), "iso-8859-1", "café"),
        (b"a \x93quoted\x94", "iso-8859-1", "a “quoted”"),
        ("\ufeff本文".encode(), "utf-8", "本文"),
        (b"\x1b$BF|K\\\r\nplain\x1b(B", "iso-2022-jp", "日本\r\nplain"),
        (b"\x1b$(D\x30\x21\x1b(B", "iso-2022-jp-1", "丂"),
        (b"", "utf-8", ""),
    ],
)
def test_labelled(data, charset, text):
    if text is None:
        assert "\ufffd" not in decode(data, charset)
    else:
        assert decode(data, charset) == text


BODY = "お世話になっております。見積書をお送りしますのでご確認ください。"


@pytest.mark.parametrize("codec", ["cp932", "euc_jp", "iso2022_jp", "utf-8"])
@pytest.mark.parametrize(
    "label",
    ["", "us-ascii", "iso-8859-1", "iso-2022-jp", "x-unknown", "utf-8", "shift_jis", "undefined", "idna"],
)
def test_mislabelled_japanese_is_read_as_what_it_is(codec, label):
    if (codec, label) == ("euc_jp", "shift_jis"):
        pytest.skip("EUC-JP is nearly always valid Shift_JIS half-width kana: the label is believed")
    assert decode(BODY.encode(codec), label) == BODY


@pytest.mark.parametrize("text", ["社外秘", "会議室", "給与明細", "テスト", "ﾃｽﾄ資料です"])
@pytest.mark.parametrize("codec", ["cp932", "euc_jp"])
def test_short_japanese_is_recognised(text, codec):
    if (text, codec) == ("ﾃｽﾄ資料です", "euc_jp"):
        pytest.skip("half-width kana in EUC-JP is not sent")
    assert decode(text.encode(codec)) == text


def test_western_text_is_not_taken_for_japanese():
    for text in ("Ärger über größere Änderungen", "déjà vu à la carte, très bien", "El niño comió piñas"):
        assert decode(text.encode("cp1252")) == text
    assert detect(b"plain") == "us-ascii"


@pytest.mark.parametrize(
    "charset",
    [
        "idna",
        "punycode",
        "undefined",
        "unicode_escape",
        "base64",
        "zlib",
        "rot13",
        "utf-16",
        "\0",
        "a" * 1000,
    ],
)
def test_a_hostile_charset_is_only_a_label(charset):
    for data in (b"\xff\xfe\xfd", b"abc", b"\\u0041", b"\x1b$", b"\xd8\x00"):
        assert isinstance(decode(data, charset), str)


def test_known():
    assert known('"ISO-2022-JP"')
    assert not known("zlib")


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


def test_masked_hides_bytes_of_characters_only():
    sjis = 'a="表";'.encode("cp932")
    assert masked(sjis) == b'a="\xff\xff";'
    stateful = "a=表;".encode("iso2022_jp")
    assert b";" in masked(stateful)
    assert len(masked(stateful)) == len(stateful)
    assert masked("é".encode()) == "é".encode()


def test_unbase64_passes_over_padding_and_junk():
    assert unbase64(b"YQ==YmM=\r\n!ZGVm") == b"abcdef"
    assert unbase64(b"YWJjZ") == b"abc"
    assert unbase64(b"") == b""


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("ＡＢＣ１２３", "ABC123"),
        ("ﾃﾞｰﾀ", "データ"),
        ("社\u200b外\u00ad秘", "社外秘"),
        ("社 外　秘", "社外秘"),
        ("社外祕", "社外秘"),
        ("髙﨑と渡邉", "高崎と渡辺"),
        ("０３−１２３４‐５６７８", "03-1234-5678"),
        ("㈱", "(株)"),
        ("か\u3099", "が"),
        ("田中 taro 様", "田中 taro 様"),
        ("山\n田", "山\n田"),
        ("機\ufe00密", "機密"),
    ],
)
def test_fold_and_normalise(text, folded):
    assert fold(text) == folded
    again, offsets = normalise(text)
    assert again == folded
    assert len(offsets) == len(folded) + 1
    assert offsets[-1] == len(text)


def test_offsets_lead_back_into_the_original():
    text = "この件は 社\u200b 外 ﾃﾞｰﾀ です"
    folded, offsets = normalise(text)
    at = folded.index("データ")
    assert text[offsets[at] : offsets[at + 3]].strip() == "ﾃﾞｰﾀ"
