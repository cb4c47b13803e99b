"""What a format does not account for is looked at again: nothing is believed by its first octets."""

import pytest

from filters.extract import Budget, extract
from filters.extract.found import Extracted
from filters.extract.rest import _ANY, _BEGINS, _PICTURES, gaps
from tests.filters.extract.documents import archive, pdf, word
from tests.filters.extract.media import MEDIA, noise
from tests.filters.mails import attached, findings

TEXT = "この計画は社外秘です。取引先には見せないでください。\n".encode()
PROGRAM = b"MZ\x90\0\3\0\0\0\4\0" + bytes(50) + b"\x40\0\0\0PE\0\0" + bytes(300)
STUBS = {
    "ID3": b"ID3\4\0\0\0\0\0\0", "OTTO": b"OTTO", "TrueType": b"\0\1\0\0\0", "WOFF": b"wOFF", "RIFF": b"RIFF\0\0\0\0WAVE",
    "AVI": b"RIFF\xff\xff\0\0AVI ", "TIFF": b"II*\0", "ftyp": b"\0\0\0\x18ftypmp42", "endless": b"\0\0\0\0ftypmp42",
    "PNG": b"\x89PNG\r\n\x1a\n", "JPEG": b"\xff\xd8\xff\xe0\0\4ab", "JPEG scan": b"\xff\xd8\xff\xda\0\4ab", "GIF": b"GIF89a",
    "BMP": b"BM\0\0\0\0\0\0\0\0", "icon": b"\0\0\1\0\1\0", "Ogg": b"OggS", "FLAC": b"fLaC", "Matroska": b"\x1aE\xdf\xa3",
}  # fmt: skip
"""First octets and nothing behind them that the format calls for."""


def read(name: str, content: bytes) -> Extracted:
    return extract(name, "", content, Budget())


def texts(found: Extracted) -> str:
    return "".join(text for _, text in found.texts)


@pytest.mark.parametrize("name", MEDIA)
def test_ordinary_files_give_no_finding(name: str) -> None:
    found = read(name, MEDIA[name])
    assert (found.verdict, found.members) == ("ok", ())
    assert read("a.zip", archive((name, MEDIA[name]))).verdict == "ok"
    assert read(name, MEDIA[name] + bytes(600)).verdict == "ok"


@pytest.mark.parametrize("name", MEDIA)
@pytest.mark.parametrize(
    "hidden", [TEXT, archive(("a.txt", TEXT)), pdf(), word()], ids=["text", "zip", "pdf", "docx"]
)
def test_what_stands_behind_is_read(name: str, hidden: bytes) -> None:
    for between in (b"", b"\0" * 40, noise(40)):
        found = read(name, MEDIA[name] + between + hidden)
        assert "社外秘" in texts(found), between


@pytest.mark.parametrize("name", MEDIA)
@pytest.mark.parametrize("filling", [b"ab", b"abc", b"\1"])
def test_what_stands_behind_filling_of_any_length_is_read(name: str, filling: bytes) -> None:
    """Filling is what is nothing but filling to its end."""
    assert "社外秘" in texts(read(name, MEDIA[name] + filling * 4_200 + TEXT))


@pytest.mark.parametrize("name", [n for n in MEDIA if n not in ("a.flac",)])
def test_what_nobody_reads_is_a_finding(name: str) -> None:
    found = read(name, MEDIA[name] + b"\x01\x02" + noise(900))
    assert (found.verdict, found.reason) == ("unsupported", "rest")
    assert findings("unsupported_attachment", attached((name, MEDIA[name] + b"\x01\x02" + noise(900))))


@pytest.mark.parametrize("name", MEDIA)
def test_a_program_behind_a_picture_is_seen(name: str) -> None:
    assert "exe" in [member.kind for member in read(name, MEDIA[name] + PROGRAM).members]


@pytest.mark.parametrize("stub", STUBS)
@pytest.mark.parametrize("hidden", [TEXT * 20, archive(("a.txt", TEXT)), TEXT.decode().encode("utf-16") * 9])
def test_first_octets_prove_nothing(stub: str, hidden: bytes) -> None:
    assert "社外秘" in texts(read("a.bin", STUBS[stub] + hidden))


def test_words_inside_a_picture_are_read() -> None:
    jpeg = MEDIA["a.jpg"]
    comment = b"\xff\xfe" + (len(TEXT) + 2).to_bytes(2, "big") + TEXT
    assert "社外秘" in texts(read("a.jpg", jpeg[:2] + comment + jpeg[2:]))
    png = MEDIA["a.png"]
    for name in (b"tEXt", b"quIx"):
        chunk = len(TEXT).to_bytes(4, "big") + name + TEXT + bytes(4)
        assert "社外秘" in texts(read("a.png", png[:33] + chunk + png[33:])), name


@pytest.mark.parametrize("begins", _BEGINS + _PICTURES)
def test_every_beginning_is_looked_for(begins: bytes) -> None:
    assert _ANY.search(b"\xff" * 99 + begins + b"\0")


def test_gaps() -> None:
    assert list(gaps([(5, 7), (1, 3), (2, 6)], 9)) == [(0, 1), (7, 9)]
    assert list(gaps([], 2)) == [(0, 2)]


def jpeg_with(comment: bytes) -> bytes:
    """A JPEG whose comment is this: what a format lets anybody write."""
    whole = MEDIA["a.jpg"]
    return whole[:2] + b"\xff\xfe" + (len(comment) + 2).to_bytes(2, "big") + comment + whole[2:]


DECOYS = (
    b"%PDF-1.7 nothing ", b"PK\3\4\x14\0\0\0\0\0" + bytes(16) + b"\5\0\0\0a.txt", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(9),
    b"7z\xbc\xaf\x27\x1c\0\4", b"Rar!\x1a\x07\1\0", b"MSCF\0\0\0\0", b"\xfd7zXZ\0\0\4",
)  # fmt: skip


@pytest.mark.parametrize("decoy", [*DECOYS, DECOYS[0] * 3, b"".join(DECOYS[:4])])
def test_the_beginning_of_a_file_that_is_none_hides_no_other(decoy: bytes) -> None:
    hidden = archive(("a.txt", TEXT))
    for content in (jpeg_with(decoy + noise(40) + hidden), jpeg_with(decoy + noise(40) + pdf("社外秘です"))):
        found = read("a.jpg", content)
        assert "社外秘" in texts(found) or found.verdict != "ok", decoy


def test_more_beginnings_than_are_followed_are_a_finding() -> None:
    found = read("a.jpg", jpeg_with(DECOYS[0] * 30 + noise(60) + archive(("a.txt", TEXT))))
    assert found.verdict == "limit"


def test_octets_of_a_comment_are_no_finding() -> None:
    for comment in (b"made by hand", noise(900), DECOYS[0]):
        assert read("a.jpg", jpeg_with(comment)).verdict == "ok"


def test_an_archive_of_nothing_but_its_first_octets_is_none() -> None:
    for magic in (b"Rar!\x1a\7\1\0", b"Rar!\x1a\7\0"):
        assert read("a.rar", magic + noise(4_000)).verdict == "corrupt"


def test_blocks_of_a_rar_that_nobody_knows_are_looked_at() -> None:
    hidden = archive(("a.txt", TEXT))
    block = b"\0\0\x77\0\x80" + (11).to_bytes(2, "little") + len(hidden).to_bytes(4, "little") + hidden
    main = b"\xcf\x90\x73\0\0\x0d\0" + bytes(6)
    found = read("a.rar", b"Rar!\x1a\7\0" + main + block)
    assert "社外秘" in texts(found)


def test_what_stands_far_behind_the_last_frame_of_a_flac_is_left() -> None:
    whole = MEDIA["a.flac"]
    assert read("a.flac", whole + noise(12_000)).verdict == "ok", "as long as a frame can be"
    assert read("a.flac", whole + noise(40_000)).verdict == "unsupported"
    assert read("a.flac", whole[:90] + noise(40_000)).verdict == "unsupported"
