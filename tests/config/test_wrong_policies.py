"""Policies that are wrong, each in its own way: file, line, column, key, and what to write instead."""

from pathlib import Path

import pytest

from config.load import read_policy
from filters import ruleset

WRONG = (
    ('[organisation]\nlanguage = "xx"', "2:1: organisation.language", "no language 'xx' (known: en, ja)"),
    ('[organisation]\ndomain = ["a.example"]', "2:1: organisation.domain", 'did you mean "domains"'),
    (
        '[organisation]\ndomains = "a"',
        "2:1: organisation.domains",
        "must be a list in brackets: [ … ]; it is a text",
    ),
    ('[rules.many_extrnal]\nthen = "hold"', "1:2: rules.many_extrnal", 'did you mean "many_external"'),
    ('[rules.many_external]\nthen = "hodl"', "2:1: rules.many_external.then", 'did you mean "hold"'),
    (
        '[rules.many_external]\nthen = "delay"',
        "2:1: rules.many_external.then",
        'a delay is written "delay 5m", "delay 30s" (up to 60m), "del',
    ),
    (
        '[rules.many_external]\nthen = "delay 5x"',
        "2:1: rules.many_external.then",
        'a delay is written "delay 5m", "delay 30s" (up to 60m), "del',
    ),
    (
        '[rules.many_external]\naddresses = "five"',
        "2:1: rules.many_external.addresses",
        "must be a whole number, without quotation marks; it is a tex",
    ),
    ("[rules.many_external]\naddresses = 0", "2:1: rules.many_external.addresses", "must be 1 or more"),
    ("[rules.many_external]\nadresses = 5", "2:1: rules.many_external.adresses", 'did you mean "addresses"'),
    ('[rules.many_external]\nmode = "observ"', "2:1: rules.many_external.mode", 'did you mean "observe"'),
    ("[rules.many_external]\nweight = -1", "2:1: rules.many_external.weight", "must be a number from 0 on"),
    (
        '[[rules.many_external.cases]]\nwhen = { too = "x" }\nthen = "hold"',
        "2:10: rules.many_external.cases.0.when.too",
        'did you mean "to"',
    ),
    (
        '[[rules.many_external.cases]]\nwhen = { to = "nobody" }\nthen = "hold"',
        "2:10: rules.many_external.cases.0.when.to",
        "no group 'nobody'",
    ),
    ('[[rules.many_external.cases]]\nthen = "hold"', "1:3: rules.many_external.cases.0", "when is missing"),
    (
        '[[rules.many_external.cases]]\nwhen = { to = "external", hours = "night" }\nthen = "hold"',
        "2:27: rules.many_external.cases.0.when.hours",
        'must be "business" or "outside"',
    ),
    (
        '[[rules.many_external.cases]]\nwhen = { size_over = "10 GB" }\nthen = "hold"',
        "2:10: rules.many_external.cases.0.when.size_over",
        "'10 GB' is not a size such as \"10 MB\"",
    ),
    (
        '[[rules.many_external.cases]]\nwhen = { class = "秘密" }\nthen = "hold"',
        "2:10: rules.many_external.cases.0.when.class",
        "no class '秘密' (known: 公開, グループ外秘, 社外秘, 極秘)",
    ),
    (
        '[groups.a]\npeople = { departmnt = "x" }',
        "2:12: groups.a.people.departmnt",
        'did you mean "department"',
    ),
    ("[groups.a]", "1:2: groups.a", "is either of people or of recipients: people = { … } or reci"),
    (
        '[groups.a]\npeople = { leaving_within = "soon" }',
        "2:12: groups.a.people.leaving_within",
        "'soon' is not a number of days such as \"30d\"",
    ),
    (
        '[groups.external]\nrecipients = { domains = "x.example" }',
        "1:2: groups.external",
        "is a group that is always there; choose another name",
    ),
    (
        '[groups.a]\nrecipients = { partners = "誰か" }',
        "2:16: groups.a.recipients.partners",
        "no partner '誰か'",
    ),
    (
        '[[exceptions]]\nrule = "many_external"\nwhen = { to = "external" }\nowner = "a"\nreason = "x"\napproved_by = "a"\nuntil = 2099-01-01',
        "6:1: exceptions.0.approved_by",
        "is the owner; somebody else has to agree",
    ),
    (
        '[[exceptions]]\nrule = "many_external"\nwhen = { to = "external" }\nowner = "a"\nreason = ""\napproved_by = "b"\nuntil = 2099-01-01',
        "5:1: exceptions.0.reason",
        "must not be empty",
    ),
    (
        '[[exceptions]]\nrule = "many_external"\nowner = "a"\nreason = "x"\napproved_by = "b"',
        "1:3: exceptions.0",
        "when is missing",
    ),
    (
        '[[exceptions]]\nrule = "nothing"\nwhen = { to = "external" }\nowner = "a"\nreason = "x"\napproved_by = "b"\nuntil = 2099-01-01',
        "2:1: exceptions.0.rule",
        "there is no rule 'nothing'",
    ),
    (
        '[[exceptions]]\nrule = "many_external"\nwhen = { to = "external" }\nowner = "a"\nreason = "x"\napproved_by = "b"\nuntil = "2099-01-01x"',
        "7:1: exceptions.0.until",
        "must be a day such as 2027-03-31",
    ),
    ('[waits]\non_timeout = "forget"', "2:1: waits.on_timeout", 'must be "return", "send" or "escalate"'),
    ("[waits]\ndays = 0", "2:1: waits.days", "must be from 1 to 366"),
    ("[waits]\nreminders = [7, 1]", "2:1: waits.reminders", "each later than the one before"),
    ('[calendar]\ndays = ["monday"]', "2:9: calendar.days.0", 'did you mean "mon"'),
    (
        "[calendar]\nopens = 18:00:00\ncloses = 09:00:00",
        "3:1: calendar.closes",
        "must be later than calendar.opens (18:00:00), on the same da",
    ),
    (
        '[calendar]\nholidays = "XX"',
        "2:1: calendar.holidays",
        'no country \'XX\'; two letters such as "JP", or "" for none',
    ),
    ('mode = "enforced"', "1:1: mode", 'did you mean "enforce"'),
    (
        '[warn]\nwarn_at = "ten"',
        "2:1: warn.warn_at",
        "must be a whole number, without quotation marks; it is a tex",
    ),
    (
        "[encrypt]\narchive_name = 5",
        "2:1: encrypt.archive_name",
        "must be a text in quotation marks; it is a number",
    ),
    (
        '[risk]\nstop_at = 3\nthen = "encrypt"',
        "3:1: risk.then",
        '"encrypt" is not for the risk: a delay, "approve ROLE", "hol',
    ),
    (
        '[rules.confidential_body]\nthen = "approve nobody"',
        "2:1: rules.confidential_body.then",
        "(roles: user, approver, president",
    ),
    (
        '[rules.class_approval]\nthen = "approve chef"',
        "2:1: rules.class_approval.then",
        "(roles: user, approver, president",
    ),
    ('[arriving]\nlinks = "kep"', "2:1: arriving.links", 'did you mean "keep"'),
    (
        '[organisation]\nnext_in_line = { president = "presidant" }',
        "2:1: organisation.next_in_line",
        'did you mean "president"',
    ),
    (
        '[[organisation.classes]]\nname = "x"\nlevel = "high"\nmarks = ["x"]',
        "3:1: organisation.classes.0.level",
        "must be a whole number, without quotation marks; it is a tex",
    ),
    ("[sending]\nper_10_minutes = -1", "2:1: sending.per_10_minutes", "must be 0 (any number) or more"),
    (
        "[calendar]\ndays = []",
        "2:1: calendar.days",
        'name one day at least, such as ["mon", "tue", "wed", "thu", ',
    ),
    ('[calendar]\nholidays = "jp"', "2:1: calendar.holidays", 'did you mean "JP"'),
)


def test_there_are_as_many_as_was_asked_for() -> None:
    assert len({text for text, _, _ in WRONG}) == len(WRONG) >= 40


@pytest.mark.parametrize(("text", "place", "mend"), WRONG)
def test_a_wrong_policy_is_told_with_its_line_and_the_mend(
    tmp_path: Path, text: str, place: str, mend: str
) -> None:
    file = tmp_path / "policy.toml"
    file.write_text(text + "\n", encoding="utf-8")
    _, problems, _ = read_policy(file, (), demo=True, check=ruleset.problems)
    (told,) = [problem for problem in problems if problem.startswith(f"{file}:{place}: ")]
    assert mend in told
