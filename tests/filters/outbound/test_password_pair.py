"""OUT-SECRET: an account with its password."""

from tests.filters.mails import attached, examined, findings, plain

PAIR = "ID: tanaka01\nパスワード: Xy7#kLm9"


def test_found() -> None:
    (finding,) = findings("password_pair", plain(PAIR))
    assert finding.values == {"where": "1", "count": "1"}
    assert "Xy7" not in str(finding)


def test_the_sender_looks_first() -> None:
    assert examined(plain(PAIR)).verdict.delay == 10**9


def test_in_an_attachment_it_is_encrypted_too() -> None:
    raw = attached(("login.txt", PAIR.encode()))
    assert findings("password_pair", raw)
    assert "encrypt" in examined(raw).verdict.rewrites


def test_talk_of_passwords_does_not_count() -> None:
    assert findings("password_pair", plain("ID: tanaka01\nパスワードは別途お電話でお知らせします。")) == []
    assert findings("password_pair", plain("パスワード: Xy7#kLm9")) == []
