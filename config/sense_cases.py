"""What groups, cases and exceptions of a policy say that cannot be meant: groups that nobody knows or nobody is in,
cases that are never reached, exceptions for everything."""

from collections.abc import Iterator, Mapping

import msgspec

from config.cases import BUILT_IN, Case, Group, When, several
from config.consequence import FORMATS, SEALING
from config.policy import Policy, RulePolicy
from config.problems import meant
from config.sense import NAMES_OF_ROLES

OF_EXTERNALS = ("external_recipient", "many_external")
"""Rules that see external recipients only."""


def senseless_cases(policy: Policy) -> list[str]:
    """One sentence each."""
    return [*_groups(policy), *_cases(policy), *_exceptions(policy), *_sending(policy)]


def _groups(policy: Policy) -> Iterator[str]:
    known = sorted(set(policy.organisation.partners.values()))
    for name, group in policy.groups.items():
        here = f"groups.{name}"
        if name in NAMES_OF_ROLES:
            yield f"{here}: has the name of a role; choose another one"
        if (group.people is None) == (group.recipients is None):
            yield f"{here}: is either of people or of recipients: people = {{ … }} or recipients = {{ … }}"
        elif group.empty:
            yield f"{here}: names nobody"
        if group.people is not None:
            yield from _parsed(f"{here}.people.leaving_within", group.people, "leaving_days")
        if group.recipients is not None:
            for partner in several(group.recipients.partners):
                if partner not in known:
                    yield f"{here}.recipients.partners: no partner {partner!r}{meant(partner, known)}"
            for domain in several(group.recipients.domains):
                if "." not in domain or "@" in domain:
                    yield f"{here}.recipients.domains: {domain!r} is not a domain"
        yield from _addresses(here, group)


def _addresses(here: str, group: Group) -> Iterator[str]:
    for key in ("people", "recipients"):
        for address in several(getattr(group, key).addresses) if getattr(group, key) else ():
            if address.count("@") != 1:
                yield f"{here}.{key}.addresses: {address!r} is not an address"


def _cases(policy: Policy) -> Iterator[str]:
    levels = {each.name: each.level for each in policy.organisation.classes}
    for rule, said in policy.rules.items():
        for number, case in enumerate(said.cases):
            here = f"rules.{rule}.cases.{number}"
            yield from _when(f"{here}.when", case.when, policy)
            if case.when == When():
                yield f"{here}.when: fits always; write it as the rule's own then"
            elif (before := _before(case, said.cases[:number], levels)) is not None:
                yield f"{here}: is never reached: case {before + 1} fits whenever this one does"
            if rule in OF_EXTERNALS and _inside(case.when, policy):
                yield f"{here}.when.to: {rule} is about external recipients; it has nothing to say of internal ones"
        excepted = [each.name for each in policy.exceptions if each.rule == rule]
        names = [*filter(None, [*(case.name for case in said.cases), *excepted])]
        for name in sorted({name for name in names if names.count(name) > 1}):
            yield f"rules.{rule}.cases: {name!r} is the name of two cases or exceptions; their figures would be one"


def _inside(when: When, policy: Policy) -> bool:
    """True when only internal recipients fit."""
    return bool(when.to) and all(_internal(name, policy) for name in several(when.to))


def _internal(name: str, policy: Policy) -> bool:
    group = policy.groups.get(name, Group())
    if name in BUILT_IN or group.recipients is None:
        return name == "internal" or group.people is not None
    said, internal = group.recipients, policy.organisation.internal
    addresses = (*(f"x@{domain}" for domain in several(said.domains)), *several(said.addresses))
    return bool(addresses) and not said.partners and all(map(internal, addresses))


def _before(case: Case, earlier: tuple[Case, ...], levels: Mapping[str, int]) -> int | None:
    """The number of an earlier case that fits whenever this one does."""
    return next((n for n, each in enumerate(earlier) if _covers(each.when, case.when, levels)), None)


def _covers(wide: When, narrow: When, levels: Mapping[str, int]) -> bool:
    """True when all that `wide` asks follows from what `narrow` asks. `levels`: of the classes."""
    for names, within in ((wide.sender, narrow.sender), (wide.to, narrow.to)):
        if names and not (within and set(several(within)) <= set(several(names))):
            return False
    try:
        sizes = wide.bytes_over, narrow.bytes_over
    except ValueError:  # said already
        return False
    least = (
        sizes,
        (wide.recipients_over, narrow.recipients_over),
        (levels.get(wide.of), levels.get(narrow.of)),
        (wide.risk_over, narrow.risk_over),
    )
    if any(asked is not None and (said is None or said < asked) for asked, said in least):
        return False
    below = wide.risk_below
    if below is not None and (narrow.risk_below is None or narrow.risk_below > below):
        return False
    return wide.hours in ("", narrow.hours)


def _exceptions(policy: Policy) -> Iterator[str]:
    for number, each in enumerate(policy.exceptions):
        here = f"exceptions.{number}"
        yield from _when(f"{here}.when", each.when, policy)
        if each.when == When():
            yield f"{here}.when: fits always, so that {each.rule} never counts; change the rule instead"
        elif (
            each.rule in OF_EXTERNALS
            and each.when == When(to=each.when.to)
            and "external" in several(each.when.to)
        ):
            yield (
                f"{here}.when: fits all that {each.rule} sees, so that it never counts; change the rule instead"
            )
        elif each.rule in OF_EXTERNALS and _inside(each.when, policy):
            yield f"{here}.when.to: {each.rule} is about external recipients; it has nothing to say of internal ones"
        usual = policy.rules.get(each.rule, RulePolicy()).then
        if usual is not None and each.then == usual:
            yield f'{here}.then: "{each.then}" is what {each.rule} does anyway'
        if each.then == f"{SEALING} {next(iter(FORMATS))}":
            yield f'{here}.then: "{each.then}" is how attachments are encrypted anyway'
        for key in ("owner", "reason", "approved_by"):
            if not getattr(each, key).strip():
                yield f"{here}.{key}: must not be empty"
        if each.owner.strip() and each.owner.strip().lower() == each.approved_by.strip().lower():
            yield f"{here}.approved_by: is the owner; somebody else has to agree"


def _sending(policy: Policy) -> Iterator[str]:
    for number, limits in enumerate((policy.sending, *policy.sending.cases)):
        here = f"sending.cases.{number - 1}" if number else "sending"
        for key in ("per_10_minutes", "per_day"):
            if (getattr(limits, key) or 0) < 0:
                yield f"{here}.{key}: must be 0 (any number) or more"
    for number, case in enumerate(policy.sending.cases):
        for name in several(case.when.groups):
            if name not in policy.groups:
                known = [each for each, group in policy.groups.items() if group.people is not None]
                yield f"sending.cases.{number}.when.from: no group {name!r}{meant(name, known)}"


def _when(here: str, when: When, policy: Policy) -> Iterator[str]:
    known = (*policy.groups, *BUILT_IN)
    for key, names in (("from", when.sender), ("to", when.to)):
        for name in several(names):
            if name not in known:
                yield f"{here}.{key}: no group {name!r}{meant(name, known)}"
    classes = [each.name for each in policy.organisation.classes]
    if when.of and when.of not in classes:
        yield f"{here}.class: no class {when.of!r} (known: {', '.join(classes)}){meant(when.of, classes)}"
    yield from _parsed(f"{here}.size_over", when, "bytes_over")
    if when.recipients_over is not None and when.recipients_over < 1:
        yield f"{here}.recipients_over: must be 1 or more"
    yield from _risk(here, when)


def _risk(here: str, when: When) -> Iterator[str]:
    below, over = when.risk_below, when.risk_over
    if below is not None and below < 1:
        yield f"{here}.risk_below: must be 1 or more; no risk is below 0"
    if over is not None and over < 0:
        yield f"{here}.risk_over: must be 0 or more"
    if below is not None and over is not None and below <= over + 1:
        yield f"{here}: never fits: no risk is over {over} and below {below}"


def _parsed(key: str, value: msgspec.Struct, name: str) -> Iterator[str]:
    try:
        getattr(value, name)
    except ValueError as error:
        yield f"{key}: {error}"
