"""The sets are what they were when they were frozen, and what README.md says of them."""

import email
import email.policy
import hashlib
from functools import cache
from typing import NamedTuple

import pytest

from tests.judged import HALVES, SETS, Half, samples
from tests.judged.frozen import README, frozen, table


class Outline(NamedTuple):
    name: str
    kind: str
    digest: bytes


@cache
def outlines(which: str, half: Half) -> tuple[Outline, ...]:
    """Of each sample what tells it from others: writing them takes seconds."""
    return tuple(
        Outline(one.name, one.kind, hashlib.sha256(one.content).digest()) for one in samples(which, half)
    )


def test_the_deciding_halves_are_as_they_were_frozen() -> None:
    """Whoever changes one says so in README.md: `python -m tests.judged --freeze`, and why."""
    text = README.read_text("utf-8")
    assert [line for line in [*table(), *frozen()] if line not in text.splitlines()] == []


@pytest.mark.parametrize("half", HALVES)
@pytest.mark.parametrize("which", SETS)
def test_each_sample_is_a_mail_of_its_own(which: str, half: Half) -> None:
    names, contents = set(), set()
    for one in outlines(which, half):
        assert one.name.startswith(f"{which}/{half}/")
        names.add(one.name)
        contents.add(one.digest)
    assert len(names) == len(contents) > 40


@pytest.mark.parametrize("which", SETS)
def test_the_halves_share_no_mail_and_not_all_kinds(which: str) -> None:
    first, second = ({one.digest: one.kind for one in outlines(which, half)} for half in HALVES)
    assert not first.keys() & second.keys()
    assert set(second.values()) - set(first.values()), "the deciding half has kinds of its own"


@pytest.mark.parametrize("which", ["marks", "tables", "numbers", "secrets", "passphrases"])
def test_what_was_written_can_be_read_again(which: str) -> None:
    """A mistake of the writer would be taken for a fault of the product."""
    for one in samples(which, "development"):
        parsed = email.message_from_bytes(one.content, policy=email.policy.default)
        assert not parsed.defects
        assert None not in (parsed["from"], parsed["to"], parsed["subject"]), one.name
        assert all(not part.defects for part in parsed.walk()), one.name
