"""What is counted of a mail, and what becomes of counts."""

import pytest

from config.policy import Organisation
from directory.counts import (
    HALF,
    KEPT,
    acquaintance,
    add,
    bounded,
    joined,
    scale,
    teachings,
    thread_name,
    thread_of,
)
from filters.examined import Examined, Lesson, Summary
from tests.filters.mails import facts

OURS = Organisation(domains=("us.example",), group_domains=("sister.example",))
NOW = 1_790_000_000.0


def test_each_recipient_is_learnt_alone() -> None:
    to = ("a@p.example", "b@mail.q.example", "c@us.example")
    lesson = Lesson({"a@p.example": ("森",)}, "アルファ工業", ("a@p.example", "c@us.example"))
    summary = Summary(message_id="<1@us.example>")
    found = teachings(facts(*to), Examined(summary=summary, lesson=lesson), OURS)
    assert set(found) == set(to)
    rows = {(kind, name): counts for kind, name, counts in found["a@p.example"]}
    assert rows["address", "a@p.example"] == {"by": {"sato": 1.0}, "names": {"森": 1.0}}
    assert rows["domain", "p.example"]["names"] == {"アルファ工業": 1.0}
    assert rows["surname", "森"] == {"at": {"a@p.example": 1.0}}
    assert rows["thread", thread_name("1@us.example")]["people"].keys() == {
        "a@p.example", "c@us.example", "sato@us.example"
    }  # fmt: skip
    hidden = {(kind, name): counts for kind, name, counts in found["b@mail.q.example"]}
    assert hidden["domain", "q.example"]["beside"] == {}, "who is in Bcc stood beside nobody"
    assert [kind for kind, _, _ in found["c@us.example"]] == ["thread"]


def test_companies_that_stood_together() -> None:
    to = ("a@p.example", "b@q.example")
    found = teachings(facts(*to), Examined(lesson=Lesson(visible=to, company="アルファ工業")), OURS)
    rows = {(kind, name): counts for kind, name, counts in found["a@p.example"]}
    assert rows["domain", "p.example"]["beside"] == {"q.example": 1.0}
    assert "names" not in rows["domain", "p.example"], "nobody knows which of them it is"


def test_an_old_mail_counts_less() -> None:
    counts = joined({}, {})
    for age in (0.0, HALF, HALF):
        add(counts, {"by": {"sato": 1.0}}, scale(NOW - age))
    known = acquaintance(joined(counts, {"by": {"mori": scale(NOW)}}), "sato", scale(NOW))
    assert known.mine == pytest.approx(2.0)
    assert known.ours == pytest.approx(3.0)
    assert known.writers == 2


def test_an_aspect_is_bounded_and_the_rarest_go() -> None:
    names = {f"n{n}": float(n) for n in range(100)}
    kept = bounded({"names": names, "by": {}})
    assert list(kept) == ["names"]
    assert set(kept["names"]) == {f"n{n}" for n in range(100 - KEPT["names"], 100)}


def test_a_name_that_was_used_once_among_many_is_none() -> None:
    counts = {"names": {"森": 30.0, "円山": 1.0}}
    assert acquaintance(counts, "sato", 1.0).names == ("森",)


def test_threads() -> None:
    assert thread_name(" <1@us.example> ") == thread_name("1@us.example") != ""
    assert thread_name("") == thread_name("no id") == ""
    known = thread_of({"people": {"a@p.example": 1.0}, "from": {"a@p.example": 1.0}, "warned": {"yes": 1.0}})
    assert (known.author, known.reply_to, known.warned) == ("a@p.example", "", True)
