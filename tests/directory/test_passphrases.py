"""OUT-PASSWORD: what protects an archive must be hard to guess and easy to read over the telephone."""

import pytest

from config.strength import bits
from directory.passphrases import ALPHABET, fresh, groups, problems


def test_a_fresh_passphrase_has_eighty_bits_and_no_look_alikes() -> None:
    assert len(set(ALPHABET)) == 32
    assert not set(ALPHABET) & set("0OoIl1")
    made = {fresh(16) for _ in range(200)}
    assert len(made) == 200
    assert all(16 <= len(p) <= 24 and set(p) <= set(ALPHABET) for p in made)
    with pytest.raises(ValueError):
        fresh(15)


@pytest.mark.parametrize(("length", "least"), [(16, 80.0), (20, 80.0), (20, 110.0), (60, 300.0)])
def test_what_is_made_is_never_called_weak(length: int, least: float) -> None:
    for _ in range(2_000):
        assert problems(fresh(length, least), least) == []


def test_it_is_read_in_groups_of_four() -> None:
    assert groups("abcdefghij") == ["abcd", "efgh", "ij"]


@pytest.mark.parametrize(
    "weak",
    ["", "kN7%vRq2wL", "passwordpassword1234", "1234567890123456789012345678", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
     "abcabcabcabcabcabcabcabcabc", "correct horse battery staple", "qwertyuiopasdfghjklzxcvbnm"],
)  # fmt: skip
def test_weak_ones_are_refused(weak: str) -> None:
    assert "passphrase_weak" in problems(weak, 70)


@pytest.mark.parametrize(
    "good", ["kN7%vRq2wLx9#Tz", "vrq2wlk7nzb8mfhx3", "correct horse battery staple cloud anvil"]
)
def test_good_ones_are_taken(good: str) -> None:
    assert bits(good) >= 70
    assert problems(good, 70) == []


@pytest.mark.parametrize("odd", ["合言葉kN7%vRq2wLx9#Tz", "kN7%vRq2wLx9#Tz\t", " kN7%vRq2wLx9#Tz"])
def test_characters_that_other_programs_read_differently_are_refused(odd: str) -> None:
    assert "passphrase_characters" in problems(odd, 70)
