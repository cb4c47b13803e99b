"""Bombs and traps (T29, T31): a verdict within the limits, in real locked workers, and the gateway does not grow."""

import asyncio
import bz2
import gzip
import io
import lzma
import resource
import struct
import sys
import time
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
import zstandard

from filters.extract import Budget, extract
from filters.verdict import Disposition
from gateway.locked import sandbox
from gateway.locked.workers import Workers
from storage.draft import LocalDraft
from tests.filters.extract.cfb import compound
from tests.filters.extract.documents import archive
from tests.filters.extract.formats import cab, iso, sevenzip, tar
from tests.filters.extract.office97 import doc, message, msg, workbook
from tests.filters.mails import attached, facts, policy

Bomb = Callable[[], bytes]
ZEROS = 300_000_000


def nested() -> bytes:
    """42.zip: sixteen archives in each of six levels, a large file at the bottom."""
    content = archive(("0.dll", b"\0" * 5_000_000))
    for _ in range(6):
        content = archive(*((f"{n}.zip", content) for n in range(16)))
    return content


def overlapping(quoted: bool = False) -> bytes:
    """Fifield's bomb: many entries share one kernel of compressed data; `quoted`: the headers between are quoted."""
    engine = zlib.compressobj(9, zlib.DEFLATED, -15)
    kernel = engine.compress(b"\0" * 20_000_000) + engine.flush()
    names = [f"{n:03}".encode() for n in range(200)]
    head = [
        struct.pack("<4sHHHHHLLLHH", b"PK\3\4", 20, 0, 8, 0, 33, 0, len(kernel), 20_000_000, 3, 0) + n
        for n in names
    ]
    body, offsets = b"", []
    for each in head if quoted else head[:1]:
        offsets.append(len(body))
        body += each + (struct.pack("<BHH", 0, len(each), len(each) ^ 0xFFFF) if quoted else b"")
    body += kernel
    offsets = offsets if quoted else offsets * len(names)
    size = len(body) - (offsets[0] + 33)
    central = b"".join(
        struct.pack(
            "<4sHHHHHHLLLHHHHHLL",
            b"PK\1\2",
            20,
            20,
            0,
            8,
            0,
            33,
            0,
            size - o if quoted else len(kernel),
            20_000_000,
            3,
            0,
            0,
            0,
            0,
            0,
            o,
        )
        + n
        for n, o in zip(names, offsets, strict=True)
    )
    end = struct.pack("<4sHHHHLLH", b"PK\5\6", 0, 0, len(names), len(names), len(central), len(body), 0)
    return body + central + end


def zip64() -> bytes:
    """A zip64 directory that claims 2^40 members."""
    end64 = struct.pack("<4sQHHLLQQQQ", b"PK\6\6", 44, 45, 45, 0, 0, 1 << 40, 1 << 40, 46 << 30, 0)
    return (
        archive(("a", b"x"))[:-22]
        + end64
        + struct.pack("<4sLQL", b"PK\6\7", 0, 100, 1)
        + struct.pack("<4sHHHHLLH", b"PK\5\6", 0, 0, 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0)
    )


def office_bomb(member: str, content: bytes) -> bytes:
    return archive(("[Content_Types].xml", b"<Types/>"), ("xl/workbook.xml", b"<w/>"), (member, content))


def bzip2_in_zip() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_BZIP2) as file:
        file.writestr("a", b"\0" * 100_000_000)
    return out.getvalue()


def picture(side: int = 50_000) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">L", len(data)) + kind + data + struct.pack(">L", zlib.crc32(kind + data))

    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", struct.pack(">LLBBBBB", side, side, 8, 2, 0, 0, 0))
        + chunk(b"IDAT", zlib.compress(bytes(1_000_000)))
    )


def pdf_loop(calls: int = 1) -> bytes:
    """Pages and forms that are their own parents and children; a form that calls itself twice never ends."""
    return (
        b"%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[2 0 R 3 0 R 2 0 R]/Count 999999999/Parent 2 0 R>>endobj\n"
        b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents[4 0 R 4 0 R]/Resources<</XObject<</X 5 0 R>>>>>>endobj\n"
        b"4 0 obj<</Length 6>>stream\n/X Do \nendstream endobj\n"
        b"5 0 obj<</Type/XObject/Subtype/Form/BBox[0 0 9 9]/Length 12/Resources<</XObject<</X 5 0 R>>>>>>stream\n"
        + b"/X Do " * calls
        + b"\nendstream endobj\ntrailer<</Root 1 0 R>>"
    )


def pdf_streams() -> bytes:
    """Object streams that inflate without end."""
    data = zlib.compress(b"\0" * 40_000_000, 9)
    return b"%PDF-1.7\n" + b"".join(
        b"%d 0 obj<</Type/ObjStm/Filter/FlateDecode/Length %d>>stream\n%b\nendstream endobj\n"
        % (n, len(data), data)
        for n in range(20)
    )


def deep_storages(levels: int = 3_000) -> bytes:
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(10 * levels)
    try:
        return compound({"/".join(f"s{n}" for n in range(levels)) + "/x": b"x"})
    finally:
        sys.setrecursionlimit(before)


def looping_fat() -> bytes:
    """A compound file whose largest stream is a cycle of sectors."""
    content = bytearray(doc("x" * 20_000))
    for at in range(len(content) - 512 * 2, len(content) - 4, 4):
        if struct.unpack_from("<L", content, at)[0] == 0xFFFFFFFE:
            struct.pack_into("<L", content, at, 0)
    return bytes(content)


def deep_messages() -> bytes:
    inner = message("s", "b")
    for _ in range(12):
        inner = message("s", "b", inner=inner)
    return msg("s", "b", inner=inner)


def entities() -> bytes:
    lines = [b'<!ENTITY a0 "ha">'] + [
        b'<!ENTITY a%d "%b">' % (n, b"&a%d;" % (n - 1) * 10) for n in range(1, 12)
    ]
    return (
        b'<?xml version="1.0"?><!DOCTYPE l ['
        + b"".join(lines)
        + b"""]><office:document xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0">&a11;</office:document>"""
    )


def many_records() -> bytes:
    return compound({"Workbook": workbook("x") + struct.pack("<HH", 0x85, 0) * 1_300_000})


def cabinet() -> bytes:
    return cab(("a.txt", b"\0" * 60_000_000), ("b.txt", b"\0" * 60_000_000))


def huge_header() -> bytes:
    head = struct.pack("<QQL", 0, 1 << 40, 0)
    return b"7z\xbc\xaf\x27\x1c\0\4" + struct.pack("<L", zlib.crc32(head)) + head


BOMBS: dict[str, tuple[Bomb, set[str]]] = {
    "42.zip": (nested, {"limit"}),
    "overlap.zip": (overlapping, {"corrupt"}),
    "quoted.zip": (lambda: overlapping(quoted=True), {"corrupt"}),
    "zip64.zip": (zip64, {"corrupt", "limit"}),
    "bzip2.zip": (bzip2_in_zip, {"limit"}),
    "ratio.gz": (lambda: gzip.compress(b"\0" * ZEROS, 9), {"limit"}),
    "ratio.bz2": (lambda: bz2.compress(b"\0" * ZEROS), {"limit"}),
    "ratio.xz": (lambda: lzma.compress(b"\0" * ZEROS, preset=0), {"limit"}),
    "ratio.zst": (lambda: zstandard.compress(b"\0" * ZEROS), {"limit"}),
    "ratio.tar.gz": (lambda: gzip.compress(tar(("a", b"\0" * 60_000_000)), 6), {"limit"}),
    "many.tar": (lambda: tar(*((f"{n}", b"") for n in range(2_000))), {"limit"}),
    "sheet.xlsx": (
        lambda: office_bomb("xl/worksheets/sheet1.xml", b"<c><v>1</v></c>" * 10_000_000),
        {"limit"},
    ),
    "deep.xlsx": (lambda: office_bomb("xl/a.xml", b"<a title='x'>" * 300_000 + b"</a>" * 300_000), {"limit"}),
    "loop.pdf": (pdf_loop, {"corrupt", "limit", "unsupported"}),
    "streams.pdf": (pdf_streams, {"corrupt", "limit"}),
    "entities.fodt": (entities, {"corrupt"}),
    "header.7z": (huge_header, {"limit"}),
    "ratio.7z": (lambda: sevenzip(("a", b"\0" * 100_000_000)), {"limit"}),
    "deep.doc": (deep_storages, {"limit", "corrupt", "unsupported"}),
    "circle.doc": (looping_fat, {"limit", "corrupt", "ok"}),
    "deep.msg": (deep_messages, {"limit"}),
    "records.xls": (many_records, {"limit"}),
    "groups.rtf": (lambda: b"{\\rtf1 " + b"{" * 3_000_000, {"limit"}),
    "ratio.cab": (cabinet, {"limit"}),
    "circle.iso": (
        lambda: iso(*((f"{n}.txt", b"x") for n in range(20))).replace(
            b"\x14\0\0\0\0\0\0\x14", b"\x13\0\0\0\0\0\0\x13"
        ),
        {"ok", "corrupt"},
    ),
}
ENDLESS = {"forms.pdf": lambda: pdf_loop(2)}
"""What only the gateway can end, by killing the worker at its time limit."""
HARMLESS = {"circle.doc", "circle.iso"}


@pytest.fixture(scope="module")
def bombs() -> dict[str, bytes]:
    return {name: make() for name, (make, _) in BOMBS.items()}


@pytest.mark.parametrize("name", BOMBS)
def test_the_verdict_says_why(name: str, bombs: dict[str, bytes]) -> None:
    assert extract(name, "", bombs[name], Budget()).verdict in BOMBS[name][1]


def test_a_huge_picture_is_not_unfolded() -> None:
    assert extract("a.png", "", picture(), Budget()).verdict == "ok"


@pytest.mark.parametrize(
    "name",
    ["../../etc/passwd", "/dev/zero", "a;rm -rf $HOME`id`.txt", "con", "a\0.exe", "\\\\host\\share\\x"],
)
def test_names_are_data_in_every_archive(name: str) -> None:
    plain = name.replace("\0", "_")
    made = [archive((name, b"x")), tar((plain, b"x")), iso((name, b"x"))]
    if not name.startswith((".", "/")):  # py7zr does not write such names
        made.append(sevenzip((plain, b"x")))
    for content in made:
        found = extract("a.bin", "", content, Budget())
        assert found.verdict == "ok"
        assert [m for m in found.members if "/" in m.path or "\\" in m.path or "\0" in m.path] == []


@pytest.mark.skipif("seccomp" not in sandbox.walls(), reason="no system call filters in this kernel")
async def test_workers_hold_them_within_the_limits(tmp_path: Path, bombs: dict[str, bytes]) -> None:
    """The gateway enforces 10 s and 512 MB by killing; here no worker has to be killed."""
    workers = Workers(policy(), count=1, time_limit=10.0, memory_limit=512 << 20, scratch=tmp_path)
    await workers.start()
    slow: dict[str, float] = {}
    try:
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        for name, content in bombs.items():
            draft = LocalDraft(tmp_path)
            draft.write(attached((name, content)))
            started = time.monotonic()
            async with asyncio.timeout(60):
                answer = await workers.examine(draft, facts())
            slow[name] = time.monotonic() - started
            draft.discard()
            if name not in HARMLESS:
                assert answer.verdict.disposition is Disposition.HOLD, name
        assert workers.counts["examined"] == len(bombs), workers.counts
        for name, make in ENDLESS.items():
            draft = LocalDraft(tmp_path)
            draft.write(attached((name, make())))
            answer = await workers.examine(draft, facts())
            draft.discard()
            assert answer.verdict.disposition is Disposition.HOLD, name
        grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    finally:
        await workers.stop()
    print({name: round(seconds, 1) for name, seconds in slow.items()}, dict(workers.counts))
    assert grown < 50_000, "kB"
