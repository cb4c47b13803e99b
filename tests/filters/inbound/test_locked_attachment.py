"""IN-CRYPT: files that nobody could look into."""

import io

import pytest
import pyzipper

from tests.filters.inbound.arriving import look, mail, weight


def locked() -> bytes:
    out = io.BytesIO()
    with pyzipper.AESZipFile(out, "w", encryption=pyzipper.WZ_AES) as target:
        target.setpassword(b"hello-123")
        target.writestr("a.txt", b"secret")
    return out.getvalue()


def test_an_encrypted_archive_is_seen() -> None:
    assert weight("locked_attachment", mail(files={"a.zip": locked()})) == 2


def test_what_could_be_read_is_not_locked() -> None:
    assert not look("locked_attachment", mail("パスワードは: hello-123 です。", files={"a.zip": locked()}))
    assert not look("locked_attachment", mail(files={"a.zip": locked()}), typed=("wrong", "hello-123"))


def test_a_wrong_password_opens_nothing() -> None:
    (finding,) = look("locked_attachment", mail(files={"a.zip": locked()}), typed=("hello-124",))
    assert "hello-124" not in repr(finding)


def test_a_password_that_does_not_open_it_weighs_most() -> None:
    raw = mail("Password: wrong-word-9", files={"a.zip": locked()})
    (finding,) = look("locked_attachment", raw)
    assert finding.weight == 4
    assert "wrong-word-9" not in repr(finding)


@pytest.mark.parametrize(
    "text",
    [
        "パスワードは別途お知らせします。",
        "パスワード：後ほどお送りします",
        "The password is sent separately.",
        "Password: will follow",
    ],
)
def test_a_password_that_comes_later_does_not_count(text: str) -> None:
    (finding,) = look("locked_attachment", mail(text, files={"a.zip": locked()}))
    assert finding.weight == 2
    assert "more" not in finding.values


def test_open_files_pass() -> None:
    assert not look("locked_attachment", mail("パスワードは: hello-123", files={"a.txt": b"x"}))
