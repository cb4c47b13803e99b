"""Rewriters by name."""

from collections.abc import Callable

import pytest

from config.policy import Policy
from filters.rewrite import REWRITERS, TEXTS, Rewriter, Rewritten, Takes, preserving, rewritten
from filters.rule import Mail
from filters.ruleset import discover
from mail.compose import Edit, RewriteError
from mail.message import Message
from tests.filters.mails import facts, plain, policy

Made = Callable[..., Rewritten]


@pytest.fixture
def mail() -> Mail:
    discover()
    return Mail(Message(plain("x")), facts())


@pytest.fixture
def made(mail: Mail, monkeypatch: pytest.MonkeyPatch) -> Made:
    """What rewriters with these edits make together, the last of them with `takes`."""

    def make(*edits: list[Edit], takes: Takes | None = None) -> Rewritten:
        names = [f"r{number}" for number in range(len(edits))]
        for name, given in zip(names, edits, strict=True):
            asked = takes if name == names[-1] else None
            monkeypatch.setitem(REWRITERS, name, Rewriter(name, lambda *_, given=given: given, TEXTS, asked))
        return rewritten(frozenset(names), mail, policy(), [], (0,))

    return make


def test_unknown_names_are_errors(mail: Mail) -> None:
    with pytest.raises(RewriteError, match="nonsense"):
        rewritten(frozenset({"nonsense"}), mail, policy(), [], (0,))
    assert rewritten(frozenset({"bcc_field"}), mail, policy(), [], (0,)) == Rewritten()


def test_edits_that_agree_are_one_and_edits_that_collide_an_error(made: Made) -> None:
    assert made([Edit(3, 5, b"")], [Edit(3, 5, b"")]).edits == (Edit(3, 5, b""),)
    with pytest.raises(RewriteError):
        made([Edit(3, 5, b"")], [Edit(4, 6, b"")])
    with pytest.raises(RewriteError):
        made([Edit(3, 1 << 30, b"")])


def test_it_is_told_who_changed_something_and_whether_something_is_missed(made: Made) -> None:
    def takes(mail: Mail, policy: Policy) -> bool:
        return True

    assert made([], [Edit(3, 5, b"")]) == Rewritten((Edit(3, 5, b""),), frozenset({"r1"}))
    assert made([], [Edit(3, 5, b"")], takes=takes).lacking
    assert preserving(frozenset({"r0", "r1", "never_heard_of"})) == {"r0", "never_heard_of"}
    assert not made([Edit(3, 5, b"")], takes=lambda mail, policy: False).lacking


def test_what_takes_something_out_of_a_mail() -> None:
    discover()
    assert {name for name in REWRITERS if not preserving(frozenset({name}))} == {
        "disarm",
        "text",
        "text_of_all",
    }
