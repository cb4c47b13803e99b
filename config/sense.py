"""What a policy says that can never come true: roles that nobody can have, kinds of content that nobody looks for,
counts of nothing, an order that cannot be."""

from collections.abc import Iterator

from config.approval import HOUSE_OPERATOR, chain
from config.cases import LONGEST_WAIT, Calendar, Waits
from config.consequence import consequence
from config.policy import ConfigError, Policy, RulePolicy
from config.problems import meant
from config.words import LANGUAGES


def _listed(table: str) -> tuple[str, ...]:
    """The values for which values.toml has words in a table."""
    sentences = next(iter(LANGUAGES.values())).sentences
    prefix = f"values.{table}."
    return tuple(key.removeprefix(prefix) for key in sentences if key.startswith(prefix))


NAMES_OF_ROLES = _listed("role")
ROLES = tuple(role for role in NAMES_OF_ROLES if role != HOUSE_OPERATOR)
"""Those that a policy can ask."""
KINDS = _listed("content")
KNOW_A_CLASS = ("class_approval", "person_records")
"""Rules whose findings say who has to agree: "approve class" means nobody elsewhere."""
FROM_NOTHING = ("level",)
"""Settings of rules that may be 0; others count mails, people, characters."""
GROWING = {"person_records": ("observed", "approved", "large")}
"""Settings of a rule, each at least as large as the one before."""
BITS = 5
"""Of each character of a generated passphrase (directory/passphrases.py)."""


def senseless(policy: Policy) -> list[str]:
    """One sentence each."""
    return [
        *_organisation(policy), *_calendar(policy.calendar), *_warn(policy), *_waits(policy), *_rules(policy)
    ]  # fmt: skip


def _calendar(calendar: Calendar) -> Iterator[str]:
    """Hours in which nobody ever works end no wait; holidays that nobody knows would end every mail."""
    from config.business_hours import (
        countries,  # only who reads a policy file; examining processes need no holidays
    )

    if calendar.closes <= calendar.opens:
        yield f"calendar.closes: must be later than calendar.opens ({calendar.opens:%H:%M:%S}), on the same day"
    if not calendar.days:
        yield 'calendar.days: name one day at least, such as ["mon", "tue", "wed", "thu", "fri"]'
    if calendar.holidays and calendar.holidays not in (known := countries()):
        hint = meant(calendar.holidays.upper(), known)
        yield f'calendar.holidays: no country {calendar.holidays!r}; two letters such as "JP", or "" for none{hint}'


def asked_chains(policy: Policy) -> dict[str, str]:
    """The chains that mail may have to wait for (config/approval.py), each with the key that asks for it."""
    found: dict[str, str] = {}
    rules = policy.rules
    for name, rule in rules.items():
        role = _asked(rule.then)
        if role and role != "class":
            found.setdefault(role, f"rules.{name}.then")
        for number, case in enumerate(rule.cases):
            if (role := _asked(case.then)) and role != "class":
                found.setdefault(role, f"rules.{name}.cases.{number}.then")
    if role := _asked(policy.risk.then):
        found.setdefault(role, "risk.then")
    for number, exception in enumerate(policy.exceptions):
        if (role := _asked(exception.then)) and role != "class":
            found.setdefault(role, f"exceptions.{number}.then")
    if _asked(rules.get("class_approval", RulePolicy()).then) == "class":
        for each in policy.organisation.classes:
            if each.approver:
                found.setdefault(each.approver, f"organisation.classes.{each.name}.approver")
    if _asked(rules.get("person_records", RulePolicy()).then) == "class":
        for key in ("approver", "large_approver"):
            if said := rules["person_records"].settings.get(key):
                found.setdefault(str(said), f"rules.person_records.{key}")
    for pattern in policy.organisation.patterns:
        if role := _asked(pattern.then):
            found.setdefault(role, f"organisation.patterns.{pattern.name}.then")
    return found


def _asked(then: str | None) -> str:
    """The chain that a consequence asks, "" for another one."""
    try:
        decided = consequence(then or "")
    except ConfigError:
        return ""
    return str(decided.argument) if decided.kind == "approve" else ""


def _organisation(policy: Policy) -> Iterator[str]:
    for each in policy.organisation.classes:
        here = f"organisation.classes.{each.name}"
        if each.approver:
            yield from _unknown(f"{here}.approver", each.approver, policy)
        for kind in each.contains:
            if kind not in KINDS:
                yield f"{here}.contains: {_no_kind(kind)}"
    organisation = policy.organisation
    for role, following in organisation.next_in_line.items():
        yield from _unknown("organisation.next_in_line", role, policy, single=True)
        yield from _stands_in("organisation.next_in_line", following, policy)
    yield from _stands_in("organisation.last_in_line", organisation.last_in_line, policy)
    for name in organisation.may_exclude:
        yield from _unknown("organisation.may_exclude", name, policy, single=True)
    for pattern in organisation.patterns:
        yield from _unknown(f"organisation.patterns.{pattern.name}.then", _asked(pattern.then), policy)


def _warn(policy: Policy) -> Iterator[str]:
    warn, encrypt = policy.warn, policy.encrypt
    for key in ("warn_at", "reasons"):
        if getattr(warn, key) < 1:
            yield f"warn.{key}: must be 1 or more"
    if warn.several < 0:
        yield "warn.several: must be 0 (not used) or more"
    if warn.hold_at < warn.warn_at:
        yield f"warn.hold_at: is below warn_at ({warn.warn_at}); no mail is held before it is warned of"
    if policy.risk.stop_at < 1:
        yield "risk.stop_at: must be 1 or more"
    yield from _unknown("risk.then", _asked(policy.risk.then), policy)
    if BITS * encrypt.passphrase_length < encrypt.minimum_bits:
        yield (
            f"encrypt.passphrase_length: {encrypt.passphrase_length} characters are"
            f" {BITS * encrypt.passphrase_length} bits, less than minimum_bits ({encrypt.minimum_bits}):"
            " every mail to be encrypted would be held"
        )


def _waits(policy: Policy) -> Iterator[str]:
    yield from _ending("waits", policy.waits)
    every = {f"rules.{name}.waits": said.waits for name, said in policy.rules.items()}
    for name, said in policy.rules.items():
        every |= {f"rules.{name}.cases.{number}.waits": case.waits for number, case in enumerate(said.cases)}
    for key, own in {"risk.waits": policy.risk.waits, **every}.items():
        if own is not None:
            yield from _ending(key, policy.waits.of(own))


def _ending(key: str, waits: Waits) -> Iterator[str]:
    if not 1 <= waits.days <= LONGEST_WAIT:
        yield f"{key}.days: must be from 1 to {LONGEST_WAIT}"
    if not waits.reminders:
        yield f"{key}.reminders: name one day at least; nobody's mail ends unannounced"
    elif sorted(set(waits.reminders)) != list(waits.reminders):
        yield f"{key}.reminders: each later than the one before"
    elif not 0 < waits.reminders[0] <= waits.reminders[-1] < waits.days:
        yield f"{key}.reminders: must lie between the beginning and the end ({key}.days = {waits.days:g})"


def _rules(policy: Policy) -> Iterator[str]:
    for name, said in policy.rules.items():
        here = f"rules.{name}"
        role = _asked(said.then)
        if role == "class" and name not in KNOW_A_CLASS:
            yield f'{here}.then: only {" and ".join(KNOW_A_CLASS)} know whom "approve class" means; name a role'
        else:
            yield from _unknown(f"{here}.then", role, policy)
        for number, case in enumerate(said.cases):
            yield from _unknown(f"{here}.cases.{number}.then", _asked(case.then), policy)
        for key, value in said.settings.items():
            if type(value) is int and value < (0 if key in FROM_NOTHING else 1):
                yield f"{here}.{key}: must be {0 if key in FROM_NOTHING else 1} or more"
            elif key.endswith("approver") and isinstance(value, str):
                yield from _unknown(f"{here}.{key}", value, policy)
            elif key == "kinds" and isinstance(value, list | tuple):
                yield from (f"{here}.kinds: {_no_kind(kind)}" for kind in value if kind not in KINDS)
            elif key == "share" and type(value) is int and value > 100:
                yield f"{here}.share: is a percentage"
        order = GROWING.get(name, ())
        values = [said.settings.get(key) for key in order]
        if order and all(type(v) is int for v in values) and values != sorted(values, key=int):  # type: ignore[arg-type]
            yield f"{here}.{order[0]}: must not be more than {order[1]}, nor that more than {order[2]}"


def _unknown(key: str, text: str, policy: Policy, *, single: bool = False) -> Iterator[str]:
    """What a chain asks that is no role, no group of people and no person; whether there are such people is asked elsewhere."""
    if text in ("", "class") and not single:
        return
    try:
        steps = chain(text)
    except ValueError as error:
        yield f"{key}: {error}"
        return
    if single and (len(steps) > 1 or steps[0].need > 1):
        yield f'{key}: "{text}": one role, group or person'
    groups = [name for name, group in policy.groups.items() if group.people is not None]
    for step in steps:
        if step.stands_in:
            yield f'{key}: "{step}": who stands in is said by organisation.next_in_line'
        if not step.person and step.of not in ROLES and step.of not in groups:
            known = (*ROLES, *groups)
            yield (
                f'{key}: nobody can have the role "{step.of}" (roles: {", ".join(ROLES)}; groups of people:'
                f" {', '.join(groups) or 'none'}; or: person LOGIN){meant(step.of, known)}"
            )


def _stands_in(key: str, name: str, policy: Policy) -> Iterator[str]:
    """Who is asked instead of others: anybody but who edits the policy."""
    if not name:
        return
    yield from _unknown(key, name, policy, single=True)
    if name == "administrator":
        yield f"{key}: an administrator, who edits the policy, stands in for nobody"


def _no_kind(kind: object) -> str:
    return f'nobody looks for "{kind}" (known: {", ".join(KINDS)}){meant(kind, KINDS)}'
