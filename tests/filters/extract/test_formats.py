"""Readers say what they read; two of them cannot say the same."""

import io
import zipfile
from pathlib import Path

import pytest

from filters.extract import Budget, extract, formats
from filters.extract.formats import CONTAINERS, MAGIC, MEDIA, READERS, reads
from filters.extract.found import Found
from filters.extract.kinds import detect, media_type

FOLDER = Path(formats.__file__).parent


def nothing(content: bytes, found: Found) -> None:
    """A reader."""


def test_every_registered_file_of_the_folder_is_imported() -> None:
    files = [file for file in FOLDER.glob("*.py") if "\n@reads(" in file.read_text()]
    assert len(files) > 14
    assert {reader.__module__ for reader in READERS.values()} >= {
        f"filters.extract.{file.stem}" for file in files
    }


@pytest.mark.parametrize("magic", MAGIC)
def test_first_octets_are_enough(magic: bytes) -> None:
    assert detect("a.bin", magic + bytes(64)) == MAGIC[magic]


def test_all_readers_kinds() -> None:
    """What was read before readers said so themselves."""
    kinds = "zip jar apk docx docm xlsx xlsm xlsb pptx pptm ooxml odt ods odp odf odf-flat doc xls ppt msg msi ole"
    kinds += " encrypted-ooxml rtf pdf eml tnef onenote 7z rar tar cab iso lnk image"
    assert set(kinds.split()) <= set(READERS)
    holding = "zip jar apk 7z rar gz bz2 xz lzma tar cab iso zstd lzh disk appledouble ar rpm compress lz4 xar cpio lzip zpaq stuffit"
    assert set(holding.split()) == CONTAINERS


def test_media_types() -> None:
    assert media_type("pdf") == MEDIA["pdf"] == "application/pdf"
    assert media_type("html") == "text/html"
    assert media_type("lzh") == "application/x-lzh"


def test_two_readers_for_one_kind_are_a_mistake() -> None:
    with pytest.raises(ValueError, match="two readers for pdf"):
        reads("pdf")(nothing)


@pytest.mark.parametrize("magic", [b"%PDF-", b"%PDF-1.7", b"%P"])
def test_first_octets_that_mean_two_kinds_are_a_mistake(magic: bytes) -> None:
    with pytest.raises(ValueError, match="would be other and pdf"):
        reads("other", magic)(nothing)
    assert "other" not in READERS


def test_a_new_format_is_known_and_read_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(READERS, "note", nothing)  # what is set here is taken out again at the end
    monkeypatch.setitem(MAGIC, b"NOTE1", "note")
    monkeypatch.setitem(MEDIA, "note", "")
    monkeypatch.setattr(formats, "CONTAINERS", set(CONTAINERS))
    del READERS["note"], MAGIC[b"NOTE1"]
    reads("note", b"NOTE1", media="application/x-note", container=True)(nothing)
    assert detect("a", b"NOTE1\0\1") == "note"
    assert media_type("note") == "application/x-note"
    assert "note" in formats.CONTAINERS


class Panic(BaseException):
    """As readers in Rust raise it."""


def panicking(content: bytes, found: Found) -> None:
    found.text("", "read before")
    raise Panic


def test_a_reader_that_panics_makes_a_verdict(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(READERS, "pdf", panicking)
    alone = extract("a.pdf", "", b"%PDF-1.7", Budget())
    assert (alone.verdict, alone.why, alone.texts) == ("corrupt", "Panic", (("", "read before"),))
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("a.pdf", b"%PDF-1.7")
        archive.writestr("b.txt", "社外秘")
    inside = extract("a.zip", "", packed.getvalue(), Budget())
    assert inside.verdict == "corrupt"
    assert ("b.txt", "社外秘") in inside.texts
