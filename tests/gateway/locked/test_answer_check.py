"""A worker's answer is believed only when it can be true of the mail it was asked about."""

import msgspec
import pytest

from config.policy import Policy
from filters.examined import UNEXAMINABLE, Copy, Examined, Reported, Summary
from filters.facts import Facts, Origin
from filters.finding import Evidence, Finding
from filters.verdict import Disposition, Verdict
from gateway.locked import channel
from gateway.locked.answer_check import MAX_FINDINGS, Nonsense, believed, failure, unexaminable
from mail.compose import Edit
from mail.envelope import Envelope, ForwardPath

RAW = memoryview(b"Subject: a\r\n\r\nbody\r\n")
ENFORCED = Policy()
WARNED = Verdict(rewrites=frozenset({"banner", "text"}))
ANEW = Verdict(rewrites=frozenset({"rebuild"}))
FACTS = Facts(
    "inbound",
    Origin("inbound", "192.0.2.1"),
    Envelope("a@b.example", (ForwardPath("c@d.example"), ForwardPath("e@f.example"))),
)
HOLD = Verdict(holds=frozenset({"x"}))
BOTH = (Copy((0, 1)),)


def told(examined: Examined) -> Examined:
    answer, news = channel.parted(examined)
    return believed(msgspec.msgpack.encode(answer), memoryview(b"".join(news)), FACTS, RAW, ENFORCED)


@pytest.mark.parametrize(
    "examined",
    [
        Examined(copies=BOTH),
        Examined(copies=(Copy((1,), HOLD), Copy((0,))), verdict=HOLD),
        Examined(verdict=Verdict(rejects=frozenset({"x"}))),
        Examined(
            verdict=ANEW, copies=(Copy((0, 1), ANEW, edits=(Edit(0, 12, b""), Edit(20, 20, b"more\r\n"))),)
        ),
        Examined(
            verdict=WARNED,
            copies=(Copy((0, 1), WARNED, (Edit(14, 20, b"new\r\n"),), kept=(Edit(20, 20, b"x\r\n"),)),),
        ),
        Examined(copies=BOTH, headers=b"X-Sekisho-Findings: a,\r\n b\r\nX-B: c\r\n"),
        Examined(
            copies=BOTH,
            findings=(Finding("rule_a", "OUT-BCC", (Evidence("q", "2.1"),), 3, (1,), {"count": "七"}),),
            summary=Summary(subject="件名", attachments=("a.zip",)),
        ),
        Examined(copies=BOTH, apart=(b"a file", b"", b"another"), kept_back=True),
        Examined(verdict=ANEW, copies=(Copy((0, 1), ANEW, edits=(Edit(0, 12, b""),)),), apart=(b"a file",)),
        Examined(
            copies=BOTH, reported=(Reported(Summary(hosts=("a.example",)), ("abcdefgh234567ij",), True),)
        ),
    ],
)
def test_what_can_be_true_is_believed(examined: Examined) -> None:
    assert told(examined) == examined


@pytest.mark.parametrize(
    "examined",
    [
        Examined(),
        Examined(copies=BOTH, summary=Summary(hosts=("a" * 10_000,))),
        Examined(copies=BOTH, reported=(Reported(Summary(subject="a" * 10_000)),)),
        Examined(copies=BOTH, reported=(Reported(Summary(), ("../x y",)),)),
        Examined(copies=BOTH, reported=(Reported(Summary()),) * 200),
        Examined(copies=(Copy((0,)),)),
        Examined(copies=(Copy((0, 1)), Copy((1,)))),
        Examined(copies=(Copy((0, 1, 2)),)),
        Examined(copies=(Copy((0, -1)),)),
        Examined(copies=(*BOTH, Copy(()))),
        Examined(copies=(Copy((0, 1), HOLD),)),
        Examined(copies=BOTH, verdict=Verdict(holds=frozenset({"a b"}))),
        Examined(copies=BOTH, verdict=Verdict(delay=-1)),
        Examined(copies=BOTH, verdict=Verdict(delay=10**10)),
        Examined(copies=(Copy((0, 1), passphrase_source="elsewhere"),)),
        Examined(copies=BOTH, findings=(Finding("", ""),)),
        Examined(copies=BOTH, findings=(Finding("a", "", recipients=(2,)),)),
        Examined(copies=BOTH, findings=(Finding("a", ""),) * (MAX_FINDINGS + 1)),
        Examined(copies=BOTH, findings=(Finding("a", "", (Evidence("x" * 9000),)),)),
        Examined(copies=BOTH, findings=(Finding("a", "", about=("x" * 9000,)),)),
        Examined(copies=BOTH, findings=(Finding("a", "", meant="x" * 9000),)),
        Examined(copies=BOTH, findings=(Finding("a", "", about=("x",) * 999),)),
        Examined(copies=BOTH, summary=Summary(subject="x" * 9000)),
        Examined(copies=BOTH, headers=b"X-A: b"),
        Examined(copies=BOTH, headers=b"X-A: b\r\n\r\nbody"),
        Examined(copies=BOTH, headers=b"X-A: b\nX-C: d\r\n"),
        Examined(copies=BOTH, headers=b" X-A: b\r\n"),
    ],
)
def test_what_cannot_be_true_is_nonsense(examined: Examined) -> None:
    with pytest.raises(Nonsense):
        told(examined)


@pytest.mark.parametrize(
    "edits",
    [
        (Edit(0, 21, b""),),
        (Edit(5, 4, b""),),
        (Edit(-1, 4, b""),),
        (Edit(0, 5, b""), Edit(4, 6, b"")),
        (Edit(0, 0, b"a\nb"),),
        (Edit(0, 0, b"a\rb"),),
        (Edit(0, 0, b"\n\r\r\n"),),
        (Edit(0, 0, b"a\0b"),),
        (Edit(11, 11, b"x"),),
        (Edit(10, 11, b""),),
    ],
)
def test_edits_keep_the_lines_whole(edits: tuple[Edit, ...]) -> None:
    with pytest.raises(Nonsense):
        told(Examined(verdict=ANEW, copies=(Copy((0, 1), ANEW, edits=edits),)))
    with pytest.raises(Nonsense):
        told(Examined(verdict=ANEW, copies=(Copy((0, 1), ANEW, kept=edits),)))


@pytest.mark.parametrize(
    "head", [b"", b"\xc1", b"\x80", b"\x81\xa8examined\x01", b"\x91" * 100_000, msgspec.msgpack.encode([1])]
)
def test_what_is_no_answer_is_nonsense(head: bytes) -> None:
    with pytest.raises(Nonsense):
        believed(head, memoryview(b""), FACTS, RAW, ENFORCED)
    with pytest.raises(Nonsense):
        failure(head)


@pytest.mark.parametrize("direction", ["inbound", "outbound"])
def test_what_could_not_be_examined_is_held_for_everybody(direction: str) -> None:
    examined = unexaminable(msgspec.structs.replace(FACTS, direction=direction), "crash")
    assert [f.rule for f in examined.findings] == [UNEXAMINABLE]
    assert examined.verdict.disposition is Disposition.HOLD
    assert [c.recipients for c in examined.copies] == [(0, 1)]
    assert examined.copies[0].verdict == examined.verdict
    assert told(examined) == examined


def test_observing_holds_nothing() -> None:
    examined = unexaminable(FACTS, "crash", "observe")
    assert examined.verdict.disposition is Disposition.DELIVER
    assert [f.rule for f in examined.findings] == [UNEXAMINABLE]
