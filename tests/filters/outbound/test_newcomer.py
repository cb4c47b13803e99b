"""OUT-MISSEND: strangers among those whom we know."""

import pytest

from filters.facts import Acquaintances, Thread
from tests.filters.mails import plain, recalled, written_to

KNOWN, NEW = "sakai@partner.example", "minagawa@stranger.example"
MEMORY = Acquaintances({KNOWN: written_to("坂井茂")}, {"partner.example": written_to()})


@pytest.mark.parametrize(
    ("text", "name", "found"),
    [
        ("坂井様\n本文です。", "皆川 玲", True),
        ("本文です。", "", True),
        ("坂井様、皆川様\n本文です。", "皆川 玲", False),
        ("坂井様、皆川様\n本文です。", "", False),
        ("坂井様、森様\n本文です。", "皆川 玲", True),
        ("皆様\n弊社の新しい窓口をご紹介いたします。", "", False),
        ("坂井様\n後任の者をCCに入れております。", "", False),
    ],
)
def test_who_is_neither_greeted_nor_introduced(text: str, name: str, found: bool) -> None:
    to = f"{KNOWN}, {name} <{NEW}>" if name else f"{KNOWN}, {NEW}"
    sights = recalled("newcomer", plain(text, to=to), KNOWN, NEW, memory=MEMORY)
    assert [f.about for f in sights] == ([(NEW,)] if found else [])


def test_a_first_mail_to_strangers_alone_is_none() -> None:
    assert not recalled("newcomer", plain("x"), NEW, "b@other.example", memory=Acquaintances())
    assert not recalled("newcomer", plain("x"), NEW, KNOWN, memory=MEMORY, learning=True)


def test_who_is_in_the_thread_or_at_a_known_company_is_no_stranger() -> None:
    thread = Acquaintances(MEMORY.addresses, MEMORY.domains, thread=Thread(frozenset({NEW, KNOWN})))
    assert not recalled("newcomer", plain("x"), NEW, KNOWN, memory=thread)
    assert not recalled("newcomer", plain("x"), "new@partner.example", KNOWN, memory=MEMORY)
