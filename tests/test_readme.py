"""What the README prints can be used as it stands."""

import re
import tomllib
from pathlib import Path

import pytest

from gateway.command.cli import main

ROOT = Path(__file__).parent.parent


def files() -> dict[str, str]:
    """The TOML that the README prints, by the file's name, which begins the paragraph before it."""
    text = (ROOT / "README.md").read_text("utf-8")
    return dict(
        re.findall(r"^`(\w+\.toml)`,(?:.(?!```))*?\n```toml\n(.*?)```", text, re.DOTALL | re.MULTILINE)
    )


def test_the_first_files_pass_check_config_as_printed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """They lacked the organisation's domains, and the preset had no place."""
    printed = files()
    assert set(printed) == {"sekisho.toml", "policy.toml", "people.toml"}
    assert tomllib.loads(printed["sekisho.toml"])["presets"] == ["observe"], "not below a table"
    for name, text in printed.items():
        (tmp_path / name).write_text(text, "utf-8")
    status = main(["check-config", "--config", str(tmp_path / "sekisho.toml")])
    told = capsys.readouterr()
    assert (status, told.err) == (0, "")
