"""BER: both forms of length, pieces, and bounds."""

import pytest

from mail.ber import NotBer, Walk


def test_pieces_and_indefinite_lengths() -> None:
    walk = Walk(b"\x24\x80\x04\x02ab\x24\x80\x04\x01c\0\0\0\0!")
    whole = walk.element(0, 16)
    assert walk.octets(whole) == b"abc"
    assert whole.next == 15


def test_a_long_length() -> None:
    walk = Walk(b"\x04\x82\x01\x00" + b"x" * 256)
    assert len(walk.octets(walk.element(0, 260))) == 256


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x30",
        b"\x30\x05a",
        b"\x04\x80ab\0\0",
        b"\x30\x80" * 2_000,
        b"\x30\x89" + b"\1" * 20,
        b"\x1f\x01\0",
    ],
)
def test_damage_ends_the_walk(data: bytes) -> None:
    with pytest.raises(NotBer):
        Walk(data).element(0, len(data))
