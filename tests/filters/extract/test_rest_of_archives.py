"""Archives and documents are accounted for: in front, between, behind, in comments and in what no directory names."""

import bz2
import gzip
import io
import lzma
import struct
import zipfile

import pytest
import zstandard

from filters.extract import Budget, extract
from filters.extract.found import Extracted
from filters.extract.rar import walk
from tests.filters.extract import formats
from tests.filters.extract.documents import archive, pdf, sheet, slides, word
from tests.filters.extract.formats_of_text import FORMATS
from tests.filters.extract.media import noise

TEXT = "この計画は社外秘です。取引先には見せないでください。\n".encode()
FILE = ("a.txt", b"an ordinary text\n")
WHOLE = {
    "a.zip": archive(FILE),
    "a.docx": word(),
    "a.xlsx": sheet(),
    "a.pptx": slides(),
    "a.odt": FORMATS["odt"]("本文"),
    "a.7z": formats.sevenzip(FILE),
    "a.rar": formats.rar(FILE),
    "a.cab": formats.cab(FILE),
    "a.iso": formats.iso(FILE),
    "a.tar": formats.tar(FILE),
    "a.gz": gzip.compress(FILE[1]),
    "a.bz2": bz2.compress(FILE[1]),
    "a.xz": lzma.compress(FILE[1]),
    "a.doc": FORMATS["doc"]("本文"),
    "a.xls": FORMATS["xls"]("本文"),
    "a.msg": FORMATS["msg"]("本文"),
    "a.pdf": pdf("本文"),
    "a.rtf": FORMATS["rtf"]("本文"),
    "a.html": b"<html><p>a page</p></html>",
}


def read(name: str, content: bytes) -> Extracted:
    return extract(name, "", content, Budget())


def seen(name: str, content: bytes) -> bool:
    """The mark is found, or the file has a finding."""
    found = read(name, content)
    return found.verdict != "ok" or "社外秘" in "".join(text for _, text in found.texts)


@pytest.mark.parametrize("name", WHOLE)
def test_ordinary_files_give_no_finding(name: str) -> None:
    assert read(name, WHOLE[name]).verdict == "ok"
    if name != "a.html":
        assert read(name, WHOLE[name] + bytes(400)).verdict == "ok"


@pytest.mark.parametrize("name", WHOLE)
@pytest.mark.parametrize("hidden", [TEXT, archive(("b.txt", TEXT)), formats.sevenzip(("b.txt", TEXT))])
def test_nothing_behind_a_file_is_silent(name: str, hidden: bytes) -> None:
    assert seen(name, WHOLE[name] + hidden)
    assert seen(name, WHOLE[name] + noise(48) + hidden)


@pytest.mark.parametrize("name", [n for n in WHOLE if n not in ("a.html", "a.iso")])
def test_noise_behind_a_file_is_a_finding(name: str) -> None:
    assert read(name, WHOLE[name] + b"\1\2" + noise(2_000)).verdict != "ok"


@pytest.mark.parametrize("name", ["a.zip", "a.docx", "a.pdf"])
def test_nothing_in_front_is_silent(name: str) -> None:
    assert seen(name, TEXT + WHOLE[name])
    assert seen(name, b"\1\2" + noise(600) + TEXT + WHOLE[name])


def zipped(**more: bytes) -> bytes:
    """A ZIP with a text in one of its free places."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        info = zipfile.ZipInfo("a.txt")
        if "extra" in more:
            info.extra = struct.pack("<HH", 0x6375, len(more["extra"])) + more["extra"]
        info.comment = more.get("comment", b"")
        made.writestr(info, b"ordinary")
        made.comment = more.get("whole", b"")
    return out.getvalue()


@pytest.mark.parametrize("place", ["extra", "comment", "whole"])
def test_comments_and_extra_fields_are_read(place: str) -> None:
    assert seen("a.zip", zipped(**{place: TEXT}))
    assert read("a.zip", zipped(**{place: b"x"})).verdict == "ok"


def test_what_stands_between_members_is_read() -> None:
    content = archive(("a.txt", b"one"), ("b.txt", b"two"), method=zipfile.ZIP_STORED)
    at = content.find(b"PK\3\4", 4)
    moved = bytearray(content[:at] + TEXT + content[at:])
    second = moved.rfind(b"PK\1\2")
    struct.pack_into("<L", moved, second + 42, at + len(TEXT))
    end = moved.rfind(b"PK\5\6")
    struct.pack_into("<L", moved, end + 16, struct.unpack_from("<L", moved, end + 16)[0] + len(TEXT))
    assert seen("a.zip", bytes(moved))


def test_names_and_comments_of_gzip_and_padding_of_tar() -> None:
    header = b"\x1f\x8b\x08\x10" + bytes(6) + TEXT + b"\0"
    assert seen("a.gz", header + gzip.compress(b"x", mtime=0)[10:])
    tar = bytearray(WHOLE["a.tar"])
    at = tar.find(FILE[1]) + len(FILE[1])
    tar[at : at + len(TEXT)] = TEXT
    assert seen("a.tar", bytes(tar))


def test_sectors_that_no_stream_uses_are_read() -> None:
    content = WHOLE["a.doc"]
    size = 1 << struct.unpack_from("<H", content, 30)[0]
    assert seen("a.doc", content + TEXT.ljust(size, b"\0"))


@pytest.mark.parametrize("name", ["a.zst"])
def test_behind_a_frame_of_zstandard(name: str) -> None:
    assert seen(name, zstandard.compress(b"x") + TEXT)


def test_volumes_of_a_set_are_a_finding() -> None:
    """What a later volume of RAR 4 or 5 begins with."""
    old = b"Rar!\x1a\7\0" + struct.pack("<HBHH", 0, 0x73, 1, 13) + bytes(6) + noise(300)
    new = b"Rar!\x1a\7\1\0" + b"\0\0\0\0" + bytes((5, 1, 0, 3, 1, 0)) + noise(300)
    for content in (old, new):
        assert walk(content)[1]
        assert read("a.part2.rar", content).verdict != "ok"
    assert walk(WHOLE["a.rar"]) == (len(WHOLE["a.rar"]), False, [])


def test_a_text_that_goes_on_as_something_else() -> None:
    letter = b"a line of an ordinary letter\n" * 400
    assert seen("a.txt", letter + formats.sevenzip(("b.txt", TEXT)))
    assert read("a.txt", letter + b"MZ\x90\0\3\0\0\0\4\0" + bytes(300) + b"PE\0\0").members
    assert read("a.txt", letter).verdict == "ok"
