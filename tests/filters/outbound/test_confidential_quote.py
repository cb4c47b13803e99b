"""OUT-BODY in quoted text: the sender looks first."""

from config.consequence import UNTIL_RELEASED
from tests.filters.mails import examined, findings, plain

REPLY = plain("承知しました。\n> 【社外秘】来期の計画")


def test_a_quoted_mark_waits_for_the_sender() -> None:
    assert len(findings("confidential_quote", REPLY)) == 1
    verdict = examined(REPLY).verdict
    assert verdict.delay == UNTIL_RELEASED
    assert not verdict.rejects


def test_a_mark_of_ones_own_is_not_quoted() -> None:
    assert findings("confidential_quote", plain("社外秘です\n> それはよかった")) == []
