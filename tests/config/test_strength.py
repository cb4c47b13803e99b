"""One measure: what may be taken up may be used, and what is made passes both."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from config.policy import Encrypt
from config.strength import bits
from directory.passphrases import problems
from filters.rewriters.encrypt import _passphrase
from filters.rule import Mail
from mail.compose import RewriteError
from mail.message import Message
from tests.filters.mails import FRESH, attached, facts


def test_strength_in_bits() -> None:
    assert bits(FRESH) >= 80
    assert bits("abcd1234") < 50
    assert bits("a" * 40) < 60
    assert bits("") == 0


@pytest.mark.parametrize("row", ["a b c d e f", "qw er ty ui op as", "the the the the the the"])
def test_a_row_of_letters_is_no_row_of_words(row: str) -> None:
    assert bits(row) < 70


@given(
    st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E), min_size=8, max_size=30),
    st.sampled_from([70, 80, 120]),
)
@example("kumquat-Ridge-48", 80)
@settings(max_examples=300, deadline=None)
def test_whoever_takes_it_up_and_whoever_uses_it_agree(secret: str, least: int) -> None:
    mail = Mail(Message(attached(("a.txt", b"x"))), facts(fresh_passphrase=secret))
    refused = "passphrase_weak" in problems(secret, least)
    try:
        _passphrase(mail, Encrypt(minimum_bits=least), (0,))
    except RewriteError:
        assert refused
    else:
        assert not refused
