"""Files whose parts lie upon each other, or are so many that whatever is done for each is done for all of them."""

import bz2
import gzip
import lzma
import random
import struct
import zlib
from collections.abc import Callable

import pytest

from filters.extract import Budget, cab, doc, extract, inflate, iso, mapi, oleprops, pdf, rar, xls
from filters.extract.found import Found
from filters.extract.reason import Stop
from mail.folding import fold, normalise
from tests.filters.extract.formats import aes_zip
from tests.filters.extract.formats import cab as cabinet
from tests.filters.extract.formats import iso as image
from tests.filters.extract.formats import rar as rarfile
from tests.filters.extract.office97 import doc as document
from tests.filters.extract.office97 import record, workbook
from tests.growth import BAR, growth


def found(members: int = 1_000) -> Found:
    return Found(Budget(members=members), lambda name, content, below: "unknown")


def shared_strings(size: int) -> bytes:
    return workbook("a")[:20] + record(0xFC, struct.pack("<LL", 1, 1)) * size


def crumbs(size: int) -> bytes:
    """What belongs to a shared string, cut into records of one octet."""
    sst = struct.pack("<LLHBL", 1, 1, 1, 4, size) + b"a"
    return workbook("a")[:20] + record(0xFC, sst) + record(0x3C, b"a") * size


def many(compress: Callable[[bytes], bytes]) -> Callable[[int], bytes]:
    """Small streams, and a large one behind them."""
    return lambda size: compress(b"") * size + compress(random.Random(1).randbytes(400 * size))


WORK: dict[str, tuple[int, Callable[[int], bytes], Callable[[bytes], object]]] = {
    "gzip: members": (2_400, many(gzip.compress), lambda data: list(inflate.gzip(data))),
    "bzip2: streams": (600, many(bz2.compress), lambda data: list(inflate.bzip2(data))),
    "xz: streams": (600, many(lzma.compress), lambda data: list(inflate.xz(data))),
    "xz: zeros between": (600, lambda n: (lzma.compress(b"") + bytes(4_000)) * n, lambda data: list(inflate.xz(data))),
    "deflate: steps": (5_000_000, lambda n: zlib.compress(bytes(n)) + bytes(n), lambda data: list(inflate.deflated(data, 15))),
    "xls: shared strings": (8_000, shared_strings, lambda data: xls.read(data, found())),
    "xls: crumbs": (16_000, crumbs, lambda data: xls.read(data, found())),
    "fold: gaps": (12_000, lambda n: ("社 外\u3000秘 " * n).encode(), lambda data: normalise(data.decode())),
}  # fmt: skip


@pytest.mark.parametrize("name", WORK)
def test_four_times_the_file_takes_four_times_as_long(name: str) -> None:
    size, make, work = WORK[name]
    assert growth(make, work, size) < BAR


def test_streams_are_bounded() -> None:
    with pytest.raises(Stop, match="too many streams"):
        list(inflate.gzip(gzip.compress(b"") * (inflate.STREAMS + 1)))
    assert b"".join(inflate.gzip(gzip.compress(b"x") * 1_000)) == b"x" * 1_000


@pytest.mark.parametrize("size", [0, 1, 1_023, 1_024, 1_025, 70_000, 1_000_000])
def test_streams_of_every_size_are_whole(size: int) -> None:
    content = random.Random(size).randbytes(size // 2) + bytes(size - size // 2)
    for compress, steps in (
        (gzip.compress, inflate.gzip),
        (bz2.compress, inflate.bzip2),
        (lzma.compress, inflate.xz),
    ):
        twice = compress(content) + compress(content[::-1])
        assert b"".join(steps(twice)) == content + content[::-1]
        with pytest.raises((EOFError, *inflate._ERRORS)):
            list(steps(compress(content)[:-9]))


def test_what_follows_zeros_is_read() -> None:
    """xz pads its streams; a stream behind the zeros is shown by every program."""
    assert b"".join(inflate.xz(lzma.compress(b"a") + bytes(8) + lzma.compress(b"b"))) == b"ab"


def test_object_streams_without_an_end_are_searched_for_it_once(monkeypatch: pytest.MonkeyPatch) -> None:
    content = b"%PDF-1.4\n" + b"1 0 obj<</Type/ObjStm/N 1/First 1>>stream\nx\n" * 50
    streams = pdf._object_streams(content, found())
    assert len(streams) == 50
    assert not any(streams)


def test_pieces_of_a_document_that_share_its_text_are_no_text() -> None:
    content = document("関所の社外秘です" * 200)
    assert "社外秘" in extract("a.doc", "", content, Budget()).texts[-1][1]
    count = 5_000
    main = bytearray(0x400 + 4_000)
    plc = struct.pack(f"<{count + 1}L", *(2_000 * n for n in range(count + 1)))
    clx = b"\x02" + struct.pack("<L", len(plc) + 8 * count) + plc + struct.pack("<HLH", 0, 0x400, 0) * count
    struct.pack_into("<LL", main, doc._CLX, 0, len(clx))
    with pytest.raises(ValueError):
        doc._pieces(bytes(main), clx)


def test_properties_that_lie_upon_each_other_are_bounded() -> None:
    texts = b"".join(struct.pack("<L", 8_000) + b"a" * 8_000 for _ in range(100))
    body = struct.pack("<LL", 0x101E, 100) + texts
    at = 8 + 8 * oleprops.MOST
    index = b"".join(struct.pack("<LL", 2 + n, at) for n in range(oleprops.MOST))
    section = struct.pack("<LL", 0, oleprops.MOST) + index + body
    whole = struct.pack("<HHL16sL", 0xFFFE, 0, 0, bytes(16), 1) + bytes(16) + struct.pack("<L", 48) + section
    with pytest.raises(Stop, match="too long"):
        oleprops.read(whole, found())


def test_blocks_of_a_cabinet_are_bounded() -> None:
    content = bytearray(cabinet(("a.txt", b"x" * 100)))
    content[26:28] = struct.pack(
        "<H", 2
    )  # two folders, and both say that they have nearly all blocks that can be
    content[36:44] = struct.pack("<LHH", 60, 60_000, 1)
    with pytest.raises(Stop, match="too many blocks"):
        cab.read(bytes(content), found())


def test_entries_of_an_image_are_bounded() -> None:
    """Directories of 1 MB, each one sector further: their entries lie upon each other."""
    small = image(("a.txt", b"x"))
    entry = bytearray(34)
    entry[0], entry[25], entry[32], entry[33] = 34, 2, 1, ord("a")
    records = bytearray(small[: 19 * 2048]) + bytearray(b"")
    for number in range(700):
        for slot in range(60):
            struct.pack_into("<L", entry, 2, 20 + (number * 60 + slot) % 500)
            struct.pack_into("<L", entry, 10, 1 << 20)
            records += entry
        records += bytes(2048 - 60 * 34)
    with pytest.raises(Stop, match="too many entries"):
        iso.read(bytes(records), found())


def test_headers_of_a_rar_are_bounded() -> None:
    content = rarfile(("a", b""))
    begin = content.index(b"\x74") - 2
    size = int.from_bytes(content[begin + 5 : begin + 7], "little")
    with pytest.raises(Stop, match="too many members"):
        rar.read(content[:begin] + content[begin : begin + size] * (rar.MOST + 1), found(10**6))


def test_the_directory_of_a_locked_archive_is_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    import pyzipper

    read = []
    original = pyzipper.AESZipFile._RealGetContents
    monkeypatch.setattr(
        pyzipper.AESZipFile, "_RealGetContents", lambda self: read.append(1) or original(self)
    )
    extract("a.zip", "", aes_zip("secret", *((f"{n}.txt", b"x") for n in range(30))), Budget())
    assert len(read) == 1


def test_rtf_is_decompressed_as_octet_for_octet() -> None:
    draw = random.Random(9003)
    for _ in range(200):
        body = bytearray()
        for _ in range(draw.randrange(1, 40)):
            control = draw.randrange(256)
            body.append(control)
            for bit in range(8):
                body += draw.randbytes(2 if control >> bit & 1 else 1)
        data = struct.pack("<LLLL", 0, draw.randrange(2_000), 0x75465A4C, 0) + body
        assert mapi.rtf(data) == octet_for_octet(data)


def octet_for_octet(data: bytes) -> bytes:
    """MS-OXRTFCP 3.1.1.1 as it is written there."""
    size = struct.unpack_from("<L", data, 4)[0]
    window = bytearray(4_096)
    window[: len(mapi._START)] = mapi._START
    write, out, at = len(mapi._START), bytearray(), 16
    while at < len(data) and len(out) < min(size, mapi.MOST):
        control = data[at]
        at += 1
        for bit in range(8):
            if at >= len(data):
                break
            if control >> bit & 1:
                if at + 2 > len(data):
                    break
                token = data[at] << 8 | data[at + 1]
                at += 2
                offset, length = token >> 4, (token & 15) + 2
                if offset == write:
                    return bytes(out)
                for _ in range(length):
                    byte = window[offset]
                    offset = (offset + 1) & 4_095
                    out.append(byte)
                    window[write] = byte
                    write = (write + 1) & 4_095
            else:
                out.append(data[at])
                window[write] = data[at]
                write = (write + 1) & 4_095
                at += 1
    return bytes(out)


def test_folding_with_offsets_is_folding() -> None:
    draw = random.Random(5)
    for _ in range(500):
        text = "".join(
            draw.choices(["社", " ", "\u3000", "\t", "a", "ｶﾞ", "\u200b", "１", "\n", "か\u3099", "pа"], k=20)
        )
        folded, offsets = normalise(text)
        assert folded == fold(text)
        assert len(offsets) == len(folded) + 1
        assert list(offsets) == sorted(offsets)
