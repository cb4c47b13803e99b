"""Generated documents are written, compared, and current in the repository."""

from pathlib import Path

from gateway.command.documents import DOCUMENTS, write


def test_what_is_written_is_current_and_a_change_shows(tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    assert write(tmp_path, check=True) == 1
    assert write(tmp_path) == 0
    assert write(tmp_path, check=True) == 0
    (tmp_path / "docs/rules.md").write_text("edited by hand")
    assert write(tmp_path, check=True) == 1


def test_the_repository_s_are_current() -> None:
    root = Path(__file__).parents[3]
    assert all((root / name).exists() for name in DOCUMENTS)
    assert write(root, check=True) == 0
