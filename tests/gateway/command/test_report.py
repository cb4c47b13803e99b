"""`sekisho report`: a month in figures, in each form."""

import csv
import io
import json
from pathlib import Path

import pytest

from gateway.command.cli import main
from storage.database import open_database
from tests.gateway.command.test_cli import configured


def test_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    config = str(configured(tmp_path))
    assert main(["report", "--config", config]) == 2
    assert "no node has run here yet" in capsys.readouterr().err
    (tmp_path / "state").mkdir()
    open_database(f"sqlite:///{tmp_path / 'state/sekisho.db'}")
    assert main(["report", "--month", "11/2026", "--config", config]) == 2
    assert "--month: a month is written 20" in capsys.readouterr().err
    assert main(["report", "--month", "2026-11", "--config", config]) == 0
    assert capsys.readouterr().out.startswith("Example：2026年11月\n")
    assert main(["report", "--month", "2026-11", "--json", "--config", config]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["month"], found["approved"], found["blind"], found["ends"]) == ("2026-11", 0, 0, {})
    assert main(["report", "--month", "2026-11", "--html", "--language", "en", "--config", config]) == 0
    assert capsys.readouterr().out.startswith('<!DOCTYPE html>\n<html lang="en">')
    assert main(["report", "--month", "2026-11", "--csv", "--config", config]) == 0
    rows = list(csv.reader(io.StringIO(capsys.readouterr().out)))
    assert rows[0][1:] == ["日付", "送信", "受信"]
