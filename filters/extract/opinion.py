"""A second opinion, libmagic's, on files that our own table of kinds does not know; it can only make us stricter.

libmagic knows thousands of formats, some by very little. So we believe it when it sees something that runs,
and not when it would let an unread file pass as a picture.
"""

# isort: off
import pylibmagic  # before magic: it brings the library and tells where it is
import magic
# isort: on

from importlib.resources import files

LOOKED_AT = 1 << 18
"""How many bytes of a file it gets to see."""

RUNS = {
    "application/x-dosexec": "exe",
    "application/vnd.microsoft.portable-executable": "exe",
    "application/x-msdownload": "exe",
    "application/x-executable": "elf",
    "application/x-pie-executable": "elf",
    "application/x-sharedlib": "elf",
    "application/x-object": "elf",
    "application/x-mach-binary": "macho",
    "application/x-java-applet": "class",
    "application/java-archive": "jar",
    "application/vnd.android.package-archive": "apk",
    "application/x-ms-shortcut": "lnk",
    "application/wasm": "wasm",
    "text/x-shellscript": "script",
    "text/x-msdos-batch": "script",
    "text/x-python": "script",
    "text/x-perl": "script",
    "text/x-script.python": "script",
}

_library = magic.Magic(mime=True, magic_file=str(files(pylibmagic) / "magic.mgc"))
_library.from_buffer(b"warm")  # loads its table now: later no file can be opened


def runs(content: bytes) -> str:
    """The kind (filters.extract.kinds) of something that runs, "" for everything else."""
    try:
        found = RUNS.get(_library.from_buffer(content[:LOOKED_AT]), "")
    except magic.MagicException:
        return ""
    # It knows programs of DOS that have no mark at all (.COM) by a jump at their beginning, as one of a hundred files of
    # random octets has one. Those run by their name alone, and are known by it.
    return "" if found == "exe" and content[:2] not in (b"MZ", b"ZM") else found
