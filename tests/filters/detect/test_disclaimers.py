"""Disclaimers, in sentences and as stamps; real marks beside them."""

import pytest

from filters.detect.disclaimers import is_disclaimer
from filters.detect.mark_shapes import SAID
from filters.extract.html import contents_of
from filters.markup.dom import Document
from tests.filters.detect.test_mark_shapes import most

LETTER = "田中様\n\nお世話になっております。\n見積りをお送りします。\n\n佐藤"
FOOTERS = (
    "本メールには機密情報が含まれていることがあります。誤って受信された場合は削除をお願いします。",
    "【機密】\nこのメールは宛先の方のみにお送りしています。お心当たりのない場合は破棄してください。",
    "【取扱注意】本メールの内容を無断で第三者に開示することを禁じます。",
    "*** CONFIDENTIAL ***\nThis e-mail is intended only for the person to whom it is addressed.",
    "CONFIDENTIAL\n\nThis message and its attachments may contain privileged information. If you received it by mistake, delete it.",
    "[Confidential] The content of this transmission is meant for the addressee.",
    "機密 / CONFIDENTIAL\n本メールは名宛人以外の方の利用を禁じます。\nThis e-mail must not be used by others than its addressee.",
    "The sender asks everybody who is not the intended recipient to delete this message.\n*** CONFIDENTIAL ***",
    "-- \n佐藤 由紀\n株式会社ひので TEL 03-0000-0000\n*** CONFIDENTIAL ***",
    "==============================\n株式会社ひので 営業部 佐藤\nsato@us.example\n【取扱注意】\n==============================",
    "株式会社ひので\nTEL 03-0000-0000\nhttps://us.example/\n[社外秘]",
    "Diese E-Mail ist vertraulich (confidential). Sind Sie nicht der Adressat, löschen Sie sie bitte.\nCONFIDENTIAL",
    "This communication is strictly confidential.\nSTRICTLY CONFIDENTIAL",
    "CONFIDENTIALITY NOTICE: the information in this email is confidential.",
    "PRIVILEGED AND CONFIDENTIAL\nIf you are not the named addressee, any use of this communication is prohibited.",
)


@pytest.mark.parametrize("footer", FOOTERS)
def test_a_disclaimer_is_no_mark(footer: str) -> None:
    assert most(f"{LETTER}\n\n{footer}\n", "body")[1] < SAID


@pytest.mark.parametrize("footer", FOOTERS)
def test_nor_is_it_in_html(footer: str) -> None:
    lines = "<br>".join(footer.split("\n"))
    page = f"<p>{LETTER}</p><hr><p style='color:gray'>{lines}</p>"
    assert most(contents_of(Document(page)).text, "body")[1] < SAID


@pytest.mark.parametrize("footer", FOOTERS)
@pytest.mark.parametrize(
    "mark", ["社外秘", "【極秘】", "CONFIDENTIAL", "[Confidential]", "【取扱注意】", "機密区分: 社外秘"]
)
def test_a_mark_above_the_letter_is_found_beside_it(mark: str, footer: str) -> None:
    assert most(f"{mark}\n\n{LETTER}\n\n{footer}\n", "body")[1] >= SAID


@pytest.mark.parametrize("mark", ["社外秘", "【極秘】", "Top Secret"])
def test_a_mark_of_a_class_above_a_footer_is_found(mark: str) -> None:
    assert most(f"{LETTER}\n\n{mark}\n\n{FOOTERS[0]}\n", "body")[1] >= SAID


def test_in_documents_a_disclaimer_names_the_message() -> None:
    cover = "CONFIDENTIAL\nThis document is intended solely for the addressee. Any disclosure is prohibited."
    assert most(cover)[1] >= SAID
    assert most(cover.replace("document", "e-mail"))[1] < SAID


@pytest.mark.parametrize(
    "text", ["次回の会議は木曜日です。", "The report is attached.", "社外秘", "Please delete the old files."]
)
def test_other_texts_are_none(text: str) -> None:
    assert not is_disclaimer(text)
