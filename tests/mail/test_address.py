import base64

import pytest

from mail.address import (
    MAX_ADDRESSES,
    AddressError,
    Mailbox,
    a_labels,
    domain_of,
    header_addresses,
    parse,
    path,
    routes_onward,
)  # fmt: skip
from tests.growth import BAR, growth
from tests.routing import forms

REFUSED = [
    "a(c)@b.example", "@r1.example:a@b.example", "a @ b.example", "a", "a..b@c.example", ".a@b.example", "a.@b.example",
    "a@b\0.example", "-oX@b.example", "|/bin/sh", "a@", "@b.example", "", "a@[127.0.0.1]", "a@b..example", "a@-b.example",
    "a@b-.example", "a@b_c.example", "a@1.2.3.4", '"x\r <y@evil.example>"@corp.example', '"x\n"@b.example', '"x\0"@b.example',
    '"x"y@b.example', '"x@b.example', "a b@c.example", "a\tb@c.example", "a@b.example.", "é@b.example", "a@é.example",
    "=?utf-8?b?YQ0KREFUQQ0K?=@b.example", "x=?utf-8?Q?a=40b?=@b.example", "a" * 256 + "@b.example",
    "a@" + "b" * 64 + ".example", "a@" + ".".join(["b" * 60] * 5), "<a@b.example>", "a,b@c.example", "a;b@c.example", "a\x7f@b.example",
]  # fmt: skip


@pytest.mark.parametrize("text", REFUSED)
def test_the_envelope_grammar_admits_one_reading_only(text):
    with pytest.raises(AddressError):
        parse(text)


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("Taro.Yamada@Example.JP", "Taro.Yamada@example.jp"),
        ("a+tag=x@b.example", "a+tag=x@b.example"),
        ("a%b!c@d.example", "a%b!c@d.example"),
        ('"a b@c"@d.example', '"a b@c"@d.example'),
        (r'"a\"b"@d.example', r'"a\"b"@d.example'),
        ("bounce+" + "a" * 64 + "=b@c.example", "bounce+" + "a" * 64 + "=b@c.example"),
        ("a" * 255 + "@b.example", "a" * 255 + "@b.example"),
        (b"a@xn--r8jz45g.example", "a@xn--r8jz45g.example"),
        ("a@localhost", "a@localhost"),
    ],
)
def test_ordinary_and_quoted_local_parts(text, result):
    assert parse(text) == result


def test_smtputf8_wants_valid_utf8_in_normal_form_c():
    assert parse("山田@例え.jp", smtputf8=True) == "山田@xn--r8jz45g.jp"
    assert parse("山田@b.example".encode(), smtputf8=True) == "山田@b.example"
    for bad in (
        b"\xe5\xb1@b.example",
        "e\u0301@b.example",
        "a\u202eb@b.example",
        "a\u00a0b@c.example",
        "a@\u3002.jp",
        "a\ud800@b.example",
    ):
        with pytest.raises(AddressError):
            parse(bad, smtputf8=True)
    with pytest.raises(AddressError):
        parse("山" * 86 + "@b.example", smtputf8=True)  # 258 octets


def test_lenient_dots_for_addresses_that_japanese_carriers_assigned():
    assert parse("a..b.@docomo.ne.jp", lenient_dots=True) == "a..b.@docomo.ne.jp"
    for bad in ("a b@c.example", "a..b@c..example", '"a"..b@c.example'):
        with pytest.raises(AddressError):
            parse(bad, lenient_dots=True)


def test_the_error_does_not_repeat_the_address():
    with pytest.raises(AddressError) as caught:
        parse("secret name@b.example")
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("<a@b.example> SIZE=10 BODY=8BITMIME", ("a@b.example", "SIZE=10 BODY=8BITMIME")),
        ("<>", ("", "")),
        (" <a@b.example>", ("a@b.example", "")),
        ('<"a>b"@c.example> X', ('"a>b"@c.example', "X")),
        (b"<a@b.example>", ("a@b.example", "")),
    ],
)
def test_path(text, result):
    assert path(text) == result


@pytest.mark.parametrize(
    "text", ["a@b.example", "<a@b.example", "a@b.example>", "<a@b.example>X", "<a@b.example> A\rB", "<<a@b.example>>",
             "<a@b.example> <c@d.example>X\n", '<"a@b.example>', "", "<\xff@b.example>", b"<\xff@b.example>"],
)  # fmt: skip
def test_path_refuses_what_has_no_single_reading(text):
    with pytest.raises(AddressError):
        path(text)


def test_domain_of():
    assert domain_of('"a@b"@C.Example') == "c.example"
    assert domain_of("postmaster") == ""


def boxes(value):
    return [(m.name, m.address) for m in header_addresses(value)]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("a@B.example", [("", "a@b.example")]),
        ('"Yamada, Taro" <t@e.example>, x@y.example', [("Yamada, Taro", "t@e.example"), ("", "x@y.example")]),
        ("=?utf-8?b?5bGx55SwLCDlpKrpg44=?= <t@e.example>", [("山田, 太郎", "t@e.example")]),
        ("=?utf-8?q?a,_b?= <t@e.example>", [("a, b", "t@e.example")]),
        ("=?utf-8?q?evil=40x=2Eexample=2C?= <c@d.example>", [("evil@x.example,", "c@d.example")]),
        ("Team: a@b.example, C <c@d.example>; e@f.example", [("", "a@b.example"), ("C", "c@d.example"), ("", "e@f.example")]),
        ("undisclosed-recipients:;", []),
        ("s@t.example (Taro (the) Yamada)", [("Taro (the) Yamada", "s@t.example")]),
        ("a (x, y@z.example) @ b . example", [("x, y@z.example", "a@b.example")]),
        (r'"a \"b\" c" <d@e.example>', [('a "b" c', "d@e.example")]),
        ("a <b@c.example> d@e.example", [("a", "b@c.example"), ("", "d@e.example")]),
        ("<a@b.example><c@d.example>", [("", "a@b.example"), ("", "c@d.example")]),
        ("boss@corp.example <evil@x.example>", [("boss@corp.example", "evil@x.example")]),
        ("<@r.example:a@b.example>", [("", "a@b.example")]),
        ('"quoted local"@b.example', [("", '"quoted local"@b.example')]),
        ("Taro", [("Taro", "")]),
        (", ,a@b.example,,", [("", "a@b.example")]),
        ("", []),
    ],
)  # fmt: skip
def test_header_addresses(value, expected):
    assert boxes(value) == expected
    assert boxes(value.encode()) == expected


@pytest.mark.parametrize("codec", ["utf-8", "cp932", "iso2022_jp", "euc_jp"])
def test_raw_japanese_names_whose_bytes_look_like_syntax(codec):
    # 表 and ソ end with a backslash in Shift_JIS; ISO-2022-JP is made of ASCII punctuation.
    value = "表ソ能十 <a@b.example>, 営業部の山田太郎です <c@d.example>".encode(codec)
    assert boxes(value) == [("表ソ能十", "a@b.example"), ("営業部の山田太郎です", "c@d.example")]


@pytest.mark.parametrize(
    "value",
    ['"open a@b.example, c@d.example', "(open a@b.example, c@d.example", "x <a@b.example, c@d.example"],
)
def test_what_is_never_closed_hides_no_address(value):
    found = [m.address for m in header_addresses(value)]
    assert "a@b.example" in found
    assert "c@d.example" in found


def test_the_span_is_where_the_mailbox_stands():
    value = b'x@y.example, "A, B" <a@b.example> ,c@d.example'
    assert [value[m.start : m.end] for m in header_addresses(value)] == [
        b"x@y.example",
        b'"A, B" <a@b.example>',
        b"c@d.example",
    ]


def test_addresses_are_capped():
    assert len(header_addresses("a@b.example," * 5000)) == MAX_ADDRESSES
    assert header_addresses(b"")[:1] == []
    assert isinstance(header_addresses(b"a@b")[0], Mailbox)


@pytest.mark.parametrize(
    "address", [*forms("us.example"), "victim％elsewhere.example@us.example", "a＠b@us.example"]
)
def test_a_way_on_in_a_local_part_is_seen(address: str) -> None:
    assert routes_onward(address)


@pytest.mark.parametrize(
    "address",
    [
        "taro@us.example", "taro+x@us.example", "prvs=123456789=taro@us.example", '"a b".c@us.example', "",
        "SRS0=HHH=TT=elsewhere.example=victim@us.example", "list-return-taro=us.example@us.example", "a@b%c.example",
        "田中@us.example", "<>", "a..b.@us.example",
    ],
)  # fmt: skip
def test_ordinary_local_parts_lead_nowhere(address: str) -> None:
    assert not routes_onward(address)


@pytest.mark.parametrize(
    "prefix", ["", "a@b ", "x x x x x " * 2000 + "@ "], ids=["plain", "address", "long phrase"]
)
@pytest.mark.parametrize(
    "unit", ["=?utf-8?b?QQ==?=", "=?utf-8?b?", "=?", "(", "<", '"', ":", "x:", "()", '""', "a ", "@"]
)
def test_hostile_fields_are_read_in_linear_time(unit: str, prefix: str) -> None:
    """A word without an @ was searched from each of its characters: 64 kB took half a minute of the event loop."""

    def value(size: int) -> bytes:
        return (prefix + unit * size)[:size].encode()

    assert growth(value, header_addresses, 40_000) < BAR


@pytest.mark.parametrize(
    "value",
    [
        b"a@x.example b@y.example",
        b"a@x.example\r\n b@y.example",
        b"a@x.example\tb@y.example, ",
        b"=?utf-8?b?" + base64.b64encode(b"a@x.example, b@y.example") + b"?=",
        b"=?utf-8?q?a=40x.example=2C_b=40y.example?=",
        b"=?utf-8?q?a=40x.example?=, =?utf-8?q?Name_=3Cb=40y.example=3E?=",
        b"Name a@x.example b@y.example",
    ],
)
def test_addresses_that_nobody_separated_or_that_are_encoded_are_all_read(value: bytes) -> None:
    assert [box.address for box in header_addresses(value)] == ["a@x.example", "b@y.example"]


def test_a_name_with_an_address_in_it_is_a_name() -> None:
    (box,) = header_addresses(b"=?utf-8?q?ceo=40x.example?= <b@y.example>")
    assert (box.name, box.address) == ("ceo@x.example", "b@y.example")


def test_header_and_envelope_name_a_domain_alike() -> None:
    """However a domain is written, a recipient of the header is the one of the envelope."""
    envelope = parse("sato@高洋.example", smtputf8=True)
    for written in ("sato@高洋.example", "sato@XN--6XWZ09G.example", "sato@高洋。example"):
        (box,) = header_addresses(f"佐藤 <{written}>".encode())
        assert box.address == envelope
    assert a_labels("..日本") == "..日本", "what is no domain stays"
