"""The generated documents about rules show what the shipped policy does."""

from filters.catalogue import controls_markdown, rules_markdown
from filters.ruleset import discover


def test_they_name_every_rule() -> None:
    rules, controls = rules_markdown(), controls_markdown()
    for name in discover():
        assert f"### {name}" in rules
        assert f"- `{name}`, " in controls


def test_they_show_the_shipped_policy() -> None:
    rules, controls = rules_markdown(), controls_markdown()
    assert "### executable\n\nControl IN-EXEC; default `hold`, weight 6." in rules
    assert "- `shortcut`, `hold`:" in controls
    assert "- setting `addresses` = `5`" in rules
    assert "### macro\n\nControl IN-MACRO; default `warn`, weight by what it sees." in rules
