"""Generated documents are written, compared, and current in the repository."""

import re
from pathlib import Path

from gateway.command.cli import _parser
from gateway.command.documents import DOCUMENTS, HEADER, PLAIN, WIDTH, wrapped, write


def test_what_is_written_is_current_and_a_change_shows(tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    assert write(tmp_path, check=True) == 1
    assert write(tmp_path) == 0
    assert write(tmp_path, check=True) == 0
    (tmp_path / "docs/rules.md").write_text("edited by hand")
    assert write(tmp_path, check=True) == 1


def test_the_repository_s_are_current() -> None:
    root = Path(__file__).parents[3]
    assert all((root / name).exists() for name in (*DOCUMENTS, *PLAIN))
    assert write(root, check=True) == 0


def test_their_head_names_the_command_that_writes_them() -> None:
    (command,) = re.findall(r"`sekisho ([^`]+)`", HEADER)
    assert _parser().parse_args(command.split()).run


def test_no_other_document_says_that_it_is_generated() -> None:
    root = Path(__file__).parents[3]
    claims = {
        p.relative_to(root).as_posix() for p in root.glob("docs/**/*.md") if "do not edit" in p.read_text()
    }
    assert claims == set(DOCUMENTS)


def test_long_lines_are_wrapped_where_markdown_allows_it() -> None:
    words = "word " * 40
    table, example = f"| {words}|", f"```\n{words}\n```"
    text = wrapped(f"{words}\n- `{'a ' * 10}` {words}\n> {words}\n{table}\n{example}\n# {words}")
    lines = text.splitlines()
    assert table in lines
    assert example in text
    assert f"# {words}" in lines
    prose = [line for line in lines if not line.startswith(("|", "#", words))]
    assert all(len(line) <= WIDTH for line in prose)
    item = next(n for n, line in enumerate(lines) if line.startswith("- "))
    assert [line[:2] for line in lines[item : item + 6]] == ["- ", "  ", "  ", "> ", "> ", "> "]
    assert f"`{'a ' * 10}`" in lines[item], "a break inside code would show"


def test_a_word_longer_than_a_line_stays_whole() -> None:
    assert wrapped(f"- {'x' * 120} y") == f"- {'x' * 120}\n  y"


def test_japanese_is_broken_after_a_sentence() -> None:
    sentence = "送信する前に確かめてください。"
    assert wrapped(f"> {sentence * 8} ") == f"> {sentence * 6}\n> {sentence * 2}"
