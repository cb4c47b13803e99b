"""File names as traps: extensions that run, disguises, and characters that nobody sees."""

import re
import unicodedata

RUNS = frozenset(
    ["exe", "scr", "com", "cpl", "pif", "msi", "msp", "mst", "msix", "msixbundle", "appx", "appxbundle", "appinstaller", "application", "gadget", "hta", "bat", "cmd", "btm", "vb", "vbe", "vbs", "js", "jse", "ws", "wsf", "wsh", "wsc", "sct", "ps1", "ps1xml", "ps2", "psc1", "psm1", "psd1", "reg", "inf", "dll", "sys", "drv", "ocx", "jar", "jnlp", "class", "apk", "ipa", "app", "dmg", "pkg", "command", "tool", "run", "bin", "elf", "out", "sh", "bash", "csh", "ksh", "zsh", "py", "pyc", "pyw", "pyz", "pyzw", "rb", "pl", "php", "cgi", "lua", "swf", "xbap", "xll", "xlam", "wll", "ade", "adp", "mde", "accde", "mda", "mdw", "mdb", "accdb", "chm", "hlp", "ins", "isp", "msc", "shb", "shs", "nsh", "sfx", "u3p", "vhd", "vhdx", "img", "iso", "udf", "daa", "wim", "cab", "ace", "arj", "lzh", "uue", "xxe", "a3x", "au3", "ahk", "rgs", "scpt", "scptd", "workflow", "action", "diagcab", "diagcfg", "diagpkg", "osd", "prf", "printerexport", "provisioningpackage", "ppkg", "psrc", "iqy", "slk", "oqy", "rqy", "theme", "themepack", "desktopthemepackfile", "grp", "prg", "cpio", "deb", "rpm", "snap", "flatpak", "appimage", "efi", "fxp", "mau", "maf", "mam", "maq", "mar", "mas", "mat", "mav", "maw", "ops", "pcd", "plg", "tmp", "vsmacros", "vsw", "asp", "aspx", "asa", "ashx", "cer", "jsp", "jspx", "mhtml"]
) - frozenset(["img", "bin", "out", "tmp", "lzh", "cab", "mdb", "accdb", "cer", "mhtml", "tool", "action", "grp", "php", "asp", "aspx", "jsp", "asa", "py", "rb", "pl", "lua", "iso"])  # fmt: skip
"""Extensions of files that do something when they are opened. Left out: what programs only read."""
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
PAGES = frozenset(["htm", "html", "xhtml", "shtml", "mht", "mhtml", "hta", "xht", "svg"])

_BIDI = re.compile("[\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c]")
_OVERRIDE = re.compile("[\u202d\u202e\u2066\u2067\u2068]")
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb]"
)
_DOTS = dict.fromkeys(map(ord, "．。｡․﹒"), ".")
_BLANKS = (
    "\t\n\v\f\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\u2800\u3164\u115f\u1160\uffa0"
)
_RUN_OF_BLANKS = re.compile(
    f"[{_BLANKS}\u200b-\u200d_]{{5,}}(?=[^{_BLANKS}]*$)|[{_BLANKS}]{{3,}}(?=\\.[^.]*$)"
)


def base(name: str) -> str:
    """The last component of a path, as Windows and macOS see it: without what follows NUL, and trailing dots."""
    last = re.split(r"[/\\]", name.partition("\x00")[0].rstrip("/\\"))[-1]
    return last.translate(_DOTS).rstrip(". \t\r\n\u3000\u00a0")


def extensions(name: str) -> list[str]:
    """The extensions of a name in lower case, last one first, invisible characters and blanks dropped."""
    shown = _INVISIBLE.sub("", unicodedata.normalize("NFKC", base(name)))
    pieces = [re.sub(r"\s+", "", p).strip("\"'“”").lower() for p in shown.split(".")[1:]]
    return [p for p in reversed(pieces) if p]


def extension(name: str) -> str:
    """The extension that decides what opens the file, "" when there is none."""
    found = extensions(name)
    return found[0] if found else ""


def is_doubled(name: str) -> bool:
    """True for a harmless extension before one that runs or leads elsewhere: report.pdf.exe, photo.jpg.lnk."""
    found = extensions(name)
    if len(found) < 2 or found[0] not in RUNS | LINKS | IMAGES | SCRIPTS | PAGES:
        return False
    if found[0] in PAGES and found[1] in PAGES:
        return False
    return found[1] in DOCUMENTS


def has_run_of_blanks(name: str) -> bool:
    """True for a name that hides its end behind white space of any kind."""
    return bool(_RUN_OF_BLANKS.search(re.split(r"[/\\]", name)[-1]))


def overrides(text: str) -> bool:
    """True when characters change the direction in which the text is shown."""
    return bool(_OVERRIDE.search(text))


def marked(text: str) -> str:
    """The text with directional and invisible characters made visible: ‮ becomes <202E>."""
    return _INVISIBLE.sub(lambda m: f"<{ord(m[0]):04X}>", text)


def invisible(text: str) -> int:
    """How many characters of a name are there without being seen."""
    return len(_INVISIBLE.findall(text))
