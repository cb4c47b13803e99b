"""Passwords of accounts, told to people."""

import pytest

from filters.detect.accounts import passwords


def told(text: str, *, file: bool = False) -> int:
    return len(list(passwords(text, file=file)))


@pytest.mark.parametrize("word", ["tombo-8841", "rQ7mVx2ke", "Kawa#204x"])
@pytest.mark.parametrize(
    "text",
    [
        "新しいルーターの管理者パスワードは {p} です。",
        "SIPユーザー 1001\r\nSIPパスワード {p}\r\nレジストラ sip.corp.example",
        "ユーザー QBATCH、パスワード {p} で入れます。",
        "ID/PW: kanri / {p}",
        "NASに入れます。\nユーザー: backup\nパス: {p}",
        "管理画面のパスワードは {p} に変えてあります。",
        "root のパスワードを {p} に変えました。",
        "データベースのパスワード「{p}」",
        "set the deploy user's password to {{{p}}} and restarted the agent",
        "Your portal password has been reset to {p}.",
        "The admin password for the router is {p}",
        "ssh ops@192.0.2.4, password {p}",
        "Benutzername: mueller\nKennwort: {p}",
        "usuario: admin\ncontraseña: {p}",
        "账号: admin\n密码: {p}",
    ],
)
def test_what_lets_in_to_an_account(text: str, word: str) -> None:
    assert told(text.replace("{p}", word)) == 1


@pytest.mark.parametrize(
    "text",
    [
        "初期パスワードは社員番号です。",
        "管理者パスワードは12文字以上とし、英大小文字・数字・記号を含めます。",
        "管理者パスワードの例：Abcd1234! のような文字列は避けてください。",
        "サーバーのパスワードは90日ごとに変更してください。",
        "ゲスト用Wi-Fi SSID: guest 管理者パスワード: tombo-8841",
        "会員番号：48213\nパスワードはお客様がお決めになったものです。",
        "Failed password for root from 192.0.2.4 port 52211 ssh2",
        "The root password is in Vault under secret/prod/db01.",
        "username, have_password, password = userinfo.partition(':')",
        "auth:\n  username: admin\n  password: CHANGE_ME\n",
    ],
)
@pytest.mark.parametrize("file", [False, True])
def test_what_only_speaks_of_passwords(text: str, *, file: bool) -> None:
    assert told(text, file=file) == 0


def test_fields_of_programs_in_files_need_a_password_that_looks_like_one() -> None:
    assert told("username: fred\npassword: sekrit", file=True) == 0
    assert told("username: fred\npassword: sekrit7Q", file=True) == 1
