"""Triggers lose nothing: what sleeping rules would see is compared, for mails of every rule in many disguises."""

import pytest

from config.policy import Organisation
from filters import examples
from filters.examine import asked, compare, look
from filters.rule import Mail
from filters.ruleset import PreparedRule
from filters.trigger import Always, Field, Finds, Given, Says, Theme, Trigger
from filters.waking import GIVEN, Waking
from tests.filters import woken
from tests.filters.disguises import disguised
from tests.filters.woken import ORGANISATION, prepared, speaking

RULES = [r for r in prepared().rules if not any(isinstance(t, Always) for t in r.rule.wakes)]


def without(trigger: Trigger) -> list[tuple[str, tuple[Trigger, ...]]]:
    """What may be forgotten of a trigger, and what is left of it."""
    match trigger:
        case Says(expressions, least):
            kept = [expressions[:n] + expressions[n + 1 :] for n in range(len(expressions))]
            return [(e, (Says(k, least),) if k else ()) for e, k in zip(expressions, kept, strict=True)]
        case Theme(families, strong):
            return [(f, (Theme(tuple(o for o in families if o != f), strong),)) for f in families]
        case Field(names, setting):
            fewer = [(f, (Field(tuple(o for o in names if o != f), setting),)) for f in names]
            return [*fewer, (setting, (Field(names),))] if setting else fewer
        case Finds(names) if len(names) > 1:
            return [(f, (Finds(tuple(o for o in names if o != f)),)) for f in names]
    return [(str(trigger), ())]


def speaks(each: PreparedRule, mail: Mail, organisation: Organisation) -> bool:
    return bool(each.rule.look(mail.afresh(), organisation, each.settings, each.weight))


@pytest.mark.parametrize("each", RULES, ids=lambda r: r.rule.name)
def test_each_trigger_is_needed_and_all_together_are_enough(each: PreparedRule) -> None:
    heard = [
        (mail, organisation)
        for mail in speaking(each.rule.name)
        for organisation in (ORGANISATION, examples.ORGANISATION)
        if speaks(each, mail, organisation)
    ]
    assert heard, "no mail in which it speaks"
    whole = Waking([(each.rule.wakes, each.settings)])
    asleep = [mail for mail, organisation in heard if not whole.awake(mail.afresh(), organisation)]
    assert not asleep, bytes(asleep[0].message.raw).decode("utf-8", "replace")
    for number, trigger in enumerate(each.rule.wakes):
        others = each.rule.wakes[:number] + each.rule.wakes[number + 1 :]
        for what, left in without(trigger):
            mutant = Waking([((*others, *left), each.settings)])
            assert any(not mutant.awake(mail.afresh(), o) for mail, o in heard), f"{what} wakes for nothing"


def test_the_examples_in_every_disguise() -> None:
    """Both the letters that make a rule speak and those that do not; `look` compares."""
    fired: set[str] = set()
    for each in prepared().rules:
        name = each.rule.name
        if name in woken.WITHOUT_EXAMPLE:
            continue
        for letter in examples.letters(name):
            for disguise, mail in disguised(letter, woken.direction(name)):
                found = {finding.rule for finding in look(mail, prepared())}
                if disguise != "as it is":
                    fired |= found
    silent = {r.rule.name for r in prepared().rules} - fired
    assert len(silent) <= len(prepared().rules) // 10, silent


def test_what_each_rule_says_of_itself_in_mails_of_all_rules() -> None:
    """`look` compares: all rules in the mails that were made for one."""
    for each in prepared().rules:
        for mail in list(speaking(each.rule.name))[::7]:
            look(mail.afresh(), prepared())


def test_a_rule_that_slept_and_sees_something_is_an_error() -> None:
    (mail, *_) = speaking("numeric_link")
    asleep = [r for r in prepared().awake(mail) if r.rule.name != "numeric_link"]
    with pytest.raises(AssertionError, match="numeric_link"):
        compare(mail, prepared(), asked(mail, prepared(), asleep))


def test_only_these_rules_look_at_every_mail() -> None:
    """A new one says why: Always(reason)."""
    assert {r.rule.name for r in prepared().rules if r not in RULES} == {
        "external_recipient",
        "freemail_sender",
        "hidden_external",
        "house_voice",
        "lookalike",
        "named_bcc",
        "odd_host",
        "odd_sender",
        "own_domain_outside",
        "private_address",
        "recipient_in_subject",
    }


def test_an_ordinary_mail_wakes_few() -> None:
    mail = woken.written("お世話になっております。\n明日の打ち合わせの資料をお送りいたします。")
    awake = {r.rule.name for r in prepared().awake(mail)}
    always = {r.rule.name for r in prepared().of("inbound") if r not in RULES}
    assert awake - always <= {
        "first_contact",
        "spoofed_name",
        "other_envelope",
        "theme",
        "attachment",
        "claimed_authority",
        "scheme",
    }
    assert len(awake) < len(prepared().of("inbound")) / 3


def test_everything_given_can_be_seen() -> None:
    assert set(GIVEN) == set(Given)


def test_when_something_cannot_be_seen_every_rule_is_asked() -> None:
    mail = woken.written("x")
    mail.__dict__["incoming"] = None
    assert len(prepared().awake(mail)) == len(prepared().of("inbound"))


def test_when_the_search_is_given_up_every_rule_is_asked() -> None:
    class Exhausted:
        def Match(self, text: bytes) -> None:
            return None

    waking = Waking([((Says(("乙",)),), {}), ((Says(("丙", "丁"), least=2),), {})])
    mail = woken.written("乙 丙")
    assert waking.awake(mail, ORGANISATION) == 0b01
    assert waking.awake(woken.written("丁 丙"), ORGANISATION) == 0b10
    waking._set = Exhausted()  # type: ignore[assignment]
    assert waking.awake(mail, ORGANISATION) == 0b11
