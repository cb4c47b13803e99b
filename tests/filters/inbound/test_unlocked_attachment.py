"""IN-CRYPT: locked files that were opened for inspection."""

from tests.filters.inbound.arriving import look, mail
from tests.filters.inbound.test_locked_attachment import locked


def test_a_password_in_the_same_mail_is_mentioned_but_not_repeated() -> None:
    raw = mail("添付ファイルのパスワードは: hello-123 です。", files={"a.zip": locked()})
    (finding,) = look("unlocked_attachment", raw)
    assert finding.weight == 2
    assert finding.values["more"] == "told"
    assert "hello-123" not in repr(finding)


def test_what_stays_locked_or_was_open_is_not_meant() -> None:
    assert not look("unlocked_attachment", mail(files={"a.zip": locked()}))
    assert not look("unlocked_attachment", mail("パスワードは: hello-123", files={"a.txt": b"x"}))


def test_what_its_recipient_opened_for_us_does_not_count() -> None:
    raw = mail(files={"a.zip": locked()})
    assert not look("unlocked_attachment", raw, typed=("hello-123",))
    assert not look("locked_attachment", raw, typed=("hello-123",))
