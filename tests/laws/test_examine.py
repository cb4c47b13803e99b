"""The laws of the checkpoint: nobody is lost, nothing gets milder, nothing else is touched, nobody is named."""

import re
import string

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from filters.decision.decide import decide
from filters.examined import Features
from filters.facts import Facts
from filters.finding import Finding
from filters.rewriters.bcc import bcc
from filters.rule import Mail
from filters.ruleset import prepare
from filters.verdict import Verdict
from mail.compose import RewriteError, applied
from mail.message import Message
from tests.filters.mails import SENDER, attached, examined, facts, plain, policy

PREPARED = prepare(policy())
RULES = sorted(n for n, p in PREPARED.by_name.items() if p.rule.direction == "outbound")
quick = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])

people = st.lists(
    st.builds(
        "{}@{}.example".format,
        st.text(string.ascii_lowercase + string.digits, min_size=1, max_size=6),
        st.sampled_from(["us", "sister", "one", "two", "three", "four"]),
    ),
    min_size=1,
    max_size=8,
    unique=True,
)
findings = st.builds(
    Finding,
    st.sampled_from(RULES),
    st.just(""),
    recipients=st.none() | st.lists(st.integers(0, 2), max_size=3).map(tuple),
    values=st.sampled_from([{}, {"approver": "president"}]),
)


def decided(of: Facts, found: list[Finding]) -> tuple[Verdict, ...]:
    return decide(PREPARED, of, Features(), found).verdicts


three = facts("a@us.example", "b@one.example", "c@two.example")


@quick
@given(st.lists(findings, max_size=6), findings)
def test_one_more_finding_is_never_milder(some: list[Finding], more: Finding) -> None:
    before, after = decided(three, some), decided(three, [*some, more])
    assert all(b <= a for b, a in zip(before, after, strict=True))


@quick
@given(st.lists(findings, max_size=6), st.randoms())
def test_the_order_of_findings_does_not_matter(some: list[Finding], chance: object) -> None:
    mixed = list(some)
    chance.shuffle(mixed)  # type: ignore[attr-defined]
    assert decided(three, some) == decided(three, mixed)


@quick
@given(people, st.sampled_from(["x", "社外秘", "> 極秘"]), st.sampled_from([b"", "極秘".encode(), b"%PDF-1"]))
def test_every_recipient_stands_in_exactly_one_copy(to: list[str], body: str, file: bytes) -> None:
    raw = attached(("a.txt", file), body=body, to=", ".join(to))
    answer = examined(raw, *to)
    assert sorted(i for c in answer.copies for i in c.recipients) == list(range(len(to)))
    assert all(c.verdict <= answer.verdict for c in answer.copies)


@quick
@given(people, st.binary(max_size=200), st.text(string.ascii_letters, max_size=8))
def test_bytes_outside_the_edits_are_the_same(to: list[str], file: bytes, name: str) -> None:
    raw = attached((f"極秘{name}.bin", file or b"x"), ("b.txt", b"y"), to=", ".join(to))
    for copy in examined(raw, *to).copies:
        out = applied(raw, copy.edits)
        at = shift = 0
        for edit in sorted(copy.edits):
            assert out[at + shift : edit.start + shift] == raw[at : edit.start]
            shift += len(edit.new) - (edit.end - edit.start)
            at = edit.end
        assert out[at + shift :] == raw[at:]
        assert out.count(b"--b1--\r\n") == 1
        assert [h.raw for h in Message(out).headers if h.name not in ("to", "cc")] == [
            h.raw for h in Message(raw).headers if h.name not in ("to", "cc")
        ]


@quick
@given(
    people, st.integers(0, 3), st.sampled_from(["X-To: {}", "Reply-To: <{}>", "X-A:\r\n {}", "Cc: A <{}>"])
)
def test_a_copy_after_bcc_names_no_other_recipient(to: list[str], count: int, field: str) -> None:
    extra = "".join(field.format(a) + "\r\n" for a in to[:count])
    raw = plain("x", to=", ".join(to), extra=extra)
    mail = Mail(Message(raw), facts(*to))
    try:
        out = applied(raw, bcc(mail, policy(), [], tuple(range(len(to)))))
    except RewriteError:
        return  # held: nothing leaves
    header = out[: Message(out).header_end].decode().lower()
    if field.startswith("Reply-To") and all(a.endswith("@us.example") for a in to[:count]):
        # It names nobody but our own, whom an answer shall find: there they stay, and nowhere else.
        header = re.sub(r"(?m)^reply-to: .*\r\n", "", header)
    for address in to:
        assert address == SENDER or f"<{address}>" not in header
        assert address == SENDER or f" {address}" not in header
    assert header.count("@") == header.count(SENDER) + 1  # and the Message-ID


@quick
@given(st.binary(max_size=400), st.sampled_from(["outbound", "inbound"]))
def test_no_bytes_make_it_raise(raw: bytes, direction: str) -> None:
    answer = examined(raw, "a@us.example", "b@one.example", direction=direction)
    assert sorted(i for c in answer.copies for i in c.recipients) == [0, 1]


@quick
@given(st.binary(max_size=300), st.sampled_from(["a.zip", "a.docx", "a.pdf", "a.html", "a.eml", "a"]),
       st.sampled_from([b"", b"PK\x03\x04", b"%PDF-1.4\n", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"MZ", b"<html>"]))  # fmt: skip
def test_no_attachment_makes_it_raise(content: bytes, name: str, magic: bytes) -> None:
    mail = Mail(Message(attached((name, magic + content))), facts())
    extracted = mail.reading.attachments[0].extracted
    assert extracted.verdict in ("ok", "encrypted", "partially_encrypted", "unsupported", "limit", "corrupt")
