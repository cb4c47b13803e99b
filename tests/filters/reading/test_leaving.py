"""Who gets a leaving mail, and under which names."""

import pytest

from filters.facts import Acquaintance, Acquaintances
from filters.reading.leaving import MANY, comparable, fits, same_firm
from filters.rule import Mail
from mail.message import Message
from tests.filters.mails import ORGANISATION, facts, plain


def test_recipients_with_the_names_that_the_mail_shows() -> None:
    to = "=?utf-8?b?55Sw5LitIOWkqumDjg==?= <Tanaka@Mail.Partner.example>, x@us.example"
    memory = Acquaintances({"tanaka@mail.partner.example": Acquaintance(names=("たなか",))})
    told = facts("Tanaka@Mail.Partner.example", "x@us.example", "hidden@q.example", memory=memory)
    leaving = Mail(Message(plain("田中様\n本文です。", to=to)), told).leaving
    tanaka, hidden = leaving.outside(ORGANISATION)
    assert (tanaka.index, tanaka.address, tanaka.domain) == (
        0,
        "tanaka@mail.partner.example",
        "partner.example",
    )
    assert leaving.known_names(tanaka) == ("田中太郎", "たなか")
    assert leaving.greets(tanaka)
    assert not leaving.greets(hidden)
    assert leaving.visible == {"tanaka@mail.partner.example", "x@us.example"}
    assert leaving.greeted().quote == "田中様"


def test_a_circular_has_no_recipients_to_judge() -> None:
    many = [f"a{n}@p{n}.example" for n in range(MANY + 1)]
    assert Mail(Message(plain("x")), facts(*many, memory=Acquaintances())).leaving.outside(ORGANISATION) == ()
    few = Mail(Message(plain("x")), facts(*many[:3], memory=Acquaintances())).leaving
    assert len(few.outside(ORGANISATION)) == 3
    assert Mail(Message(plain("x")), facts(*many[:3])).leaving.outside(ORGANISATION) == ()


@pytest.mark.parametrize(
    ("person", "names", "address", "found"),
    [
        ("田中", ("田中太郎",), "a@p.example", True),
        ("田中太郎", ("田中",), "a@p.example", True),
        ("田中", ("中田",), "a@p.example", False),
        ("erik", ("erikberg",), "x@p.example", True),
        ("berg", (), "erik.berg@p.example", True),
        ("james", ("erikberg",), "erik.berg@p.example", False),
    ],
)
def test_names_that_fit(person: str, names: tuple[str, ...], address: str, found: bool) -> None:
    assert fits(person, names, address) is found


def test_scripts_and_companies() -> None:
    assert comparable("田中", ("田中太郎",))
    assert not comparable("たなか", ("田中太郎",))
    assert not comparable("james", ("田中太郎",))
    assert same_firm("札幌マート", "札幌マートホールディングス")
    assert not same_firm("札幌マート", "エゾストアーズ")
    assert not same_firm("", "エゾストアーズ")
