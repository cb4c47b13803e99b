"""The bar of OUT-MISSEND on the set: mistakes are the first or second factor shown, clean mail is left alone.

Of the deciding half nothing but counts is looked at (README.md), also when this fails.
"""

from pathlib import Path

import pytest

from tests.filters.outbound.missend import KINDS
from tests.filters.outbound.missend.judge import HALVES, Counts, judged


def share(counts: Counts, kinds: tuple[str, ...]) -> float:
    return sum(counts.right[kind] for kind in kinds) / sum(counts.all[kind] for kind in kinds)


@pytest.mark.parametrize("half", HALVES)
async def test_mistakes_are_named_and_clean_mail_is_left_alone(half: str, tmp_path: Path) -> None:
    counts = await judged(half, tmp_path)
    told = "\n".join(counts.lines())
    assert share(counts, KINDS) >= 0.9, told
    assert all(share(counts, (kind,)) >= 0.75 for kind in KINDS), told
    assert sum(counts.stopped.values()) <= 0.02 * counts.clean, told
    assert sum(counts.medium.values()) <= 0.05 * counts.clean, told
