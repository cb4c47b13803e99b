"""IN-TYPE: names that do not fit the content."""

import pytest

from tests.filters.inbound.arriving import look, mail, weight


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.pdf", b"PK\x03\x04" + bytes(60)),
        ("a.jpg", b"%PDF-1.7\n"),
        ("a.docx", b"\xff\xd8\xff\xe0" + bytes(60)),
    ],
)
def test_another_kind_under_a_name_is_seen(name: str, content: bytes) -> None:
    assert weight("type_mismatch", mail(files={name: content})) == 3


def test_a_program_under_the_name_of_a_document_weighs_double() -> None:
    assert weight("type_mismatch", mail(files={"report.pdf": b"MZ" + bytes(200)})) == 6


@pytest.mark.parametrize(
    ("name", "content"),
    [("a.pdf", b"%PDF-1.7\n"), ("a.jpg", b"\xff\xd8\xff\xe0" + bytes(60)), ("a.txt", "社内".encode("cp932")), ("a.xls", b"a\tb\n1\t2\n"),
     ("a.csv", b"a,b\n"), ("a", b"%PDF-"), ("a.dat", b"PK\x03\x04")],
)  # fmt: skip
def test_files_that_are_what_they_say_pass(name: str, content: bytes) -> None:
    assert not look("type_mismatch", mail(files={name: content}))
