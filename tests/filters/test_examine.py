"""The checkpoint as a whole: copies, failures, observation, both directions."""

from collections.abc import Iterator
from typing import Any

import msgspec
import pytest

from config.policy import RulePolicy, Warn
from filters import rewrite
from filters.examine import examine, run
from filters.examined import UNEXAMINABLE, Examined
from filters.finding import Sight
from filters.rule import REGISTRY, Mail, Rule
from filters.ruleset import SHIPPED, prepare
from filters.trigger import Always
from filters.verdict import PASS, Disposition
from filters.views import ByFields
from mail.compose import Edit, RewriteError, applied
from mail.message import Message
from tests.filters.mails import FRESH, attached, examined, facts, plain, policy

SECRET = attached(("a.txt", "社外秘".encode()))
AGREED = "an agreed password of 2024: Kanda"


def failing(error: BaseException) -> Rule:
    def check(*_: Any, **__: Any) -> Iterator[Sight]:
        raise error
        yield

    return Rule("failing", "X", "both", (Always("a test"),), ByFields, check, {}, __name__)


@pytest.fixture
def broken_rule(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(REGISTRY, "failing", failing(ValueError("secret text of the mail")))
    monkeypatch.setitem(SHIPPED, "failing", RulePolicy("observe"))


def held(answer: Examined, count: int) -> bool:
    return (
        all(UNEXAMINABLE in c.verdict.holds for c in answer.copies)
        and sorted(i for c in answer.copies for i in c.recipients) == list(range(count))
        and not any(c.edits for c in answer.copies)
    )


def test_recipients_with_the_same_verdict_and_passphrase_share_a_copy() -> None:
    people = ("a@us.example", "b@p.example", "c@q.example", "d@p.example")
    answer = examined(
        SECRET, *people, passphrases={"b@p.example": AGREED, "d@p.example": AGREED},
        passphrase_scopes={"b@p.example": "address", "d@p.example": "domain"},
    )  # fmt: skip
    assert {c.recipients: c.passphrase_source for c in answer.copies} == {
        (0,): "", (1, 3): "domain", (2,): "generated",
    }  # fmt: skip
    plainly = next(c for c in answer.copies if c.recipients == (0,))
    assert plainly.edits == ()
    for copy in answer.copies:
        out = applied(SECRET, copy.edits)
        assert AGREED.encode() not in out
        assert FRESH.encode() not in out


@pytest.mark.usefixtures("broken_rule")
@pytest.mark.parametrize("direction", ["outbound", "inbound"])
def test_a_rule_that_fails_holds_the_mail_for_everybody(direction: str) -> None:
    answer = examined(SECRET, "a@us.example", "b@p.example", direction=direction)
    assert held(answer, 2)
    finding = next(f for f in answer.findings if f.rule == UNEXAMINABLE)
    assert finding.values == {"where": "failing", "why": "ValueError"}
    assert "secret text" not in str(answer)


@pytest.mark.usefixtures("broken_rule")
def test_what_should_have_been_encrypted_still_says_so() -> None:
    (copy,) = examined(SECRET).copies
    assert "encrypt" in copy.verdict.rewrites
    assert "department_head" in copy.verdict.approvals
    assert copy.verdict.disposition is Disposition.HOLD


@pytest.mark.parametrize(
    "change",
    [
        lambda *_: (_ for _ in ()).throw(RewriteError("no")),
        lambda *_: (_ for _ in ()).throw(MemoryError()),
        lambda *_: (_ for _ in ()).throw(RecursionError()),
        lambda *_: [Edit(0, 10, b""), Edit(5, 15, b"x")],
        lambda *_: [Edit(0, 10**9, b"")],
        lambda *_: None,
    ],
)
def test_a_rewriter_that_fails_holds_the_mail_and_changes_nothing(
    change: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(
        rewrite.REWRITERS, "encrypt", rewrite.Rewriter("encrypt", change, rewrite.Reach("outbound"))
    )
    assert held(examined(SECRET, "a@us.example", "b@p.example"), 2)


def test_a_missing_rewriter_holds_the_mail(monkeypatch: pytest.MonkeyPatch) -> None:
    prepare(policy())
    monkeypatch.delitem(rewrite.REWRITERS, "encrypt")
    assert held(examined(SECRET, "a@us.example", "b@p.example"), 2)


def test_no_passphrase_no_mail() -> None:
    assert held(examined(SECRET, fresh_passphrase=""), 1)


def test_a_finding_for_a_recipient_that_does_not_exist_holds_the_mail(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def check(*_: Any, **__: Any) -> Iterator[Sight]:
        yield Sight(recipients=(7,))

    rule = Rule("lost", "X", "both", (Always("a test"),), ByFields, check, {}, __name__)
    monkeypatch.setitem(REGISTRY, "lost", rule)
    monkeypatch.setitem(SHIPPED, "lost", RulePolicy("hold"))
    assert held(examined(plain("x")), 1)


@pytest.mark.parametrize(
    "raw",
    [
        b"A: b\r\n" * 1001 + plain("x"),
        b"X: " + b"y" * 40_000 + b"\r\n" + plain("x"),
        plain("x").replace(b"text/plain", b"multipart/mixed; boundary=b") + b"--b\r\n\r\n" * 600,
        plain("x", to=", ".join(f"a{n}@b.example" for n in range(2500))),
    ],
)
def test_beyond_the_limits_is_unexaminable(raw: bytes) -> None:
    answer = examined(raw)
    assert held(answer, 1)
    assert {f.rule for f in answer.findings} == {UNEXAMINABLE}


@pytest.mark.parametrize("raw", [b"", b"\r\n", b"\0", b"\xff" * 100, b"no header at all", b"From:\r\n\r\n"])
@pytest.mark.parametrize("direction", ["outbound", "inbound"])
def test_strange_bytes_never_raise_and_lose_nobody(raw: bytes, direction: str) -> None:
    answer = examined(raw, "a@us.example", "b@p.example", direction=direction)
    assert sorted(i for c in answer.copies for i in c.recipients) == [0, 1]


def test_under_observation_nothing_is_held_or_changed() -> None:
    for raw in (SECRET, plain("社外秘")):
        answer = examined(raw, rules=policy("observe"))
        assert answer.verdict == PASS
        assert [(c.verdict, c.edits) for c in answer.copies] == [(PASS, ())]
        assert answer.findings


@pytest.mark.usefixtures("broken_rule")
def test_under_observation_even_failures_pass() -> None:
    answer = examined(SECRET, rules=policy("observe"))
    assert answer.verdict == PASS
    assert UNEXAMINABLE in [f.rule for f in answer.findings]


def test_a_rejected_mail_is_not_rewritten() -> None:
    raw = attached(("a.txt", "極秘".encode()), body="極秘")
    answer = examined(raw, "a@us.example", "b@p.example")
    assert answer.verdict.disposition is Disposition.REJECT
    assert not any(c.edits for c in answer.copies)


def test_off_and_observe() -> None:
    raw = plain("社外秘")
    off = examined(raw, rules=policy(confidential_body="off", class_approval="off"))
    assert [f.rule for f in off.findings] == ["external_recipient"]
    observed = examined(raw, rules=policy(confidential_body="observe", class_approval="observe"))
    assert observed.verdict.disposition is Disposition.HOLD
    assert not observed.verdict.rejects
    assert "confidential_body" in [f.rule for f in observed.findings]


def test_outbound_mail_tells_the_world_nothing() -> None:
    assert b"X-Sekisho" not in examined(SECRET).headers


@pytest.fixture
def indicators(monkeypatch: pytest.MonkeyPatch) -> None:
    prepare(policy())  # all rules and rewriters are there

    def sign(weight: int) -> Any:
        def check(mail: Mail, *_: Any, **__: Any) -> Iterator[Sight]:
            if f"sign{weight}".encode() in bytes(mail.message.view):
                yield Sight()
                yield Sight()

        return check

    for name in [n for n, r in REGISTRY.items() if r.direction != "outbound"]:
        monkeypatch.delitem(REGISTRY, name)
    for weight in (2, 3):
        name = f"sign{weight}"
        rule = Rule(name, "IN", "inbound", (Always("a test"),), ByFields, sign(weight), {}, __name__)
        monkeypatch.setitem(REGISTRY, name, rule)
        monkeypatch.setitem(SHIPPED, name, RulePolicy("warn", weight))
    for name in ("banner", "text"):
        added = [Edit(0, 0, f"X-Shown: {name}\r\n".encode())]
        shown = msgspec.structs.replace(rewrite.REWRITERS[name], change=lambda *_, added=added: added)
        monkeypatch.setitem(rewrite.REWRITERS, name, shown)


@pytest.mark.usefixtures("indicators")
@pytest.mark.parametrize(
    ("body", "warn", "warned", "score", "held"),
    [
        ("sign3", Warn(), False, 3, False),
        ("sign3 sign2", Warn(), True, 5, False),
        ("sign2", Warn(several=1), True, 2, False),
        ("sign2", Warn(several=2), False, 2, False),
        ("sign3 sign2", Warn(hold_at=5), True, 5, True),
        ("nothing", Warn(warn_at=0, several=0), False, 0, False),
    ],
)
def test_indicators_together_make_the_warning(
    body: str, warn: Warn, warned: bool, score: int, held: bool
) -> None:
    rules = msgspec.structs.replace(policy(), warn=warn)
    answer = examined(plain(body), "a@us.example", direction="inbound", rules=rules)
    assert (answer.warned, answer.score) == (warned, score)
    (copy,) = answer.copies
    assert ("banner" in copy.verdict.rewrites) is warned
    assert bool(copy.verdict.holds) is held
    # What waits for a person has the banner only: who releases it means the mail as it came.
    shown = b"X-Shown: banner" if held else b"X-Shown: text"
    assert applied(plain(body), copy.edits).startswith(shown) is warned
    assert copy.kept is None
    assert (b"X-Sekisho-Warning: yes" in answer.headers) is warned


@pytest.mark.usefixtures("indicators")
def test_observed_indicators_and_weights_of_the_policy() -> None:
    rules = msgspec.structs.replace(
        policy(), rules={"sign3": RulePolicy("observe"), "sign2": RulePolicy(weight=5)}
    )
    answer = examined(plain("sign2 sign3"), "a@us.example", direction="inbound", rules=rules)
    assert (answer.score, answer.warned) == (5, True)
    assert {f.rule for f in answer.findings} == {"sign2", "sign3"}


def test_the_summary_is_decoded_and_capped() -> None:
    raw = attached(("名簿.csv", b"x"), to="=?utf-8?b?55Sw5Lit?= <tanaka@partner.example>")
    summary = examined(raw).summary
    assert summary.attachments == ("名簿.csv",)
    assert summary.to == "田中 <tanaka@partner.example>"
    assert (summary.author, summary.message_id) == ("sato@us.example", "<2@us.example>")
    assert examined(plain("x")).summary.author_name == "佐藤"
    assert len(examined(plain("x", subject="長" * 2000)).summary.subject) <= 300


def test_examine_takes_a_policy_or_a_prepared_one() -> None:
    mail = Mail(Message(SECRET), facts())
    answers = [examine(mail, policy()), run(SECRET, facts(), prepare(policy()))]
    assert answers[0].findings == answers[1].findings


def test_an_answer_crosses_the_border_as_plain_data() -> None:
    answer = examined(SECRET)
    assert msgspec.json.decode(msgspec.json.encode(answer), type=Examined) == answer


EIGHT = tuple(f"p{n}@d{n % 4}.example" for n in range(8))


def test_one_copy_each_shows_nobody_another() -> None:
    raw = plain("お知らせ", to=", ".join(EIGHT))
    answer = examined(raw, *EIGHT, "hana@us.example", rules=policy(many_external="one copy each"))
    assert [c.recipients for c in answer.copies] == [(n,) for n in range(9)]
    for copy in answer.copies:
        out = applied(raw, copy.edits)
        mine = (*EIGHT, "hana@us.example")[copy.recipients[0]]
        assert Message(out).first("to").text == mine  # type: ignore[union-attr]
        assert not any(other.encode() in out for other in EIGHT if other != mine)


def test_one_copy_each_wins_over_bcc() -> None:
    raw = plain("お知らせ", to=", ".join(EIGHT))
    rules = policy(many_external="one copy each", external_recipient="bcc")
    answer = examined(raw, *EIGHT, rules=rules)
    assert len(answer.copies) == 8


@pytest.mark.parametrize(("people", "octets"), [(201, 10), (8, 5 << 20)])
def test_too_many_or_too_large_copies_are_one_in_which_nobody_is_named(people: int, octets: int) -> None:
    names = tuple(f"p{n}@d{n % 4}.example" for n in range(people))
    raw = attached(("a.bin", b"\0" * octets), to=",\r\n ".join(names))
    (copy,) = examined(raw, *names, rules=policy(many_external="one copy each")).copies
    assert "bcc" in copy.verdict.rewrites
    assert "each" not in copy.verdict.rewrites
    assert Message(applied(raw, copy.edits)).first("to").text == "<sato@us.example>"  # type: ignore[union-attr]


def test_copies_for_each_are_encrypted_once() -> None:
    raw = attached(("a.txt", "社外秘".encode()), to=", ".join(EIGHT))
    copies = examined(raw, *EIGHT, rules=policy(many_external="one copy each")).copies
    assert len({max((e.new for e in copy.edits), key=len) for copy in copies}) == 1
    assert len(copies) == 8
