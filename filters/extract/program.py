"""Programs (PE, ELF, Mach-O, Java): what they are, the icon of a PE, and the archive in a self-extracting one."""

import pefile

from filters.extract import icon
from filters.extract.found import Found

_GROUP, _ICON = 14, 3
ENTRIES = 64
MOST = 30_000_000
_APPENDED = ((b"7z\xbc\xaf\x27\x1c", "7z"), (b"Rar!\x1a\x07", "rar"), (b"MSCF", "cab"))


class _Program(pefile.PE):  # type: ignore[misc]
    """Its own `close` has the whole process's garbage collected, also for damaged ones: 20 ms and more, each time."""

    def close(self) -> None:
        self.__dict__.clear()  # what refers to itself would keep the content


def read(content: bytes, found: Found) -> None:
    """Note the kind of a PE and what its icon imitates; never raises for damage."""
    found.sign("executable", "PE")
    try:
        image = icon_of(content[:MOST])
    except Exception:
        image = None
    if image is not None and (word := icon.likeness(image)):
        found.sign(f"icon:{word}", f"a program with the icon of {word}")
    found.verdicts.append("ok")


def icon_of(content: bytes) -> icon.Image | None:
    """The icon of a PE that Explorer would show at ordinary size; None if none can be read."""
    pe = _Program(data=content, fast_load=True)
    try:
        pe.parse_data_directories(directories=[pefile.DIRECTORY_ENTRY["IMAGE_DIRECTORY_ENTRY_RESOURCE"]])
        tree = getattr(pe, "DIRECTORY_ENTRY_RESOURCE", None)
        if tree is None:
            return None
        kinds = {entry.id: entry for entry in tree.entries[:ENTRIES]}
        if _GROUP not in kinds or _ICON not in kinds:
            return None
        group = _data(pe, kinds[_GROUP].directory.entries[0])
        images = {entry.id: entry for entry in kinds[_ICON].directory.entries[:ENTRIES]}
        for number in icon.ordered(group):
            if number in images and (image := icon.decoded(_data(pe, images[number]))) is not None:
                return image
        return None
    finally:
        pe.close()


def _data(pe: pefile.PE, entry: object) -> bytes:
    leaf = entry.directory.entries[0].data.struct  # type: ignore[attr-defined]
    return bytes(pe.get_data(leaf.OffsetToData, min(leaf.Size, 1 << 20)))


def appended(content: bytes) -> str:
    """The kind of archive appended to a program, "" if there is none."""
    if b"PK\x05\x06" in content[-66_000:] and b"PK\x01\x02" in content:
        return "zip"
    if b"!SFX" in content[:2_000_000] or b"7z" in content or b"Rar!" in content or b"MSCF" in content:
        for magic, kind in _APPENDED:
            at = content.find(magic, 512)
            if at > 0 and (kind != "cab" or content[at + 4 : at + 8] == b"\0\0\0\0"):
                return kind
    return ""
