"""Marks in files that nobody can read: found wherever they stand, in every encoding, and as the plain reading finds them."""

import random
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from filters.extract import strings

NOISE = {
    "random": lambda chance, size: chance.randbytes(size),
    "zeros": lambda chance, size: bytes(size),
    "numbers": lambda chance, size: b"".join(
        chance.randrange(70_000).to_bytes(4, "little") for _ in range(size // 4 + 1)
    )[:size],
    "few values": lambda chance, size: bytes(chance.choices(b"\0\1\xff A\x80\x95\xe3", k=size)),
}
MARKS = {
    "ascii": ("Confidential", "password=hunter2", "4111 1111 1111 1111", "secret"),
    "utf-8": ("取扱注意の書類", "株式会社日本橋", "取引先 tel: 03-1234-5678"),
    "utf-16-le": ("取扱注意", "Confidential", "机密文件", "絕對機密", "髙﨑商店", "ﾃﾞｰﾀ", "パスワード"),
    "utf-16-be": ("取扱注意", "Confidential", "机密文件", "絕對機密", "髙﨑商店", "ﾃﾞｰﾀ", "パスワード"),
    "cp932": (
        "取扱注意の書類",
        "秘密情報管理台帳",
        "ﾃﾞｰﾀ 機密",
        "FAX 03-1234 社外",
        "薔薇の名前 第二版",
        "躊躇 twice",
    ),
}


def pieces(chance: random.Random, noise: str, codec: str, longest: int = 900) -> tuple[bytes, list[str]]:
    """Marks of this encoding between stretches of noise, and which marks they are."""
    made, marks = [], []
    for _ in range(10):
        mark = chance.choice(MARKS[codec])
        marks.append(mark)
        # A zero on both sides: no accident of the noise becomes half of a character.
        made += [NOISE[noise](chance, chance.randrange(longest)), b"\0", mark.encode(codec), b"\0"]
    return b"".join(made), marks


@pytest.mark.parametrize("noise", NOISE)
@pytest.mark.parametrize("codec", MARKS)
@pytest.mark.parametrize("longest", [60, 900, 30_000])
def test_marks_are_found_at_any_offset(codec: str, noise: str, longest: int) -> None:
    for seed in range(4):
        data, marks = pieces(random.Random(seed), noise, codec, longest)
        text = strings.texts(data)
        assert not [mark for mark in marks if mark not in text], seed


# The plain reading: what every run of an encoding is, tried at every byte. Slow, and full of noise.
WIDE = re.compile(
    rb"(?:[\x09\x0a\x0d\x20-\x7e]\x00|[\x00-\xff]\x30|[\x00-\xff][\x4e-\x9f]|[\x00-\xef]\xff|[\x10-\x7f]\x20){4,}"
)
UTF8 = re.compile(rb"(?:[\x20-\x7e\t\r\n]|[\xe3-\xe9][\x80-\xbf]{2}|\xef[\xbc-\xbe][\x80-\xbf]){6,}")
EIGHT = re.compile(rb"(?:[\x20-\x7e\t\r\n]|[\x81-\x9f\xe0-\xfc][\x40-\x7e\x80-\xfc]|[\xa1-\xdf]){6,}")


def plain(data: bytes) -> str:
    """All runs, one per line."""
    swapped = b"".join(data[n : n + 2][::-1] for n in range(0, len(data), 2))
    odd = b"".join(data[n : n + 2][::-1] for n in range(1, len(data), 2))
    runs = [
        m[0].decode("utf-16-le", "ignore") for d in (data, data[1:], swapped, odd) for m in WIDE.finditer(d)
    ]
    runs += [m[0].decode("utf-8", "ignore") for m in UTF8.finditer(data)]
    runs += [m[0].decode("cp932", "ignore") for m in EIGHT.finditer(data)]
    return "\n".join(runs)


@pytest.mark.parametrize("noise", NOISE)
@pytest.mark.parametrize("codec", MARKS)
def test_what_the_plain_reading_finds_is_found(codec: str, noise: str) -> None:
    """Marks straight between noise, so that some become part of something else: then neither finds them."""
    found = 0
    for seed in range(25):
        chance = random.Random(seed)
        marks = [chance.choice(MARKS[codec]) for _ in range(10)]
        data = b"".join(
            piece
            for mark in marks
            for piece in (NOISE[noise](chance, chance.randrange(500)), mark.encode(codec))
        )
        before, now = plain(data), strings.texts(data)
        lost = [mark for mark in marks if mark in before and mark not in now]
        assert not lost, seed
        found += sum(mark in now for mark in marks)
    assert found > 100


@given(st.binary(min_size=0, max_size=40), st.sampled_from(sorted(MARKS)), st.data())
def test_short_data_is_read_as_long_data_is(noise: bytes, codec: str, data: st.DataObject) -> None:
    mark = data.draw(st.sampled_from(MARKS[codec]))
    piece = noise + b"\0\0" + mark.encode(codec) + b"\0\0"
    assert mark in strings.texts(piece)
    assert mark in strings.texts(piece + b"\1" * strings.SHORT)


def test_plain_ascii_is_no_utf16() -> None:
    text = b"The meeting is on Monday, and everybody brings the drawings. " * 100
    assert strings.wide(text) == ""
    assert strings.wide(text, big=True) == ""


def test_random_data_has_little_text() -> None:
    """Noise is dear: every rule reads it."""
    assert len(strings.texts(random.Random(1).randbytes(1_000_000))) < 100_000


def test_a_run_stands_once() -> None:
    assert strings.texts(b"\0repeated\0" * 1000).split("\n").count("repeated") == 1


@pytest.mark.parametrize("filling", [0, 1, 5_000])
def test_zeros_around_take_nothing_away(filling: int) -> None:
    for big, codec in ((False, "utf-16-le"), (True, "utf-16-be")):
        data = bytes(filling) + "data".encode(codec) + bytes(filling)
        assert "data" in strings.wide(data, big=big).split("\n")


def test_a_character_that_is_not_common_belongs_to_its_run() -> None:
    mark = "取扱注龘龘意"
    assert mark in strings.wide(bytes(3001) + mark.encode("utf-16-le") + bytes(2) + b"\1" * 3000)
