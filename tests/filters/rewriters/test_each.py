"""OUT-BCC, one copy each: whoever gets one stands alone in it, by the name that the author gave them."""

import pytest

from filters.rewriters.each import each
from filters.rule import Mail
from mail.compose import RewriteError, applied
from mail.message import Message
from tests.filters.mails import SENDER, facts, plain, policy

PEOPLE = ("abe@one.example", "ito@two.example", "ueda@three.example")
NAMED = "阿部 一郎 <abe@one.example>, Ito <ITO@two.example>, ueda@three.example"


def copy(index: int, to: str = NAMED, extra: str = "") -> bytes:
    raw = plain("本文", to=to, extra=extra)
    return applied(raw, each(Mail(Message(raw), facts(*PEOPLE)), policy(), [], (index,)))


@pytest.mark.parametrize(
    ("index", "shown"),
    [(0, "阿部 一郎 <abe@one.example>"), (1, "Ito <ito@two.example>"), (2, "Ueda <ueda@three.example>")],
)
def test_to_is_the_recipient_alone(index: int, shown: str) -> None:
    out = copy(index, extra="Cc: Ueda <ueda@three.example>\r\nX-Original-To: ito@two.example\r\n")
    message = Message(out)
    assert [h.text for h in message.all("to")] == [shown]
    assert not message.first("cc")
    others = [person for number, person in enumerate(PEOPLE) if number != index]
    assert not any(other.encode() in out.lower() for other in others)


def test_a_name_that_is_anothers_address_is_not_shown() -> None:
    out = copy(0, to='"ito@two.example" <abe@one.example>, "ito=two.example" <ueda@three.example>')
    assert Message(out).first("to").text == "abe@one.example"  # type: ignore[union-attr]
    assert b"ito" not in out


def test_who_was_in_no_field_gets_a_copy_like_the_others() -> None:
    out = copy(2, to="abe@one.example")
    assert Message(out).first("to").text == "ueda@three.example"  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("field", "stays"),
    [
        ("Reply-To: Office <office@us.example>", True),
        ("Reply-To: abe@one.example", False),
        ("Reply-To: office@us.example, abe@one.example", False),
    ],
)
def test_an_answer_goes_where_the_author_wanted_it_unless_that_shows_another(field: str, stays: bool) -> None:
    out = copy(1, to=NAMED + ", office@us.example", extra=field + "\r\n")
    assert bool(Message(out).first("reply-to")) is stays
    assert Message(out).first("from").text.endswith(f"<{SENDER}>")  # type: ignore[union-attr]


def test_it_is_for_one_recipient() -> None:
    raw = plain("x", to=NAMED)
    with pytest.raises(RewriteError):
        each(Mail(Message(raw), facts(*PEOPLE)), policy(), [], (0, 1))
