"""The organisation's own words and patterns."""

import msgspec
import pytest

from config.policy import Organisation, Pattern, Policy
from filters.detect.detector import scan
from filters.detect.patterns import problems
from filters.detect.text import Text
from filters.ruleset import prepare
from tests.filters.mails import CLASSES, ORGANISATION


def found(raw: str, **pattern: object) -> list[int]:
    own = Organisation(patterns=(msgspec.convert({"name": "p", **pattern}, Pattern),))
    assert problems(own) == []
    return [m.count for m in scan(Text("1", raw, "body"), own).own]


def test_words_are_found_however_they_are_written() -> None:
    for raw in ("計画アオバの件", "計画 ア オ バ", "計画ｱｵﾊﾞ", "計\u200b画アオバ"):
        assert found(raw, words=["計画アオバ"]) == [1]
    assert found("Project  BLUE Bird is late", words=["Blue Bird"]) == [1]
    assert found("blue birds", words=["Blue Bird"]) == []


def test_a_pattern_with_validator_threshold_and_context() -> None:
    customer = {"pattern": r"C-\d{6}"}
    assert found("顧客 C-123456 と Ｃ－１２３４５７", **customer) == [2]
    assert found("顧客 c-123456", threshold=2, **customer) == []
    assert found("顧客 C-123456 C-123456", threshold=2, **customer) == []
    assert found("番号 C-123456", context=["顧客"], **customer) == []
    assert found("顧客" + "あ" * 50 + "C-123456", context=["顧客"], near=20, **customer) == []
    assert found("79927398713 79927398710", pattern=r"\d{11}", validator="luhn") == [1]
    assert found("123456789018 123456789019", pattern=r"\d{12}", validator="mynumber") == [1]


def test_what_a_pattern_matched_is_masked() -> None:
    own = Organisation(patterns=(Pattern("p", pattern=r"C-\d{6}"),))
    (match,) = scan(Text("1", "顧客 C-123456", "body"), own).own
    assert match.quote == "****56"
    assert match.offset == 3


@pytest.mark.parametrize(
    ("pattern", "problem"),
    [
        (Pattern(""), "name"),
        (Pattern("p"), "neither words nor a pattern"),
        (Pattern("p", words=("あ",)), "two characters"),
        (Pattern("p", pattern="(a"), "p.pattern: missing"),
        (Pattern("p", pattern="(?=a)b"), "look-around"),
        (Pattern("p", pattern="a*"), "empty text"),
        (Pattern("p", pattern="a" * 3000), "longer"),
        (Pattern("p", pattern="((a{1,100}){1,100}){1,100}"), "p.pattern"),
        (Pattern("p", pattern="ab", validator="x"), "validator"),
        (Pattern("p", pattern="ab", threshold=0), "from 1 on"),
        (Pattern("p", pattern="ab", of="秘"), "there is no class"),
        (Pattern("p", pattern="ab", then="burn"), "not a consequence"),
        (Pattern("p", pattern="ab", then="approve class"), "name the class"),
    ],
)
def test_mistakes_are_named(pattern: Pattern, problem: str) -> None:
    assert any(problem in p for p in problems(msgspec.structs.replace(ORGANISATION, patterns=(pattern,))))


def test_names_are_taken_once() -> None:
    assert problems(Organisation(patterns=(Pattern("p", words=("ab",)), Pattern("p", words=("cd",)))))


def test_nothing_makes_a_pattern_slow() -> None:
    """A backtracking engine needs 2**30 steps for this."""
    assert found("a" * 50_000 + "b", pattern="(a+)+$") == []


def test_a_policy_with_patterns_is_prepared() -> None:
    pattern = Pattern("p", words=("計画アオバ",), of="極秘", then="observe")
    own = msgspec.structs.replace(ORGANISATION, classes=CLASSES, patterns=(pattern,))
    assert prepare(Policy(organisation=own)).own["p"].kind == "observe"
