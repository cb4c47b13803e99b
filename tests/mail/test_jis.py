import pytest

from mail.jis import euc, iso2022jp


def read(data: bytes) -> str:
    return iso2022jp(data, lambda rest: lambda piece: f"<{len(rest)}:{piece.hex()}>")


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"\x1b$B4A\x1b(B", "漢"),
        (b"\x1b$B-!-j\x1b(B!", "①㈱!"),
        (b"\x1b(I1\x1b(B", "ｱ"),
        (b"\x0e1\x0fA", "ｱA"),
        (b"\x1b$B4A\r\n4A", "漢\r\n4A"),
        (b"\x1b$B4", "\ufffd"),
        (b"\x1b$B4A 4A\x1b(B", "漢 漢"),
        (b"\x1b$A0!\x1b(B", "啊"),
        (b"\x1b$(C0!\x1b(B", "가"),
        (b"\x1b$(D0!\x1b(B", "丂"),
        (b"\x1b(Ba\xb1b", "<3:61b162>"),
    ],
)
def test_what_is_sent_as_iso_2022_jp(data, text):
    assert read(data) == text


def test_the_reader_of_eight_bits_is_chosen_once_from_all_of_them():
    asked = []

    def western(rest):
        asked.append(rest)
        return lambda piece: piece.decode("latin-1")

    assert iso2022jp(b"\xe9\x1b(B\xe8\x1b(B", western) == "éè"
    assert asked == [b"\xe9\xe8"]


def test_short_stretches_come_out_alike_however_often_they_come():
    assert read(b"\x1b$B4A\x1b(Ba" * 3) == "漢a漢a漢a"


def test_euc_has_the_vendor_characters():
    assert euc(b"\xad\xa1\xb4\xc1") == "①漢"
    assert euc(b"\x8e\xb1") == "ｱ"
    assert "\ufffd" in euc(b"\xff\xad\xa1")
