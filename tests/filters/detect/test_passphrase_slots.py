"""Words that stand where only what opens a file would."""

import pytest

from filters.detect.passphrase_slots import slotted
from filters.detect.passphrase_words import narrow

WORD = "tombo-8841"


def seen(text: str, *, locked: bool = False) -> bool:
    return bool(list(slotted(narrow(text.replace("{p}", WORD)), locked=locked)))


@pytest.mark.parametrize(
    "text",
    [
        "資料です。開けるときは {p} と打ってください。",
        "明細のロックは {p} で外れます。",
        "圧縮ファイルの中身を見るには「{p}」が要ります。",
        "保護解除用：{p}",
        "添付は暗号化しています（{p}）。",
        "{p} が開封の言葉です。",
        "閲覧の際のセキュリティコード：{p}",
        "■解凍用■ {p}",
        "添付の解凍用です。解凍キーは次のとおりです\n\n{p}",
        "見積.zip … {p}",
        "The workbook is locked, the code is {p}.",
        "Both attachments can be opened with {p}.",
        "ah yes - it's {p} (the password, that is)",
        "Zum Öffnen der ZIP-Datei: {p}",
        "先ほどのZIPですが、{p} で中身が見られます。",
        "Excelの読み取り制限の解除は「{p}」でございます。",
        "圧縮ファイルは下記の文字列をご入力のうえご開封ください。\n\n文字列：{p}",
        "ZIPをひらくときは {p} と いれてください。",
        "To decrypt, type {p} (case-sensitive).",
        "The key for yesterday's attachment: {p}",
        "As said in part one of the zip: {p} opens it.",
        "The invoice is locked. Use {p}.",
        "Le fichier s'ouvre avec {p}.",
        "El archivo se abre con {p}",
        "压缩包打开时请输入 {p}",
    ],
)
def test_only_what_opens_a_file_stands_there(text: str) -> None:
    assert seen(text)


def test_a_weak_word_needs_a_file() -> None:
    assert not seen("Key: {p}")
    assert seen("Key: {p}", locked=True)
    assert seen("The archive is attached. Key: {p}")


@pytest.mark.parametrize(
    "text",
    [
        "資料のご予約番号 {p} を受付でお伝えください。",
        "ファイルを開くとエラー「{p}」と出ます。",
        "セルに {p} と入力してください。添付ファイル参照。",
        "「{p}」と入力した場合、ファイルは開きません。",
        "Error code: {p} when opening the file.",
        "The file opens with LibreOffice7.6.",
        "Use Ctrl+Shift+O to open the file.",
        "添付は Excel2019 で開いてください。",
        "ファイル番号：K-20417、枚数 12",
        "The document is protected by {p} until 2027.",
        "添付のパスワードを教えてください。\n{p}",
        "SHA256:Jq8v1nN3h0Qm で暗号化した添付です。",
        "鍵番号4821の合鍵を2本お願いします。添付は図面です。",
        "Your tracking code is {p}. The PDF label is attached.",
        "ログファイルを開くと id=48291034 があります。",
        "ロックの設定値は、ref {p} のファイルを参照。",
    ],
)
def test_other_codes(text: str) -> None:
    assert not seen(text)


@pytest.mark.parametrize("number", ["4417", "70415522"])
def test_numbers_only_where_they_are_named(number: str) -> None:
    assert seen(f"添付の解凍番号は {number} です。")
    assert not seen(f"添付は {number} 円で開札しました。")
    assert not seen(f"添付の {number} を開いてください。")
