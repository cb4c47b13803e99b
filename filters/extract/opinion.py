"""A second opinion on files that our own table of kinds does not know: libmagic's, where it makes us stricter.

libmagic knows thousands of formats, some of them by very little. So its word is taken when it sees something that
runs, and not taken when it would let something unread pass as a picture.
"""

# isort: off
import pylibmagic  # before magic: it brings the library, and says where it is
import magic
# isort: on

from importlib.resources import files

LOOKED_AT = 1 << 18
"""Bytes of a file that are shown to it."""

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
_library.from_buffer(b"warm")  # its table is read now: later no file can be opened


def runs(content: bytes) -> str:
    """The kind (filters.extract.kinds) of something that runs, "" for everything else."""
    try:
        return RUNS.get(_library.from_buffer(content[:LOOKED_AT]), "")
    except magic.MagicException:
        return ""
