"""What a text is. How each sign shows in whole files: test_signs.py."""

import pytest

from filters.extract.textkinds import is_link, is_textual, kind_of, script_in


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("#!/bin/sh\n", "shell"),
        ("@echo off\r\nstart calc\r\n", "batch"),
        ("<job><script language='JScript'>x</script></job>", "wsf"),
        ("$a = New-Object Net.WebClient\nInvoke-Expression $a\n", "powershell"),
        ('Set s = CreateObject("WScript.Shell")\r\nDim a\r\nOn Error Resume Next\r\n', "vbscript"),
        ("var a = 1;\nfunction f(x) { return x }\neval(a);\n", "javascript"),
        ("Please run Invoke-Expression as described.\nThen call me.\n", ""),
        ("<html><script language='x'>1</script></html>", ""),
    ],
)
def test_the_language_of_a_program(text: str, language: str) -> None:
    assert script_in(text) == language


def test_shortcuts_that_are_texts() -> None:
    assert is_link("[InternetShortcut]\nURL=https://x.example\n")
    assert not is_link("See [InternetShortcut] in the manual\n")


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("a.txt", b"plain", "text"),
        ("a.vbs", b"plain", "script"),
        ("a.txt", b"<p>x", "html"),
        ("a.html", b"plain", "html"),
        ("a.hta", b"plain", "script"),
        ("a.txt", b"<html><hta:application id=a>", "hta"),
        ("a.txt", b"<?xml version='1.0'?><a/>", "xml"),
        ("a.txt", b"<?xml version='1.0'?><office:document xmlns:o='opendocument'>", "odf-flat"),
        ("a.eml", b"From: a\nTo: b\n\nx", "eml"),
        ("a.txt", b"From: a\nTo: b\n\nx", "text"),
        ("a.txt", b"-----BEGIN CMS-----", "text"),
    ],
)
def test_kinds_of_text(name: str, content: bytes, kind: str) -> None:
    assert kind_of(name, content) == kind


def test_what_looks_like_text_in_some_charset() -> None:
    for charset in ("utf-8", "cp932", "euc_jp", "iso2022_jp", "utf-16", "utf-16-le", "utf-16-be"):
        assert is_textual("平文です plain text".encode(charset)), charset
    assert not is_textual(bytes(range(256)) * 4)


def test_a_key_in_xml_is_no_page() -> None:
    key = b"<RSAKeyValue><Modulus>AA==</Modulus><P>AA==</P><D>AA==</D></RSAKeyValue>"
    assert kind_of("key.xml", key) == "xml"
    assert kind_of("key.html", key) == "html"
    assert kind_of("a.txt", b"<p>" + key) == "html"
