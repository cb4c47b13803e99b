"""What counts as confidential, and how evidence shows it."""

from filters.detect.confidential import around, hits, named
from filters.reading.reading import Text
from filters.rule import Mail
from mail.message import Message
from tests.filters.mails import ORGANISATION, facts, plain


def test_level_negation_and_sureness() -> None:
    reading = Mail(Message(plain("グループ外秘。社外秘ではありません。極秘。123456789018")), facts()).reading
    assert [h.word for h in hits(reading, reading.bodies, ORGANISATION, 2)] == ["極秘"]
    assert [h.word for h in hits(reading, reading.bodies, ORGANISATION, 1)] == ["グループ外秘", "極秘"]


def test_evidence_masks_digits_around_a_mark() -> None:
    text = Text("1", "口座 1234567 社外秘 暗証 9876", "body")
    quote = around(text, text.flat.index("社外秘"), 3)
    assert "社外秘" in quote
    assert not any(c.isdigit() for c in quote)


def test_names_for_people() -> None:
    reading = Mail(Message(plain("社外秘 4111 1111 1111 1111 社外秘")), facts()).reading
    assert named(hits(reading, reading.bodies, ORGANISATION, 2)) == "社外秘\ncard"
