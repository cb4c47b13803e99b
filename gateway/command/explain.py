"""What the checkpoint thinks of a mail in a file, for people who ask why."""

import asyncio
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from functools import reduce
from operator import or_
from typing import Any

import msgspec

from config.business_hours import business_hours
from config.load import load_policy
from config.policy import ConfigError, Policy
from config.settings import Settings
from config.tenant import DEFAULT
from config.words import LANGUAGES
from directory.account import Account
from directory.correspondents import Correspondents
from directory.past_mail import PastMail
from directory.people import People, above
from filters.decision.decide import decide, factors
from filters.examine import run
from filters.examined import Examined
from filters.facts import Facts, Origin, Person
from filters.markup import dom
from filters.ruleset import Prepared, prepare
from filters.sentences import sentence
from filters.verdict import PASS
from gateway.checkpoint import scanned
from gateway.command.operator import opened, ran
from gateway.command.otherwise import changes
from gateway.command.waiting import finders
from gateway.fact_finding import answers
from gateway.from_settings import scanner_of
from gateway.start.policies_in_force import keeper
from gateway.start.policy_in_force import current, policy_of
from gateway.upkeep import with_names
from mail.address import header_addresses, without_tag
from mail.envelope import Envelope, ForwardPath
from mail.message import Message
from quarantine.policies.versions import Versions
from storage.seal import open_seal

PASSPHRASE = "EXPLAIN-2345-6789-ABCD-EFGH"  # noqa: S105
"""Stands for the generated passphrase; nothing that `explain` makes ever leaves."""


def policy_for(settings: Settings, tenant: str, number: int) -> tuple[Policy, int]:
    """A tenant's policy of a version; of 0, the one that is in force. And its number, 0 for one that is in a file. Raises
    ConfigError, StoreError."""
    if not number and (settings.policy_from == "file" or not ran(settings)):
        return load_policy(settings.policy, settings.presets, demo=settings.policy is None), 0

    async def found() -> tuple[Policy, int]:
        async with opened(settings) as store:
            versions = Versions(store, keeper(settings, tenant))
            version = await (versions.get(number) if number else versions.latest())
            if version is not None:
                return policy_of(version, settings)[0], version.number
            if number:
                raise ConfigError([f"there is no version {number} of the policy (sekisho policy history)"])
            return await current(settings, versions), 0

    return asyncio.run(found())


def explain(
    raw: bytes,
    policy: Policy,
    direction: str,
    *,
    sender: str = "",
    recipients: Sequence[str] = (),
    people: Sequence[Account] = (),
    zone: str = "UTC",
    version: int = 0,
    settings: Settings | None = None,
    tenant: str = DEFAULT,
) -> dict[str, Any]:
    """Findings, weights, and each copy's verdict, as plain data, for a mail of a tenant. Envelope values default to the header's; the sender is one
    of `people`, or somebody of whom nothing is known. `zone` is that of business hours; `version` the number under which
    the policy is kept, 0 for one that is read from its file. `settings` say where a node keeps what it remembers of mail
    that passed; without them, and where no node ran yet, nothing is remembered. Raises StoreError."""
    facts = facts_of(raw, policy, direction, sender, recipients, people, zone, time.time())
    facts = msgspec.structs.replace(facts, origin=msgspec.structs.replace(facts.origin, tenant=tenant))
    if settings is not None and ran(settings):
        facts, policy = asyncio.run(_recalled(settings, facts, Message(raw), policy))
    prepared = prepare(policy)
    with patient():
        if settings is not None and (scanner := scanner_of(settings, logs=False)) is not None:
            apart = run(raw, msgspec.structs.replace(facts, apart=True), prepared)
            facts = msgspec.structs.replace(facts, scan=asyncio.run(scanned(scanner, memoryview(raw), apart)))
        examined = run(raw, facts, prepared)
        otherwise = changes(raw, facts, prepared, examined)
    problems, author = Message(raw).problems, facts.envelope.reverse_path
    to = facts.envelope.recipients
    return {
        "direction": direction,
        "from": author,
        "disposition": examined.verdict.disposition.name.lower(),
        "warned": examined.warned,
        "score": examined.score,
        "warn_at": policy.warn.warn_at,
        "hold_at": policy.warn.hold_at,
        "risk": {
            "stop_at": policy.risk.stop_at,
            "then": policy.risk.then,
            "factors": [
                {"rule": f.rule, "points": f.weight, "about": list(f.about), "meant": f.meant}
                for f in (factors(examined) if direction == "outbound" else ())
            ],
        },
        "policy": examined.policy,
        "version": version,
        "applied": msgspec.to_builtins(examined.applied),
        "otherwise": _otherwise(prepared, examined),
        "problems": list(problems),
        "summary": msgspec.to_builtins(examined.summary),
        "findings": [
            {
                **msgspec.to_builtins(finding),
                **{language: sentence(finding, language) for language in LANGUAGES},
            }
            for finding in examined.findings
        ],
        "copies": [
            {
                "recipients": [to[i] for i in copy.recipients],
                "verdict": msgspec.to_builtins(copy.verdict),
                "changed_bytes": sum(len(e.new) + e.end - e.start for e in copy.edits),
                "passphrase": copy.passphrase_source,
            }
            for copy in examined.copies
        ],
        "changes": msgspec.to_builtins(otherwise),
        "without": [] if policy.mode == "observe" else _without(prepared, facts, examined),
    }


def facts_of(
    raw: bytes,
    policy: Policy,
    direction: str,
    sender: str,
    recipients: Sequence[str],
    people: Sequence[Account],
    zone: str,
    now: float,
) -> Facts:
    """What is known of a mail in a file that is examined as if it came now (UTC seconds): as `explain` has it."""
    message, hours = Message(raw), business_hours(policy.calendar, zone)
    author = sender or next(iter(_addresses(message, "from")), "")
    person = _sender(author, people)
    to = list(recipients) or [*_addresses(message, "to"), *_addresses(message, "cc")]
    return Facts(
        direction=direction,
        origin=Origin("explain", "", login=author if direction == "outbound" else ""),
        envelope=Envelope(author, tuple(ForwardPath(address) for address in to)),
        sender=person if direction == "outbound" else None,
        fresh_passphrase=PASSPHRASE,
        now=now,
        day=hours.day(now).isoformat(),
        working=hours.open(now),
        opens=hours.opens(now),
        colleagues={address: found for address in to if (found := _colleague(address, people))},
        superiors=above(people, person),
    )


async def _recalled(
    settings: Settings, facts: Facts, message: Message, policy: Policy
) -> tuple[Facts, Policy]:
    """The facts as the node finds them for mail that comes, but for what the DNS and the connection say, and the policy with
    the names of our people. Of a sender whom the node does not know, what it remembers of the recipients."""
    envelope, tenant = facts.envelope, facts.origin.tenant
    async with opened(settings) as store:
        people, seal = People(store.database), await open_seal(settings.seal_key, store.database)
        try:
            named = with_names(policy, await people.all_names())
            arriving, leaving = finders(settings, store, seal, people, named, lambda: facts.now)
            if facts.direction == "inbound":
                return await arriving.find(facts.origin, envelope, message), named
            login = facts.sender.login if facts.sender is not None else ""
            origin = msgspec.structs.replace(facts.origin, login=login)
            found = await leaving.find(origin, envelope, message, use=False)
        finally:
            people.close()
        if found is not None:
            return found, named
        known = Correspondents(store.database)
        external = [each for each in envelope.recipients if not policy.organisation.internal(each)]
        return msgspec.structs.replace(
            facts,
            known=await known.known(tenant, external) if external else frozenset(),
            learning=await known.learning(tenant) if external else False,
            memory=await PastMail(store.database).about(
                tenant, login, external, answers(message), policy.organisation
            ),
            locked_lately=await known.locked.find(tenant, login, external) if external else (),
        ), named


def examine(raw: bytes, facts: Facts, prepared: Prepared) -> Examined:
    """The checkpoint's answer, in this process."""
    with patient():
        return run(raw, facts, prepared)


@contextmanager
def patient() -> Iterator[None]:
    """Examinations within have all the time they need: who asked can wait, and can stop us."""
    dom.guard(lambda size: nullcontext())
    try:
        yield
    finally:
        dom.guard(None)


def _sender(author: str, people: Iterable[Account]) -> Person:
    return _colleague(author, people) or Person(author, addresses=(author,))


def _colleague(address: str, people: Iterable[Account]) -> Person | None:
    return next((each.person for each in people if without_tag(address) in each.mailboxes), None)


def _otherwise(prepared: Prepared, examined: Examined) -> list[dict[str, Any]]:
    """The cases and exceptions of rules that saw something which did not fit, and what they ask for."""
    applied = {(each.rule, each.by) for each in examined.applied}
    return [
        {"rule": rule, "by": case.name, "then": str(case.consequence), "until": case.until,
         "when": {k: v for k, v in msgspec.to_builtins(case.when).items() if v}}
        for rule in sorted({f.rule for f in examined.findings} & prepared.by_name.keys())
        for case in (*prepared.by_name[rule].exceptions, *prepared.by_name[rule].cases)
        if (rule, case.name) not in applied
    ]  # fmt: skip


def _without(prepared: Prepared, facts: Facts, examined: Examined) -> list[dict[str, str]]:
    """What would change it: for each rule that matters, the disposition and what would go with its findings."""
    whole = reduce(or_, decide(prepared, facts, examined.features, examined.findings).verdicts, PASS)
    changes = []
    for rule in sorted({f.rule for f in examined.findings}):
        rest = [f for f in examined.findings if f.rule != rule]
        verdict = reduce(or_, decide(prepared, facts, examined.features, rest).verdicts, PASS)
        if verdict != whole:
            gone = [
                f"{name}={', '.join(sorted(getattr(whole, name) - getattr(verdict, name)))}"
                for name in ("rejects", "holds", "approvals", "rewrites")
                if getattr(whole, name) - getattr(verdict, name)
            ]
            if whole.delay != verdict.delay:
                gone.append(f"delay={whole.delay}")
            if whole.fixed != verdict.fixed:
                gone.append(f"fixed={whole.fixed}")
            if whole.opening != verdict.opening:
                gone.append("opening")
            changes.append(
                {"rule": rule, "disposition": verdict.disposition.name.lower(), "gone": "; ".join(gone)}
            )
    return changes


def _addresses(message: Message, field: str) -> list[str]:
    return [m.address for h in message.all(field) for m in header_addresses(h.value) if m.address]


def readable(answer: dict[str, Any]) -> str:
    """The same for a terminal."""
    lines = [
        f"{answer['direction']} mail from {answer['from'] or '<>'}: {answer['disposition'].upper()}"
        + (f", warned (score {answer['score']})" if answer["warned"] else f" (score {answer['score']})"),
        f"  subject: {answer['summary']['subject']}",
    ]
    if answer["problems"]:
        lines.append(f"  damage: {', '.join(answer['problems'])}")
    for finding in answer["findings"]:
        weight = f" +{finding['weight']}" if finding["weight"] else ""
        lines += [
            f"  {finding['control']} {finding['rule']}{weight}",
            *(f"      {finding[language]}" for language in LANGUAGES),
        ]
        lines += [f"      [{e['part']}] {e['quote']}" for e in finding["evidence"] if e["quote"]]
    if answer["direction"] == "inbound":
        lines.append(
            f"  weights {answer['score']}: warned from {answer['warn_at']}, held from {answer['hold_at']} "
            "([warn] in policy.toml; [rules.NAME] then or weight changes one rule)"
        )
    if answer["risk"]["factors"]:
        lines.append(f"  risk {answer['score']}: {_sum(answer['risk']['factors'])}")
        lines.append(
            f"      from {answer['risk']['stop_at']} on: {answer['risk']['then']}"
            " ([risk] in policy.toml; [rules.NAME] weight changes one factor)"
        )
    for each in answer["applied"]:
        lines.append(f"  {each['rule']}: {each['then']}" + (f" by {each['by']}" if each["by"] else ""))
    for copy in answer["copies"]:
        verdict = copy["verdict"]
        words = [f"{key}={value}" for key, value in verdict.items() if value]
        if copy["passphrase"]:
            words.append(f"passphrase={copy['passphrase']}")
        lines.append(
            f"  copy for {', '.join(copy['recipients']) or 'nobody'}: {' '.join(words) or 'leaves as it came'}"
        )
    lines += [f"  {change['what']}: {change['then']}" for change in answer["changes"]]
    for change in answer["without"]:
        lines.append(f"  without {change['rule']}: {change['disposition'].upper()}, gone: {change['gone']}")
    for each in answer["otherwise"]:
        asked = ", ".join(f"{key} = {value}" for key, value in each["when"].items())
        until = f" until {each['until']}" if each["until"] else ""
        lines.append(f"  {each['rule']} would be {each['then']} by {each['by']}{until}: {asked}")
    number = f" (version {answer['version']})" if answer["version"] else ""
    lines.append(f"  policy {answer['policy'] or 'without a version'}{number}")
    return "\n".join(lines)


def _sum(factors: Sequence[dict[str, Any]]) -> str:
    """The factors of the risk, each with its points, what is wrong and what was meant."""
    said = []
    for each in factors:
        about = ", ".join(each["about"]) + (f"; meant {each['meant']}?" if each["meant"] else "")
        said.append(f"{each['points']} {each['rule']}" + (f" ({about})" if about else ""))
    return " + ".join(said)
