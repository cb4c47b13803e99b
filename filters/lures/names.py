"""File names as traps: extensions that run, disguises, and invisible characters."""

import re
import unicodedata
from functools import lru_cache

RUNS = frozenset(
    ["{clsid}", "wsb", "msh", "crx", "xpi", "mobileconfig", "exe", "scr", "com", "cpl", "pif", "msi", "msp", "mst", "msix", "msixbundle", "appx", "appxbundle", "appinstaller", "application", "gadget", "hta", "bat", "cmd", "btm", "vb", "vbe", "vbs", "js", "jse", "ws", "wsf", "wsh", "wsc", "sct", "ps1", "ps1xml", "ps2", "psc1", "psm1", "psd1", "reg", "inf", "dll", "sys", "drv", "ocx", "jar", "jnlp", "class", "apk", "ipa", "app", "dmg", "pkg", "command", "tool", "run", "bin", "elf", "out", "sh", "bash", "csh", "ksh", "zsh", "py", "pyc", "pyw", "pyz", "pyzw", "rb", "pl", "php", "cgi", "lua", "swf", "xbap", "xll", "xlam", "wll", "ade", "adp", "mde", "accde", "mda", "mdw", "mdb", "accdb", "chm", "hlp", "ins", "isp", "msc", "shb", "shs", "nsh", "sfx", "u3p", "vhd", "vhdx", "img", "iso", "udf", "daa", "wim", "cab", "ace", "arj", "lzh", "uue", "xxe", "a3x", "au3", "ahk", "rgs", "scpt", "scptd", "workflow", "action", "diagcab", "diagcfg", "diagpkg", "osd", "prf", "printerexport", "provisioningpackage", "ppkg", "psrc", "iqy", "slk", "oqy", "rqy", "theme", "themepack", "desktopthemepackfile", "grp", "prg", "cpio", "deb", "rpm", "snap", "flatpak", "appimage", "efi", "fxp", "mau", "maf", "mam", "maq", "mar", "mas", "mat", "mav", "maw", "ops", "pcd", "plg", "tmp", "vsmacros", "vsw", "asp", "aspx", "asa", "ashx", "cer", "jsp", "jspx", "mhtml"]
) - frozenset(["img", "bin", "out", "tmp", "lzh", "cab", "mdb", "accdb", "cer", "mhtml", "tool", "action", "grp", "php", "asp", "aspx", "jsp", "asa", "py", "rb", "pl", "lua", "iso"])  # fmt: skip
"""Extensions of files that do something when opened. Left out: what programs only read."""
IMAGES = frozenset(["iso", "img", "vhd", "vhdx", "udf", "wim", "daa"])
"""Disk images: Windows opens them like a folder, and what is inside escapes the mark of the web."""
SCRIPTS = frozenset(["py", "rb", "pl", "php", "lua"])
LINKS = frozenset(
    [
        "lnk",
        "url",
        "scf",
        "library-ms",
        "search-ms",
        "searchconnector-ms",
        "settingcontent-ms",
        "website",
        "webloc",
        "desktop",
        "mapimail",
        "appref-ms",
        "contact",
        "glk",
        "group",
        "rdp",
        "ica",
        "pif",
        "inetloc",
        "fileloc",
        "xnk",
        "symlink",
        "odc",
        "deskthemepack",
        "jnlp",
        "job",
    ]
)
"""Extensions of shortcuts: a name and an icon that lead somewhere else."""
DOCUMENTS = frozenset(
    [
        "pdf",
        "doc",
        "docx",
        "docm",
        "dot",
        "dotx",
        "xls",
        "xlsx",
        "xlsm",
        "xlsb",
        "csv",
        "ppt",
        "pptx",
        "pptm",
        "pps",
        "ppsx",
        "rtf",
        "txt",
        "text",
        "md",
        "odt",
        "ods",
        "odp",
        "jtd",
        "jtt",
        "htm",
        "html",
        "xhtml",
        "mht",
        "eml",
        "msg",
        "jpg",
        "jpeg",
        "jpe",
        "png",
        "gif",
        "bmp",
        "tif",
        "tiff",
        "webp",
        "heic",
        "svg",
        "ico",
        "mp3",
        "mp4",
        "mov",
        "avi",
        "wav",
        "wmv",
        "m4a",
        "zip",
        "rar",
        "7z",
        "lzh",
        "tgz",
        "gz",
        "ics",
        "vcf",
        "xps",
        "oxps",
        "dwg",
        "dxf",
        "jww",
        "xdw",
        "xbd",
        "pages",
        "numbers",
        "key",
        "one",
    ]
)
"""Extensions of files that people open without a thought."""
MACROS = frozenset(["docm", "dotm", "xlsm", "xltm", "xlam", "xlsb", "pptm", "potm", "ppam", "ppsm", "sldm"])
PAGES = frozenset(["htm", "html", "xhtml", "shtml", "mht", "mhtml", "hta", "xht", "svg", "svgz"])
DANGEROUS = RUNS | LINKS | IMAGES | SCRIPTS
"""Extensions that nobody sends for reading."""

_OVERRIDE = re.compile("[\u202b\u202d\u202e\u2066-\u2068]")
TURNS = "[\u202b\u202d\u202e\u2066\u2067]"
_TURNS = re.compile(TURNS)
"""Without FIRST STRONG ISOLATE, which phones put around names in subjects."""
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb"
    "\U000e0000-\U000e007f]"
)
_JOINERS = re.compile(
    "(?<=[\u0600-\u0dff\u200d\ufe0f\u2600-\u27bf\U0001f000-\U0001faff])[\u200c\u200d\ufe0f]|[\u200e\u200f](?=[\u0590-\u08ff])|(?<=[\u0590-\u08ff])[\u200e\u200f]"
)
"""Invisible characters that belong to the spelling: in Arabic and Indian scripts, in Hebrew, in emoji of faces."""
_DOTS = dict.fromkeys(map(ord, "．。｡․﹒\u06d4\ufe52"), ".")
_BLANKS = (
    "\t\n\v\f\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\u2800\u3164\u115f\u1160\uffa0"
)
_RUN = re.compile(f"[{_BLANKS}\u200b-\u200d\ufeff]{{3,}}|_{{5,}}")
_BLANK = re.compile(f"[{_BLANKS}]+")
_LEFT_OUT = "\"'“”<>|*?,;"
"""What no file name may end in: programs drop it when they save the file."""
_CLSID = re.compile(r"\{[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\}")
_ALIKE = str.maketrans("аеорсухтмнвкіјѕԁһιοανρτхԛԝп", "aeopcyxtmhbkijsdhioavptxqwn")
"""Cyrillic and Greek letters in an extension that look like Latin ones."""
_POSES = re.compile(
    r"[\s_.\-(（\[【「](?:pdf|docx?|xlsx?|pptx?|jpe?g|png|txt|zip)[\s)）\]】」]*$", re.IGNORECASE
)
_PLAIN = re.compile(r"[A-Za-z0-9._-]*")
"""A name in which nothing is anything else than it looks."""
LONG = 1_000


def base(name: str) -> str:
    """The last component of a path, as Windows and macOS see it: cut at NUL, trailing dots dropped."""
    last = re.split(r"[/\\]", name.partition("\x00")[0].rstrip("/\\"))[-1]
    return last.translate(_DOTS).rstrip(". \t\r\n\u3000\u00a0")


def readings(name: str) -> tuple[str, ...]:
    """The name in every way that programs take it: as it is, NUL left out, without a data stream
    (a.exe::$DATA), the stream."""
    whole = name if len(name) <= LONG else name[: LONG // 2] + name[-LONG // 2 :]
    found = [whole, whole.replace("\x00", "")]
    last = re.split(r"[/\\]", whole)[-1]
    if ":" in last:
        found += [piece for piece in last.split(":")[:3] if "." in piece]
    return tuple(dict.fromkeys(found))


@lru_cache(maxsize=256)
def extensions(name: str) -> tuple[str, ...]:
    """The extensions of a name in lower case, last one first, without invisible characters and blanks.

    Full-width and look-alike letters count as what they look like; a class id in braces, which Windows takes
    for an extension, is "{clsid}".
    """
    if _PLAIN.fullmatch(name):
        return tuple([p for p in name.lower().split(".")[:0:-1] if p])
    shown = _INVISIBLE.sub("", unicodedata.normalize("NFKC", base(name)))
    pieces = [_letters(_BLANK.sub("", p).strip(_LEFT_OUT).lower()) for p in shown.split(".")[1:]]
    return tuple([p for p in reversed(pieces) if p])


def _letters(piece: str) -> str:
    if _CLSID.fullmatch(piece):
        return "{clsid}"
    return piece if piece.isascii() or len(piece) > 12 else piece.translate(_ALIKE)


def extension(name: str) -> str:
    """The extension that decides what opens the file, "" if there is none."""
    found = extensions(name)
    return found[0] if found else ""


def is_doubled(name: str) -> bool:
    """True for a harmless extension before one that runs or links: report.pdf.exe, photo.jpg.lnk, report_pdf.exe."""
    found = extensions(name)
    if not found or (found[0] not in DANGEROUS and found[0] not in PAGES):
        return False
    if found[0] in PAGES:
        return len(found) > 1 and found[1] in DOCUMENTS - PAGES
    if not DOCUMENTS.isdisjoint(found[1:4]):
        return True
    return bool(_POSES.search(_INVISIBLE.sub("", base(name)).rpartition(".")[0][-60:]))


def has_run_of_blanks(name: str) -> bool:
    """True for a name that hides its end behind white space of any kind.

    Five blanks before the extension, or three if what follows runs or another extension precedes them; blanks
    (or five underlines) anywhere if what follows runs. People who make forms leave gaps, too.
    """
    last = re.split(r"[/\\]", name)[-1]
    runs = [m for m in _RUN.finditer(last) if m.end() < len(last)]
    if not runs:
        return False
    if extension(name) in DANGEROUS:
        return True
    behind = last[runs[-1].end() :]
    if "_" in runs[-1][0] or not re.fullmatch(r"\.[^.]{1,20}", behind):
        return any(len(m[0]) >= 20 and "_" not in m[0] for m in runs)
    return len(runs[-1][0]) >= 5 or extension(last[: runs[-1].start()]) in DOCUMENTS


def overrides(text: str) -> bool:
    """True when characters change the direction in which a file name is displayed."""
    return not text.isascii() and bool(_OVERRIDE.search(text))


def turns(text: str) -> bool:
    """True when characters reverse a line of text."""
    return not text.isascii() and bool(_TURNS.search(text))


def marked(text: str) -> str:
    """The text with directional and invisible characters made visible: \u202e becomes <202E>."""
    return text if text.isascii() else _INVISIBLE.sub(lambda m: f"<{ord(m[0]):04X}>", text)


def invisible(text: str) -> int:
    """How many invisible characters a name has, not counting those that its script needs."""
    return 0 if text.isascii() else len(_INVISIBLE.findall(_JOINERS.sub("", text)))
