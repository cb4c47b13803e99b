"""OLE 1.0 objects (MS-OLEDS) in documents: the object of an RTF file, and the package in its native data."""

from filters.extract import strings
from filters.extract.found import Found


def read_object(data: bytes, found: Found) -> None:
    """An OLE 1.0 object (MS-OLEDS 2.2.5): version, format, class, topic, item, native data."""
    at, name = 8, b""
    for number in range(3):
        size = int.from_bytes(data[at : at + 4], "little")
        if not number:
            name = data[at + 4 : at + 4 + size].rstrip(b"\0")
        at += 4 + size
        if at > len(data):
            return
    native = data[at + 4 : at + 4 + int.from_bytes(data[at : at + 4], "little")]
    found.sign("ole_object", name.decode("latin-1"))
    if name.lower() == b"package":
        package(native, found)
    elif native:
        found.budget.take_bytes(len(native))
        found.inside(name.decode("latin-1") + ".bin", native)


def package(native: bytes, found: Found) -> None:
    """An OLE 1.0 package ("\\x01Ole10Native"): label, paths, then the file itself."""
    body = native[4:] if int.from_bytes(native[:4], "little") == len(native) - 4 else native
    pieces = body[2:].split(b"\0", 2)
    label = pieces[0].decode("cp932", "replace") if pieces else ""
    found.sign("ole_object", label or "package")
    if len(pieces) < 3:
        return
    # after the two strings: 2 + 2 bytes, length of the temporary path, that path, length, data
    rest = pieces[2]
    size = int.from_bytes(rest[4:8], "little")
    at = 8 + size
    length = int.from_bytes(rest[at : at + 4], "little")
    data = rest[at + 4 : at + 4 + length]
    if data and len(data) == length:
        found.budget.take_bytes(length)
        found.inside(label or "package.bin", data)
    else:
        found.text("object", strings.texts(native))
