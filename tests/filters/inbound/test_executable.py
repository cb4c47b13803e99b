"""IN-EXEC: programs by name and by content, in any disguise and inside archives."""

import pytest

from tests.filters.inbound.arriving import archive, look, mail

PROGRAM = b"MZ" + bytes(58) + b"\x40\0\0\0" + b"PE\0\0" + bytes(200)


@pytest.mark.parametrize(
    "name",
    ["setup.exe", "scan.SCR", "請求書.pdf.exe", "a.ｅｘｅ", "a．exe", "run.e\u200bxe", "a.exe.", "a.exe ", "photo.cpl", "x.hta",
     "x.vbs", "x.jse", "x.ps1", "x.iso", "x.jar", "x.msi", "a.pdf\u3000\u3000\u3000\u3000.exe"],
)  # fmt: skip
def test_a_program_is_known_by_its_name(name: str) -> None:
    assert look("executable", mail(files={name: b"echo"}))


@pytest.mark.parametrize("name", ["report.pdf", "readme", "photo.jpg", "data.bin"])
def test_a_program_is_known_by_its_content(name: str) -> None:
    assert look("executable", mail(files={name: PROGRAM}))


def test_a_program_inside_archives_inside_archives_is_seen() -> None:
    inner = archive({"docs/明細.exe": PROGRAM})
    (finding,) = look("executable", mail(files={"資料.zip": archive({"more.zip": inner})}))
    assert "明細.exe" in finding.values["name"]
    assert finding.evidence[0].part.startswith("2/資料.zip/more.zip/")


@pytest.mark.parametrize(
    "name", ["report.pdf", "見積書.xlsx", "photo.jpg", "notes.txt", "a.exe.txt", "archive.zip"]
)
def test_ordinary_files_are_left_alone(name: str) -> None:
    assert not look("executable", mail(files={name: b"plain words"}))


def test_extensions_can_be_added_and_allowed() -> None:
    assert look("executable", mail(files={"a.qqq": b"x"}), {"also": (".QQQ",)})
    assert not look("executable", mail(files={"a.iso": b"x"}), {"allowed": ("iso",)})
