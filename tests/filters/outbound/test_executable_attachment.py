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
    assert not findings("executable_attachment", attached(("a.py", b"#!/usr/bin/python")), allowed=(".py",))
    assert not findings("executable_attachment", attached(("a.py", b"x")), scripts=False)
