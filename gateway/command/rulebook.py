"""docs/rulebook.md: each sentence of the rule books with the settings that do what it asks, and what the preset sets them to."""

from collections.abc import Iterator
from typing import Any

import msgspec

from config.lists import table
from config.load import load_policy, shipped
from config.policy import Class, Policy
from filters.ruleset import discover

PRESET = "rulebook"


class RulebookSentence(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A sentence of a rule book: the settings of the policy `by` which it is kept (`all_rules`: and every rule of its
    control), what `also` belongs to it, and what it `lacks` here."""

    control: str
    said: str
    by: tuple[str, ...] = ()
    also: str = ""
    lacks: str = ""
    all_rules: bool = False

    @property
    def keys(self) -> tuple[str, ...]:
        """All settings."""
        mine = sorted(
            rule.name for rule in discover().values() if rule.control == self.control and self.all_rules
        )
        return (*self.by, *(f"rules.{name}.then" for name in mine))

    @property
    def rules(self) -> tuple[str, ...]:
        """The rules that it names."""
        return tuple(
            key.split(".")[1] for key in self.keys if key.startswith("rules.") and key.endswith(".then")
        )


def sentences() -> list[RulebookSentence]:
    """All, in the order of their controls."""
    return msgspec.convert(table("rulebook")["sentences"], list[RulebookSentence])


def preset() -> Policy:
    """The shipped policy with the preset over it."""
    return load_policy(None, (PRESET,), demo=True)


def setting(policy: Policy, key: str) -> Any:
    """The value of a setting by its key in the policy file. Raises LookupError for one that does not exist."""
    first, *rest = key.split(".")
    if first == "rules":
        rule = policy.rules[rest[0]]
        return rule.then if rest[1] == "then" else rule.settings[rest[1]]
    if key.startswith("organisation.classes."):
        _, _, name, field = key.split(".")
        return getattr(next(c for c in policy.organisation.classes if c.name == name), field)
    if first not in Policy.__struct_fields__:
        raise LookupError(key)
    return getattr(getattr(policy, first), rest[0])


def markdown() -> str:
    """The sentences by control, each with a table of its settings."""
    lines = [
        f'What `presets = ["{PRESET}"]` in sekisho.toml sets, and why: the sentences of rule books for information '
        "security, shortened, by the ids of their controls. Where the last column is empty, the shipped policy has "
        "the same value. Your own policy.toml may change any of it; `sekisho policy replay` tells beforehand what "
        "that means. Long lists are cut here; they stand in config/presets/rulebook.toml and config/policy.toml.",
        "",
    ]
    before, after, control = shipped(), preset(), ""
    for each in sentences():
        if each.control != control:
            control = each.control
            lines += [f"## {control}", ""]
        lines += [f"> {each.said}", ""]
        if each.keys:
            lines += [
                "| setting | value | without the preset |",
                "|---|---|---|",
                *_rows(each, before, after),
                "",
            ]
        if each.also:
            lines += [f"Also: {each.also}", ""]
        if each.lacks:
            lines += [f"Not built yet: {each.lacks}", ""]
    return "\n".join(lines)


def _rows(each: RulebookSentence, before: Policy, after: Policy) -> Iterator[str]:
    for key in each.keys:
        value, was = setting(after, key), setting(before, key)
        yield f"| `{key}` | {_shown(value)} | {_shown(was) if was != value else ''} |"


SHOWN = 1
"""Values of a list that a table shows."""


def _shown(value: Any) -> str:
    if isinstance(value, tuple) and value and isinstance(value[0], Class):
        return f"{len(value)} classes"
    if isinstance(value, dict):
        return ", ".join(f"{key} → {said}" for key, said in value.items())
    if isinstance(value, list | tuple):
        more = f" and {len(value) - SHOWN} more" if len(value) > SHOWN else ""
        return (", ".join(f"`{each}`" for each in value[:SHOWN]) or "none") + more
    return f"`{str(value).lower() if isinstance(value, bool) else value}`"
