"""Ambiguous mail from outside is held, and only its rebuilt form leaves."""

from filters.examine import run
from filters.examined import Examined
from filters.ruleset import prepare
from filters.verdict import Disposition
from mail.ambiguity import ambiguities
from mail.compose import applied
from mail.message import Message
from tests.filters.mails import facts, policy

DAMAGED = (
    b"From: a@x.example\r\nTo: sato@us.example\r\nSubject: s\r\nMIME-Version: 1.0\r\n"
    b"Content-Type: multipart/mixed; boundary=a; boundary=b\r\n\r\n"
    b"--a\r\n\r\nhello\r\n--a--\r\n--b\r\nContent-Type: application/octet-stream; name=x.exe\r\n\r\nMZ\r\n--b--\r\n"
)


def arrived(raw: bytes, **rules: str) -> Examined:
    return run(raw, facts("sato@us.example", "b@us.example", direction="inbound"), prepare(policy(**rules)))


def test_held_and_only_the_rebuilt_mail_would_leave() -> None:
    result = arrived(DAMAGED)
    assert result.verdict.disposition is Disposition.HOLD
    assert "unscannable" in result.verdict.holds
    assert {"unscannable", "executable"} <= {f.rule for f in result.findings}
    (copy,) = result.copies
    new = applied(DAMAGED, copy.edits)
    assert ambiguities(Message(new)) == ()
    assert "x.exe" in [p.filename for p in Message(new).parts]
    text = Message(new).parts[1].text()
    assert "作り直した" in text
    assert "rebuilt" in text
    assert "hello" in text


def test_more_readings_than_can_be_read_are_unexaminable_and_still_rebuilt() -> None:
    files = b"".join(b"begin 644 %d.txt\r\n#86)C\r\n`\r\nend\r\n" % n for n in range(200))
    result = arrived(b"From: a@x.example\r\nSubject: s\r\n\r\n" + files)
    assert {"unexaminable", "unscannable"} <= result.verdict.holds
    assert result.copies[0].edits[0].start == 0


def test_a_policy_may_warn_instead() -> None:
    result = arrived(DAMAGED, unscannable="warn")
    assert "unscannable" not in result.verdict.holds
    assert "rebuild" not in result.verdict.rewrites


def test_ordinary_mail_passes() -> None:
    assert not arrived(b"From: a@x.example\r\nSubject: s\r\n\r\nhello\r\n").verdict.holds
