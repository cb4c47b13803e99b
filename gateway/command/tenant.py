"""`sekisho tenant`: another organisation in this house; suspending one; how much of each one's mail waits (OPS-TENANT).

`add` makes a policy and a people file and writes the table behind the settings; nothing is overwritten, and nothing is
changed where what came of it would be wrong. `list` tells numbers only: whoever keeps the house reads nobody's mail.
`suspend` and `resume` ask the node that runs here, or do the same over its store (quarantine/queue/suspending.py).

Diagnostics: ConfigError, StoreError.
"""

import argparse
import asyncio
import datetime
import json
import os
import shutil
import time
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import msgspec

from config.policies import TenantPolicies
from config.policy import ConfigError, Organisation, Policy
from config.settings import Settings
from config.settings_file import load_settings
from config.tenant import ANY, DEFAULT, valid
from config.words import LANGUAGES, say
from gateway.command import init
from storage.seal import sync_folder

if TYPE_CHECKING:
    from quarantine.queue.sender_limits import SenderUse
    from quarantine.store import Store

_HOPS = {"relay": 25, "mailbox": 25}
_SUSPENDING = {
    "suspend": "let nothing of its mail come or go for now, and nobody of it log in; nothing is lost",
    "resume": "let its mail and its people go on",
}
_HEAD: tuple[str, ...] = (
    "tenant", "state", "held", "queued", "stuck", "oldest", "today out", "today in", "7 days out", "7 days in",
    "last proved out", "last proved in", "senders", "near a limit", "at a limit",
)  # fmt: skip
_ASKED = tuple(
    each for each in init.QUESTIONS if each.name in ("domain", "organisation", "admin", "language")
)


def arguments(command: argparse.ArgumentParser) -> None:
    """What may stand behind `sekisho tenant`."""
    actions = command.add_subparsers(dest="action", required=True, metavar="ACTION")
    made = actions.add_parser("add", help="make the files of another organisation; nothing is overwritten")
    made.add_argument("name", help="small letters, digits and hyphens; in commands and logins (acme/ann)")
    for asked in _ASKED:
        made.add_argument(f"--{asked.name}", default="", help=say("en", f"init.question.{asked.name}"))
    for name in _HOPS:
        made.add_argument(f"--{name}", default="", help=f"{say('en', f'init.question.{name}')}; the house's")
    made.add_argument("--yes", action="store_true", help="ask nothing: take what is usual")
    for action, does in _SUSPENDING.items():
        said = actions.add_parser(action, help=does)
        said.add_argument("name", help="whose mail")
        said.add_argument(
            "--reason", default="", help="kept in its journal; its people read why they are suspended"
        )
        said.add_argument("--config", type=Path, default=argparse.SUPPRESS, help="the settings file (TOML)")
    shown = actions.add_parser("list", help="how much mail of each waits and passes: numbers, no mail")
    shown.add_argument("--json", action="store_true")
    for each in (made, shown):
        each.add_argument("--config", type=Path, default=argparse.SUPPRESS, help="the settings file (TOML)")


def run(options: argparse.Namespace) -> int:
    """The action that was asked for; the exit status."""
    if options.action == "add":
        return add(options)
    if options.action in _SUSPENDING:
        return asyncio.run(turn(load_settings(options.config), options))
    return asyncio.run(show(load_settings(options.config), as_json=options.json))


async def turn(settings: Settings, options: argparse.Namespace) -> int:
    """Suspend an organisation, or let it go on; what is so already stays so. Raises ConfigError for a name of nobody."""
    from gateway.command.operator import hand

    name = options.name
    if name not in settings.organisations:
        raise ConfigError([f"there is no tenant {name[:64]!r}: sekisho tenant list names them"])
    async with hand(settings) as work:
        done = await getattr(work, options.action)(name, options.reason)
    state = "suspended" if options.action == "suspend" else "running"
    print(f"{name} is {state}" if done else f"{name} was {state} already: nothing was changed")
    return 0


def add(options: argparse.Namespace) -> int:
    """Make the files, and say what is left to do. Raises ConfigError."""
    from gateway.start.policies_in_force import load_policies

    settings, name = load_settings(options.config), options.name
    if options.config is None:
        raise ConfigError(["--config: there is no settings file to write the table to"])
    if not valid(name) or name in (DEFAULT, *settings.tenants):
        raise ConfigError([f"{name!r} is no new name: small letters, digits and hyphens, and nobody's yet"])
    folder: Path = Path(options.config).parent / name
    if folder.exists():
        raise ConfigError([f"{folder} is there already: nothing was made"])
    init.ask(options, _ASKED)
    policies = load_policies(settings)
    new = Policy(Organisation(domains=(options.domain,)))
    if taken := TenantPolicies(policies.house, {**policies.own, name: new}).taken(name):
        raise ConfigError(taken)
    _write(options, folder, _table(options, settings))
    print("\n".join(_left_to_do(options, folder, settings)))
    return 0


def _table(options: argparse.Namespace, settings: Settings) -> str:
    hops = []
    for name, usual in _HOPS.items():
        if said := getattr(options, name):
            host, port = init.host_and_port(said, usual)
            hops += [
                f"\n[tenants.{options.name}.{name}]\nhost = {init.quoted(host)}\nport = {port}\n"
                f"tls = {init.tls_to(host)}\n"
            ]
    return init.template("tenant").format(
        name=options.name, policy=init.quoted(f"{options.name}/policy.toml"),
        people=init.quoted(f"{options.name}/people.toml"), presets=json.dumps(settings.presets),
        plain=options.domain, hops="".join(hops),
    )  # fmt: skip


def _write(options: argparse.Namespace, folder: Path, table: str) -> None:
    """The files, then the table: settings that name a file which is not there stop a start."""
    path = Path(options.config).resolve()  # a link stays one
    beside = path.with_name(f".{path.name}.new")
    try:
        folder.mkdir(mode=0o750)
    except OSError as error:
        raise ConfigError([f"{folder}: {error.strerror}"]) from None
    try:
        init.write_new(folder / "policy.toml", init.policy_text(options).encode(), 0o640)
        init.write_new(folder / "people.toml", init.people_text(options).encode(), 0o640)
        init.give(folder)
        before, kept = path.read_text("utf-8"), path.stat()
        beside.unlink(missing_ok=True)
        init.write_new(beside, f"{before.rstrip()}\n{table}".encode(), kept.st_mode & 0o7777)
        if os.geteuid() == 0:
            os.chown(beside, kept.st_uid, kept.st_gid)
        load_settings(beside)
        os.replace(beside, path)
        sync_folder(path.parent)
    except (OSError, ConfigError) as error:
        beside.unlink(missing_ok=True)
        shutil.rmtree(folder, ignore_errors=True)
        if isinstance(error, OSError):
            raise ConfigError([f"{error.filename or folder}: {error.strerror}"]) from None
        raise


def _left_to_do(options: argparse.Namespace, folder: Path, settings: Settings) -> list[str]:
    at = f"--config {options.config}"
    told = _told("added", folder=str(folder), config=str(options.config))
    doors = {listener.tenant for listener in settings.listeners}
    if not doors & {ANY, options.name}:
        told += _told("door", name=options.name)
    return [
        *told,
        *_told("next"),
        f"sekisho check-config {at}",
        "systemctl restart sekisho",
        f"sekisho login-link {init.people_login(options)} --tenant {options.name} {at}",
    ]


def _told(key: str, **values: object) -> list[str]:
    """A sentence in each language."""
    return [say(language, f"init.told.{key}", **values) for language in LANGUAGES]


async def _use(settings: Settings, store: "Store", tenant: str) -> "SenderUse":
    """Its limits of senders, by the policy in force."""
    from directory.people import People
    from gateway.start.policies_in_force import keeper
    from gateway.start.policy_in_force import current
    from quarantine.policies.versions import Versions
    from quarantine.queue.sender_limits import SenderLimits

    policy = await current(settings.of(tenant), Versions(store, keeper(settings, tenant)))
    limits = SenderLimits(store.database, lambda _: policy, time.time, settings.zone)
    people = People(store.database)
    try:
        return await limits.used(people, tenant)
    finally:
        people.close()


async def show(settings: Settings, *, as_json: bool) -> int:
    """Print the numbers of each tenant: a line each, or all as data. Raises ConfigError where no node has run."""
    from gateway.command.operator import opened
    from gateway.rounds.canary_rounds import FILE, proved, read
    from quarantine.queue.volumes import volumes

    now, late, found = time.time(), settings.queue.stuck_minutes * 60, []
    uses: dict[str, SenderUse] = {}
    async with opened(settings) as store:
        for tenant in settings.organisations:
            today = datetime.datetime.fromtimestamp(now, ZoneInfo(settings.zone(tenant))).date()
            found.append(await volumes(store.database, tenant, now, late, today))
            uses[tenant] = await _use(settings, store, tenant)
    proofs = proved(settings, await asyncio.to_thread(read, settings.state_dir / FILE))
    if as_json:
        told = [
            {
                **msgspec.to_builtins(each),
                "senders": msgspec.to_builtins(uses[each.tenant]),
                "proved": {
                    way: {"at": proof.at or None, "now": not proof.why}
                    for way, proof in proofs.get(each.tenant, {}).items()
                },
            }
            for each in found
        ]
        print(json.dumps(told, ensure_ascii=False, indent=2))
        return 0

    zone = ZoneInfo(settings.console.timezone)

    def at(moment: float | None) -> str:
        return f"{datetime.datetime.fromtimestamp(moment, zone):%Y-%m-%d %H:%M}" if moment else "-"

    def way(tenant: str, direction: str) -> str:
        proof = proofs.get(tenant, {}).get(direction)
        return "-" if proof is None else at(proof.at) + (" (fails)" if proof.why else "")

    rows = [_HEAD]
    for each in found:
        volume = [
            str(sum(day.get(way, 0) for day in days))
            for days in (list(each.days.values())[:1], each.days.values())
            for way in ("outbound", "inbound")
        ]
        state = f"suspended since {at(each.suspended)}" if each.suspended else "running"
        numbers = str(each.held), str(each.queued), str(each.stuck), at(each.oldest), *volume
        last = (way(each.tenant, direction) for direction in ("outbound", "inbound"))
        use = uses[each.tenant]
        rows.append((each.tenant, state, *numbers, *last, str(use.senders), str(use.near), str(use.full)))
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    print("\n".join("  ".join(map(str.ljust, row, widths)).rstrip() for row in rows))
    return 0
