"""`sekisho report`: a month in figures, in both languages."""

import json
import re
from pathlib import Path

import pytest

from config.words import LANGUAGES
from gateway.command import report
from gateway.command.cli import main
from quarantine.policies.counts import Month, PolicyUse, Use
from quarantine.policies.exceptions import SeenException
from quarantine.policies.month import ENDS, MonthFigures
from quarantine.waits.attention import Decisions
from storage.database import open_database
from tests.gateway.command.test_cli import configured

FIGURES = MonthFigures(
    "2026-11",
    PolicyUse({"outbound": 4210}, (Use("many_external", "koyo", "observe", 14, "2026-11-30"),)),
    (
        SeenException(
            "many_external", "koyo", {"to": "koyo"}, "observe", "hanako", "seki", "r", "2026-11-20", -10,
            (Month("2026-11", 14, "2026-11-19"),),
        ),
    ),
    (Decisions("hanako", {}, 8, 1, 2, 21.4), Decisions("seki", {}, 0, 1, 0, 0.0)),
    {"due": 300, "deny": 2},
)  # fmt: skip


def test_all_figures_for_people() -> None:
    lines = "\n".join(report.readable(FIGURES, "Hinode", "en"))
    assert lines.startswith("Hinode: Nov 2026\nMessages examined: 4,210 outgoing, 0 incoming\n")
    assert re.search(r"many_external +koyo +observe +14 +2026-11-30", lines)
    assert re.search(r"koyo +many_external +ended this month +2026-11-20 +hanako +seki +14", lines)
    assert re.search(r"hanako +8 +1 +2 +21 s\n +seki +0 +1 +0 +-\n", lines)
    assert "2 of 8 approvals (25 %) were faster" in lines
    assert re.search(r"the delay was over +300\n +rejected by an approver +2$", lines)


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_said_as_nothing(language: str) -> None:
    lines = report.readable(MonthFigures("2026-11", PolicyUse(), (), (), {}), "Hinode", language)
    assert sum(line.startswith("  ") for line in lines) == 4
    every = MonthFigures("2026-11", PolicyUse(), (), (), {event.value: 1 for event in ENDS})
    assert len(report.readable(every, "Hinode", language)) == len(lines) - 1 + len(ENDS)


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
