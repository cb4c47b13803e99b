"""The mails of our own that are examined before any other."""

from types import ModuleType

import pytest

from config.policy import Policy
from config.words import LANGUAGES
from filters import warm
from filters.examined import UNEXAMINABLE
from filters.facts import Facts, Origin
from gateway.locked import process, rehearsal
from mail.envelope import Envelope, ForwardPath
from mail.message import Message

LETTERS = list(rehearsal.letters())


def test_each_language_has_two_letters_of_many_words() -> None:
    texts = {Message(letter).parts[0].text() for letter in LETTERS}
    assert len(texts) == 2 * len(LANGUAGES)
    assert all(len(text) > rehearsal.CHARACTERS // 2 for text in texts)
    assert any("メール" in text for text in texts)


@pytest.mark.parametrize("direction", rehearsal.DIRECTIONS)
@pytest.mark.parametrize("number", range(len(LETTERS) + 1))
def test_they_can_be_examined(direction: str, number: int) -> None:
    mail = (rehearsal.MAIL, *LETTERS)[number]
    envelope = Envelope("keeper@barrier.example", (ForwardPath("traveller@road.example"),))
    facts = Facts(direction, Origin(direction, "192.0.2.1"), envelope)
    examined = warm.run(mail, facts, warm.prepare(Policy()))
    assert UNEXAMINABLE not in {finding.rule for finding in examined.findings}


def test_one_that_fails_ends_no_process() -> None:
    target = ModuleType("broken")
    tried = []

    def run(raw: bytes, facts: Facts, prepared: object) -> None:
        tried.append(facts.direction)
        raise RuntimeError

    vars(target)["run"] = run
    process._get_ready("outbound", target, None)
    assert tried == ["outbound"]
