"""OPS-PASSWORD and how passwords are kept."""

import asyncio

import pytest

from directory.passwords import Hasher, weaknesses
from storage.interfaces import StoreError


@pytest.mark.parametrize(
    ("password", "reason"),
    [
        ("kN7%vRq", "password_length"),
        ("k" * 300, "password_length"),
        ("knqvrqwlzx", "password_kinds"),
        ("knqvrq82wl", "password_kinds"),
        ("kN7%yamadaR", "password_name"),
        ("kN7%YAMADAR", "password_name"),
        ("kNv%19840401", "password_date"),
        ("Zrq%vn2024", "password_date"),
        ("kNv%840401x", "password_date"),
        ("P@ssw0rd%7x", "password_common"),
        ("xWelcome%7q", "password_common"),
        ("Tomodachi#9", "password_word"),
        ("Jennifer#27", "password_word"),
        ("kN7%abcdv", "password_sequence"),
        ("kN7%4321v", "password_sequence"),
        ("kN7%qwerv", "password_sequence"),
        ("kN7%xxxxv", "password_sequence"),
    ],
)
def test_what_the_rule_book_forbids_is_refused_by_name(password: str, reason: str) -> None:
    assert reason in weaknesses(password, ["yamada", "Hanako Yamada", "yamada@example.co.jp"])


@pytest.mark.parametrize("password", ["kN7%vRq2wL", "vrq2wlk7nz%", "Kvrq9wLnzx", "冬vR7の%kq朝w"])
def test_three_kinds_without_names_words_dates_and_rows_are_enough(password: str) -> None:
    assert weaknesses(password, ["yamada"]) == []


async def test_a_hash_verifies_its_password_only_and_an_empty_one_never() -> None:
    hasher = Hasher()
    kept = await hasher.hash("kN7%vRq2wL")
    assert kept.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert await hasher.verify(kept, "kN7%vRq2wL")
    assert not await hasher.verify(kept, "kN7%vRq2wl")
    assert not await hasher.verify("", "nobody has this password")
    assert not await hasher.verify("broken", "kN7%vRq2wL")
    hasher.close()


async def test_a_full_line_is_an_overload_not_a_wrong_password() -> None:
    hasher = Hasher(threads=1, line=2)
    answers = await asyncio.gather(*(hasher.verify("", "x") for _ in range(4)), return_exceptions=True)
    assert [type(a) for a in answers].count(StoreError) == 2
    assert answers.count(False) == 2
    hasher.close()
