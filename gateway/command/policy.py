"""`sekisho policy …`: what the policy did, and its versions, as the node's database has them.

Uses the database beside a node that runs: what the node has counted in the last seconds is missing; a version that
is kept here is in force within seconds, where versions are the master. Its entry stands in the chain of the command line.
"""

import argparse
import asyncio
import datetime
import json
import os
import sys
import time
from collections.abc import Awaitable, Callable, Iterable
from itertools import zip_longest
from zoneinfo import ZoneInfo

import msgspec

from config.consequence import SEALING
from config.load import load_policy
from config.policy import ConfigError
from config.problems import Source
from config.settings import Settings
from config.settings_file import load_settings
from directory.people_file import people_of
from filters import ruleset
from filters.ruleset import Prepared, prepare
from gateway.command import replay, trial
from gateway.command.operator import opened, ran
from gateway.service.local_socket import name_of
from gateway.start.configuration import Configuration
from gateway.start.policies_in_force import in_force_beside, keeper
from gateway.start.policy_in_force import current, own_word
from quarantine.policies.counts import Counts, PolicyUse
from quarantine.policies.versions import PolicyVersion, Versions, difference, numbers
from quarantine.review.forms import aligned
from quarantine.store import Store


def run(options: argparse.Namespace, settings: Settings) -> int:
    """One of the verbs; the exit status."""
    verbs: dict[str, Callable[[argparse.Namespace, Settings, Store], Awaitable[int]]] = {
        "counts": counts, "history": history, "diff": diff, "export": export, "rollback": rollback, "import": keep,
    }  # fmt: skip

    if options.what == "test":
        return _test(options, settings)
    if options.what == "replay":
        answer = asyncio.run(replay.replay(settings, options.tenant, options.file, options.days))
        print(replay.as_json(answer).decode() if options.json else replay.readable(answer, options.ids))
        return 0
    if not ran(settings):
        raise ConfigError(["no node has run here yet: the first start makes the database, and version 1"])

    async def verb() -> int:
        async with opened(settings) as store:
            return await verbs[options.what](options, settings, store)

    return asyncio.run(verb())


def _test(options: argparse.Namespace, settings: Settings) -> int:
    file = options.policy or settings.policy
    policy = load_policy(file, settings.presets, demo=file is None, check=ruleset.problems)
    people = people_of(load_settings(options.config).people_files, options.tenant)
    folder = trial.MailFolder(options.folder, policy, people, settings.console.timezone)
    return (trial.write if options.write else trial.test)(folder, options.expect)


async def counts(options: argparse.Namespace, settings: Settings, store: Store) -> int:
    """Print how often each rule, case and exception applied, and which of the policy never did."""
    since = (
        today_in(settings.console.timezone) - datetime.timedelta(days=max(0, options.days - 1))
    ).isoformat()
    policy = await current(settings, Versions(store, keeper(settings, options.tenant)))
    found = await Counts(store.database).since(options.tenant, since)
    if options.json:
        print(json.dumps({"since": since, **msgspec.to_builtins(found)}, ensure_ascii=False, indent=2))
    else:
        print("\n".join(_readable(found, since, prepare(policy))))
    return 0


async def history(options: argparse.Namespace, settings: Settings, store: Store) -> int:
    """Print the versions, the newest first."""
    versions = await Versions(store, keeper(settings, options.tenant)).newest()
    if options.json:
        told = [
            {**msgspec.to_builtins(each), "text": None, "presets": sorted(each.presets)} for each in versions
        ]
        print(json.dumps(told, ensure_ascii=False, indent=2))
        return 0
    zone, rows = ZoneInfo(settings.console.timezone), []
    for each, before in zip_longest(versions, versions[1:]):
        added, removed = numbers(difference(before, each))
        at = datetime.datetime.fromtimestamp(each.at, zone)
        rows.append(
            (str(each.number), f"{at:%Y-%m-%d %H:%M}", each.author, each.policy, f"+{added} -{removed}", each.comment)
        )  # fmt: skip
    head = ("version", "when", "author", "policy", "lines", "comment")
    print("\n".join(aligned([head, *rows])) if rows else NONE)
    print(f'in force: {IN_FORCE[settings.policy_from]} (policy_from = "{settings.policy_from}")')
    return 0


async def diff(options: argparse.Namespace, settings: Settings, store: Store) -> int:
    """Print what changed between two versions; of one, what it changed; without any, what the newest did."""
    last = await Versions(store, keeper(settings, options.tenant)).latest() if not options.a else None
    asked = last.number if last is not None else options.a
    newer = await _version(options, settings, store, options.b or asked)
    first = asked if options.b else asked - 1
    older = await _version(options, settings, store, first) if first else None
    print("\n".join(difference(older, newer)) or "no difference")
    return 0


async def export(options: argparse.Namespace, settings: Settings, store: Store) -> int:
    """Print a version as a policy file."""
    sys.stdout.write((await _version(options, settings, store, options.number)).text)
    return 0


async def rollback(options: argparse.Namespace, settings: Settings, store: Store) -> int:
    """Make an old version the newest one."""
    version = await _version(options, settings, store, options.number)
    if settings.policy_from == "file":
        return _of_file(settings, f"sekisho policy export {version.number} >")
    own = Source(f"policy version {version.number}", version.text)
    return await _kept(options, settings, store, own, options.comment or f"back to version {version.number}")


async def keep(options: argparse.Namespace, settings: Settings, store: Store) -> int:
    """Make a file the newest version."""
    if settings.policy_from == "file":
        return _of_file(settings, f"cp {options.file}")
    return await _kept(options, settings, store, Source.of(options.file), options.comment)


async def _kept(
    options: argparse.Namespace, settings: Settings, store: Store, own: Source, comment: str
) -> int:
    """Keep a policy as the newest version, if it is right and nobody agrees to their own exceptions in it."""
    whose = keeper(settings, options.tenant)
    found = await asyncio.to_thread(Configuration, options.config, own, whose)
    policies = await in_force_beside(found.settings, store, whose, found.policies(whose))
    taken = [own.at("organisation.domains", sentence) for sentence in policies.taken(whose)]
    if problems := [*found.mistakes[whose], *taken]:
        raise ConfigError(problems)
    versions, user = Versions(store, whose), name_of(os.getuid())
    author = f"operator:{user}"
    if names := own_word(author, found.policies(whose), await versions.latest(), settings):
        print(
            f"not kept: {user} is said to have agreed to the new exception {', '.join(names)}; somebody else keeps it"
        )
        return 1
    kept, new = await versions.add(found.written[whose], author, time.time(), comment)
    print(f"version {kept.number} {'is in force within seconds' if new else 'is the same already'}")
    return 0


async def _version(
    options: argparse.Namespace, settings: Settings, store: Store, number: int
) -> PolicyVersion:
    found = await Versions(store, keeper(settings, options.tenant)).get(number)
    if found is None:
        raise ConfigError([f"there is no version {number} of the policy (sekisho policy history)"])
    return found


def _of_file(settings: Settings, copy: str) -> int:
    print(
        'nothing was changed: policy_from = "file", so the file is the master. To put it in force:\n'
        f"    {copy} {settings.policy or 'policy.toml'}\n    sekisho check-config\n"
        "    systemctl reload sekisho        # or SIGHUP"
    )
    return 1


NONE = "no version yet: the first is kept when a node starts"
IN_FORCE = {"file": "the policy file", "versions": "the newest version"}


def _readable(found: PolicyUse, since: str, prepared: Prepared) -> list[str]:
    examined = ", ".join(f"{number} {direction}" for direction, number in sorted(found.examined.items()))
    lines = [f"mails examined since {since}: {examined or 'none'}"]
    if found.uses:
        rows = [(u.rule, u.source or "-", u.consequence, str(u.mails), u.last) for u in found.uses]
        lines += aligned([("rule", "case or exception", "then", "mails", "last"), *rows])
    used = {(use.rule, use.source) for use in found.uses}
    lines += [f"never: {rule}, {by}" for rule, by in _written(prepared) if (rule, by) not in used]
    return lines


def _written(prepared: Prepared) -> Iterable[tuple[str, str]]:
    """The cases and exceptions of the policy in force: rule and name."""
    for each in prepared.rules:
        yield from ((each.rule.name, case.name) for case in (*each.cases, *each.exceptions))
    yield from ((SEALING, case.name) for case in prepared.formats)


def today_in(zone: str) -> datetime.date:
    """The date where the organisation is."""
    return datetime.datetime.now(ZoneInfo(zone)).date()
