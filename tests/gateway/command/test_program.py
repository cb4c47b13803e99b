"""The door of the program; Ctrl-C is in tests/test_dev.py."""

import subprocess
import sys
from pathlib import Path

import pytest

from config import words
from config.problems import BrokenFiles

PROGRAM = """
import sys
from config.problems import BrokenFiles

class Finder:
    def find_spec(self, name, path, target=None):
        if name == "gateway.command.cli":
            raise BrokenFiles(["config/words/xx/console.toml:3: is not TOML", "config/words/xx: letters.a is missing"])

sys.meta_path.insert(0, Finder())
from gateway.command import program
sys.exit(program.main())
"""


def test_words_that_somebody_broke_are_told_without_a_traceback() -> None:
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr.splitlines() == [
        "sekisho: config/words/xx/console.toml:3: is not TOML",
        "sekisho: config/words/xx: letters.a is missing",
    ]


def test_a_file_of_words_that_is_no_toml_is_named_with_its_line(tmp_path: Path) -> None:
    folder = tmp_path / "xx"
    folder.mkdir()
    (folder / "console.toml").write_text('a = "b"\nc = d\n')
    with pytest.raises(BrokenFiles) as broken:
        words.read(folder)
    assert broken.value.problems[0].startswith("config/words/xx/console.toml:2:5: is not TOML: Invalid value")
