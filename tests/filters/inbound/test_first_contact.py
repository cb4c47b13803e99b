"""IN-FIRST: who is known."""

from tests.filters.inbound.arriving import look, mail


def test_a_stranger_is_seen() -> None:
    assert look("first_contact", mail())
    assert look("first_contact", mail(), familiar=frozenset({"other@koyo-denki.example"}))


def test_a_correspondent_is_not() -> None:
    assert not look("first_contact", mail(), familiar=frozenset({"tanaka@koyo-denki.example"}))


def test_nobody_is_a_stranger_until_we_have_learned() -> None:
    assert not look("first_contact", mail(), learning=True)
