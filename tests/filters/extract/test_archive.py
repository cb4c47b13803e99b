"""ZIP: names and members of hostile and of Japanese archives."""

import io
import struct
import subprocess
import zipfile
from pathlib import Path

import pytest
import pyzipper

from filters.extract import Budget, extract
from tests.filters.extract.documents import archive, word
from tests.services.programs import required


def read(content: bytes, budget: Budget | None = None) -> tuple[str, list[str], str]:
    found = extract("a.zip", "", content, budget or Budget())
    return found.verdict, [m.path for m in found.members], "\n".join(t for _, t in found.texts)


def test_members_are_read_also_in_archives_inside() -> None:
    inner = archive(("顧客.csv", "極秘".encode("cp932")), ("b.docx", word()))
    verdict, members, text = read(archive(("dir/内.zip", inner), ("c.txt", b"plain")))
    assert verdict == "ok"
    assert members[:2] == ["内.zip", "内.zip/顧客.csv"]
    assert "極秘" in text
    assert "社外秘" in text


@pytest.mark.parametrize("encoding", ["cp932", "utf-8"])
def test_names_without_the_utf8_flag_are_guessed(encoding: str) -> None:
    name = "顧客名簿.exe".encode(encoding)
    content = archive(("x" * len(name), b"MZ")).replace(b"x" * len(name), name)
    assert read(content)[1] == ["顧客名簿.exe"]


def encrypted(*members: tuple[str, bytes]) -> bytes:
    out = io.BytesIO()
    with pyzipper.AESZipFile(out, "w", encryption=pyzipper.WZ_AES) as file:
        file.setpassword(b"x")
        for name, content in members:
            file.writestr(name, content)
    return out.getvalue()


def test_encrypted_and_partially_encrypted_are_told_apart() -> None:
    assert read(encrypted(("a.txt", b"x")))[0] == "encrypted"
    assert read(archive(("in.zip", encrypted(("a.txt", b"x")))))[0] == "encrypted"
    assert read(archive(("in.zip", encrypted(("a.txt", b"x"))), ("b.txt", b"y")))[0] == "partially_encrypted"


def test_a_traditional_password_is_recognised_too(tmp_path: Path) -> None:
    required("7z")
    (tmp_path / "a.txt").write_text("x")
    command = ["7z", "a", "-tzip", "-mem=ZipCrypto", "-px", "a.zip", "a.txt"]
    subprocess.run(command, cwd=tmp_path, capture_output=True, check=True)
    assert read((tmp_path / "a.zip").read_bytes())[0] == "encrypted"


def test_nesting_beyond_the_depth_is_a_limit() -> None:
    content = b"x"
    for _ in range(5):
        content = archive(("a.zip", content))
    assert read(content)[0] == "ok"
    assert read(archive(("a.zip", content)))[0] == "limit"


def test_too_many_members_are_a_limit() -> None:
    content = archive(*((f"{n}.txt", b"x") for n in range(30)))
    assert read(content, Budget(members=29))[0] == "limit"
    assert read(content, Budget(members=30))[0] == "ok"


def test_one_budget_for_all_archives_of_a_mail() -> None:
    budget = Budget(members=40)
    content = archive(*((f"{n}.txt", b"x") for n in range(30)))
    assert read(content, budget)[0] == "ok"
    assert read(content, budget)[0] == "limit"


def test_a_bomb_is_a_limit_before_it_is_inflated() -> None:
    assert read(archive(("zero", b"\0" * 40_000_000)))[0] == "limit"


def test_overlapping_members_are_corrupt() -> None:
    content = archive(("a.txt", b"a" * 100), ("b.txt", b"b" * 100), method=zipfile.ZIP_STORED)
    second = content.rindex(b"PK\x01\x02")
    overlapping = content[: second + 42] + struct.pack("<L", 10) + content[second + 46 :]
    assert read(overlapping)[0] == "corrupt"


def test_a_member_that_the_directory_does_not_name_is_corrupt() -> None:
    content = archive(("a.txt", b"a"), ("hidden.txt", b"h"), ("b.txt", b"b"))
    first = content.index(b"PK\x01\x02")
    second = content.index(b"PK\x01\x02", first + 4)
    third = content.index(b"PK\x01\x02", second + 4)
    end = content.index(b"PK\x05\x06")
    cut = content[:second] + content[third:end]
    size = end - first - (third - second)
    tail = struct.pack("<LHHHHLLH", 0x06054B50, 0, 0, 2, 2, size, first, 0)
    assert read(cut + tail)[0] == "corrupt"


def test_two_archives_in_a_row_are_corrupt() -> None:
    assert read(archive(("a.txt", "極秘".encode())) + archive(("b.txt", b"x")))[0] == "corrupt"


@pytest.mark.parametrize("cut", [10, 40, 100, -1, -10])
def test_a_cut_archive_is_corrupt(cut: int) -> None:
    assert read(archive(("a.txt", b"a" * 200), method=zipfile.ZIP_STORED)[:cut])[0] in (
        "corrupt",
        "unsupported",
    )


def test_names_are_data() -> None:
    names = read(archive(("../../etc/passwd", b"x"), ("C:\\a\u202etxt.exe", b"MZ")))[1]
    assert names == ["passwd", "atxt.exe"]
