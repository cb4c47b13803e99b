"""OUT-SIGN: long lines are written in shorter ones before the mail is signed."""

from mail.compose import applied
from mail.long_lines import long_line
from mail.message import Message
from tests.filters.mails import attached, examined, findings, plain


def test_a_text_of_one_line_leaves_in_short_ones() -> None:
    raw = plain("word " * 300)
    seen = examined(raw, "tanaka@partner.example")
    assert {f.rule for f in seen.findings} >= {"long_lines"}
    (copy,) = seen.copies
    assert copy.verdict.rewrites == {"wrap"}
    assert not copy.verdict.rejects | copy.verdict.holds | copy.verdict.tells
    left = applied(raw, copy.edits)
    assert long_line(left) < 0
    assert Message(left).root.content() == Message(raw).root.content()


def test_the_internal_copy_is_broken_too() -> None:
    seen = examined(plain("word " * 300), "tanaka@partner.example", "hanako@us.example")
    assert all("wrap" in copy.verdict.rewrites for copy in seen.copies)


def test_ordinary_lines_are_left_alone() -> None:
    assert not findings("long_lines", plain("word " * 100))
    assert not findings("long_lines", attached(("a.txt", b"x" * 3000)))
