"""What findings say to people."""

import pytest

from filters.examined import UNEXAMINABLE
from filters.finding import Finding
from filters.rule import REGISTRY, Rule
from filters.sentences import sentence, sentences


def test_values_are_filled_in_and_a_forgotten_one_is_a_blank(monkeypatch) -> None:
    made = Rule(
        "sample", "X", "both", list, "warn", 0, "宛先が{count}件{more}", "{count} recipients{more}", {}, ""
    )
    monkeypatch.setitem(REGISTRY, "sample", made)
    finding = Finding("sample", "X", values={"count": "7"})
    assert sentence(finding, "ja") == "宛先が7件"
    assert sentence(finding, "en") == "7 recipients"
    assert sentences([finding, finding], "ja") == ["宛先が7件"]


def test_a_rule_that_is_gone_still_has_its_name() -> None:
    assert sentence(Finding("gone", "X"), "ja") == "gone"


def test_what_could_not_be_examined_has_a_sentence() -> None:
    assert sentence(Finding(UNEXAMINABLE, ""), "en") == "This mail could not be examined"


@pytest.mark.parametrize(
    ("values", "ja", "en"),
    [
        ({}, "このメールは検査できませんでした", "This mail could not be examined"),
        ({"where": "worker", "why": "time"}, "このメールは検査できませんでした（検査に時間がかかりすぎました）", "This mail could not be examined: it took too long"),
        ({"where": "worker", "why": "crash"}, "このメールは検査できませんでした（検査の途中で問題が起きました）", "This mail could not be examined: the examination broke off"),
        ({"where": "rewrite", "why": "RewriteError: {x}"}, "このメールは検査できませんでした（必要な変更を安全に加えられませんでした）", "This mail could not be examined: a change that is due could not be made safely"),
        ({"where": "some_rule", "why": "ValueError"}, "このメールは検査できませんでした", "This mail could not be examined"),
    ],
)  # fmt: skip
def test_why_a_mail_could_not_be_examined(values: dict[str, str], ja: str, en: str) -> None:
    finding = Finding(UNEXAMINABLE, "", values=values)
    assert (sentence(finding, "ja"), sentence(finding, "en")) == (ja, en)
