"""OUT-ENCRYPT: what an agreed passphrase opens is examined."""

from tests.filters.extract.documents import archive
from tests.filters.extract.formats import aes_zip, sevenzip
from tests.filters.mails import attached, examined, findings

SECRET = "Kanazawa-2231"


def test_a_word_of_the_mail_opens_it_and_stays_unsaid() -> None:
    raw = attached(
        ("a.zip", aes_zip(SECRET, ("b.txt", "社外秘".encode()))), body=f"パスワードは {SECRET} です。"
    )
    (finding,) = findings("opened_attachment", raw)
    assert finding.values["how"] == "written"
    assert SECRET not in repr(examined(raw))
    assert findings("confidential_attachment", raw)


def test_an_agreed_passphrase_opens_it() -> None:
    for content in (
        aes_zip(SECRET, ("b.txt", "極秘".encode())),
        sevenzip(("b.txt", "極秘".encode()), password=SECRET),
    ):
        seen = examined(attached(("a.bin", content)), passphrases={"tanaka@partner.example": SECRET})
        rules = {f.rule for f in seen.findings}
        assert {"opened_attachment", "confidential_attachment"} <= rules
        assert "encrypted_attachment" not in rules
        assert SECRET not in repr(seen.findings)


def test_it_is_not_encrypted_once_more() -> None:
    raw = attached(
        ("a.zip", aes_zip(SECRET, ("b.txt", "社外秘".encode()))), body=f"パスワードは {SECRET} です。"
    )
    assert not [copy for copy in examined(raw).copies if copy.passphrase_source]


def test_open_files_are_left_alone() -> None:
    assert not findings("opened_attachment", attached(("a.zip", archive(("b.txt", b"x")))))
