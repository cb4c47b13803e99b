"""OUT-CLASS: own words and patterns, their classes and consequences."""

import msgspec

from config.policy import Pattern, Policy
from filters.verdict import Verdict
from tests.filters.mails import ORGANISATION, attached, examined, plain


def verdict(raw: bytes, *patterns: Pattern) -> Verdict:
    own = msgspec.structs.replace(ORGANISATION, patterns=patterns)
    return examined(raw, rules=Policy(organisation=own)).verdict


AOBA = Pattern("アオバ", words=("計画アオバ",))


def test_held_unless_the_pattern_says_otherwise() -> None:
    assert verdict(plain("計画アオバの件"), AOBA).holds == {"own_pattern"}
    assert verdict(plain("別の件"), AOBA).holds == frozenset()
    told = verdict(plain("計画アオバの件"), msgspec.structs.replace(AOBA, then="approve president"))
    assert told.approvals == {"president"}
    assert not told.holds


def test_a_class_comes_with_its_approver_and_its_duties() -> None:
    pattern = msgspec.structs.replace(AOBA, of="極秘", then="observe")
    told = verdict(attached(("計画.txt", "計画アオバ".encode())), pattern)
    assert told.approvals == {"president"}
    assert "encrypt" in told.rewrites
    assert verdict(plain("計画アオバの件"), pattern).rejects == {"confidential_body"}


def test_findings_have_values_and_places() -> None:
    own = msgspec.structs.replace(ORGANISATION, patterns=(AOBA,))
    found = examined(plain("一行目\n計画アオバ"), rules=Policy(organisation=own)).findings
    (finding,) = [f for f in found if f.rule == "own_pattern"]
    assert finding.values == {"name": "アオバ", "count": "1", "where": "1", "pattern": "アオバ"}
    assert finding.evidence[0].offset == 5
