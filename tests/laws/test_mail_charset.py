"""Text survives the wire, nothing raises, and folding with offsets is folding."""

from hypothesis import given, settings
from hypothesis import strategies as st

from mail.charset import decode, decode_header, detect, encode_header, fold, masked, normalise

PRINTABLE = st.text(max_size=120).map(lambda t: "".join(c for c in t if c.isprintable()))
MIXED = st.text(
    alphabet="aＡ １　ｶﾞﾞがか\u3099社外祕髙\u200b\u00ad\ufb01e\u0301\u1100\u1161한\U000e0100é①㈱-−", max_size=40
)
LABELS = st.sampled_from(
    [
        "",
        "utf-8",
        "iso-2022-jp",
        "shift_jis",
        "euc-jp",
        "utf-7",
        "gb2312",
        "big5",
        "utf-16",
        "us-ascii",
        "iso-8859-1",
        "hz",
    ]
)
JIS = st.lists(
    st.sampled_from(
        [b"\x1b$B", b"\x1b(B", b"\x1b(I", b"\x1b$(D", b"\x0e", b"\x0f", b"!!", b"-!", b"\x80", b"\r\n", b"a"]
    ),
    max_size=20,
).map(b"".join)


@settings(max_examples=300, deadline=None)
@given(PRINTABLE, st.integers(0, 40))
def test_a_header_comes_back(text, length):
    wire = encode_header(text, length)
    assert decode_header(wire).strip() == text.strip()
    assert wire.isascii()
    assert b"\n" not in wire.replace(b"\r\n ", b"")


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.binary(max_size=80), JIS), LABELS)
def test_decoding_never_raises(data, label):
    assert isinstance(decode(data, label), str)
    assert isinstance(decode_header(data), str)
    assert isinstance(detect(data), str)
    assert len(masked(data)) == len(data)


@settings(max_examples=400, deadline=None)
@given(st.one_of(MIXED, st.text(max_size=60)))
def test_folding_with_offsets_is_folding(text):
    folded, offsets = normalise(text)
    assert folded == fold(text)
    assert len(offsets) == len(folded) + 1
    assert list(offsets) == sorted(offsets)
    assert all(0 <= at <= len(text) for at in offsets)
