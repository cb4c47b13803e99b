"""Law: transfer encodings in odd forms that every reader reads alike are read by us in that way and flow; those that are read
differently are ambiguous, or noted where all their readings were examined.

What readers do was found by running them over each form (MIME::Parser 5.509, Email::MIME, Ruby's mail, mailparser for node,
GMime 3.2 and `mu`, libetpan, mime4j 0.8, enmime, ripMIME, munpack, reformime, Dovecot's FETCH BINARY) and, for Thunderbird, by
its source (mimeenc.cpp, mimehdrs.cpp). `uudeview` guesses by the looks of lines, and is none.
"""

import base64
import email
from email.message import Message as PythonMessage

import pytest

from mail.ambiguity import ambiguities
from mail.message import Message
from tests.filters.mails import examined

HEAD = (
    "From: sato@us.example\r\nTo: tanaka@partner.example\r\nSubject: x\r\nMessage-ID: <1@us.example>\r\nMIME-Version: 1.0\r\n"
    "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nHello\r\n--b\r\n"
    "Content-Type: text/plain; name=a.txt\r\nContent-Disposition: attachment; filename=a.txt\r\n"
)
WORDS = b"The quick brown fox jumps over the lazy dog, and packs five dozen liquor jugs into its box. " * 3


def digits(size: int) -> str:
    return base64.b64encode(WORDS[:size]).decode()


def lines(text: str, width: int = 76, end: str = "\r\n") -> str:
    return "".join(text[at : at + width] + end for at in range(0, len(text), width))


FULL, ONE, TWO = digits(198), digits(199), digits(200)
"""Base64 of whole groups, and with one and two octets in the last."""

ALIKE = {
    **{f"lines of {n}": lines(FULL, n) for n in (1, 3, 5, 7, 61, 75, 77, 100, 256, 998)},
    "one long line": digits(198) + "\r\n",
    "empty lines": lines(FULL, 76, "\r\n\r\n"),
    "empty lines in front": "\r\n\r\n" + lines(FULL),
    "empty lines behind": lines(FULL) + "\r\n \r\n\r\n",
    "blanks at ends": lines(FULL, 76, " \r\n"),
    "tabs at ends": lines(FULL, 76, "\t\r\n"),
    "indented": " " + lines(FULL, 76, "\r\n ") + "\r\n",
    "words": lines(" ".join(FULL[at : at + 5] for at in range(0, len(FULL), 5))),
    "padding on a line of its own": lines(ONE[:-1]) + "=\r\n",
    "padding apart": lines(ONE[:-2]) + " = =\r\n",
    "one = too many": lines(ONE + "="),
    "one = too many, behind two": lines(TWO + "="),
    "one = too many, behind none": lines(FULL + "="),
    "three = too many": lines(ONE + "==="),
    "bits behind the last octet": lines(ONE[:-3] + chr(ord(ONE[-3]) + 1) + "=="),
    "empty": "\r\n",
    "blank": "   \r\n\r\n",
}
"""Read alike by all; Python's decoder, too."""

NOTED = {
    "no padding, one": (lines(ONE.rstrip("=")), "mime4j GMime mu ripMIME munpack reformime Thunderbird"),
    "no padding, two": (lines(TWO.rstrip("=")), "mime4j GMime mu ripMIME munpack reformime Thunderbird"),
    "half the padding": (lines(ONE[:-1]), "munpack reformime Thunderbird"),
    "four = too many": (lines(ONE + "===="), "reformime Thunderbird"),
    "four = too many, behind none": (lines(FULL + "===="), "reformime Thunderbird"),
}
"""Body, and who loses, keeps or invents up to four octets of the end: all else is read alike,
and all that anybody reads is looked at."""

AMBIGUOUS = {
    "a digit left over": (lines(FULL + "Q"), "base64-damaged", "email enmime libetpan Thunderbird"),
    "text behind": (lines(FULL) + "\r\n-- \r\nTo unsubscribe\r\n", "base64-damaged", "all"),
    "text behind padding": (lines(ONE) + "\r\n-- \r\nTo unsubscribe\r\n", "base64-after-padding", "MIME::Parser mailparser libetpan enmime reformime Thunderbird"),
    "two in one": (lines(ONE) + lines(ONE), "base64-after-padding", "MIME::Parser mailparser libetpan enmime reformime Thunderbird"),
    "foreign letters": (lines(FULL[:76] + "*" + FULL[76:]), "base64-junk", "Dovecot"),
    "a bar behind": (lines(FULL) + "____\r\n", "base64-junk", "Dovecot"),
}  # fmt: skip

FIELDS = {
    "BASE64": "", "Base64": "", "base64": "", "  base64\t ": "email", "\tbase64": "",
    "base64 (comment)": "email Email::MIME mime4j enmime", "base64 (a (b) c)": "email Email::MIME mime4j enmime",
    "base64\r\n (comment)": "email Email::MIME mime4j enmime Dovecot",
    "base64(comment)": "email MIME::Parser Email::MIME GMime mu mime4j enmime Thunderbird",
    "(comment) base64": "email Email::MIME GMime mu libetpan mime4j enmime Thunderbird",
    "base64;": "email Email::MIME mailparser GMime mu mime4j enmime munpack reformime",
    "base64; x=y": "email Ruby mailparser GMime mu mime4j enmime munpack reformime",
    "base64, 8bit": "most", '"base64"': "most", "base64 x": "most", "base-64": "most", "x-base64": "most", "base64.": "most",
    "=?utf-8?q?base64?=": "most",
}  # fmt: skip
"""A transfer encoding, and who takes the body as it is: nobody, Python alone (which keeps blanks at the end), or several. RFC 2045
6.1 allows comments, but four readers of seventeen know none."""


def sent(body: str, encoding: str = "base64") -> bytes:
    return (HEAD + f"Content-Transfer-Encoding: {encoding}\r\n\r\n{body}\r\n--b--\r\n").encode()


def seen(raw: bytes, direction: str):
    to = "tanaka@partner.example" if direction == "outbound" else "user@us.example"
    return examined(raw, to, direction=direction)


def pythons(raw: bytes) -> bytes:
    parts = email.message_from_bytes(raw).get_payload()
    assert isinstance(parts, list)
    assert isinstance(parts[1], PythonMessage)
    content = parts[1].get_payload(decode=True)
    assert isinstance(content, bytes)
    return content


BOTH = pytest.mark.parametrize("direction", ["outbound", "inbound"])


@BOTH
@pytest.mark.parametrize("form", ALIKE)
def test_base64_that_all_read_alike_is_read_so_and_flows(form, direction):
    raw = sent(ALIKE[form])
    message = Message(raw)
    assert not ambiguities(message)
    assert message.parts[-1].content() == pythons(raw)
    plain = seen(sent(lines(FULL)), direction)
    assert seen(raw, direction).verdict == plain.verdict


@BOTH
@pytest.mark.parametrize("form", NOTED)
def test_base64_of_which_some_read_the_end_otherwise_is_noted(form, direction):
    raw = sent(NOTED[form][0])
    message = Message(raw)
    assert [a.name for a in ambiguities(message)] == ["base64-unpadded"]
    assert message.parts[-1].content() == pythons(raw)
    judged = seen(raw, direction)
    assert not judged.verdict.rejects | judged.verdict.holds
    assert "base64-unpadded" in {f.values.get("why") for f in judged.findings}


@pytest.mark.parametrize("text", ["社外秘", "この資料は社外秘です。"])
def test_what_stands_in_base64_without_padding_is_found(text):
    for cut in range(3):
        plain = (text + "\r\n" + "x" * cut).encode()
        raw = sent(base64.b64encode(plain).decode().rstrip("=") + "\r\n").replace(
            b"name=a", b"charset=utf-8; name=a", 1
        )
        assert {f.rule for f in seen(raw, "outbound").findings} >= {"confidential_attachment"}


@BOTH
@pytest.mark.parametrize("form", AMBIGUOUS)
def test_base64_that_is_read_differently_is_ambiguous(form, direction):
    body, name, _ = AMBIGUOUS[form]
    assert name in {a.name for a in ambiguities(Message(sent(body)))}
    judged = seen(sent(body), direction)
    assert judged.verdict.rejects or judged.verdict.holds


@BOTH
@pytest.mark.parametrize("encoding", FIELDS)
def test_a_transfer_encoding_is_what_all_take_it_for_or_ambiguous(encoding, direction):
    judged = seen(sent(lines(FULL), encoding), direction)
    names = {a.name for a in ambiguities(Message(sent(lines(FULL), encoding)))}
    if FIELDS[encoding] in ("", "email"):
        assert not names
        assert not judged.verdict.rejects | judged.verdict.holds
        assert Message(sent(lines(FULL), encoding)).parts[-1].content() == WORDS[:198]
    else:
        assert "decorated-encoding" in names or "encoded-content-type" in names
        assert judged.verdict.rejects or judged.verdict.holds


@BOTH
@pytest.mark.parametrize(
    "encoding", ["7bit (comment)", "(comment) 8bit", "binary (a (b))", "quoted-printable (nothing is quoted)"]
)
def test_a_comment_beside_what_changes_nothing_is_nothing(encoding, direction):
    raw = sent("Plain words, as they are.\r\n", encoding)
    assert not ambiguities(Message(raw))
    judged = seen(raw, direction)
    assert not judged.verdict.rejects | judged.verdict.holds
