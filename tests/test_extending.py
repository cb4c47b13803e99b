"""docs/extending.md is done as it says: its blocks are put into a copy of the tree, and its checks run there."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
DOCUMENT = ROOT / "docs/extending.md"
LAYERS = ("mail", "config", "filters", "storage", "directory", "quarantine", "console", "gateway", "tests")
_STEP = re.compile(
    r"(?:^`(?P<file>[\w./]+)`(?:, (?P<end>at the end)|, below `(?P<line>[^\n]+)`)?:|^(?P<check>Check):)?\n*"
    r"^```(?P<kind>\w+)\n(?P<text>.*?)^```$",
    re.MULTILINE | re.DOTALL,
)
WALKS = dict(re.findall(r"^## ([^\n]+)\n(.*?)(?=^## |\Z)", DOCUMENT.read_text(), re.MULTILINE | re.DOTALL))


def test_there_is_a_walk_for_each_thing_that_is_added() -> None:
    assert list(WALKS) == ["A rule", "A document format", "A language", "A letter", "A page"]
    for text in WALKS.values():
        assert text.count("```") == 2 * len(list(_STEP.finditer(text))), "a block that the test does not see"


@pytest.mark.parametrize("walk", WALKS)
def test_the_walk(walk: str, tmp_path: Path) -> None:
    for layer in LAYERS:
        shutil.copytree(ROOT / layer, tmp_path / layer, ignore=shutil.ignore_patterns("__pycache__"))
    checked = 0
    for step in _STEP.finditer(WALKS[walk]):
        if step["check"]:
            run(tmp_path, sys.executable, "-c", step["text"])
            checked += 1
        elif step["file"]:
            place(tmp_path / step["file"], step)
        else:
            assert step["kind"] == "sh", step[0]
            run(tmp_path, "sh", "-ec", step["text"])
    assert checked == 1


def place(path: Path, step: re.Match[str]) -> None:
    """A new file, or lines in one that is there."""
    if step["line"]:
        before, line, after = path.read_text().partition(f"{step['line']}\n")
        assert line, f"{path.name} has no line {step['line']!r}"
        path.write_text(before + line + step["text"] + after)
    elif step["end"]:
        path.write_text(path.read_text() + step["text"])
    else:
        assert not path.exists(), path
        path.write_text(step["text"])


def run(folder: Path, *command: str) -> None:
    made = subprocess.run(
        command,
        cwd=folder,
        env={"PATH": "/usr/bin:/bin", "PYTHONPATH": str(folder)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert made.returncode == 0, made.stderr[-3000:]
