"""The 550 that a person reads."""

from config.policy import Organisation, Policy
from filters.examined import Examined
from filters.finding import Finding
from filters.verdict import Verdict
from gateway.refusals import cut, refusal


def examined(*rules: str) -> Examined:
    return Examined(
        tuple(Finding(rule, "OUT-BODY") for rule in rules), Verdict(rejects=frozenset(rules)), warned=False
    )


def test_only_the_rules_that_refuse_speak_and_in_both_languages() -> None:
    found = Examined(
        (Finding("no_such_rule", ""), Finding("unexaminable", "")),
        Verdict(rejects=frozenset({"unexaminable"})),
    )
    reply = refusal(found, Policy())
    assert reply.code == 550
    assert reply.enhanced == "5.7.1"
    assert "検査できませんでした" in reply.text.splitlines()[0]
    assert "could not be examined" in reply.text.splitlines()[1]
    assert "no_such_rule" not in reply.text


def test_the_organisations_language_comes_first() -> None:
    reply = refusal(examined("unexaminable"), Policy(organisation=Organisation(language="en")))
    assert reply.text.splitlines()[0].isascii()


def test_a_line_is_cut_at_a_character_and_never_broken() -> None:
    text = cut("極秘" * 300 + "\r\nRCPT TO:<x@y>")
    assert "\r" not in text
    assert len(text.encode()) <= 484
    assert text.endswith("…")
