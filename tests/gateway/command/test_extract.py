"""sekisho extract: what the checkpoint sees in a file."""

import json
from pathlib import Path

import pytest

from gateway.command import extract
from gateway.command.cli import main
from tests.filters.extract.documents import archive
from tests.filters.extract.formats import aes_zip
from tests.filters.extract.office97 import xls


def test_every_part_is_shown() -> None:
    content = archive(("一覧.xls", xls("社外秘", comment="注釈")), ("b.bin", bytes(range(256)) * 9))
    answer = extract.look("a.zip", content, [])
    text = extract.readable(answer)
    assert text.startswith("a.zip: zip, application/zip,")
    assert "UNSUPPORTED" in text
    for words in ("member 一覧.xls: xls", "社外秘", "注釈", "text 一覧.xls/Sheet1"):
        assert words in text


def test_a_passphrase_opens_and_is_not_repeated() -> None:
    content = aes_zip("Kanazawa-2231", ("a.txt", "極秘".encode()))
    assert extract.look("a.zip", content, [])["verdict"] == "encrypted"
    answer = extract.look("a.zip", content, ["Kanazawa-2231"])
    assert answer["verdict"] == "ok"
    assert "opened: agreed" in extract.readable(answer)
    assert "Kanazawa" not in json.dumps(answer)


def test_control_characters_of_the_file_do_not_reach_the_terminal() -> None:
    text = extract.readable(extract.look("a.txt", b"abc\x1b[31mdef", []))
    assert "\x1b" not in text


def test_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "a.txt"
    file.write_bytes("社外秘".encode("cp932"))
    assert main(["extract", str(file)]) == 0
    assert "社外秘" in capsys.readouterr().out
    assert main(["extract", "--json", str(file)]) == 0
    assert json.loads(capsys.readouterr().out)["texts"] == [{"place": "", "text": "社外秘"}]
