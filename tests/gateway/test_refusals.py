"""The 550 that a person reads."""

from datetime import datetime
from zoneinfo import ZoneInfo

from config.policy import Organisation, Policy
from filters.examined import Examined
from filters.finding import Finding
from filters.verdict import Verdict
from gateway.deliver.recipient_domains import Lack
from gateway.refusals import cut, exhausted, refusal, unreachable
from quarantine.queue.sender_limits import Exhausted


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


def test_a_recipient_whose_domain_takes_no_mail() -> None:
    nobody = unreachable(Lack.NO_DOMAIN, "mx.exampel", Policy())
    assert (nobody.code, nobody.enhanced) == (550, "5.1.2")
    assert "mx.exampel は存在しません" in nobody.text
    assert "mx.exampel does not exist" in nobody.text
    null = unreachable(Lack.NO_MAIL, "null.example", Policy())
    assert (null.code, null.enhanced) == (556, "5.1.10")


def test_a_limit_says_when_it_works_again_and_not_too_soon() -> None:
    at = datetime(2026, 11, 30, 12, 54, 1, tzinfo=ZoneInfo("Asia/Tokyo")).timestamp()
    short = exhausted(Exhausted(600, 600, at), Policy(), "Asia/Tokyo")
    assert (short.code, short.enhanced) == (452, "4.7.1")
    assert "12:55 以降" in short.text
    day = exhausted(Exhausted(86_400, 10_000, at), Policy(), "Asia/Tokyo")
    assert (day.code, day.enhanced) == (550, "5.7.1")
    assert "10000" in day.text


def test_a_line_is_cut_at_a_character_and_never_broken() -> None:
    text = cut("極秘" * 300 + "\r\nRCPT TO:<x@y>")
    assert "\r" not in text
    assert len(text.encode()) <= 484
    assert text.endswith("…")
