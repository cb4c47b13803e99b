"""What a locked file opens with, told without a word for a passphrase."""

import pytest

from filters.detect.passphrase_openers import elsewhere, opened
from filters.detect.passphrase_words import narrow

WORD = "Hx7#qLm29v"


def seen(text: str) -> bool:
    return bool(list(opened(narrow(text))))


@pytest.mark.parametrize(
    "text",
    [
        "ファイルを開く際は {p} をお使いください。",
        "添付のロックは {p} で外れます。",
        "{p} にて暗号化してあります。",
        "{p}　←パスワードです",
        "鍵は {p}。",
        "さきほどの添付、開けるには「{p}」と打ってください",
        "以下を入力のうえご確認ください。\n\n{p}\n",
        "Type {p} when Excel asks.",
        "When asked, enter {p}.",
        "The file is locked with {p}.",
        "key: {p} (for the zip)",
        "You'll need this to open it: {p}",
    ],
)
def test_it_is_told_without_the_word(text: str) -> None:
    assert seen(text.format(p=WORD))


@pytest.mark.parametrize(
    "text",
    [
        "解凍ソフトは7-Zip24.08をお使いください。",
        "エントリーコード2026JOB を入力してマイページに登録してください。",
        "Protected with ISO27001-certified processes",
        "Use Chrome120 to open the link.",
    ],
)
def test_programs_and_codes_of_sites_are_none(text: str) -> None:
    assert not seen(text)


def test_meetings_and_networks_for_guests() -> None:
    assert elsewhere("会議ID：123 パスコード 45", 8, 12)
    assert elsewhere("https://meet.google.com/abc PIN", 28, 31)
    assert not elsewhere("ファイルのパスワード", 5, 10)
