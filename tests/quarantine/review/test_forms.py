"""The forms of the report: text, page, table."""

import csv
import html.parser
import io
import re

import pytest

from config.words import LANGUAGES
from quarantine.review import forms
from quarantine.review.sections import MonthReview, ReviewSection, review
from tests.quarantine.review.figures import FIGURES, NOTHING

HOSTILE = "<script>alert(1)</script>"


def test_the_text_is_a_table_below_each_title() -> None:
    lines = forms.text(review(FIGURES, "Hinode", "en"))
    assert lines.startswith("Hinode: Nov 2026\nMessages examined: 4,210 outgoing, 0 incoming\n")
    assert re.search(r"many_external +koyo +observe +14 +2026-11-30", lines)
    assert re.search(r"koyo +many_external +ended this month +2026-11-20 +hanako +seki +14", lines)
    assert re.search(r"hanako +8 +1 +2 +21 s\n +seki +0 +1 +0 +-\n", lines)
    assert "2 of 8 approvals (25 %) were faster" in lines
    assert re.search(r"the delay was over +300\n +rejected by an approver +2$", lines, re.MULTILINE)
    assert re.search(
        r"approvals +10 +60 min +2 days +0\n +requests for held messages +4 +10 min +25 h +1\n", lines
    )
    assert "Harmless: 2 reported messages" in lines


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_is_whole_and_calls_nobody(language: str) -> None:
    page = forms.html(review(FIGURES, HOSTILE, language))
    assert "<script" not in page
    assert "&lt;script&gt;" in page
    assert not re.search(r"https?:|url\(|\bsrc=|\bhref=", page)
    assert f'lang="{language}"' in page
    open_tags: list[str] = []

    class Balanced(html.parser.HTMLParser):
        def handle_starttag(self, tag: str, attributes: object) -> None:
            if tag != "meta":
                open_tags.append(tag)

        def handle_endtag(self, tag: str) -> None:
            assert open_tags.pop() == tag

    Balanced().feed(page)
    assert not open_tags
    assert page.count("<table>") == len([s for s in review(FIGURES, "x", language).sections if s.rows])
    assert forms.html(review(NOTHING, "x", language)).count("<table>") == 0


def test_bars_are_shares_of_the_most() -> None:
    section = ReviewSection("t", ("day", "n"), (("a", "5"), ("b", "10"), ("c", "0")), bars=(5, 10, 0))
    assert re.findall(r"<div style=.width: (\d+)%", forms.html(MonthReview("en", "t", (), (section,))))[
        -3:
    ] == [
        "50",
        "100",
        "0",
    ]


def test_the_table_is_read_by_a_spreadsheet_and_calculated_by_none() -> None:
    evil = ReviewSection("t", ("rule", "n"), (("=HYPERLINK(1)", "-"), ('a "b", c', "@x"), ("+1", "-2")))
    octets = forms.table(MonthReview("en", "t", (), (evil,)))
    assert octets.startswith("\ufeff")
    rows = list(csv.reader(io.StringIO(octets.removeprefix("\ufeff"))))
    assert rows == [
        ["t", "rule", "n"],
        ["t", "'=HYPERLINK(1)", "-"],
        ["t", 'a "b", c', "'@x"],
        ["t", "'+1", "'-2"],
    ]
    every = list(csv.reader(io.StringIO(forms.table(review(FIGURES, "Hinode", "ja")))))
    assert any(row[1:4] == ["2026-11-01", "10", "40"] for row in every)
