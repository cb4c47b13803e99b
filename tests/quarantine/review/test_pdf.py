"""The report as PDF: other programs find what it says."""

import subprocess
from pathlib import Path

import pytest

from config.words import LANGUAGES
from gateway.command.report import FONTS
from quarantine.review.pdf import NoGlyphs, pdf
from quarantine.review.sections import MonthReview, ReviewSection, review
from tests.quarantine.review.figures import FIGURES, NOTHING

pytestmark = pytest.mark.system

NAME = "株式会社髙﨑①㈱ <b>&"


def read(octets: bytes, tmp_path: Path) -> str:
    file = tmp_path / "review.pdf"
    file.write_bytes(octets)
    done = subprocess.run(["pdftotext", "-layout", str(file), "-"], capture_output=True, check=True)
    return done.stdout.decode()


@pytest.fixture(scope="module")
def font() -> bytes:
    return next(path for path in FONTS if path.exists()).read_bytes()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_word_is_found_by_another_reader(language: str, font: bytes, tmp_path: Path) -> None:
    told = review(FIGURES, NAME, language)
    found = read(pdf(told, font), tmp_path)
    assert NAME in found
    for section in told.sections:
        assert "".join(section.title.split()) in "".join(found.split()), "titles have a line of their own"
        for row in section.rows:
            assert all(word in found for cell in row for word in cell.split()), row  # cells may be two lines
    assert "2026" in read(pdf(review(NOTHING, NAME, language), font), tmp_path)


def test_a_long_table_goes_on_with_its_headings_on_the_next_page(font: bytes, tmp_path: Path) -> None:
    rows = tuple((f"rule_{n}", str(n)) for n in range(150))
    section = ReviewSection("t", ("rulename", "mails"), rows)
    pages = read(pdf(MonthReview("en", "x", (), (section,)), font), tmp_path).split("\f")
    assert sum("rulename" in page for page in pages) == len([p for p in pages if p.strip()]) > 2


@pytest.mark.parametrize(
    "octets", [b"", b"no font", b"\0\1\0\0" + b"\xff" * 60], ids=["empty", "text", "damaged"]
)
def test_what_is_no_font_is_told(octets: bytes) -> None:
    with pytest.raises(NoGlyphs):
        pdf(review(NOTHING, "x", "en"), octets)


def test_letters_that_the_font_lacks_are_told_and_not_left_out(font: bytes) -> None:
    with pytest.raises(NoGlyphs, match="\N{KHMER LETTER KA}"):
        pdf(review(NOTHING, "\N{KHMER LETTER KA}", "en"), font)
