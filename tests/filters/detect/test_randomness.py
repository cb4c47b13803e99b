"""What looks drawn by chance, and what people made."""

import random
import string

import pytest

from filters.detect.randomness import entropy, is_random, is_real, wordiness

ALPHABETS = {
    "small and digits": string.ascii_lowercase + string.digits,
    "letters and digits": string.ascii_letters + string.digits,
    "hexadecimal": "0123456789abcdef",
    "base 64": string.ascii_letters + string.digits + "+/",
    "base 32": string.ascii_uppercase + "234567",
}


@pytest.mark.parametrize("alphabet", ALPHABETS)
@pytest.mark.parametrize(("length", "share"), [(16, 0.9), (24, 0.93), (32, 0.97), (64, 0.99)])
def test_most_of_what_chance_draws_is_seen(alphabet: str, length: int, share: float) -> None:
    chance = random.Random(f"{alphabet}{length}")
    words = ["".join(chance.choice(ALPHABETS[alphabet]) for _ in range(length)) for _ in range(400)]
    assert sum(map(is_random, words)) >= 400 * share


@pytest.mark.parametrize(
    "word",
    [
        "customer_identifier_2024",
        "HTTPPasswordMgrWithDefaultRealm",
        "aaaaaaaaaaaaaaaa1111",
        "0123456789012345678901",
        "correct-horse-battery",
        "application/x-www-form-urlencoded",
        "2026-11-17T10:00:00",
        "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
        "short1",
    ],
)
def test_what_people_make_is_not(word: str) -> None:
    assert not is_random(word)


def test_identifiers_by_chance_are_random() -> None:
    assert is_random("3f2b8c1e-9d4a-4e7f-a1b2-0c9d8e7f6a5b")


@pytest.mark.parametrize(
    "word",
    [
        "xxxxxxxxxxxx",
        "<your-key>",
        "${API_KEY}",
        "{{ token }}",
        "changeme123",
        "%(password)s",
        "your_api_key_1",
        "*" * 10,
        "AKIA7EXAMPLE",
        "$SECRET",
        "aaaaaaab",
    ],
)
def test_places_to_fill(word: str) -> None:
    assert not is_real(word)


def test_measures() -> None:
    assert entropy("aaaa") == 0
    assert entropy("abcd") == 2
    assert wordiness("theInternationalOne") > 0.6
    assert wordiness("xqzvkwjxbq") < 0.2
