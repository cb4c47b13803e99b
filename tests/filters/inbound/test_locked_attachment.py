"""IN-CRYPT: files that nobody could look into."""

import io

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


def test_its_password_in_the_same_mail_weighs_more_and_is_not_repeated() -> None:
    raw = mail("添付ファイルのパスワードは: hello-123 です。", files={"a.zip": locked()})
    (finding,) = look("locked_attachment", raw)
    assert finding.weight == 4
    assert "hello-123" not in repr(finding)


def test_open_files_pass() -> None:
    assert not look("locked_attachment", mail("パスワードは: hello-123", files={"a.txt": b"x"}))
