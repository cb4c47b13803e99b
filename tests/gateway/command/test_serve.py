"""`sekisho serve`: what SIGHUP takes, and what it says of the rest. tests/crash and tests/interop start it."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, cast

import pytest
from structlog.testing import capture_logs

from config.policy import ConfigError, Policy
from gateway.app import Node
from gateway.command.serve import _reload
from gateway.start.configuration import Configuration
from gateway.start.seat import Seat

SETTINGS = """\
policy = "policy.toml"
people = "people.toml"
[[listeners]]
name = "in"
role = "inbound"
port = 0
[mailbox]
host = "127.0.0.1"
[console]
port = 0
"""
POLICY = '[organisation]\ndomains = ["example.jp"]\n'
PEOPLE = '[[person]]\nlogin = "a"\nroles = ["president"]\n'


class Running:
    """A node as far as a reload is concerned."""

    def __init__(self, configuration: Configuration) -> None:
        self.settings = configuration.settings
        self.seat = Seat()
        self.policy: Policy | None = None
        self.people_problems: Sequence[str] = ()

    async def reload(
        self, load: Callable[[], Policy], people_problems: Sequence[str], written: object = None
    ) -> None:
        self.people_problems = people_problems
        try:
            self.policy = load()
        except ConfigError:
            self.policy = None


async def reloaded(folder: Path, **changed: str) -> tuple[Running, list[dict[str, Any]]]:
    for name, text in (("sekisho", SETTINGS), ("policy", POLICY), ("people", PEOPLE)):
        (folder / f"{name}.toml").write_text(text)
    node = Running(Configuration(folder / "sekisho.toml").sound())
    for name, text in changed.items():
        (folder / f"{name}.toml").write_text(text)
    with capture_logs() as log:
        await _reload(cast(Node, node), Configuration(folder / "sekisho.toml"))
    return node, [{k: v for k, v in line.items() if k != "log_level"} for line in log]


async def test_what_has_not_changed_is_not_spoken_of(tmp_path: Path) -> None:
    node, log = await reloaded(tmp_path, policy=POLICY + "[warn]\nwarn_at = 4\n")
    assert log == []
    assert node.policy is not None
    assert node.policy.house.warn.warn_at == 4


async def test_a_setting_that_waits_for_a_restart_is_named(tmp_path: Path) -> None:
    """A listener was changed, and nothing happened, and nobody said so."""
    text = SETTINGS.replace("port = 0", "port = 2800", 1).replace('"127.0.0.1"', '"localhost"')
    node, log = await reloaded(tmp_path, sekisho=text)
    assert log == [{"event": "settings_wait", "settings": ["listeners", "mailbox"]}]
    assert node.policy is not None


async def test_what_the_next_start_would_refuse_is_told_and_the_rest_is_taken(tmp_path: Path) -> None:
    node, log = await reloaded(
        tmp_path, sekisho=SETTINGS + "prot = 3\n", people=PEOPLE.replace("president", "user")
    )
    (line,) = log
    assert line["event"] == "configuration_refused"
    assert [problem.partition(": ")[2][:20] for problem in line["problems"]] == [
        "console.prot: no suc", 'nobody has the role ',
    ]  # fmt: skip
    assert node.policy is not None
    assert node.people_problems == [], "who was taken out is out at once"


@pytest.mark.parametrize("name", ["policy", "people"])
async def test_a_wrong_file_does_not_keep_the_other_one_waiting(tmp_path: Path, name: str) -> None:
    node, log = await reloaded(tmp_path, **{name: "[x]\n"})
    assert log == []
    assert (node.policy is None) == (name == "policy")
    assert bool(node.people_problems) == (name == "people")
