"""What a text is: prose, HTML, XML, a mail, a program in some language, a shortcut."""

import re

import re2

from filters.extract.extensions import SCRIPTS, extension
from filters.extract.textfile import decoded, wide
from mail import cms

_HTML = re.compile(rb"<(?:!doctype\s+html|html|head|body|script|table|div|p|meta)[\s>]", re.IGNORECASE)
_KEY = re.compile(r"<(?:RSA|DSA|EC)KeyValue[\s>]")
SAMPLE = 8_192
"""Octets by which a text is known."""
_HTA = re.compile(r"<hta:application\b", re.IGNORECASE)
_MAIL = re.compile(rb"(?:[A-Za-z][A-Za-z0-9-]*:[^\n]*\n(?:[ \t][^\n]*\n)*){2,}\r?\n")
_CONTROLS = bytes(set(range(32)) - {9, 10, 12, 13, 27})
_FLAT = re.compile(r"<office:document\b[^<>]{0,8000}?opendocument", re.IGNORECASE | re.DOTALL)
_BATCH = re.compile(
    r"^[^\S\n]*@?echo off\b|^[^\S\n]*(?:@?(?:start|call|set|goto|if exist)\s.*\n){3}",
    re.IGNORECASE | re.MULTILINE,
)
_POWERSHELL = re.compile(
    r"\$[A-Za-z_]\w*\s*=\s*(?:New-Object|\[|Get-|Invoke-)|\b(?:Invoke-Expression|Invoke-WebRequest|Start-Process|New-Object|Set-ExecutionPolicy|Write-Host|Get-ChildItem|IEX)\b|^[^\S\n]*param\s*\(|-(?:EncodedCommand|ExecutionPolicy)\b",
    re.IGNORECASE | re.MULTILINE,
)
_BASIC = re.compile(
    r"\b(?:CreateObject|WScript\.\w+|ActiveXObject|GetObject)\s*\(?|^[^\S\n]*(?:Dim|Set|Const|Sub|On Error Resume)\b.*$|^[^\S\n]*End (?:Sub|If|Function)\b",
    re.IGNORECASE | re.MULTILINE,
)
_JAVASCRIPT = re.compile(
    r"\b(?:var|let|const)\s+\w+\s*=|\bfunction\s*+\w*+\s*+\([^)]{0,1000}\)\s*\{|\b(?:eval|unescape|String\.fromCharCode|ActiveXObject|WScript\.\w+|document\.write)\s*\("
)
_HOST = re.compile(
    r"\bnew\s+ActiveXObject\s*\(|\bWScript\.(?:Shell|CreateObject|Quit|Sleep|Echo|Arguments)\b|\.(?:Run|Exec|ShellExecute)\s*\(",
    re.IGNORECASE,
)
"""What only Windows Script Host understands; two of these are no page's."""
_HOSTED = re.compile(r"<job\b|<package\b|<scriptlet\b|<script\s+language\s*=", re.IGNORECASE)
_SOME_CODE = re2.compile(
    r"(?i)echo off|(?:start|call|set|goto|if exist)\s|\$[a-z_]|-(?:object|expression|webrequest|process|executionpolicy|host|childitem|"
    r"encodedcommand)|\biex\b|param\s*\(|object|wscript\.|dim|const|sub|on error|end |let|var|function|eval|unescape|"
    r"fromcharcode|document\.write|<(?:job|package|scriptlet|script)\b"
)
"""One of these is in every program that `script_in` knows: RE2 sees in a tenth of the time that a text has none."""
_OTHER_I = re.compile("[\u0130\u0131]")
"""Python takes them for an i whatever its case, RE2 does not."""
_LINK = re.compile(
    r"^\s*\[(?:InternetShortcut|Shell|\{000214A0[^\]]*)\]|<libraryDescription\b|<persistedQuery\b|<searchConnectorDescription\b|<PCSettings>",
    re.IGNORECASE,
)


def script_in(text: str) -> str:
    """The language of a program: "shell", "powershell", "vbscript", "javascript", "batch", "wsf"; "" for other texts.

    Several different traits of a language are required, so that a letter about a script does not count as one.
    """
    if text.startswith("#!"):
        return "shell"
    sample = text[:20_000]
    if not _SOME_CODE.search(sample.encode("utf-8", "replace")) and not _OTHER_I.search(sample):
        return ""
    if _BATCH.search(sample):
        return "batch"
    if (
        sample.lstrip().startswith("<")
        and _HOSTED.search(sample[:3_000])
        and "<html" not in sample[:3_000].lower()
    ):
        return "wsf"
    for name, pattern, least in (
        ("powershell", _POWERSHELL, 2),
        ("vbscript", _BASIC, 3),
        ("javascript", _JAVASCRIPT, 3),
        ("javascript", _HOST, 2),
    ):
        found = list(pattern.finditer(sample))
        if len({m[0].strip().lower()[:24] for m in found}) < least:
            continue
        lines = {sample.count("\n", 0, m.start()) for m in found}
        if len(lines) * 4 >= len([line for line in sample.split("\n") if line.strip()]):
            return name
    return ""


def is_link(text: str) -> bool:
    """True for shortcuts that are text: url, scf, library-ms, search-ms, settingcontent-ms."""
    head = text[:2_000]
    return ("<" in head or head.lstrip()[:1] == "[") and bool(_LINK.search(head))


def is_textual(content: bytes) -> bool:
    """True when the bytes look like text in some charset (including UTF-16 with or without byte order mark)."""
    sample = content[:SAMPLE]
    if sample[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return True
    if b"\0" in sample:
        even, odd = sample[0::2].count(0), sample[1::2].count(0)
        if max(even, odd) > len(sample) // 5 and min(even, odd) * 20 < len(sample):
            return True
    elif len(sample) - len(sample.translate(None, _CONTROLS)) <= len(sample) // 200:
        return True
    return bool(wide(content))


def is_mail(content: bytes) -> bool:
    """True for a mail that says so; its parts may be binary (RFC 3030)."""
    return b"mime-version:" in content[:2_048].lower() and bool(_MAIL.match(content[:65_536].lstrip()))


def kind_of(name: str, content: bytes, is_a_mail: bool | None = None) -> str:
    """The kind of a text: "text", "html", "hta", "xml", "odf-flat", "eml", "p7m-pem" or "script". `is_a_mail`: what `is_mail` said
    of it, where it was asked."""
    head = content[:2048].lstrip(b"\xef\xbb\xbf \t\r\n")
    last = extension(name)
    if last in SCRIPTS or head.startswith(b"#!"):
        return "script"
    if last in ("eml", "mime", "mht", "mhtml") and _MAIL.match(content[:65_536].lstrip()):
        return "eml"
    if is_mail(content) if is_a_mail is None else is_a_mail:
        return "eml"
    if head.startswith(b"-----BEGIN ") and cms.armored(content):
        return "p7m-pem"
    text = decoded(content[:20_000])
    start = text[:2048].lstrip("\ufeff \t\r\n")
    if start[:5].lower() == "<?xml" or start[:4].lower() == "<svg" or start.startswith("<office:document"):
        if _FLAT.search(text[:10_000]):
            return "odf-flat"
        if is_link(start) or _HOSTED.search(start):
            return "script"
        return "html" if _HTML.search(head) else "xml"
    if last in ("", "xml", "txt", "key") and _KEY.match(start):
        return "xml"  # one of its numbers is called P, as a paragraph is
    if last == "hta" or ("<" in start and _HTA.search(start)):
        return "hta"
    if last in ("html", "htm", "xhtml") or ("<" in start and _HTML.search(start.encode("utf-8", "replace"))):
        return "html"
    if is_link(start) or script_in(text):
        return "script"
    return "text"
