"""The old encryption of ZIP: read by others, wrong passwords noticed, and not written for large files."""

import io
import os
import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest

from filters.rewriters import zip_crypto
from filters.rewriters.zip_crypto import locked
from mail.compose import RewriteError
from tests.services.postgres import unavailable

WORD = "7KQM-X2RD-94TB-鍵"
FILES = {"1.txt": b"hello " * 200, "見積.bin": os.urandom(5_000), "empty.txt": b""}


def plain() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in FILES.items():
            archive.writestr(name, content)
    return out.getvalue()


def test_pythons_reader_opens_it_and_a_wrong_password_does_not() -> None:
    with zipfile.ZipFile(io.BytesIO(locked(plain(), WORD))) as archive:
        assert all(info.flag_bits & 1 for info in archive.infolist())
        archive.setpassword(WORD.encode())
        assert {name: archive.read(name) for name in archive.namelist()} == FILES
        with pytest.raises(RuntimeError):
            archive.read("1.txt", b"wrong")


def test_7z_opens_it(tmp_path: Path) -> None:
    if shutil.which("7z") is None:
        unavailable("7z is not installed (p7zip-full)")
    path = tmp_path / "a.zip"
    path.write_bytes(locked(plain(), "seven-words-1"))
    done = subprocess.run(["7z", "t", "-pseven-words-1", str(path)], capture_output=True, check=False)
    assert done.returncode == 0
    assert b"Everything is Ok" in done.stdout


def test_too_large_is_held(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zip_crypto, "MOST", 100)
    with pytest.raises(RewriteError):
        locked(plain(), WORD)
