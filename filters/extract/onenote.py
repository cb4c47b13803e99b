"""OneNote sections (MS-ONESTORE): embedded files are carved out, text is read as runs; it may be incomplete."""

from filters.extract import strings
from filters.extract.formats import reads
from filters.extract.found import Found
from filters.extract.reason import Reason, Stop

MAGIC = bytes.fromhex("e4525c7b8cd8a74daeb15378d02996d3")
_FILE = bytes.fromhex("e716e3bd65261145a4c48d4d0b7a9eac")
_PICTURES = (
    b"\x89PNG\r\n",
    b"\xff\xd8\xff",
    b"GIF8",
    b"BM",
    b"II*\x00",
    b"MM\x00*",
    b"\x01\x00\x00\x00",
    b"\xd7\xcd\xc6\x9a",
)
"""What a page shows; anything else is a file that people are asked to click."""


@reads("onenote", MAGIC, media="application/onenote")
def read(content: bytes, found: Found) -> None:
    """Read a OneNote file into `found`; the verdict is always "unsupported". Raises Stop."""
    found.budget.take_bytes(len(content))
    rest = bytearray()
    at = number = 0
    while (start := content.find(_FILE, at)) >= 0:
        size = int.from_bytes(content[start + 16 : start + 24], "little")
        data = content[start + 36 : start + 36 + size]
        if len(data) < size:
            raise Stop(Reason.CUT_OFF, "onenote: cut off")
        rest += content[at:start]
        number += 1
        found.budget.take_member()
        if not data.startswith(_PICTURES):
            found.sign("embedded_file", "OneNote")
        found.inside(f"embedded {number}", data)
        at = start + 36 + size
    rest += content[at:]
    found.text("", strings.texts(bytes(rest)))
    found.failed(Reason.RUNS, "onenote: runs of text only")
