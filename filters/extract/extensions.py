"""What a file's name claims: its extension, and the extensions that Windows runs."""

EXECUTABLE_EXTENSIONS = frozenset(
    [
        "exe",
        "scr",
        "cpl",
        "com",
        "pif",
        "bat",
        "cmd",
        "ps1",
        "psm1",
        "vbs",
        "vbe",
        "js",
        "jse",
        "wsf",
        "wsh",
        "hta",
        "msi",
        "msp",
        "msc",
        "jar",
        "lnk",
        "url",
        "scf",
        "dll",
        "sys",
        "ocx",
        "reg",
        "inf",
        "sct",
        "gadget",
        "application",
        "appref-ms",
        "msix",
        "appx",
        "iso",
        "img",
        "vhd",
        "vhdx",
        "chm",
        "library-ms",
        "search-ms",
    ]
)
"""Files with these Windows runs or mounts when they are opened."""
SCRIPTS = frozenset(
    [
        "ps1",
        "psm1",
        "vbs",
        "vbe",
        "js",
        "jse",
        "wsf",
        "wsh",
        "hta",
        "bat",
        "cmd",
        "sh",
        "py",
        "pl",
        "rb",
        "scpt",
        "applescript",
        "reg",
        "inf",
        "sct",
        "url",
        "scf",
        "library-ms",
        "search-ms",
        "settingcontent-ms",
        "website",
    ]
)
"""Programs and shortcuts that are text files."""
SOURCES = frozenset(["sh", "py", "pl", "rb"])
"""Those of them that are opened to be read: an interpreter runs them only when it is told to."""


def extension(name: str) -> str:
    """The last extension of a file name in lower case, "" when there is none."""
    _, dot, last = name.strip().rstrip(". ").rpartition(".")
    return last.lower() if dot and len(last) <= 20 else ""
