"""The measurement of attacks: what it says, and that each of them reaches a gateway."""

import shutil
from itertools import islice
from pathlib import Path

import pytest

from bench import attack


def test_the_table_says_by_how_much_an_attack_moves_the_slowest() -> None:
    shown = attack.table({"": [1.0] * 100, "strangers": [1.0] * 50 + [31.0] * 50})
    assert "| none | 100 | 1.0 | 1.0 |  |" in shown
    assert "| strangers | 100 | 16.0 | 31.0 | +30.0 (100) |" in shown


def test_hostile_mails_are_of_every_kind_in_turn_and_each_is_another_one() -> None:
    mails = list(islice(attack.hostile(), 10))
    assert len(set(mails)) == 10
    assert [len(m) for m in mails[:5]] == [len(m) for m in mails[5:]]
    assert all(len(m) < 25_000_000 for m in mails)


@pytest.mark.slow
@pytest.mark.system
@pytest.mark.skipif(shutil.which("cc") is None, reason="needs a C compiler")
async def test_honest_mail_is_timed_while_each_attack_goes_on(tmp_path: Path) -> None:
    seen = await attack.run(list(attack.ATTACKS), 20.0, 20, 1, tmp_path)
    assert {name: len(replies) for name, replies in seen.items()} == {
        "": 100, "hostile": 20, "strangers": 20, "requests": 20, "bomb": 20, "large": 20,
    }  # fmt: skip
