"""Words of documents beside another reader's."""

from pathlib import Path

import pytest

from bench.computed import REASONS
from bench.reading import compare, main, missing, table, text_of, worst


def test_words_are_folded_and_those_without_blanks_are_found_within_others() -> None:
    assert missing("Ｔｏｔａｌ 12,500 社外秘 Tokyo", "total: 12 500\nこれは社\n外秘です kyo") == ["tokyo"]


def test_a_document_without_a_word_is_silent_only_if_it_was_called_read() -> None:
    assert compare(Path("a.doc"), "one two", " ", "ok").silent
    assert not compare(Path("a.doc"), "one two", " ", "unsupported").silent
    assert not compare(Path("a.doc"), "", "", "ok").silent


def test_the_table_and_the_worst() -> None:
    files = [
        compare(Path("a.rtf"), "one two", "one two", "ok"),
        compare(Path("b.rtf"), "one two three", "one", "ok"),
        compare(Path("c.rtf"), "one", "", "ok"),
    ]
    (line,) = [line for line in table(files) if line.startswith("rtf")]
    assert line.split() == ["rtf", "3", "6", "50.00%", "2", "1", *["0"] * len(REASONS), "50.00%"]
    assert [c.file for c in worst(files, 2)] == ["c.rtf", "b.rtf"]


def test_what_no_file_holds_is_counted_apart() -> None:
    file = compare(Path("a.odt"), "i one two", "one", "ok")
    (line,) = [line for line in table([file]) if line.startswith("odt")]
    assert line.split()[3] == "33.33%"
    assert line.split()[-1] == "50.00%"
    assert file.apart == {"i": "numbering"}


def test_a_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.rtf").write_bytes(rb"{\rtf1 one two}")
    (tmp_path / "a.rtf.txt").write_text("one two three")
    (tmp_path / "alone.rtf").write_bytes(rb"{\rtf1 nothing beside it}")
    assert text_of(tmp_path / "a.rtf")[0] == "ok"
    main([str(tmp_path), "--missing"])
    shown = capsys.readouterr().out
    assert "66.67%" in shown
    assert "2 of 3\n    three" in shown
