"""Words in pictures, read by the real Tesseract."""

from pathlib import Path

import pytest
from PIL import Image

from filters.extract import Budget, extract, ocr
from filters.extract.found import Extracted
from tests.filters.extract.documents import archive, word
from tests.filters.extract.pages import drawn, needs_ocr, picture, scan
from tests.filters.extract.pictures import written

MARK = "社外秘"


def read(name: str, content: bytes, pages: int = 5) -> Extracted:
    return extract(name, "", content, Budget(pictures=20, pages=pages, page_seconds=20))


def words(found: Extracted) -> dict[str, str]:
    return {place: text for place, text in found.texts if place.endswith(ocr.PLACE)}


@needs_ocr
def test_japanese_and_english_of_a_page_and_of_a_screen() -> None:
    for size, letters in (((1_654, 2_339), 32), ((900, 500), 15)):
        text, whole = ocr.words(drawn(MARK, "口座番号 1234567", size=size, letters=letters), 20)
        assert whole
        assert MARK in text
        assert "1234567" in text
        assert "Kind regards" in text


@needs_ocr
def test_the_place_says_who_has_read_it() -> None:
    assert MARK in words(read("a.png", picture(MARK)))["OCR"]
    assert MARK in words(read("a.zip", archive(("b.png", picture(MARK)))))["b.png/OCR"]
    found = words(read("a.pdf", scan(["見積書"], [MARK])))
    assert "見積書" in found["page 1 OCR"]
    assert MARK in found["page 2 OCR"]


@needs_ocr
def test_what_was_read_is_no_longer_unread_but_stays_on_record() -> None:
    for name, content in (("a.png", picture(MARK)), ("a.pdf", scan([MARK]))):
        before, after = read(name, content, pages=0), read(name, content)
        assert before.pictures_of_text == "unread"
        assert (after.pictures_of_text, after.verdict) == ("read", "ok"), name


@needs_ocr
def test_beyond_its_pages_nothing_is_read_and_that_is_told() -> None:
    found = read("a.pdf", scan(["一"], ["二"], ["三"]), pages=2)
    assert len(words(found)) == 2
    assert found.pictures_of_text == "unread"
    assert found.verdict == "unsupported"


@needs_ocr
def test_what_was_read_when_its_time_was_over_counts_and_is_told() -> None:
    page = drawn(
        *["この資料の内容は関係者以外に開示しないでください。" for _ in range(40)], size=(1_654, 2_339)
    )
    _, whole = ocr.words(page, 0.001)
    assert not whole


@needs_ocr
def test_noise_and_an_empty_page_say_nothing() -> None:
    assert "".join(ocr.words(Image.effect_noise((600, 400), 90), 20)[0].split()) == ""
    assert ocr.words(Image.new("L", (600, 400), 255), 20)[0] == ""


def test_without_it_all_stays_unread_and_the_lack_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ocr, "load", lambda: None)
    found = read("a.png", written("Confidential"))
    assert (found.pictures_of_text, words(found)) == ("unread", {})
    assert ocr.lack()


def test_documents_are_not_read_twice() -> None:
    found = read("a.docx", word())
    assert (found.pictures_of_text, words(found)) == ("", {})


def test_the_image_can_be_built_with_these_languages_and_says_which_it_has() -> None:
    root = Path(__file__).parents[3]
    wanted = f'OCR="{" ".join(ocr.LANGUAGES)}"'
    for file in ("docker/Dockerfile", "docs/operations.md"):
        text = (root / file).read_text()
        assert wanted in text
        assert "sekisho.ocr.languages" in text


def test_a_machine_without_the_languages_of_tesseract_starts(monkeypatch: pytest.MonkeyPatch) -> None:
    """As a fresh Debian is, whose requirements.lock brings the extra: there is no such folder."""
    pytest.importorskip("tesserocr")
    monkeypatch.setattr(ocr, "FOLDERS", ("/nowhere/tessdata",))
    assert ocr.load.__wrapped__() is None
