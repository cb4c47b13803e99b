"""The bench of rehearsals on few mails, and what one mail costs a rehearsal, counted."""

import cProfile
import pstats
import random
from pathlib import Path

import pytest

from bench import replay
from config.load import load_policy
from filters.decision.looking import looking
from filters.decision.pseudonyms import Pseudonyms
from filters.decision.remembered import packed, read
from filters.ruleset import prepare
from gateway.command.replay import Trial
from quarantine.rehearsal.memory import Ground, Kept

NOW = 1_800_000_000.0
MOST = 280
"""Calls of Python for a mail: 190 to 230, by how the seed falls."""


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(replay, "LETTERS", 25)


@pytest.mark.usefixtures("few")
def test_its_table_is_whole(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    replay.main(["--mails", "60", "--on", "sqlite", "--rounds", "1", "--dir", str(tmp_path)])
    head, _, row = [line for line in capsys.readouterr().out.splitlines() if line.startswith("|")]
    assert row.startswith("| sqlite | 60 |")
    assert row.count("|") == head.count("|")


@pytest.mark.usefixtures("few")
def test_what_one_mail_costs_a_rehearsal(tmp_path: Path) -> None:
    (tmp_path / "before.toml").write_text(replay.BEFORE)
    (tmp_path / "after.toml").write_text(replay.AFTER)
    before, after = load_policy(tmp_path / "before.toml"), load_policy(tmp_path / "after.toml")
    key = b"k" * 32
    pseudonyms, ground = Pseudonyms(key), Ground("g", key, looking(prepare(before)))
    kept = [
        Kept(facts.now, facts.mail_id, "g", packed(facts, examined, pseudonyms))
        for facts, examined in replay.mails(600, 1, before, NOW, random.Random(2))
    ]
    trial = Trial(after, replay.ZONE, 7)
    for mail in kept[:100]:
        trial.decide(mail, read(mail.features), ground)
    with cProfile.Profile() as profile:
        for mail in kept[100:]:
            trial.decide(mail, read(mail.features), ground)
    assert trial.answer.changed
    assert trial.answer.unknown == {}
    assert pstats.Stats(profile).total_calls / 500 < MOST  # type: ignore[attr-defined]
