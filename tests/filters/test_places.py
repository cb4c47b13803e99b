"""What people read about a place: names that they know, never the path of a part."""

import pytest

from filters.places import place


@pytest.mark.parametrize(
    ("part", "said"),
    [
        ("", ""),
        ("1", ""),
        ("2.1", ""),
        ("header:subject", "件名"),
        ("header:x-forwarded-to", "X-Forwarded-To"),
        ("2/計画.docx", "計画.docx"),
        ("2/計画.docx/word/document.xml", "計画.docx"),
        ("2/計画", "計画"),
        ("2/資料.zip", "資料.zip"),
        ("2/資料.ZIP/2029/名簿.xlsx/xl/worksheets/sheet1.xml", "資料.ZIP › 名簿.xlsx"),
        ("2/転送.eml/2/資料.zip/明細.js", "転送.eml › 資料.zip › 明細.js"),
        ("2/資料.zip/.hidden", "資料.zip"),
    ],
)
def test_a_place_is_named_as_people_know_it(part: str, said: str) -> None:
    assert place(part, "ja") == said


def test_fields_have_their_names_in_each_language() -> None:
    assert place("header:from", "en") == "From"
    assert place("header:from", "ja") == "差出人"
