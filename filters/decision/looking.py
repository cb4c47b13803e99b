"""What the rules' looking depends on in a policy: where two policies differ in it, one cannot stand in for the other.

Consequences, cases, exceptions, groups and thresholds of warnings decide on what was seen; a rule's own settings and what
the organisation has of its own decide what is seen, and that needs the text of the mail.
"""

import hashlib
from collections.abc import Mapping
from typing import Any

import msgspec

from config.cases import several
from config.policy import Organisation, Registered
from filters.ruleset import Prepared

OF_FACTS = {
    "author": "who wrote arriving mail was not asked: no case and no exception was written then",
    "colleagues": "who of our people were among the recipients was not asked: no group of people was written then",
}
"""Facts that are found out only where the policy asks for them."""
ASKED, NEEDED = "asked", "needed"
"""Whether such a fact is found out, and whether a case or an exception decides by it."""
CHANGING = ("arriving", "warned", "encrypt")
"""Tables that say how a mail is changed: that it is can be rehearsed, how cannot."""
_DECIDING = frozenset({"people_of", "next_in_line", "language", "languages"})
"""Fields of the organisation with which nothing is looked for."""


def looking(prepared: Prepared) -> dict[str, str]:
    """Each rule that looks ("rules.NAME"), its settings and weight, and what is the organisation's own, with a digest of
    its value; and the facts of OF_FACTS that are asked."""
    found = {}
    for each in prepared.rules:
        if each.is_on_duty:
            here = f"rules.{each.rule.name}"
            found[here] = "on"
            found[f"{here}.weight"] = "" if each.weight is None else str(each.weight)
            found |= {f"{here}.{name}": _digest(value) for name, value in each.settings.items()}
    organisation = prepared.policy.organisation
    for field in msgspec.structs.fields(Organisation):
        if field.name not in _DECIDING:
            found[f"organisation.{field.name}"] = _digest(getattr(organisation, field.name))
    for name in CHANGING:
        found[name] = _digest(getattr(prepared.policy, name))
    needed = _needed(prepared)
    people = [name for name, group in prepared.policy.groups.items() if group.people is not None]
    if prepared.cased:
        found["facts.author"] = NEEDED if "author" in needed else ASKED
    if people or organisation.registered.indexes:
        found["facts.colleagues"] = NEEDED if "colleagues" in needed else ASKED
    return found


def _needed(prepared: Prepared) -> set[str]:
    people = {name for name, group in prepared.policy.groups.items() if group.people is not None}
    found = set()
    for each in prepared.rules:
        for case in (*each.cases, *each.exceptions):
            if case.when.sender and each.rule.direction != "outbound":
                found.add("author")
            if not people.isdisjoint(several(case.when.to)):
                found.add("colleagues")
    return found


def unrehearsed(then: Mapping[str, str], now: Mapping[str, str]) -> dict[str, str]:
    """What cannot be rehearsed of a policy that looks like `now` with mail that was looked at like `then`: setting -> why."""
    found = {}
    for name, value in now.items():
        place, _, last = name.rpartition(".")
        if place == "facts":
            if value == NEEDED and name not in then:
                found[name] = OF_FACTS[last]
        elif name in CHANGING:
            if then.get(name, value) != value:
                found[name] = "another one: how a mail is shown or encrypted is not compared"
        elif place == "rules":
            if name not in then:
                found[name] = "the rule did not look then"
        elif place == "organisation":
            if then.get(name, value) != value:
                found[name] = "another one: what is found by it needs the text"
        elif place in then and then.get(name, value) != value and not (last == "weight" and value):
            found[name] = "another one: what the rule sees with it needs the text"
    return found


def _digest(value: Any) -> str:
    if isinstance(value, Registered):
        value = [value.key, *(hashlib.sha256(index).digest() for index in value.indexes)]
    data = msgspec.json.encode(value, order="sorted")
    return hashlib.blake2b(data, digest_size=8).hexdigest()
