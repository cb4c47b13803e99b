"""Passphrases that a text tells, in the forms in which people tell them, and what only speaks of passwords."""

import pytest

from filters.detect.passphrase_words import narrow
from filters.detect.passphrases import NAMED, alone, celled, told

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
MORE_FORMS = [
    "パ ス ワ ー ド ： {p}",
    "解錠コード：{p}",
    "解凍時に必要な文字列：{p}",
    "A senha do arquivo é {p}",
    "Het wachtwoord voor het bestand is {p}",
    "解压密码是 {p}",
    "文件的密码为{p}。",
    "비밀번호는 {p} 입니다.",
    "Mot de passe pour ouvrir le PDF « {p} »",
    "mdp : {p}",
    "Das PW ist {p}",
    "ファイル名 | パスワード\n見積.zip | {p}",
    "パスワード失念しておりました。{p} です",
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


@pytest.mark.parametrize("form", MORE_FORMS)
def test_each_form_of_other_languages_and_orders(form: str) -> None:
    for word in WORDS:
        assert seen(form.format(p=word)), word


@pytest.mark.parametrize(
    "text",
    [
        "前半：Hx7#q\n後半：Lm29v\nをつなげたものがパスワードです。",
        "パスワード：himawari",
        "password: sunflower",
        "The passphrase is: correct horse battery staple",
        "パスワード: H x 7 # q L m 2",
        "パスワードはひらがなで「あさひ」です。",
    ],
)
def test_pieces_and_letters_of_one_kind(text: str) -> None:
    assert seen(text)


def test_a_word_in_a_cell() -> None:
    assert list(celled("見積.zip | Hx7#qLm29v"))
    assert not list(celled("見積.zip | Tokyo"))


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
        "パスワードマネージャー「1Password」の導入を検討しています。",
        "パスワードレス認証(FIDO2)への移行を予定しています。",
        "パスワード総当たり攻撃(T1110)が3,214件観測されました。",
        "パスワードの初期化を実施しました（受付番号：REQ-20261117-01）。",
        "パスワードをかけてお送りください。方法は手順書 v1.2 をご参照ください。",
        "パスワードに「password1」や「123456」を使わないでください。",
        "We store password hashes (SHA-256).",
        "Passwortrichtlinie V2.0 anbei.",
        "画像のパス: /img/logo2.png",
        "PWM制御基板 PW-4402 の見積",
        "Pass: 45, Fail: 3",
        "合言葉は『安全第一』です。現場で唱和しましょう。",
        "当方からパスワードをお伝えすることはできません。\n\nBest regards\nYuki Sato | Corp Inc. | +81 3 5550 0142",
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
    assert seen("パスワード：meisai.zip") == []


def test_words() -> None:
    assert NAMED.search("パスワード")
    assert not NAMED.search("compass and passport")
