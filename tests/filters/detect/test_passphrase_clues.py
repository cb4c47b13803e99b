"""Passphrases that are described by what both know, and what only speaks of such things."""

import pytest

from filters.detect.passphrase_clues import described
from filters.detect.passphrase_words import narrow


def seen(text: str) -> bool:
    return bool(list(described(narrow(text))))


@pytest.mark.parametrize(
    "text",
    [
        "パスワードは御社の電話番号下４桁です。",
        "PWは弊社の郵便番号7桁です。",
        "解凍パスワードは今日の日付です（yyyymmdd）。",
        "パスワードは契約書の管理番号です。",
        "パスワードは創業年（西暦4桁）です",
        "パスワード：送信日（MMDD）",
        "パスは例のプロジェクト名＋西暦です。",
        "パスワードのヒント：昨年の忘年会の店",
        "PDFは生年月日8桁で開きます。",
        "添付は携帯番号の下4桁でロックしています。",
        "The password is your customer number.",
        "The PDF is protected with your date of birth.",
        "Use your employee ID as the password.",
        "You can open it using your staff number.",
        "Das Passwort ist Ihre Kundennummer.",
    ],
)
def test_what_both_know_is_described(text: str) -> None:
    assert seen(text)


@pytest.mark.parametrize(
    "text",
    [
        "パスワードは電話番号や誕生日にしないでください。",
        "パスワードは別途お電話でお伝えします。",
        "パスワードの桁数は12桁です。",
        "パスワードの有効期限は更新日から90日です。",
        "パスワードは先日お伝えしたとおりです。",
        "The password is the same as last time.",
        "The password will be sent to your phone number.",
        "Your password expires on the date below.",
    ],
)
def test_rules_and_other_ways_are_none(text: str) -> None:
    assert not seen(text)
