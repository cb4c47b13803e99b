"""Kinds by content, whatever the name says."""

import pytest

from filters.extract.kinds import detect
from tests.filters.extract.documents import archive, pdf, sheet, slides, word


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("a.pdf", b"MZ\x90\0\x03\0\0\0\x04\0", "exe"),
        ("a.txt", b"\x7fELF\x02\x01", "elf"),
        ("a.jpg", b"\xff\xd8\xff\xe0", "image"),
        ("a.doc", b"{\\rtf1 x}", "rtf"),
        ("a.lnk", b"L\0\0\0\x01\x14\x02\0\0\0", "lnk"),
        ("a.js", b"alert(1)", "script"),
        ("a", b"#!/bin/sh\n", "script"),
        ("a.txt", "平文です".encode("cp932"), "text"),
        ("a.txt", "平文です".encode("utf-16"), "text"),
        ("a.txt", "plain text".encode("utf-16-le"), "text"),
        ("a.txt", "平文".encode("iso2022_jp"), "text"),
        ("a.htm", b"<p>x", "html"),
        ("a.dat", b"\xef\xbb\xbf<!DOCTYPE html><html>", "html"),
        ("a.svg", b"<?xml version='1.0'?><svg/>", "xml"),
        ("a", b"From: a@x\nTo: b@x\nMIME-Version: 1.0\n\nx", "eml"),
        ("a.bin", bytes(range(256)) * 4, "unknown"),
        ("a.txt", b"", "empty"),
        ("a.7z", b"7z\xbc\xaf\x27\x1c\0\x04", "7z"),
        ("winmail.dat", b"\x78\x9f\x3e\x22\0\0", "tnef"),
        ("a.asc", b"-----BEGIN PGP MESSAGE-----\n", "pgp"),
        ("MZ.txt", b"MZ is how a text may begin\n", "text"),
    ],
)
def test_kinds(name: str, content: bytes, kind: str) -> None:
    assert detect(name, content) == kind


def test_office_files_and_archives() -> None:
    assert detect("a.zip", word()) == "docx"
    assert detect("a.zip", sheet()) == "xlsx"
    assert detect("a", slides()) == "pptx"
    assert detect("a.docx", archive(("a.txt", b"x"))) == "zip"
    assert detect("a.txt", pdf()) == "pdf"
    assert detect("a.docx", archive(("[Content_Types].xml", b""), ("word/vbaProject.bin", b"x"))) == "docm"
    assert detect("a", archive(("mimetype", b"application/vnd.oasis.opendocument.text"), method=0)) == "odt"
