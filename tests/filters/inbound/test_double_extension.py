"""IN-DOUBLE-EXT: a document before the extension that counts."""

import pytest

from tests.filters.inbound.arriving import archive, look, mail


@pytest.mark.parametrize(
    "name",
    [
        "請求書.pdf.exe",
        "a.docx.scr",
        "photo.jpg.lnk",
        "scan.pdf .exe",
        "a.xlsx.html",
        "a．pdf．exe",
        "a.txt.js",
    ],
)
def test_a_doubled_extension_is_seen(name: str) -> None:
    (finding,) = look("double_extension", mail(files={name: b"x"}))
    assert finding.evidence[0].part.startswith("2/")


def test_it_is_seen_inside_an_archive() -> None:
    assert look("double_extension", mail(files={"a.zip": archive({"x/report.pdf.exe": b"MZ"})}))


@pytest.mark.parametrize(
    "name",
    ["a.tar.gz", "v1.2.pdf", "2024.05.20.xlsx", "report.final.docx", "setup.exe", "page.html", "a.pdf.zip"],
)
def test_other_dots_are_harmless(name: str) -> None:
    assert not look("double_extension", mail(files={name: b"x"}))
