"""Reports on delivery: genuine ones are no attack, forged ones are judged by what they lead to."""

import msgspec
import pytest

from config.policy import Policy
from filters.examine import run
from filters.examined import Examined
from filters.facts import Authentication, Facts
from filters.ruleset import prepare
from tests.filters.inbound.arriving import US
from tests.filters.inbound.reports import DAEMONS, LEADS, LURES, OUR_ID, facts, report

PREPARED = prepare(Policy(organisation=US))


def judged(raw: bytes, told: Facts) -> Examined:
    return run(raw, told, PREPARED)


@pytest.mark.parametrize("author", DAEMONS)
def test_a_report_on_our_mail_is_left_alone_whoever_wrote_it(author: str) -> None:
    text = "Your mail could not be delivered. See https://support.xk3q9zv7w.example.com/owa?id=1\n"
    seen = judged(report(text, author=author), facts(OUR_ID))
    assert not seen.warned
    assert {f.control for f in seen.findings} <= {"IN-TYPE", "IN-CRYPT"}


@pytest.mark.parametrize("author", DAEMONS)
def test_a_report_on_mail_that_nobody_remembers_is_not_warned_of(author: str) -> None:
    assert not judged(report(author=author), facts()).warned


@pytest.mark.parametrize("author", DAEMONS)
@pytest.mark.parametrize("lure", LURES)
@pytest.mark.parametrize("lead", LEADS)
@pytest.mark.parametrize("form", ["plain", "html"])
def test_a_forged_report_with_a_lure_is_warned_of(author: str, lure: str, lead: str, form: str) -> None:
    text = LURES[lure].format(link=lead)
    page = "<p>" + LURES[lure].format(link=f'<a href="{lead}">Sign in</a>') + "</p>" if form == "html" else ""
    seen = judged(report(text, author=author, html=page, returned="<made.up@us.example>"), facts())
    assert seen.warned, [(f.rule, f.weight) for f in seen.findings]


def test_what_others_returned_excuses_nothing() -> None:
    lure = LURES["quota"].format(link=LEADS[0])
    ours, others = report(lure), report(lure, returned="<other@us.example>")
    assert not judged(ours, facts(OUR_ID)).warned
    assert judged(others, facts(OUR_ID)).warned
    # Beside the report, in the text, or with a reverse-path it proves nothing.
    said = report(f"Message-ID: {OUR_ID}\n{lure}", returned="<other@us.example>")
    assert judged(said, facts(OUR_ID)).warned
    assert judged(ours, facts(OUR_ID, reverse_path="x@gmail.com")).warned


BLOCKED = Authentication(spf="none", dkim="none", dmarc="fail")


@pytest.mark.parametrize("about", ["tanaka@partner.example", "kato@us.example"])
def test_a_formal_report_of_a_filter_is_heard_as_one(about: str) -> None:
    told = msgspec.structs.replace(facts(), authentication=BLOCKED)
    raw = report("Blocked by our filter.", author="Mail Security <security@filter.example>", about=about)
    indicators = {f.rule for f in judged(raw, told).findings}
    assert ("authentication_failed" in indicators) is about.endswith("@us.example")


def test_a_persons_name_over_a_report_counts() -> None:
    seen = judged(report("急ぎの件です。", author="山田 太郎 <ceo@gmail.com>"), facts())
    assert {"spoofed_name", "freemail_sender"} <= {f.rule for f in seen.findings}


def test_files_count_in_every_report() -> None:
    part = 'Content-Type: application/octet-stream\nContent-Disposition: attachment; filename="a.pdf.exe"\n\nMZ\n'
    for told in (facts(), facts(OUR_ID)):
        seen = judged(report(attached=part), told)
        assert {"executable", "double_extension"} <= {f.rule for f in seen.findings}
        assert seen.warned


def test_what_is_refused_by_dmarc_is_refused_as_a_report_too() -> None:
    failed = Authentication(spf="none", dmarc="fail", dmarc_policy="reject")
    seen = judged(report(), msgspec.structs.replace(facts(), authentication=failed))
    assert "dmarc_reject" in {f.rule for f in seen.findings}
    assert not seen.warned
