"""The files of an encrypted ZIP when it has no archive inside: mail providers refuse an encrypted archive that contains
archives (Google Workspace, behind "552-5.7.0"), and anybody can read the names, sizes and dates in an encrypted ZIP.

Attached ZIPs are therefore unpacked into folders. What is no plain ZIP, or odd in any way, stays the file that it is.
"""

import io
import re
import zipfile
from collections.abc import Sequence

from filters.extract.kinds import detect
from filters.rewriters.packing import distinct, neat

NAMES = "names.txt"
"""Where the names stand, encrypted as the rest, when the ZIP's own say nothing."""
DEEPEST = 4
MOST = 1000
LARGEST = 256 << 20
"""Octets that all attached ZIPs together may unpack to; what would be more stays packed."""

File = tuple[str, bytes]


Path = tuple[str, ...]
Found = tuple[Path, bytes]


class _Room:
    """What may still be unpacked of one mail."""

    def __init__(self) -> None:
        self.octets = LARGEST
        self.files = MOST

    def takes(self, octets: int, files: int) -> bool:
        if octets > self.octets or files > self.files:
            return False
        self.octets -= octets
        self.files -= files
        return True


def flat(files: Sequence[File]) -> list[Found]:
    """The (name, content) pairs as (path, content), attached ZIPs unpacked. A path has a safe name for each folder, and is
    there once, be it a file's or a folder's."""
    named = zip(distinct(name for name, _ in files), (content for _, content in files), strict=True)
    room = _Room()
    found = [each for name, content in named for each in _opened((name,), content, DEEPEST, room)]
    paths = _apart([path for path, _ in found])
    return list(zip(paths, (content for _, content in found), strict=True))


def _apart(paths: Sequence[Path]) -> list[Path]:
    """The paths; a file that is called as a folder beside it, or as another file, gets a number."""
    taken = {_folded(path[:depth]) for path in paths for depth in range(1, len(path))}
    made: list[Path] = []
    for path in paths:
        stem, dot, ending = path[-1].rpartition(".")
        stem, dot, ending = (stem, dot, ending) if stem else (path[-1], "", "")
        number = 1
        while _folded(path) in taken:
            number += 1
            path = (*path[:-1], f"{stem} ({number}){dot}{ending}")
        taken.add(_folded(path))
        made.append(path)
    return made


def _folded(path: Path) -> str:
    return "/".join(path).casefold()


def _opened(path: Path, content: bytes, depth: int, room: _Room) -> list[Found]:
    members = _members(content, room) if depth and detect(path[-1], content) == "zip" else None
    if members is None:
        return [(path, content)]
    folder = (*path[:-1], path[-1].removesuffix(".zip") or path[-1])
    return [
        found
        for inside, inner in zip(_safe([name for name, _ in members]), (c for _, c in members), strict=True)
        for found in _opened((*folder, *inside), inner, depth - 1, room)
    ]


def _safe(names: Sequence[str]) -> list[tuple[str, ...]]:
    """The paths of these members; one that is there already gets a number."""
    split = [[part for part in re.split(r"[/\\]", name) if part.strip(". ")] for name in names]
    folders = ["/".join(neat(part, 1) for part in parts[:-1]) for parts in split]
    result: list[tuple[str, ...]] = []
    lasts: dict[str, list[str]] = {}
    for parts, folder, number in zip(split, folders, range(1, len(names) + 1), strict=True):
        known = lasts.setdefault(folder.casefold(), [])
        known.append(parts[-1] if parts else f"file-{number}")
    made = {folder: iter(distinct(known)) for folder, known in lasts.items()}
    for folder in folders:
        result.append((*filter(None, folder.split("/")), next(made[folder.casefold()])))
    return result


def _members(content: bytes, room: _Room) -> list[File] | None:
    """The files of a ZIP; None when it is not plain, damaged, or larger than there is room."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            infos = [info for info in archive.infolist() if not info.is_dir()]
            whole = sum(info.file_size for info in infos)
            if not infos or any(i.flag_bits & 0x1 for i in infos) or not room.takes(whole, len(infos)):
                return None
            return [(info.filename, archive.read(info)) for info in infos]
    except Exception:  # whatever zipfile, zlib and lzma say of a damaged member
        return None


def named(files: Sequence[File]) -> list[File]:
    """With the names that they have."""
    return [("/".join(path), content) for path, content in flat(files)]


def neutral(files: Sequence[File]) -> list[File]:
    """With numbers for names, and a list of the names among them."""
    found = flat(files)
    numbered = [f"{number}{_ending(path[-1])}" for number, (path, _) in enumerate(found, 1)]
    told = "".join(
        f"{number}\t{'/'.join(path)}\r\n" for number, (path, _) in zip(numbered, found, strict=True)
    )
    return [
        *zip(numbered, (content for _, content in found), strict=True),
        (NAMES, b"\xef\xbb\xbf" + told.encode("utf-8", "replace")),
    ]


def _ending(name: str) -> str:
    """The extension with its dot, so that a double click opens the file; "" for none that is one."""
    extension = neat(name, 1).rpartition(".")[2]
    return (
        f".{extension}"
        if "." in name and extension.isascii() and extension.isalnum() and len(extension) <= 8
        else ""
    )
