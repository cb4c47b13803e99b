"""The rules as documents show them: docs/rules.md and docs/controls.md, from the code and the shipped policy."""

from itertools import groupby

from config.load import shipped
from config.words import LANGUAGES
from filters import examples
from filters.ruleset import PreparedRule, prepare
from filters.trigger import described


def rules_markdown() -> str:
    """docs/rules.md: every rule with its control, consequence, weight, settings, sentences and example."""
    said = shipped().rules
    lines: list[str] = []
    for direction in ("outbound", "inbound", "both"):
        chosen = [each for each in _shipped() if each.rule.direction == direction]
        if not chosen:
            continue
        lines += [f"## {direction.capitalize()}", ""]
        for each in chosen:
            rule = each.rule
            weight = (
                f", weight {each.weight}"
                if each.weight
                else ", weight by what it sees"
                if each.consequence.kind == "warn"
                else ""
            )
            lines += [
                f"### {rule.name}",
                "",
                f"Control {rule.control}; default `{said[rule.name].then}`{weight}.",
                "",
            ]
            if rule.description:
                lines += [rule.description, ""]
            lines += [f"Woken by {'; '.join(map(described, rule.wakes))}.", ""]
            lines += [f"- {tag}: {words.template(f'rules.{rule.name}')}" for tag, words in LANGUAGES.items()]
            lines += [f"- setting `{name}` = {_value(each.settings[name])}" for name in rule.settings]
            lines += [*examples.markdown(each), ""]
    return "\n".join(lines)


def controls_markdown() -> str:
    """docs/controls.md: control id, its rules, what each does by default, its file and the file of its test."""
    said = shipped().rules
    lines: list[str] = []
    by_control = sorted((each.rule for each in _shipped()), key=lambda rule: (rule.control, rule.name))
    for control, rules in groupby(by_control, key=lambda rule: rule.control):
        lines += [f"## {control}", ""]
        for rule in rules:
            source = rule.module.replace(".", "/") + ".py"
            folder, _, file = source.rpartition("/")
            lines.append(f"- `{rule.name}`, `{said[rule.name].then}`: {source}, tests/{folder}/test_{file}")
        lines.append("")
    return "\n".join([*lines, ""])


def _shipped() -> tuple[PreparedRule, ...]:
    """The rules, by name, as the shipped policy sets them."""
    return prepare(shipped()).rules


def _value(value: object) -> str:
    """A setting as code; lists item by item, so that the line can be wrapped."""
    if isinstance(value, tuple) and value:
        return ", ".join(f"`{item}`" for item in value)
    return f"`{value!r}`"
