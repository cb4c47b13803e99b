"""OLE 1.0 objects and packages."""

import pytest

from filters.extract.budget import Budget
from filters.extract.found import Found
from filters.extract.oleobject import package, read_object


def fresh() -> tuple[Found, list[tuple[str, bytes]]]:
    """A Found, and the list of the files that were read into it."""
    inside: list[tuple[str, bytes]] = []

    def reader(name: str, content: bytes, found: Found) -> str:
        inside.append((name, content))
        return "unknown"

    return Found(Budget(), reader), inside


def text(value: bytes) -> bytes:
    return len(value).to_bytes(4, "little") + value


def an_object(name: bytes, native: bytes) -> bytes:
    return bytes(8) + text(name + b"\0") + text(b"") + text(b"") + text(native)


def a_package(label: bytes, data: bytes) -> bytes:
    return b"\x02\0" + label + b"\0C:\\x\0\0\0\3\0" + text(b"C:\\t\0") + text(data)


def test_the_native_data_of_an_object_is_a_file() -> None:
    found, inside = fresh()
    read_object(an_object(b"Excel.Sheet.8", b"\xd0\xcf"), found)
    assert inside == [("Excel.Sheet.8.bin", b"\xd0\xcf")]
    assert [(s.name, s.quote) for s in found.signs] == [("ole_object", "Excel.Sheet.8")]


@pytest.mark.parametrize("sized", [False, True])
def test_a_package_holds_a_file_under_its_label(sized: bool) -> None:
    found, inside = fresh()
    native = a_package("請求書.exe".encode("cp932"), b"MZ")
    package(text(native) if sized else native, found)
    assert inside == [("請求書.exe", b"MZ")]
    assert [(s.name, s.quote) for s in found.signs] == [("ole_object", "請求書.exe")]


def test_a_package_in_an_object_is_opened() -> None:
    found, inside = fresh()
    read_object(an_object(b"Package", a_package(b"a.txt", b"x")), found)
    assert inside == [("a.txt", b"x")]


def test_a_package_that_is_cut_off_gives_its_strings() -> None:
    found, inside = fresh()
    package(a_package(b"a.txt", b"confidential plan " * 9)[:-5], found)
    assert not inside
    assert any("confidential plan" in text for _, text in found.texts)


@pytest.mark.parametrize("size", range(30))
def test_damage_raises_nothing(size: int) -> None:
    found, _ = fresh()
    read_object(an_object(b"Package", a_package(b"a.txt", b"x"))[:size], found)
