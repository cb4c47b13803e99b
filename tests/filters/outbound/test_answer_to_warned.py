"""OUT-MISSEND: answers to mail that carried a warning."""

from filters.facts import Acquaintances, Thread
from tests.filters.mails import plain, recalled


def test_its_author_and_where_it_wants_answers() -> None:
    thread = Thread(author="a@p.example", reply_to="b@q.example", warned=True)
    found = recalled(
        "answer_to_warned",
        plain("x"),
        "b@q.example",
        "c@r.example",
        "a@p.example",
        memory=Acquaintances(thread=thread),
    )
    assert [f.about for f in found] == [("b@q.example",), ("a@p.example",)]


def test_a_mail_without_a_warning() -> None:
    assert not recalled(
        "answer_to_warned",
        plain("x"),
        "a@p.example",
        memory=Acquaintances(thread=Thread(author="a@p.example")),
    )
