"""A copy may differ from its mail only as the rewriters of its verdict change mail."""

from collections.abc import Iterator

import msgspec
import pytest

from filters.examine import ALWAYS
from filters.examined import Copy
from filters.facts import Facts, Origin
from filters.finding import Finding
from filters.rewrite import REWRITERS, rewritten
from filters.rule import Mail
from filters.ruleset import discover
from filters.verdict import PASS, Verdict
from gateway.locked.answer_check import Nonsense, explain
from mail.compose import Edit, RewriteError
from mail.envelope import Envelope, ForwardPath
from mail.message import Message
from tests.filters import mails

RAW = (
    b"From: a@us.example\r\nTo: b@p.example\r\nBcc: c@p.example\r\nSubject: hello\r\n"
    b"Authentication-Results: us.example; spf=pass\r\n\r\nbody\r\n"
)
POLICY = mails.policy()


def mail(direction: str, raw: bytes = RAW) -> Mail:
    paths = (ForwardPath("b@p.example"), ForwardPath("c@p.example"))
    return Mail(
        Message(raw), Facts(direction, Origin(direction, "192.0.2.1"), Envelope("a@us.example", paths))
    )


def at(text: bytes, new: bytes, raw: bytes = RAW) -> Edit:
    start = raw.index(text)
    return Edit(start, start + len(text), new)


def copy(*edits: Edit, names: str = "") -> Copy:
    return Copy((0, 1), Verdict(rewrites=frozenset(names.split())), tuple(sorted(edits)))


BCC = at(b"Bcc: c@p.example\r\n", b"")
RESULTS = at(b"Authentication-Results: us.example; spf=pass\r\n", b"")
END = len(RAW)
SUBJECT = b"Subject: hello\r\n"


@pytest.mark.parametrize(
    ("direction", "made"),
    [
        ("outbound", copy(BCC)),
        ("outbound", copy(BCC, at(b"To: b@p.example\r\n", b"To: <a@us.example>\r\n"), names="bcc")),
        ("outbound", copy(BCC, Edit(END, END, b"more\r\n"), names="encrypt")),
        ("inbound", copy(RESULTS)),
        ("inbound", copy(RESULTS, at(b"hello", b"[!] hello"), names="mark")),
        ("inbound", copy(RESULTS, Edit(END, END, b"more\r\n"), names="banner")),
        ("inbound", copy(RESULTS, Edit(0, 0, b"MIME-Version: 1.0\r\nContent-Type: a/b\r\n"), names="text")),
        ("inbound", copy(Edit(0, END, b"all of it\r\n"), names="rebuild")),
    ],
)
def test_what_a_named_rewriter_does_is_believed(direction: str, made: Copy) -> None:
    explain(made, mail(direction), POLICY)


@pytest.mark.parametrize(
    ("direction", "made", "why"),
    [
        ("outbound", copy(), "always made"),
        ("outbound", copy(BCC, Edit(END, END, b"pay to ...\r\n")), "always made"),
        ("outbound", copy(BCC, Edit(END, END, b"pay to ...\r\n"), names="bcc"), "body"),
        ("outbound", copy(BCC, at(SUBJECT, b""), names="bcc"), "subject that is gone"),
        ("outbound", copy(BCC, at(SUBJECT, b""), names="encrypt"), "subject that is gone"),
        ("outbound", copy(BCC, Edit(0, 0, b"Reply-To: x@evil.example\r\n"), names="bcc"), "reply-to that is new"),
        ("outbound", copy(BCC, Edit(END, END, b"x\r\n"), names="banner"), "no rewriter of outbound"),
        ("outbound", copy(BCC, Edit(END, END, b"x\r\n"), names="anything"), "no rewriter of outbound"),
        ("inbound", copy(Edit(END, END, b"pay to ...\r\n"), RESULTS), "always made"),
        ("inbound", copy(Edit(END, END, b"pay to ...\r\n"), RESULTS, names="mark"), "body"),
        ("inbound", copy(at(b"hello", b"hello\r\nReply-To: x@evil.example"), RESULTS, names="mark"), "reply-to"),
        ("inbound", copy(at(b"hello", b"hello\r\n\r\nbody"), RESULTS, names="mark"), "ends where it did not"),
        ("inbound", copy(at(SUBJECT, b"no field\r\n" + SUBJECT), RESULTS, names="mark"), "no field"),
        ("inbound", copy(Edit(len(RAW) - 8, END, b""), names="banner"), "header and body at once"),
        ("inbound", copy(at(b"From: a@us.example\r\n", b""), RESULTS, names="banner text mark disarm"), "from"),
        ("inbound", copy(Edit(0, END, b"x\r\n"), names="encrypt"), "no rewriter of inbound"),
    ],
)  # fmt: skip
def test_what_no_named_rewriter_does_is_not(direction: str, made: Copy, why: str) -> None:
    with pytest.raises(Nonsense, match=why):
        explain(made, mail(direction), POLICY)


def test_what_is_kept_beside_a_copy_is_looked_at_too() -> None:
    made = msgspec.structs.replace(copy(RESULTS, names="banner text"), kept=(RESULTS,))
    explain(made, mail("inbound"), POLICY)
    made = msgspec.structs.replace(copy(RESULTS, names="text"), kept=(Edit(END, END, b"x\r\n"), RESULTS))
    with pytest.raises(Nonsense):
        explain(made, mail("inbound"), POLICY)


def test_under_observation_nothing_is_decided() -> None:
    observed = mails.policy("observe")
    explain(copy(BCC), mail("outbound"), observed)
    with pytest.raises(Nonsense, match="decided"):
        explain(copy(BCC, names="bcc"), mail("outbound"), observed)


def test_a_header_that_was_not_read_to_its_end_is_left_alone() -> None:
    raw = b"A: b\r\n" * 2_000 + RAW
    end = len(raw)
    explain(copy(names="text"), mail("inbound", raw), POLICY)
    with pytest.raises(Nonsense):
        explain(copy(Edit(end, end, b"x\r\n"), names="text"), mail("inbound", raw), POLICY)


def shapes() -> Iterator[bytes]:
    """Mails of which headers and bodies are cut in unusual places."""
    yield from (
        mails.plain("text"),
        b"",
        b"\r\n",
        b"body\r\n",
        b"\r\nbody\r\n",
        b"Subject: a",
        b"Subject: a\r\n",
    )
    yield from (
        b"Subject: a\r\nno field\r\nTo: b@p.example\r\n\r\nx\r\n",
        b"From x\r\nSubject: a\r\n\r\nx\r\n",
    )
    yield from (b"Subject: a\r\nno field\r\n", b"To: a@b.example\r\nX-Sekisho-A: b\r\n\r\n", RAW)
    for kind in (b"text/plain", b"text/html", b"application/zip", b"multipart/mixed; boundary=b"):
        for encoding in (b"7bit", b"base64", b"quoted-printable"):
            yield (
                b"From: a@us.example\r\nContent-Type: %b\r\nContent-Transfer-Encoding: %b\r\n\r\n"
                b"--b\r\n\r\nhello\r\n--b--\r\n" % (kind, encoding)
            )


@pytest.mark.parametrize("raw", list(shapes()))
@pytest.mark.parametrize("name", sorted(discover() and REWRITERS))
def test_every_rewriter_stays_within_its_reach(name: str, raw: bytes) -> None:
    """Each as it is registered, on mails that are cut in unusual places."""
    rewriter = REWRITERS[name]
    direction = rewriter.reach.direction
    facts = mails.facts(direction=direction, fresh_passphrase="aB3-xyZ9-Qq77-mnop-2rst")
    one = Mail(Message(raw), facts)
    count = len(facts.envelope.forward_paths)
    names = frozenset({name}) if name != "mark" else frozenset({"mark", "banner"})
    made = checked_edits(names, one, tuple(range(count)))
    if made is not None:
        verdict = PASS if name in ("bcc_field", "own_fields") else Verdict(rewrites=names)
        explain(Copy(tuple(range(count)), verdict, made), one, POLICY)


def checked_edits(names: frozenset[str], one: Mail, recipients: tuple[int, ...]) -> tuple[Edit, ...] | None:
    """What these and those that always work make of it; None when they refuse to."""
    finding = Finding("urgency", "IN-WARN", weight=9)
    try:
        every = names if "rebuild" in names else names | ALWAYS[one.facts.direction]
        return rewritten(every, one, POLICY, [finding], recipients).edits
    except RewriteError:
        return None
