"""`sekisho exceptions`: what an administrator sees of the policy's exceptions in a terminal."""

import datetime
import json
from pathlib import Path

import pytest

from gateway.command import exceptions
from gateway.command.cli import main
from tests.gateway.command.test_cli import configured

TODAY = datetime.date(2026, 11, 30)
EXCEPTION = """
[groups.hr]
people = {{ department = "hr" }}
[[exceptions]]
rule = "{rule}"
when = {{ from = "hr" }}
owner = "hanako"
reason = "同窓会報"
approved_by = "shacho"
until = {until}
"""


def written(folder: Path, *days: int) -> str:
    texts = [
        EXCEPTION.format(rule="many_external", until=TODAY + datetime.timedelta(days=each)) for each in days
    ]
    more = "".join(text if not number else text.split('"hr" }\n', 1)[1] for number, text in enumerate(texts))
    return str(configured(folder, more))


def test_each_with_its_state_and_people(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exceptions, "today_in", lambda zone: TODAY)
    config = written(tmp_path, 90, -2, 3)
    assert main(["exceptions", "--config", config]) == 0
    lines = capsys.readouterr().out.splitlines()
    states = [
        line[line.index("many_external") + 13 :].split("  ")[1] for line in lines if "many_external" in line
    ]
    assert states == ["ends soon (3 d)", "in force", "over"]
    assert "from = hr: observe; 同窓会報" in lines[2]
    assert main(["exceptions", "--state", "over", "--json", "--config", config]) == 0
    (one,) = json.loads(capsys.readouterr().out)
    assert (one["name"], one["standing"], one["owner"], one["used"]) == ("exception 2", "over", "hanako", 0)


def test_without_any(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["exceptions", "--config", str(configured(tmp_path))]) == 0
    assert capsys.readouterr().out == "no exceptions\n"
