"""Rewriters by name."""

import pytest

from filters.rewrite import changes, combined
from filters.rule import Mail
from filters.ruleset import discover
from mail.compose import Edit, RewriteError
from mail.message import Message
from tests.filters.mails import facts, plain, policy


def test_unknown_names_are_errors() -> None:
    discover()
    mail = Mail(Message(plain("x")), facts())
    with pytest.raises(RewriteError, match="nonsense"):
        changes(frozenset({"nonsense"}), mail, policy(), [], (0,))
    assert changes(frozenset({"bcc_field"}), mail, policy(), [], (0,)) == {"bcc_field": []}


def test_edits_that_agree_are_one_and_edits_that_collide_an_error() -> None:
    same = {"a": [Edit(3, 5, b"")], "b": [Edit(3, 5, b"")]}
    assert combined(same, 10) == (Edit(3, 5, b""),)
    with pytest.raises(RewriteError):
        combined({"a": [Edit(3, 5, b"")], "b": [Edit(4, 6, b"")]}, 10)
    with pytest.raises(RewriteError):
        combined({"a": [Edit(3, 11, b"")]}, 10)
