"""The reader of Windows programs: what it may not leave behind, nor do to the process it runs in."""

import gc
import sys
from collections.abc import Iterator

import pytest

from filters.extract import Budget, extract
from tests.filters.extract.documents import archive
from tests.filters.extract.programs import program, sketch

WHOLE = program(sketch("pdf"))
BROKEN = b"MZ\x90\x00" + bytes(56) + b"\x40\x00\x00\x00" + b"PE\0\0" + bytes(range(256)) * 2


@pytest.fixture
def collections() -> Iterator[list[str]]:
    """One for each time that garbage was collected in the whole process since the fixture was made."""
    begun: list[str] = []

    def note(phase: str, _: dict[str, int]) -> None:
        begun.append(phase)

    gc.disable()
    gc.callbacks.append(note)
    yield begun
    gc.callbacks.remove(note)
    gc.enable()


@pytest.mark.parametrize("content", [WHOLE, BROKEN], ids=["whole", "broken"])
def test_programs_do_not_have_garbage_collected(content: bytes, collections: list[str]) -> None:
    """Each time costs 20 ms and more, and a ZIP holds thousands of programs."""
    found = extract("a.zip", "", archive(*((f"{n}.exe", content + bytes([n])) for n in range(50))), Budget())
    assert found.verdict == "ok"
    assert len(found.members) == 50
    assert collections == []


@pytest.mark.parametrize("content", [WHOLE, BROKEN], ids=["whole", "broken"])
def test_a_program_that_was_read_is_not_kept(content: bytes, collections: list[str]) -> None:
    content += b"of this test"
    before = sys.getrefcount(content)
    extract("a.exe", "", content, Budget())
    assert sys.getrefcount(content) == before
    assert collections == []
