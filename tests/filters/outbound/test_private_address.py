"""OUT-PRIVATE: addresses that look like the sender's own."""

import pytest

from filters.facts import Person
from filters.outbound.private_address import resembles
from tests.filters.mails import SENDER, examined, findings, plain

YAMADA = Person("yamada", name="山田 太郎", addresses=("taro.yamada@us.example",))


@pytest.mark.parametrize(
    "local",
    [
        "taro.yamada",
        "taroyamada",
        "yamada.taro",
        "yamada-taro88",
        "t.yamada",
        "yamadat",
        "yamada1980",
        "taro_yamada+work",
        "xx.taroyamada.xx",
    ],
)
def test_resembling(local: str) -> None:
    assert resembles(YAMADA, f"{local}@gmail.com")


@pytest.mark.parametrize(
    "local", ["tanaka", "k.yamada", "taro", "yamadaya.shop", "info", "123456", "hanako.yamada"]
)
def test_other_people(local: str) -> None:
    assert resembles(YAMADA, f"{local}@gmail.com") is (local == "taro")


def test_the_shown_name_counts() -> None:
    assert resembles(YAMADA, "q8z@gmail.com", "山田太郎")
    assert resembles(YAMADA, "q8z@gmail.com", "山田　太郎")
    assert not resembles(YAMADA, "q8z@gmail.com", "山田花子")


def test_such_mail_is_held_for_that_recipient_only() -> None:
    raw = plain("資料です")
    copies = {
        c.recipients: c.verdict.holds
        for c in examined(raw, "tanaka@partner.example", "sato1980@gmail.com").copies
    }
    assert copies == {(0,): frozenset(), (1,): {"private_address"}}
    assert findings("private_address", raw, SENDER, "sato@sister.example", "sato@partner.example") == []


def test_settings() -> None:
    raw = plain("資料です")
    assert findings("private_address", raw, "sato@partner.example", free_mail=False)
    assert findings("private_address", raw, "x@partner.example", registered=("X@partner.example",))


TARO = Person("u1042", name="山田太郎", addresses=("u1042@us.example",))


@pytest.mark.parametrize(
    "local",
    ["taro.yamada", "yamada.t", "t-yamada0412", "yamadatarou", "tarou_yamada", "t.yamada+x"],
)
def test_a_name_in_kanji_is_read(local: str) -> None:
    assert resembles(TARO, f"{local}@gmail.com")


@pytest.mark.parametrize(
    "local", ["yamada", "taro", "h.yamada", "yamada.jiro", "taro.yamaguchi", "shop.yamada"]
)
def test_others_of_that_family_are_others(local: str) -> None:
    assert not resembles(TARO, f"{local}@gmail.com")


def test_the_kana_of_the_directory_read_rare_names() -> None:
    rare = Person("u7", name="勘解由小路 万里", addresses=("u7@us.example",), names=("カデノコウジ マリ",))
    assert resembles(rare, "mari.kadenokoji@gmail.com")
    assert resembles(rare, "x@gmail.com", "カデノコウジマリ")


def test_private_addresses_of_the_directory() -> None:
    raw = plain("資料です")
    known = examined(raw, "q8z@provider.example", private=frozenset({"q8z@provider.example"}))
    assert known.copies[0].verdict.holds == {"private_address"}
    assert not examined(raw, "q8z@provider.example").copies[0].verdict.holds
