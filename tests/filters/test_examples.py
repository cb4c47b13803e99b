"""The examples in docs/rules.md: each rule fires on its own, and not on the harmless one beside it."""

from importlib import resources

import pytest

from filters.catalogue import rules_markdown
from filters.examples import letters, mail_of, markdown, speaking
from filters.ruleset import PreparedRule
from filters.sentences import sentence
from tests.filters.mails import SHIPPED

RULES = SHIPPED.rules
WITHOUT = {
    "asset_users", "long_lines", "mail_loop", "registered_data", "registered_document", "unbroken_lines", "young_domain",
}  # fmt: skip
"""Nobody wants to read a mail that passed a hundred hosts or a line of a thousand letters, and registered data cannot be shown."""


@pytest.mark.parametrize("rule", [r for r in RULES if r.rule.name not in WITHOUT], ids=lambda r: r.rule.name)
def test_the_rule_speaks_in_its_example_and_not_in_the_other(rule: PreparedRule) -> None:
    """A new rule needs examples/NAME.txt beside it."""
    speaks, silent = letters(rule.rule.name)
    findings = speaking(rule, speaks)
    assert findings, "it says nothing about its own example"
    assert not speaking(rule, silent), "it speaks about the harmless mail"
    if rule.consequence.kind == "warn":
        assert findings[0].weight, "a warning that weighs nothing: grade it, or set its weight in policy.toml"
    for language in ("ja", "en"):
        words = sentence(findings[0], language)
        assert "{" not in words.replace("{firstname}", "")
        assert len(words) > 8


def test_no_example_is_left_of_a_rule_that_is_gone() -> None:
    for package in ("filters.inbound", "filters.outbound"):
        folder = resources.files(package) / "examples"
        names = {r.rule.name for r in RULES if r.rule.module.startswith(package)}
        assert {f.name.removesuffix(".txt") for f in folder.iterdir()} <= names


def test_a_letter_becomes_a_mail() -> None:
    mail = mail_of(letters("direction_override")[0])
    assert mail.message.parts[-1].filename == "請求書\u202efdp.exe"
    assert mail.facts.envelope.reverse_path == "tanaka@stranger.example"
    assert mail_of(letters("false_link")[0]).message.root.content_type == "text/html"
    assert mail_of(letters("unscannable")[0]).message.root.content_type == "multipart/mixed"


def test_the_documents_show_the_example_the_sentences_and_the_evidence() -> None:
    lines = "\n".join(markdown(SHIPPED.by_name["double_extension"]))
    assert "Attach: 見積書.xlsx.scr | text" in lines
    assert "> 添付ファイル「見積書.xlsx.scr」は拡張子が二重で、文書に見せかけています" in lines
    assert '> The attachment "見積書.xlsx.scr" has two extensions, posing as a document' in lines
    assert "`見積書.xlsx.scr` in `2/見積書.xlsx.scr`" in lines
    assert lines in rules_markdown()
    assert markdown(SHIPPED.by_name["mail_loop"]) == []


def test_an_outbound_letter_is_from_one_of_us() -> None:
    mail = mail_of(letters("many_external")[0], "outbound")
    assert mail.facts.sender is not None
    assert mail.facts.envelope.reverse_path == "sato@us.example"
    assert mail.facts.envelope.recipients[1] == "b@two.example"
