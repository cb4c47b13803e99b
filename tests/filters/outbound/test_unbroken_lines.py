"""OUT-SIGN: the sender is told of long lines that stay long."""

from filters.sentences import sentence
from mail.long_lines import long_line
from tests.filters.mails import examined, findings, plain

SIGNED = plain("x").replace(
    b"Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\nx\r\n",
    b"Content-Type: multipart/signed; boundary=b\r\n\r\n--b\r\n\r\n" + b"word " * 300
    + b"\r\n--b\r\nContent-Type: application/pgp-signature\r\n\r\nx\r\n--b--\r\n",
)  # fmt: skip


def test_a_signed_text_is_not_touched_and_its_sender_told() -> None:
    assert long_line(SIGNED) > 0
    seen = examined(SIGNED, "tanaka@partner.example")
    (copy,) = seen.copies
    assert not copy.edits
    assert copy.verdict.tells == {"unbroken_lines"}
    assert not copy.verdict.holds | copy.verdict.rejects
    (finding,) = findings("unbroken_lines", SIGNED)
    assert "signed" in sentence(finding, "en")
    assert "署名" in sentence(finding, "ja")


def test_a_field_without_a_blank() -> None:
    (finding,) = findings("unbroken_lines", plain("x", extra=f"References: {'<1@us.example>' * 90}\r\n"))
    assert finding.values["where"] == "header"


def test_what_can_be_broken_is_not_told() -> None:
    assert not findings("unbroken_lines", plain("word " * 300))
