import pytest

from mail.decoding import decode, detect, is_plain, is_utf7, masked

BODY = "お世話になっております。見積書をお送りしますのでご確認ください。"


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


def test_a_program_that_names_utf_16_and_writes_ascii():
    assert decode(b"Strictly Confidential\r\n", "utf-16") == "Strictly Confidential\r\n"
    assert decode(b"Strictly Confidential\r\n", "unicode") == "Strictly Confidential\r\n"
    assert decode("社外秘".encode("utf-16-le"), "utf-16") == "社外秘"
    kana = "あけひふみ"
    assert kana.encode("utf-16-be").isascii()
    assert decode(kana.encode("utf-16-be"), "utf-16be") == kana


@pytest.mark.parametrize("data", [b"a\x1b$B4A(B", b"a\x0eb", b"a\0b", "é".encode()])
def test_what_is_no_plain_ascii(data):
    assert is_plain(b"hello\r\n\tworld")
    assert not is_plain(data)


def test_masked_hides_bytes_of_characters_only():
    sjis = 'a="表";'.encode("cp932")
    assert masked(sjis) == b'a="\xff\xff";'
    stateful = "a=表;".encode("iso2022_jp")
    assert b";" in masked(stateful)
    assert len(masked(stateful)) == len(stateful)
    assert masked("é".encode()) == "é".encode()


@pytest.mark.parametrize("codec", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be", "utf-16", "utf-32"])
def test_wide_text_without_a_label(codec):
    assert decode(BODY.encode(codec)).lstrip("\ufeff") == BODY


def test_lines_in_different_charsets():
    data = "資料です。\r\n".encode() + BODY.encode("cp932")
    assert decode(data, "utf-8") == decode(data) == "資料です。\r\n" + BODY


def test_utf_7_in_a_plain_text():
    assert is_utf7(BODY.encode("utf-7"))
    assert not is_utf7(b"call +8190123456789 or a+b=c and +Confidential1234")


@pytest.mark.parametrize("half", ["\ud83d", "a\udc00b"])
@pytest.mark.parametrize("around", ["{}", "社外秘 {} 資料", "{}\n" * 40])
def test_half_a_pair_in_utf_7_is_replaced(half: str, around: str) -> None:
    text = decode(around.replace("{}", half).encode("utf-7", "surrogatepass"), "utf-7")
    assert "\ufffd" in text
    text.encode()


@pytest.mark.parametrize(
    "text", ["22,34,ﾌｸｼﾏ ｶｽﾞﾔ,福島和也,5,個人番号\r\n", "000123ﾔﾏﾀﾞ ﾀﾛｳ      19800101\r\n" * 9]
)
def test_names_in_half_width_kana_are_japanese(text: str) -> None:
    assert decode(text.encode("cp932")) == text


@pytest.mark.parametrize(
    ("text", "charset"),
    [("東京都千代田区の機密", "euc_jp"), ("ÄÖÜ Größe ÀÉÎ", "latin-1"), ("Été à la forêt, déjà", "latin-1")],
)
def test_what_could_be_half_width_kana_is_none(text: str, charset: str) -> None:
    assert decode(text.encode(charset)) == text
