"""monitoring/: promtool takes the rules and their tests, and everything asked for there is something that a node tells."""

import json
import re
import subprocess
from pathlib import Path

import pytest

from config.log_events import LogEvent
from tests.house.rooms import ROOT
from tests.services.programs import required

FOLDER = ROOT / "monitoring"
RULES = (FOLDER / "alerts.yml").read_text("utf-8")
SOURCES = "".join(
    path.read_text("utf-8")
    for folder in ("monitor", "rounds")
    for path in (ROOT / "gateway" / folder).glob("*.py")
)


def promtool(*arguments: str, folder: Path = FOLDER) -> str:
    required("promtool")
    done = subprocess.run(["promtool", *arguments], cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def expressions() -> list[str]:
    """Of the dashboard, with its variable filled in."""
    dashboard = json.loads((FOLDER / "grafana.json").read_text("utf-8"))
    return [t["expr"].replace("$instance", ".*") for panel in dashboard["panels"] for t in panel["targets"]]


def test_promtool_takes_configuration_rules_and_their_tests() -> None:
    assert "SUCCESS" in promtool("check", "config", "prometheus.yml")
    assert "SUCCESS" in promtool("check", "rules", "alerts.yml")
    assert "SUCCESS" in promtool("test", "rules", "alerts_test.yml")
    tried = re.findall(r"alertname: (\w+)", (FOLDER / "alerts_test.yml").read_text("utf-8"))
    assert sorted(tried) == sorted(2 * re.findall(r"alert: (\w+)", RULES)), "each once with and once without"


def test_what_the_dashboard_asks_is_a_question(tmp_path: Path) -> None:
    rules = [{"record": f"sekisho:panel:{n}", "expr": e} for n, e in enumerate(expressions())]
    (tmp_path / "rules.yml").write_text(
        json.dumps({"groups": [{"name": "dashboard", "rules": rules}]}), "utf-8"
    )
    assert f"{len(rules)} rules found" in promtool("check", "rules", "rules.yml", folder=tmp_path)


@pytest.mark.parametrize(
    "name", sorted(set(re.findall(r"\b(?:sekisho|process)_[a-z_]+\b", RULES + " ".join(expressions()))))
)
def test_a_figure_that_is_asked_for_is_told(name: str) -> None:
    assert f'"{name}"' in SOURCES


def test_an_event_that_is_asked_for_is_one_of_the_log() -> None:
    for name in re.findall(r'event="(\w+)"', RULES):
        assert name in {event.value for event in LogEvent}
