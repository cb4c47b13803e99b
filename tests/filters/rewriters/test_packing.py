"""The encrypted ZIP: opened by another program, and silent about what is inside."""

import io
import subprocess
import zipfile
from pathlib import Path

import pytest
import pyzipper

from filters.rewriters.packing import distinct, neat, pack
from tests.filters.mails import FRESH
from tests.services.programs import required

NOW = 1_750_000_000.0


def opened(data: bytes, secret: str) -> zipfile.ZipFile:
    with pyzipper.AESZipFile(io.BytesIO(data)) as outer:
        outer.setpassword(secret.encode())
        assert outer.namelist() == ["documents.zip"]
        return zipfile.ZipFile(io.BytesIO(outer.read("documents.zip")))


def test_names_contents_and_dates_survive() -> None:
    names = distinct(["社外秘_顧客一覧.xlsx", "a/b/議事録.txt", "議事録.txt"])
    files = list(zip(names, [b"PK" + b"x" * 100, "本文".encode(), b"2"], strict=True))
    inner = opened(pack(files, FRESH, NOW, inner_name="documents.zip"), FRESH)
    assert inner.namelist() == ["社外秘_顧客一覧.xlsx", "議事録.txt", "議事録 (2).txt"]
    assert all(i.flag_bits & 0x800 for i in inner.infolist())
    assert [inner.read(n) for n in inner.namelist()] == [c for _, c in files]
    assert inner.infolist()[0].date_time == (2025, 6, 15, 15, 6, 40)


def test_nothing_readable_stands_outside() -> None:
    data = pack([("社外秘.txt", "極秘".encode() * 50)], FRESH, NOW, inner_name="documents.zip")
    for secret in ("社外秘".encode(), "極秘".encode(), FRESH.encode()):
        assert secret not in data


def test_it_is_aes_256_and_a_wrong_passphrase_opens_nothing() -> None:
    with pyzipper.AESZipFile(io.BytesIO(pack([("a", b"x")], FRESH, NOW))) as outer:
        assert outer.infolist()[0].wz_aes_strength == 3
        assert outer.infolist()[0].wz_aes_version == 2
        outer.setpassword(b"wrong")
        with pytest.raises(RuntimeError):
            outer.read("a")


def test_seven_zip_opens_it(tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(pack([("本文.txt", "中身".encode())], FRESH, NOW))
    required("7z")
    subprocess.run(["7z", "x", f"-p{FRESH}", "a.zip"], cwd=tmp_path, check=True, capture_output=True)
    assert (tmp_path / "本文.txt").read_bytes() == "中身".encode()
    wrong = subprocess.run(["7z", "t", "-pwrong", "a.zip"], cwd=tmp_path, check=False, capture_output=True)
    assert wrong.returncode


@pytest.mark.parametrize(
    ("name", "neatly"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\tmp\\a.txt", "a.txt"),
        ("見積\u202egpj.exe", "見積gpj.exe"),
        ("a\r\nb.txt", "ab.txt"),
        ("か\u3099.txt", "が.txt"),
        ("a:b?.txt", "a_b_.txt"),
        ("con.txt", "_con.txt"),
        ("...", "attachment-3"),
        ("", "attachment-3"),
        ("a.txt. ", "a.txt"),
    ],
)
def test_names_that_every_system_can_unpack(name: str, neatly: str) -> None:
    assert neat(name, 3) == neatly


def test_long_names_keep_their_extension() -> None:
    name = neat("長" * 200 + ".xlsx", 1)
    assert len(name.encode()) <= 255
    assert name.endswith(".xlsx")


def test_names_that_differ_by_case_only_are_the_same_file() -> None:
    assert distinct(["a.txt", "A.txt", "a (2).txt", "a.txt"]) == [
        "a.txt",
        "A (2).txt",
        "a (2) (2).txt",
        "a (3).txt",
    ]
