"""Facts: passphrases are found, and never shown."""

from tests.filters.mails import FRESH, facts


def test_the_agreed_passphrase_wins_over_the_generated_one() -> None:
    known = facts(passphrases={"a@x.example": "agreed"}, passphrase_scopes={"a@x.example": "domain"})
    assert known.passphrase("a@x.example") == ("agreed", "domain")
    assert known.passphrase("b@x.example") == (FRESH, "generated")
    assert facts(fresh_passphrase="").passphrase("b@x.example") == ("", "")


def test_no_passphrase_in_the_representation() -> None:
    shown = repr(facts(passphrases={"a@x.example": "agreed-secret"}))
    assert FRESH not in shown
    assert "agreed-secret" not in shown


def test_a_typed_password_is_in_no_text_of_the_facts() -> None:
    known = facts(typed=("hunter2-hunter2",))
    assert "hunter2" not in f"{known!r} {known}"
