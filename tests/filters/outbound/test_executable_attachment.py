"""OUT-EXEC: by content and by name, also inside."""

import pytest

from tests.filters.extract.documents import archive, word
from tests.filters.mails import attached, findings

EXE = b"MZ\x90\0" + bytes(100)


@pytest.mark.parametrize(
    ("name", "content"),
    [("a.exe", EXE), ("report.pdf", EXE), ("a.zip", archive(("in/a.dat", EXE))), ("a.js", b"x()"), ("a.lnk", b"x"),
     ("a.zip", archive(("b.zip", archive(("請求書.pdf.exe", b"not really"))))) ],
)  # fmt: skip
def test_found(name: str, content: bytes) -> None:
    assert len(findings("executable_attachment", attached((name, content)))) == 1


def test_not_found_and_allowed() -> None:
    assert not findings("executable_attachment", attached(("a.docx", word()), ("b.txt", b"MZ is text")))
    assert not findings("executable_attachment", attached(("a.js", b"x()")), allowed=(".js",))


SHELL = b"#!/bin/sh\necho done\n"


@pytest.mark.parametrize(
    "name", ["mean.py", "deploy.sh", "install", "setup.txt", "fw.conf", "README.md", "a.rb"]
)
def test_source_is_read_not_run(name: str) -> None:
    assert not findings("executable_attachment", attached((name, SHELL)))
    assert not findings("executable_attachment", attached(("src.zip", archive((f"src/{name}", SHELL)))))
    assert findings("executable_attachment", attached((name, SHELL)), scripts=True)


@pytest.mark.parametrize(
    "name", ["report.pdf", "photo.jpg", "請求書.docx", "run.bat", "x.ps1", "x.website", "a.py.exe"]
)
def test_source_under_a_name_that_runs_or_claims(name: str) -> None:
    assert findings("executable_attachment", attached((name, SHELL)))


def test_scripts_of_a_site() -> None:
    site = (
        ("index.html", b"<html><body>x</body></html>"),
        ("css/a.css", b"p{}"),
        ("js/menu.js", b"var a=1;"),
    )
    assert not findings("executable_attachment", attached(("site.zip", archive(*site))))
    assert findings("executable_attachment", attached(("site.zip", archive(*site, ("js/a.exe", EXE)))))
    assert findings("executable_attachment", attached(("menu.zip", archive(("menu.js", b"var a=1;")))))
