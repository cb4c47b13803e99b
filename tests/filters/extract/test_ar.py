"""ar: its members are read as the files that they are, with names of both kinds."""

import pytest

from filters.extract import Budget, extract
from filters.extract.found import Extracted
from tests.filters.extract.documents import word
from tests.filters.extract.formats import ar, tar

PROGRAM = b"MZ\x90\0\3\0\0\0\4\0" + bytes(50) + b"\x40\0\0\0PE\0\0" + bytes(301)


def read(content: bytes) -> Extracted:
    return extract("a.deb", "", content, Budget())


@pytest.mark.parametrize("long_names", ["", "gnu", "bsd"])
def test_members_are_read(long_names: str) -> None:
    package = ar(
        ("debian-binary", b"2.0\n"),
        ("run.exe", PROGRAM),
        ("a rather long name.docx", word()),
        names=long_names,
    )
    found = read(package)
    assert (found.kind, found.verdict) == ("ar", "ok")
    names = ["debian-binary", "run.exe", "a rather long name.docx" if long_names else "a rather long na"]
    own = [member for member in found.members if "/" not in member.path]
    assert [(m.path, m.kind) for m in own] == list(zip(names, ["text", "exe", "docx"], strict=True))
    assert "社外秘" in "".join(text for _, text in found.texts)


def test_an_archive_within() -> None:
    found = read(ar(("data.tar", tar(("etc/a.txt", "極秘".encode())))))
    assert "data.tar/a.txt" in {member.path for member in found.members}


def test_what_stands_behind_the_last_member_is_read() -> None:
    found = read(ar(("a.txt", b"x")) + "この資料は社外秘です。ご注意ください。".encode() * 3)
    assert found.verdict == "corrupt"
    assert "社外秘" in "".join(text for _, text in found.texts)


@pytest.mark.parametrize("end", [-1, 40, 67])
def test_damage_is_told(end: int) -> None:
    assert read(ar(("a.txt", bytes(80)))[:end]).verdict in ("corrupt", "unsupported")
