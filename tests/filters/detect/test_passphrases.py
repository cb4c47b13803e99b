"""Passphrases that a text tells, in the forms in which people tell them, and what only speaks of passwords."""

import pytest

from filters.detect.passphrases import ELSEWHERE, NAMED, alone, file_named, narrow, told

WORDS = ("sakura-Tokyo-42", "Kx8mPq2z", "Aa7#mZ3W_R@dx")
NUMBERS = ("48291", "20261104")
NAMED_FORMS = [
    "先ほどお送りしたファイルのパスワードは {p} です。",
    "パスワードですが、{p} です。",
    "解凍パスワード：{p}",
    "PASSは{p}になります。",
    "ＰＷ：{p}",
    "解除コード：{p}",
    "開封用パスは {p} です。",
    "パスワード（半角英数）：{p}",
    "パスワードを「{p}」に設定しております。",
    "以下のパスワードでお開きください。\n\n　{p}",
    "パスワードをお知らせします。\n【{p}】",
    "「{p}」と入力すると開きます。",
    "ロック解除：{p}",
    "{p} が先ほどのファイルのパスワードです。",
    "パスワード→{p}",
    "The password for the attachment is {p}.",
    "Pass phrase: {p}",
    "Use {p} as the password.",
    "pw - {p}",
    "To open the file, type {p}",
    "Your decryption code: {p}",
    'The PDF password is "{p}".',
    "解凍パスワード　{p}",
    "【パスワード】{p}",
    "パスワードを {p} にしました。",
    "先ほどの添付ファイルを開くには {p} を入力してください。",
    "PDFを開く番号は{p}です。",
    "Here's the code for the archive: {p}",
    "Enter {p} at the prompt",
    "PIN: {p}",
    "Please find the password below.\n\n{p}\n\nBest regards",
]
OPENED = [
    "添付ファイルは {p} で解凍できます。",
    "The zip opens with {p}",
    "You can unlock the PDF with {p}",
    "Protected with: {p}",
]


def seen(raw: str) -> list[int]:
    return list(told(narrow(raw)))


@pytest.mark.parametrize("form", NAMED_FORMS)
def test_each_form_tells(form: str) -> None:
    for word in (*WORDS, *NUMBERS):
        assert seen(form.format(p=word)), word


@pytest.mark.parametrize("form", OPENED)
def test_what_a_file_opens_with_is_told_without_the_word(form: str) -> None:
    for word in WORDS:
        if word != "Kx8mPq2z" or "{p}" in form:
            assert seen(form.format(p=word)), word


@pytest.mark.parametrize(
    "text",
    [
        "パスワードは後ほど別の者からお電話いたします。",
        "パスワードは前回お伝えしたものと同じです。",
        "パスワードにつきましては内線1234までお問い合わせください。",
        "パスワードは2026年12月1日から変更となります。",
        "パスワードを3回間違えるとロックされます。",
        "パスワード再設定用のURLはこちら https://x.example/reset?t=Ab3xkq9z",
        "パスワードの有効期限は2026/12/31です。",
        "パスワード認証のエラー率が 12.5% に上昇しました（10:32〜10:58）。",
        "最も多く使われたパスワードは「password」でした。",
        "Zoom ミーティングID: 912 3456 7890 パスコード: 482915",
        "Join with meeting ID 845 1122 3344, passcode 7Kd3Qa.",
        "Wi-Fi SSID: guest\nパスワード: welcome2026",
        "Password must contain at least 12 characters.",
        "Password policy v2.1 attached (policy_v2.1.pdf).",
        "パスワード付きZIP（meisai.zip）は廃止しました。",
        "Your boarding pass: AB1234",
        "バスパス AB1234",
        "The pass rate was 87.5% (n=1204).",
        "添付ファイルはExcel2019で開いてください。",
        "圧縮ファイルは7-Zip で解凍してください。",
        "Please open the file with Reader11.",
        "口座は ABC123 で開設済みです。",
    ],
)
def test_what_tells_none(text: str) -> None:
    assert seen(text) == []


def test_a_word_alone_in_its_line() -> None:
    assert list(alone("田中様\n\nHk7-siire-26\n\n佐藤"))
    assert not list(alone("田中様\n\nTokyo\n\n佐藤"))


@pytest.mark.parametrize("word", ["kqwmzhtbxe", "SAKURA", "himawari"])
def test_letters_of_one_size_where_only_a_passphrase_stands(word: str) -> None:
    assert seen(f"解凍パスワードは{word}です。")
    assert not seen("パスワードは SMS でお送りしました。")
    assert not seen("password: required for all users")


def test_an_instance_is_none() -> None:
    assert not seen("パスワードに誕生日や電話番号などは使わないでください。")
    assert not seen("パスワードは生年月日ではなく英数字です（例：Abc12345）。")


def test_files_are_no_passphrases() -> None:
    assert file_named("「仕入先一覧.zip」の") == "仕入先一覧.zip"
    assert file_named("7z で") == ""
    assert seen("パスワード：meisai.zip") == []


def test_words() -> None:
    assert NAMED.search("パスワード")
    assert not NAMED.search("compass and passport")
    assert ELSEWHERE.search("会議ID：123")
