"""OPS-PASSWORD: words of English and of Japanese in romaji, and what is around them."""

import random
import string

import pytest

from config.dictionary import LEAST, LONGEST, LOOKED, SIZE, digest, is_word, is_words
from config.lists import octets
from tests.dictionary_words import romaji

WORDS = [
    "password",
    "dragon",
    "monkey",
    "sunshine",
    "princess",
    "football",
    "baseball",
    "superman",
    "michael",
    "jennifer",
    "jordan",
    "liverpool",
    "computer",
    "internet",
    "business",
    "company",
    "manager",
    "office",
    "secret",
    "welcome",
    "freedom",
    "summer",
    "winter",
    "spring",
    "autumn",
    "october",
    "sakura",
    "himawari",
    "tomodachi",
    "kaisha",
    "suzuki",
    "tanaka",
    "sato",
    "yamada",
    "watanabe",
    "tokyo",
    "osaka",
    "kyoto",
    "nagoya",
    "keiyaku",
    "mitsumori",
    "denwa",
    "kyou",
    "ashita",
    "sensei",
    "gakkou",
    "daigaku",
    "shinbun",
    "kuruma",
    "densha",
]


def test_the_table_is_in_order_and_says_where_it_is_from() -> None:
    head, _, table = octets("dictionary.bin").partition(b"\n")
    for source in (b"zxcvbn", b"MIT", b"sudachidict-core", b"Apache-2.0"):
        assert source in head
    digests = [table[at : at + SIZE] for at in range(0, len(table), SIZE)]
    assert digests == sorted(set(digests))
    assert len(digests) > 100_000
    assert len(table) % SIZE == 0
    assert len(table) < 1_200_000


@pytest.mark.parametrize("word", WORDS)
def test_words_people_think_of_are_in_it(word: str) -> None:
    assert is_word(word)


@pytest.mark.parametrize(
    "password",
    ["Sunshine2024!", "5unshine#7", "S@kura-83", "!!Himawari7", "T0m0dachi%9", "Il0veYou#1", "Dragon-Monkey", "1Summer@Tokyo"],
)  # fmt: skip
def test_a_word_or_two_with_a_little_around_them_are_no_password(password: str) -> None:
    assert is_words(password)


@pytest.mark.parametrize(
    "password",
    [
        "kN7%vRq2wL",
        "Zq7%mvTr4k",
        "Qx9-Sunshine-Vt4",
        "Correct-Horse-Battery-9",
        "",
        "冬vR7の%kq朝w",
        "x" * (LOOKED + 1),
    ],
)
def test_what_has_more_to_it_is_one(password: str) -> None:
    assert not is_words(password)


def test_drawn_passwords_are_seldom_taken_for_words() -> None:
    drawn = random.Random(7)
    signs = string.ascii_letters + string.digits + "!#%&-_"
    for length, most in ((8, 60), (10, 15), (12, 3)):
        made = ("".join(drawn.choice(signs) for _ in range(length)) for _ in range(1_000))
        assert sum(map(is_words, made)) <= most, length


def test_hostile_text_is_looked_at_in_bounds() -> None:
    for odd in ("a" * 64, "\x00" * 64, "\ud800" * 20, "ﬀ" * 64, "İ" * 64, "1" * 10_000):
        is_words(odd)
    assert LEAST < LONGEST
    assert len(digest("\ud800")) == SIZE


@pytest.mark.parametrize(
    ("reading", "written"),
    [
        ("ガッコウ", {"gakkou", "gakko"}),
        ("シンジュク", {"shinjuku", "sinzyuku"}),
        ("コンニチワ", {"konnichiwa", "konnitiwa"}),
        ("マッチャ", {"matcha", "mattya"}),
        ("トーキョー", {"tokyo"}),
        ("ＡＢＣ", set[str]()),
    ],
)
def test_readings_are_written_as_people_type_them(reading: str, written: set[str]) -> None:
    assert written <= romaji(reading)
