"""IN-EXEC, IN-DOUBLE-EXT, IN-RLO, IN-SPACES and OUT-EXEC on file names in every disguise and in every coding.

Each case: header lines of a part, the indicators that must speak. Every reading of a name counts.
"""

import base64
from urllib.parse import quote

import pytest

from filters.examine import look
from filters.rule import Mail
from filters.ruleset import prepare
from mail.message import Message
from tests.filters.mails import facts, policy

EXEC, DOUBLE, RLO, SPACES = "executable", "double_extension", "direction_override", "spaces_in_name"
BLANKS = "\u0020\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000\u2800\u3164"
NAMES: list[tuple[str, set[str]]] = [
    ("見積書.exe", {EXEC}),
    ("見積書.EXE", {EXEC}),
    ("見積書.ｅｘｅ", {EXEC}),
    ("見積書．exe", {EXEC}),
    ("見積書。exe", {EXEC}),
    ("見積書｡exe", {EXEC}),
    ("見積書․exe", {EXEC}),
    ("見積書.e\u200bxe", {EXEC}),
    ("見積書.ex\u00ade", {EXEC}),
    ("見積書.exe.", {EXEC}),
    ("見積書.exe ", {EXEC}),
    ("見積書.exe\u3000", {EXEC}),
    ("見積書.exe. . .", {EXEC}),
    ("見積書.pdf.exe", {EXEC, DOUBLE}),
    ("見積書.ＰＤＦ.exe", {EXEC, DOUBLE}),
    ("見積書.docx．scr", {EXEC, DOUBLE}),
    ("見積書.xlsx.js", {EXEC, DOUBLE}),
    ("見積書.jpg.hta", {EXEC, DOUBLE}),
    ("見積書.pdf\u200b.exe", {EXEC, DOUBLE}),
    ("見積書\u202efdp.exe", {EXEC, RLO}),
    ("見積書\u202dfdp.exe", {EXEC, RLO}),
    ("見積書\u2066fdp\u2069.exe", {EXEC, RLO}),
    ("\u202e見積書txt.scr", {EXEC, RLO}),
    ("a\\..\\見積書.exe", {EXEC}),
    ("../見積書.exe", {EXEC}),
    *((f"見積書.pdf{blank * 12}.exe", {EXEC, SPACES}) for blank in BLANKS),
    ("見積書.pdf" + " \u3000" * 6 + ".exe", {EXEC, SPACES}),
]


def word(name: str, charset: str = "utf-8", coding: str = "b") -> str:
    data = name.encode(charset)
    if coding == "q":
        return f"=?{charset}?q?{''.join(f'={b:02X}' for b in data)}?="
    return f"=?{charset}?b?{base64.b64encode(data).decode()}?="


def percent(name: str, charset: str = "utf-8") -> str:
    return quote(name.encode(charset), safe="")


def disposition(value: str | bytes) -> bytes:
    raw = value.encode() if isinstance(value, str) else value
    return b"Content-Type: application/octet-stream\r\nContent-Disposition: attachment; " + raw + b"\r\n"


def pieces(name: str, size: int) -> str:
    """RFC 2231 continuations cut inside characters."""
    data = percent(name)
    triples = [data[i : i + 3] if data[i] == "%" else data[i] for i in _starts(data)]
    cut = ["".join(triples[i : i + size]) for i in range(0, len(triples), size)]
    charset = "utf-8''"
    return ";\r\n ".join(f"filename*{n}*={'' if n else charset}{piece}" for n, piece in enumerate(cut))


def _starts(data: str) -> list[int]:
    found, at = [], 0
    while at < len(data):
        found.append(at)
        at += 3 if data[at] == "%" else 1
    return found


CASES: list[tuple[str, bytes, set[str]]] = []
for _name, _wanted in NAMES:
    CASES.append((f"2231 {_name!a}", disposition(f"filename*=utf-8''{percent(_name)}"), _wanted))
    CASES.append((f"2047 {_name!a}", disposition(f'filename="{word(_name)}"'), _wanted))
    CASES.append((f"pieces {_name!a}", disposition(pieces(_name, 7)), _wanted))
_PLAIN, _BOTH = "見積書.exe", "見積書.pdf.exe"
CASES += [
    ("raw utf-8", disposition(f'filename="{_BOTH}"'), {EXEC, DOUBLE}),
    ("raw shift_jis", disposition(b'filename="' + "表見積ソ.pdf.exe".encode("cp932") + b'"'), {EXEC, DOUBLE}),
    ("raw euc", disposition(b'filename="' + _BOTH.encode("euc_jp") + b'"'), {EXEC, DOUBLE}),
    ("raw jis", disposition(b'filename="' + _BOTH.encode("iso2022_jp") + b'"'), {EXEC, DOUBLE}),
    ("raw shift_jis bare", disposition(b"filename=" + _PLAIN.encode("cp932")), {EXEC}),
    ("2047 jis", disposition(f'filename="{word(_BOTH, "iso-2022-jp")}"'), {EXEC, DOUBLE}),
    ("2047 shift_jis", disposition(f'filename="{word(_BOTH, "shift_jis")}"'), {EXEC, DOUBLE}),
    ("2047 q", disposition(f'filename="{word(_BOTH, coding="q")}"'), {EXEC, DOUBLE}),
    ("2047 bare", disposition(f"filename={word(_BOTH)}"), {EXEC, DOUBLE}),
    ("2047 two words", disposition(f'filename="{word("見積書.p")} {word("df.exe")}"'), {EXEC, DOUBLE}),
    ("2047 word and rest", disposition(f'filename="{word("見積書")}.pdf.exe"'), {EXEC, DOUBLE}),
    ("2047 folded", disposition(f'filename="{word("見積書.pdf")}\r\n {word(".exe")}"'), {EXEC, DOUBLE}),
    ("2231 with language", disposition(f"filename*=utf-8'ja'{percent(_BOTH)}"), {EXEC, DOUBLE}),
    ("2231 without quotes", disposition(f"filename*={percent(_BOTH)}"), {EXEC, DOUBLE}),
    ("2231 quoted", disposition(f"filename*=\"utf-8''{percent(_BOTH)}\""), {EXEC, DOUBLE}),
    ("2231 shift_jis", disposition(f"filename*=shift_jis''{percent(_BOTH, 'cp932')}"), {EXEC, DOUBLE}),
    ("2231 jis", disposition(f"filename*=iso-2022-jp''{percent(_BOTH, 'iso2022_jp')}"), {EXEC, DOUBLE}),
    ("2231 unknown charset", disposition(f"filename*=x-none''{percent(_BOTH)}"), {EXEC, DOUBLE}),
    ("2231 plain pieces", disposition('filename*0="mitsumori.pdf"; filename*1=".exe"'), {EXEC, DOUBLE}),
    ("2231 pieces out of order", disposition('filename*1=".exe"; filename*0="mitsumori.pdf"'), {EXEC, DOUBLE}),
    ("2231 gap", disposition('filename*0="a.exe"; filename*2=".txt"'), {EXEC}),
    ("2231 gap, joined", disposition('filename*0="a.txt"; filename*2=".exe"'), {EXEC}),
    ("2231 mixed pieces", disposition(f"filename*0*=utf-8''{percent('見積')}; filename*1=\".exe\""), {EXEC}),
    ("2231 pieces of words", disposition(f'filename*0="{word(_BOTH)[:20]}"; filename*1="{word(_BOTH)[20:]}"'), {EXEC, DOUBLE}),
    ("conflict, star", disposition(f"filename=a.txt; filename*=utf-8''{percent(_PLAIN)}"), {EXEC}),
    ("conflict, plain", disposition("filename=a.exe; filename*=utf-8''a.txt"), {EXEC}),
    ("duplicate, first", disposition("filename=a.exe; filename=a.txt"), {EXEC}),
    ("duplicate, last", disposition("filename=a.txt; filename=a.exe"), {EXEC}),
    ("unquoted blanks, whole", disposition("filename=a b.exe"), {EXEC}),
    ("unquoted blanks, cut", disposition("filename=a.exe b.txt"), {EXEC}),
    ("single quotes", disposition("filename='a.exe'"), {EXEC}),
    ("unclosed quote", disposition('filename="a.exe'), {EXEC}),
    ("escaped", disposition('filename="a\\.ex\\e"'), {EXEC}),
    ("upper case parameter", disposition("FILENAME=a.exe"), {EXEC}),
    ("blank before equals", disposition("filename =a.exe"), {EXEC}),
    ("comment", disposition("(hi) filename=a.exe"), {EXEC}),
    ("NUL, before", disposition("filename*=utf-8''a.exe%00.txt"), {EXEC}),
    ("NUL, behind", disposition("filename*=utf-8''a.txt%00.exe"), {EXEC}),
    ("CRLF", disposition("filename*=utf-8''a.exe%0D%0A"), {EXEC}),
    ("CRLF inside", disposition("filename*=utf-8''a.pdf%0D%0A.exe"), {EXEC}),
    ("NUL in a word", disposition(f'filename="{word("a.exe" + chr(0) + ".txt")}"'), {EXEC}),
    ("only name", b'Content-Type: application/octet-stream; name="a.pdf.exe"\r\n', {EXEC, DOUBLE}),
    ("only name*", f"Content-Type: application/octet-stream; name*=utf-8''{percent(_BOTH)}\r\n".encode(), {EXEC, DOUBLE}),
    ("only name, words", f'Content-Type: application/octet-stream; name="{word(_BOTH)}"\r\n'.encode(), {EXEC, DOUBLE}),
    ("name vs filename", b"Content-Type: application/octet-stream; name=a.exe\r\nContent-Disposition: attachment; filename=a.txt\r\n", {EXEC}),
    ("filename vs name", b"Content-Type: text/plain; name=a.txt\r\nContent-Disposition: attachment; filename=a.exe\r\n", {EXEC}),
    ("second disposition", b"Content-Disposition: attachment; filename=a.txt\r\nContent-Disposition: attachment; filename=a.exe\r\n", {EXEC}),
    ("second type", b"Content-Type: text/x; name=a.txt\r\nContent-Type: text/x; name=a.exe\r\n", {EXEC}),
    ("inline", b"Content-Type: text/plain\r\nContent-Disposition: inline; filename=a.exe\r\n", {EXEC}),
    ("folded inside", disposition('filename="a.pdf.\r\n exe"'), {EXEC}),
    ("no semicolon", b"Content-Disposition: attachment filename=a.exe\r\n", set()),
]  # fmt: skip
PREPARED = prepare(policy())


def rules(header: bytes, direction: str) -> set[str]:
    raw = (
        b"From: a@x.example\r\nTo: sato@us.example\r\nSubject: s\r\nMIME-Version: 1.0\r\n"
        b"Content-Type: multipart/mixed; boundary=b1\r\n\r\n--b1\r\nContent-Type: text/plain\r\n\r\nhello\r\n--b1\r\n"
        + header
        + b"\r\njust a text\r\n--b1--\r\n"
    )
    recipient = "sato@us.example" if direction == "inbound" else "tanaka@partner.example"
    return {f.rule for f in look(Mail(Message(raw), facts(recipient, direction=direction)), PREPARED)}


def test_there_are_enough_cases() -> None:
    assert len(CASES) >= 120


@pytest.mark.parametrize(("header", "wanted"), [pytest.param(h, w, id=n) for n, h, w in CASES])
def test_every_reading_of_a_name_is_examined(header: bytes, wanted: set[str]) -> None:
    assert wanted <= rules(header, "inbound")
    out = rules(header, "outbound")
    if EXEC in wanted:
        assert "executable_attachment" in out
