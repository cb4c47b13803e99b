"""The 550 that a person reads."""

from datetime import datetime
from zoneinfo import ZoneInfo

import msgspec

from config.load import shipped
from config.policy import Organisation, Policy
from filters.examine import run
from filters.examined import Examined
from filters.facts import Facts, Origin
from filters.finding import Finding
from filters.ruleset import prepare
from filters.verdict import Verdict
from gateway.deliver.recipient_domains import Lack
from gateway.refusals import cut, exhausted, refusal, unreachable
from mail.envelope import Envelope
from mail.reply import in_ascii
from quarantine.queue.sender_limits import Exhausted
from tests.filters.mails import facts, plain

FACTS = Facts(
    "outbound", Origin("submission", "192.0.2.1", login="taro"), Envelope("a@x.example"), mail_id="m1", console="https://c.example",
)  # fmt: skip
UTF8 = msgspec.structs.replace(FACTS, envelope=Envelope("a@x.example", smtputf8=True))


def examined(*rules: str) -> Examined:
    return Examined(
        tuple(Finding(rule, "OUT-BODY") for rule in rules), Verdict(rejects=frozenset(rules)), warned=False
    )


def test_only_the_rules_that_refuse_speak_and_in_both_languages() -> None:
    found = Examined(
        (Finding("no_such_rule", ""), Finding("unexaminable", "")),
        Verdict(rejects=frozenset({"unexaminable"})),
    )
    reply = refusal(found, Policy(), UTF8)
    assert reply.code == 550
    assert reply.enhanced == "5.7.1"
    assert "could not be examined" in reply.text.splitlines()[0]
    assert "検査できませんでした" in reply.text.splitlines()[1]
    assert "no_such_rule" not in reply.text


def test_without_smtputf8_a_refusal_is_ascii_and_says_where_to_read_more() -> None:
    """RFC 5321 §4.2: a textstring is ASCII. The page is for those who submit; strangers get the code only."""
    for language in ("ja", "en"):
        policy = Policy(organisation=Organisation(language=language))
        submitted = refusal(examined("unexaminable"), policy, FACTS)
        assert submitted.text.isascii()
        assert submitted.text.splitlines()[-1].endswith("https://c.example/refused/m1 (code m1)")
        arriving = refusal(
            examined("unexaminable"),
            policy,
            msgspec.structs.replace(FACTS, direction="inbound", origin=Origin("mx", "192.0.2.1")),
        )
        assert "c.example" not in arriving.text
        assert "m1" in arriving.text


def test_a_loop_has_a_status_of_its_own() -> None:
    assert refusal(examined("mail_loop"), Policy(), FACTS).enhanced == "5.4.6"
    assert refusal(examined("mail_loop", "private_address"), Policy(), FACTS).enhanced == "5.7.1"


def test_a_recipient_whose_domain_takes_no_mail() -> None:
    nobody = unreachable(Lack.NO_DOMAIN, "mx.exampel", Policy(), True)
    assert (nobody.code, nobody.enhanced) == (550, "5.1.2")
    assert "mx.exampel は存在しません" in nobody.text
    assert "mx.exampel does not exist" in nobody.text
    null = unreachable(Lack.NO_MAIL, "null.example", Policy(), True)
    assert (null.code, null.enhanced) == (556, "5.1.10")


def test_a_limit_says_when_it_works_again_and_not_too_soon() -> None:
    at = datetime(2026, 11, 30, 12, 54, 1, tzinfo=ZoneInfo("Asia/Tokyo")).timestamp()
    short = exhausted(Exhausted(600, 600, at), Policy(), "Asia/Tokyo", True)
    assert (short.code, short.enhanced) == (452, "4.7.1")
    assert "12:55 以降" in short.text
    day = exhausted(Exhausted(86_400, 10_000, at), Policy(), "Asia/Tokyo", True)
    assert (day.code, day.enhanced) == (550, "5.7.1")
    assert "10000" in day.text


def test_a_line_is_cut_at_a_character_and_never_broken() -> None:
    text = cut("極秘" * 300 + "\r\nRCPT TO:<x@y>")
    assert "\r" not in text
    assert len(text.encode()) <= 484
    assert text.endswith("…")


def test_a_class_has_a_name_that_ascii_can_write() -> None:
    """It was "(...)" for whoever reads the reply of the shipped classes."""
    mail = plain("この計画は社外秘です。\n社外秘\n")
    found = run(
        mail, facts(), prepare(Policy(organisation=Organisation(classes=shipped().organisation.classes)))
    )
    assert "confidential_body" in found.verdict.rejects
    reply = refusal(found, Policy(), FACTS)
    assert "Company Confidential" in reply.text
    assert "..." not in "".join(map(in_ascii, reply.lines()))
