"""What is remembered of a mail is all that deciding on it needs (the laws are in tests/laws/test_rehearsal.py)."""

import ast
import re
from pathlib import Path

import filters.decision.decide
import filters.decision.groups
import filters.decision.outcome
from filters import examples
from filters.decision.pseudonyms import Pseudonyms
from filters.decision.remembered import FACTS, VALUES, Rehearsal, packed, read
from filters.examine import run
from filters.examined import UNEXAMINABLE, Applied
from filters.facts import Facts
from filters.ruleset import prepare
from tests.filters.mails import examined, facts, plain, policy

KEY = b"k" * 32
DECIDING = [
    Path(m.__file__ or "")
    for m in (filters.decision.decide, filters.decision.groups, filters.decision.outcome)
]


def test_all_facts_that_decide_are_remembered() -> None:
    """Whoever lets another fact decide adds it to Remembered, packed and _facts, and then here."""
    named = {name for path in DECIDING for name in re.findall(r"facts\.(\w+)", path.read_text())}
    assert named & set(Facts.__struct_fields__) == FACTS


def test_all_values_that_decide_are_remembered() -> None:
    read_of = {
        ast.literal_eval(call.args[0])
        for path in DECIDING
        for call in ast.walk(ast.parse(path.read_text()))
        if isinstance(call, ast.Call) and ast.unparse(call.func).endswith(".values.get")
    }
    assert read_of == VALUES


def test_a_mail_is_remembered_in_few_bytes() -> None:
    prepared = prepare(policy(external_recipient="delay 5m"))
    of = facts("tanaka@partner.example", "a@us.example")
    answer = examined(plain("本文です。"), *of.envelope.recipients, rules=prepared.policy)
    kept = packed(of, answer, Pseudonyms(KEY))
    assert len(kept) < 250
    mail = read(kept)
    assert [v.delay for v in mail.was] == [300, 0]
    assert mail.did == {Applied("external_recipient", "", "delay 5m")}


def test_a_rule_that_is_off_now_has_seen_nothing_and_a_weight_that_is_fixed_counts() -> None:
    letter = examples.mail_of(examples.letters("urgency")[0])
    of = letter.facts
    answer = run(bytes(letter.message.raw), of, prepare(policy(urgency="hold", theme="hold")))
    mail = read(packed(of, answer, Pseudonyms(KEY)))
    rules = {f.rule for f in answer.findings} & {"urgency", "theme"}
    assert rules
    silent = prepare(policy(**dict.fromkeys(rules, "off")))
    assert Rehearsal(silent).again(KEY, mail, working=True)[1][0].holds.isdisjoint(rules)


def test_what_could_not_be_examined_stays_so() -> None:
    of = facts("a@one.example")
    answer = examined(b"\0" * 10, "a@one.example")
    if not any(f.rule == UNEXAMINABLE for f in answer.findings):
        answer = examined(b"A: b\r\n" * 200_000, "a@one.example")
    mail = read(packed(of, answer, Pseudonyms(KEY)))
    assert Rehearsal(prepare(policy())).again(KEY, mail, working=True)[1][0].holds == {UNEXAMINABLE}
