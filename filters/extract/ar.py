"""ar archives: Debian packages, libraries (System V and BSD names). Each member has a header of 60 octets."""

from filters.extract import rest
from filters.extract.formats import reads
from filters.extract.found import Found
from filters.extract.reason import Reason, Stop
from mail.charset import decode

MAGIC = b"!<arch>\n"
HEADER = 60
_TABLES = (b"/", b"/SYM64/")
"""Names of tables of symbols."""


@reads("ar", MAGIC, media="application/x-archive", container=True)
def read(content: bytes, found: Found) -> None:
    """Read all members into `found`. Raises Stop."""
    at, names = len(MAGIC), b""
    while at < len(content):
        header = content[at : at + HEADER]
        name, digits = header[:16].rstrip(b" "), header[48:58].strip()
        if header[58:] != b"`\n" or not digits.isdigit():
            rest.left(content[at:], found, "ar: rest")
            raise Stop(Reason.MALFORMED, "ar: header")
        start = at + HEADER
        at = start + int(digits)
        if at > len(content):
            raise Stop(Reason.CUT_OFF, "ar: cut off")
        data = content[start:at]
        at += at & 1
        found.budget.take_member()
        found.budget.take_bytes(len(data))
        if name == b"//":
            names = data
            rest.data(data, found, "names")
            continue
        if name.startswith(b"#1/") and name[3:].isdigit():  # BSD: the name stands before the data
            size = min(int(name[3:]), len(data))
            name, data = data[:size].rstrip(b"\0"), data[size:]
        elif name[:1] == b"/" and name[1:].isdigit():
            name = names[int(name[1:]) :].partition(b"\n")[0]
        if name in _TABLES:
            rest.data(data, found, "symbols")
        else:
            found.inside(decode(name.removesuffix(b"/"), ""), data)
    if not found.verdicts:
        found.verdicts.append("ok")
