"""IN-ATTACH … IN-CRYPT on whole mails: a table of attachments, and the exact set of indicators that speak for each.

The author is known and the text says nothing, so that only the file can be the reason.
"""

import base64
import gzip
import io
import zipfile
from urllib.parse import quote

import pytest

from filters.examine import look
from filters.rule import Mail
from filters.ruleset import prepare
from mail.message import Message
from tests.filters.extract import documents
from tests.filters.extract.formats import aes_zip, iso, link, onenote, sevenzip, tar
from tests.filters.extract.programs import program, sketch
from tests.filters.extract.signatures import signed
from tests.filters.mails import facts, policy

EXE = b"MZ" + bytes(58) + b"\x40\0\0\0PE\0\0" + bytes(200)
TEXT = b"just a text\r\n"
PDF = documents.pdf("議事録をお送りします。" * 60)
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNgAAAAAgABSK+kcQAAAABJRU5ErkJggg=="
)
DOCX = documents.archive(("[Content_Types].xml", b"<Types/>"), ("word/document.xml", b"<w:p>x</w:p>"))
XLSX = documents.archive(("[Content_Types].xml", b"<Types/>"), ("xl/workbook.xml", b"<w/>"))
PPTX = documents.archive(("[Content_Types].xml", b"<Types/>"), ("ppt/presentation.xml", b"<p/>"))

EXEC, SHORTCUT, DOUBLE, SPACES, RLO, TYPE = (
    "executable", "shortcut", "double_extension", "spaces_in_name", "direction_override", "type_mismatch",
)  # fmt: skip
ICON, MACRO, PAGE, BUILDS, CRYPT, UNREAD = (
    "disguised_icon", "macro", "page_attachment", "smuggled_file", "locked_attachment", "unread_attachment",
)  # fmt: skip
FAMILY = {EXEC, SHORTCUT, DOUBLE, SPACES, RLO, TYPE, ICON, MACRO, PAGE, BUILDS, CRYPT, UNREAD}
PREPARED = prepare(policy())


def word(name: str, charset: str = "utf-8", coding: str = "b") -> str:
    data = name.encode(charset)
    if coding == "q":
        return f"=?{charset}?Q?{''.join(f'={b:02X}' for b in data)}?="
    return f"=?{charset}?B?{base64.b64encode(data).decode()}?="


def split(name: str, size: int = 6) -> str:
    """Several encoded words, cut between characters."""
    return "\r\n ".join(word(name[at : at + size]) for at in range(0, len(name), size))


def percent(name: str, charset: str = "utf-8") -> str:
    return quote(name.encode(charset), safe="")


def pieces(name: str, size: int = 12) -> str:
    coded = percent(name)
    cut = [coded[at : at + size] for at in range(0, len(coded), size)]
    return ";\r\n ".join(
        f"filename*{n}*={'' if n else chr(39).join(['utf-8', '', ''])}{p}" for n, p in enumerate(cut)
    )


def disposition(value: str | bytes, kind: str = "application/octet-stream") -> bytes:
    raw = value.encode() if isinstance(value, str) else value
    return f"Content-Type: {kind}\r\nContent-Disposition: attachment;\r\n ".encode() + raw


def named(name: str, kind: str = "application/octet-stream") -> bytes:
    return disposition(f"filename*=utf-8''{percent(name)}", kind)


def zipped(*members: tuple[bytes, bytes], utf8: bool = False) -> bytes:
    """A ZIP whose names are these bytes, with or without the flag that says UTF-8."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for number, (_, content) in enumerate(members):
            archive.writestr(f"{number:0{len(members[number][0])}d}", content)
    data = out.getvalue()
    for number, (name, _) in enumerate(members):
        data = data.replace(f"{number:0{len(name)}d}".encode(), name)
    if utf8:
        for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
            start = -1
            while (start := data.find(mark, start + 1)) >= 0:
                data = data[: start + at + 1] + bytes([data[start + at + 1] | 0x08]) + data[start + at + 2 :]
    return data


def single(name: str, content: bytes = TEXT) -> bytes:
    return documents.archive((name, content))


SMUGGLER = (
    b"<html><body><script>var d='"
    + base64.b64encode(bytes(4000))
    + (
        b"';var b=new Blob([Uint8Array.from(atob(d),c=>c.charCodeAt(0))]);if(window.navigator.msSaveOrOpenBlob)"
        b"navigator.msSaveOrOpenBlob(b,'a.zip');else{var a=document.createElement('a');a.href=URL.createObjectURL(b);a.download='a.zip';a.click()}"
        b"</script></body></html>"
    )
)
LOGIN = b"<html><body><form action='https://x.example/'><input type='password'></form></body></html>"
SVG = b"<?xml version='1.0'?><svg xmlns='http://www.w3.org/2000/svg'><rect width='9' height='9'/></svg>"
SVG_SCRIPT = SVG.replace(b"<rect", b"<script>location='https://x.example'</script><rect")

Case = tuple[str, bytes, bytes, set[str]]
CODED: list[Case] = [
    ("2231", named("見積書.xlsx.scr"), TEXT, {EXEC, DOUBLE}),
    ("2231 shift_jis", disposition(f"filename*=shift_jis'ja'{percent('見積書.pdf.exe', 'cp932')}"), TEXT, {EXEC, DOUBLE}),
    ("2231 continuations", disposition(pieces("見積書.xlsx.scr")), TEXT, {EXEC, DOUBLE}),
    ("2231 continuations cut in the extension", disposition('filename*0="a.pdf.e"; filename*1="xe"'), TEXT, {EXEC, DOUBLE}),
    ("2047 B", disposition(f'filename="{word("請求書.js")}"'), TEXT, {EXEC}),
    ("2047 Q", disposition(f'filename="{word("請求書.vbs", coding="q")}"'), TEXT, {EXEC}),
    ("2047 iso-2022-jp", disposition(f'filename="{word("請求書.hta", "iso-2022-jp")}"'), TEXT, {EXEC, PAGE}),
    ("2047 split", disposition(f'filename="{split("令和八年度請求書一式.pdf.exe")}"'), TEXT, {EXEC, DOUBLE}),
    ("raw utf-8", disposition('filename="請求書.pdf.exe"'), TEXT, {EXEC, DOUBLE}),
    ("raw shift_jis", disposition(b'filename="' + "表ソ請求書.exe".encode("cp932") + b'"'), TEXT, {EXEC}),
    ("name and filename disagree", b"Content-Type: application/octet-stream; name=a.exe\r\nContent-Disposition: attachment; filename=a.txt", TEXT, {EXEC}),
    ("only in Content-Type", f'Content-Type: application/octet-stream; name="{word("納品書.scr")}"'.encode(), TEXT, {EXEC}),
    ("no name, a program", b"Content-Type: application/octet-stream\r\nContent-Disposition: attachment", EXE, {EXEC}),
    ("no name, said to be a PDF", b"Content-Type: application/pdf\r\nContent-Disposition: attachment", EXE, {EXEC, TYPE}),
    ("said to be a picture", disposition("filename=photo", "image/jpeg"), EXE, {EXEC, TYPE}),
]  # fmt: skip
SHAPED: list[Case] = [
    ("trailing dots", named("a.exe..."), TEXT, {EXEC}),
    ("trailing spaces", named("a.exe   "), TEXT, {EXEC}),
    ("full width", named("見積書．ｅｘｅ"), TEXT, {EXEC}),
    ("full width, doubled", named("見積書．ｐｄｆ．ｅｘｅ"), TEXT, {EXEC, DOUBLE}),
    ("Cyrillic look-alike", named("見積書.ехе"), TEXT, {EXEC}),
    ("Greek look-alike", named("見積書.scr".replace("c", "с")), TEXT, {EXEC}),
    ("one blank before the extension", named("請求書.pdf .exe"), TEXT, {EXEC, DOUBLE}),
    ("two extensions apart", named("請求書.pdf.2026.exe"), TEXT, {EXEC, DOUBLE}),
    ("the document's kind in brackets", named("請求書（PDF）.exe"), TEXT, {EXEC, DOUBLE}),
    ("a very long name", named("あ" * 300 + ".pdf" + " " * 600 + ".exe"), TEXT, {EXEC, DOUBLE, SPACES}),
    ("NUL", named("a.exe\x00.pdf"), TEXT, {EXEC}),
    ("path", named("..\\..\\AppData\\Startup\\a.bat"), TEXT, {EXEC}),
    ("a mark that cannot be stored", named("a.exe>"), TEXT, {EXEC}),
    ("braille blank at the end", named("a.exe\u2800"), TEXT, {EXEC}),
    ("line end", named("請求書.pdf\r\n.exe"), TEXT, {EXEC, DOUBLE}),
    ("mathematical letters", named("請求書.𝐞𝐱𝐞"), TEXT, {EXEC}),
    ("data stream", named("a.exe::$DATA"), TEXT, {EXEC}),
    ("data stream of a text", named("a.txt:evil.exe"), TEXT, {EXEC}),
    ("zone", named("a.exe:Zone.Identifier"), TEXT, {EXEC}),
    ("class id", named("請求書.pdf.{3050F4D8-98B5-11CF-BB82-00AA00BDCE0B}"), TEXT, {EXEC, DOUBLE}),
    ("tag characters", named("a\U000e0041.exe"), TEXT, {EXEC, RLO}),
    ("soft hyphen in the extension", named("a.e\u00adxe"), TEXT, {EXEC, RLO}),
    ("underlines", named("請求書.pdf" + "_" * 60 + ".exe"), TEXT, {EXEC, SPACES}),
    ("blanks before a page", named("請求書.pdf" + " " * 30 + ".html"), b"<html>x</html>", {PAGE, DOUBLE, SPACES}),
    *((f"bidi {ord(c):04X}", named(f"請求書{c}fdp.exe"), TEXT, {EXEC, RLO}) for c in
      "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"),
    *((f"blank {ord(c):04X}", named(f"請求書.pdf{c * 40}.exe"), TEXT, {EXEC, DOUBLE, SPACES}) for c in
      "\t\x0b\x0c \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000"),
    *((f"unseen blank {ord(c):04X}", named(f"請求書.pdf{c * 40}.exe"), TEXT, {EXEC, DOUBLE, SPACES, RLO}) for c in "\u200b\u200d\ufeff\u3164\u115f\uffa0"),
]  # fmt: skip
INSIDE: list[Case] = [
    ("zip", named("資料.zip"), single("請求書.pdf.exe"), {EXEC, DOUBLE}),
    ("zip in zip", named("資料.zip"), single("a.zip", single("b.zip", single("明細.scr"))), {EXEC}),
    ("zip, CP932 name", named("資料.zip"), zipped(("請求書.pdf.exe".encode("cp932"), TEXT)), {EXEC, DOUBLE}),
    ("zip, UTF-8 flag", named("資料.zip"), zipped(("請求書.pdf.exe".encode(), TEXT), utf8=True), {EXEC, DOUBLE}),
    ("zip, RLO", named("資料.zip"), single("請求書\u202efdp.exe"), {EXEC, RLO}),
    ("zip, blanks", named("資料.zip"), single("請求書.pdf" + "\u3000" * 90 + ".exe"), {EXEC, DOUBLE, SPACES}),
    ("zip, full width", named("資料.zip"), single("請求書.ｅｘｅ"), {EXEC}),
    ("zip, program under the name of a PDF", named("資料.zip"), single("請求書.pdf", EXE), {EXEC, TYPE}),
    ("7z", named("資料.7z"), sevenzip(("請求書.pdf.exe", TEXT)), {EXEC, DOUBLE}),
    ("tar.gz", named("資料.tar.gz"), gzip.compress(tar(("請求書.docx.js", TEXT))), {EXEC, DOUBLE}),
    ("iso", named("資料.iso"), iso(("a.txt", TEXT)), {EXEC}),
    ("iso under the name of a picture", named("資料.img"), iso(("a.pdf.lnk", link("cmd.exe", "/c calc"))), {EXEC, SHORTCUT, DOUBLE}),
    ("encrypted zip, names visible", named("資料.zip"), aes_zip("Kanazawa-2231", ("請求書.pdf.exe", TEXT)), {EXEC, DOUBLE, CRYPT}),
    ("encrypted zip, harmless names", named("資料.zip"), aes_zip("Kanazawa-2231", ("請求書.pdf", TEXT)), {CRYPT}),
    ("encrypted 7z, names hidden", named("資料.7z"), sevenzip(("請求書.exe", TEXT), password="Kanazawa-2231", hidden=True), {CRYPT}),
    ("a broken zip", named("資料.zip"), single("a.txt")[:-30], {UNREAD}),
    ("mail in the mail", named("転送.eml", "message/rfc822"), b"From: a@x.example\r\nSubject: x\r\nMIME-Version: 1.0\r\nContent-Type: application/octet-stream; name=a.scr\r\n\r\nx\r\n", {EXEC}),
]  # fmt: skip
ACTING: list[Case] = [
    ("shortcut", named("資料.lnk"), link("..\\cmd.exe", "/c calc"), {SHORTCUT}),
    ("shortcut as a PDF", named("資料.pdf"), link("..\\cmd.exe", "/c calc"), {SHORTCUT, TYPE}),
    ("shortcut as a picture, doubled", named("写真.jpg.lnk"), link("..\\cmd.exe", "/c calc"), {SHORTCUT, DOUBLE}),
    *((f".{e}", named(f"資料.{e}"), TEXT, {SHORTCUT}) for e in
      ("url", "scf", "library-ms", "search-ms", "searchconnector-ms", "settingcontent-ms", "appref-ms", "rdp", "desktop", "website", "pif")),
    *((f".{e}", named(f"資料.{e}"), TEXT, {EXEC}) for e in
      ("application", "msix", "appinstaller", "chm", "jar", "xll", "wll", "reg", "cpl", "msc", "vbe", "jse", "wsf", "ps1", "dmg", "pkg",
       "apk", "vhd", "vhdx", "img", "msi", "com", "py")),
    ("program with the icon of a PDF", named("請求書.exe"), program(sketch("pdf")), {EXEC, ICON}),
    ("macros by name", named("資料.docm"), TEXT, {MACRO}),
    ("OneNote with a program", named("資料.one"), onenote("x", EXE), {EXEC, MACRO}),
    ("PDF that sends a form", named("資料.pdf"), b"%PDF-1.7\n1 0 obj<</S/SubmitForm/F(http://x.example)>>endobj", {MACRO, UNREAD}),
    ("page", named("請求書.html"), b"<html><body>hello</body></html>", {PAGE}),
    ("page with a login", named("請求書.htm"), LOGIN, {PAGE}),
    ("page in a zip", named("資料.zip"), single("請求書.html", LOGIN), {PAGE}),
    ("page that builds a file", named("請求書.html"), SMUGGLER, {PAGE, BUILDS}),
    ("page that builds a file, in a zip", named("資料.zip"), single("請求書.html", SMUGGLER), {PAGE, BUILDS}),
    ("SVG with a script", named("図.svg", "image/svg+xml"), SVG_SCRIPT, {PAGE}),
    ("another picture", named("図.png", "image/png"), PDF, {TYPE}),
]  # fmt: skip
ORDINARY: list[Case] = [
    (name, named(name, kind), content, set())
    for name, kind, content in (
        ("2026.11.22議事録.pdf", "application/pdf", PDF),
        ("v1.2.3.tar.gz", "application/gzip", gzip.compress(tar(("a.txt", TEXT)))),
        ("見積書（株）山田.xlsx", "application/octet-stream", XLSX),
        ("report.final.docx", "application/octet-stream", DOCX),
        ("image001.png", "image/png", PNG),
        ("smime.p7s", "application/pkcs7-signature", signed(None)),
        ("invite.ics", "text/calendar", b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"),
        ("報告書 第1章.doc", "application/msword", TEXT),
        ("Screenshot 2026-11-22 at 9.41.00\u202fAM.png", "image/png", PNG),
        ("ガイドライン.pdf", "application/pdf", PDF),  # voicing marks written apart, as macOS does
        ("議事録 10:30～12:00.pdf", "application/pdf", PDF),
        ("申込書______山田太郎.docx", "application/octet-stream", DOCX),
        ("資料　　最新版.pptx", "application/octet-stream", PPTX),
        ("No.1_発注書(控).pdf", "application/pdf", PDF),
        ("example.com.pdf", "application/pdf", PDF),
        ("写真.zip", "application/zip", single("IMG_0001.png", PNG)),
        ("家族\U0001f468\u200d\U0001f469\u200d\U0001f467.pdf", "application/pdf", PDF),
        ("\u05d3\u05d5\u05d7\u200f.pdf", "application/pdf", PDF),
        ("readme", "text/plain", TEXT),
        ("会社概要.txt", "text/plain", "平文".encode("cp932")),
        ("setup_exe_manual.pdf", "application/pdf", PDF),
        ("新製品のJSライブラリ.txt", "text/plain", TEXT),
        ("vcard.vcf", "text/vcard", b"BEGIN:VCARD\r\nN:a\r\nEND:VCARD\r\n"),
        ("集計.csv", "text/csv", b"a,b\r\n1,2\r\n"),
        ("2026年度 計画（案） ver.2.0.docx", "application/octet-stream", DOCX),
    )
]
CASES = [*CODED, *SHAPED, *INSIDE, *ACTING, *ORDINARY]


def rules(header: bytes, content: bytes) -> set[str]:
    """The indicators of the family that speak for a mail with this part."""
    coded = base64.encodebytes(content).replace(b"\n", b"\r\n")
    encoding = b"base64"
    if b"message/rfc822" in header:
        coded, encoding = content, b"7bit"
    raw = (
        b"From: Tanaka <tanaka@partner.example>\r\nTo: sato@us.example\r\nSubject: s\r\nMIME-Version: 1.0\r\n"
        b"Content-Type: multipart/mixed; boundary=b1\r\n\r\n--b1\r\nContent-Type: text/plain\r\n\r\nhello\r\n--b1\r\n"
        + header + b"\r\nContent-Transfer-Encoding: " + encoding + b"\r\n\r\n" + coded + b"\r\n--b1--\r\n"
    )  # fmt: skip
    known = facts("sato@us.example", direction="inbound", known=frozenset({"tanaka@partner.example"}))
    found = look(Mail(Message(raw), known), PREPARED)
    assert not [f for f in found if f.rule == "unexaminable"], found
    return {f.rule for f in found} & FAMILY


def test_there_are_enough_cases() -> None:
    assert len(CASES) >= 120
    assert len(ORDINARY) >= 25


@pytest.mark.parametrize(
    ("header", "content", "wanted"), [pytest.param(h, c, w, id=n) for n, h, c, w in CASES]
)
def test_exactly_these_indicators_speak(header: bytes, content: bytes, wanted: set[str]) -> None:
    assert rules(header, content) == wanted
