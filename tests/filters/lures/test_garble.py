"""Mojibake is told apart from foreign writing."""

import pytest

from filters.lures.garble import garbled

TEXT = "お世話になっております。会議の資料をお送りします。ご確認のほど、よろしくお願いいたします。"


@pytest.mark.parametrize(
    ("coded", "read"),
    [("utf-8", "cp1252"), ("utf-8", "latin-1"), ("utf-8", "cp932"), ("utf-8", "gbk"), ("utf-8", "cp1251"), ("cp932", "latin-1"),
     ("cp932", "cp1252"), ("euc_jp", "latin-1"), ("utf-8", "ascii")],
)  # fmt: skip
def test_one_charset_read_as_another(coded: str, read: str) -> None:
    assert garbled(TEXT.encode(coded).decode(read, "replace"))


def test_jis_without_its_escapes() -> None:
    assert garbled(TEXT.encode("iso2022_jp").decode().replace("\x1b", ""))


@pytest.mark.parametrize(
    "text",
    [TEXT, "", "plain words for $5, $10 and $100", "Größe, café, naïve: “quoted” – it’s fine", "Привет, это письмо. Спасибо.", "您好，请确认发票。谢谢。",
     "안녕하세요. 확인 부탁드립니다.", "売上は￥1,000、€20、£30です。", "Résumé de l’été à Nîmes, où ça ? Très bien."],
)  # fmt: skip
def test_writing_is_not(text: str) -> None:
    assert not garbled(text)
