"""`sekisho keys`: what lies under which master key, a new one, and the end of the older ones (docs/howto/erasing.md).

Each step can be repeated: whoever ends in the middle says it again.
"""

import argparse
import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import NamedTuple

from config.policy import ConfigError
from config.settings import Settings
from directory import second_factor
from directory.vault import Vault
from gateway.command.operator import opened, ran
from gateway.start.claims import LOCK
from quarantine.rehearsal.memory import older_grounds
from quarantine.retention import older_secrets
from quarantine.store import Store
from storage import journal_marks
from storage.claim import held
from storage.day_keys import DayKeys, Master
from storage.day_seal import DaySeal
from storage.key_service import master_of
from storage.seal import (
    Seal,
    add_key,
    forget_older,
    is_forgetting,
    known_keys,
    open_seal,
    prepare_key,
    read_keys,
    take_last_key,
)

SEALED, VAULT, MADE, FACTORS, GROUNDS, MARKS = (
    "day keys", "agreed passphrases", "generated passphrases", "second factors", "keys of rehearsals", "marks of the journal",
)  # fmt: skip


def arguments(command: argparse.ArgumentParser) -> None:
    """What may stand behind `sekisho keys`."""
    actions = command.add_subparsers(dest="action", required=True, metavar="ACTION")
    shown = actions.add_parser("status", help="the master keys, and what lies under older ones")
    fresh = actions.add_parser("rotate", help="make a new master key; nodes take it when they start anew")
    fresh.add_argument(
        "--prepare",
        action="store_true",
        help="a key that only opens as yet: copy the file to all nodes, start them anew, then rotate",
    )
    ended = actions.add_parser(
        "retire", help="put everything under the current key, and forget the older ones"
    )
    for each in (shown, fresh, ended):
        each.add_argument("--config", type=Path, default=argparse.SUPPRESS, help="the settings file (TOML)")


async def run(settings: Settings, options: argparse.Namespace) -> int:
    """Do what was said. Raises ConfigError when the file cannot be used, or a node runs that has to be stopped first."""
    if not ran(settings):
        raise ConfigError(["keys: no node has run here yet; the first start makes them"])
    if options.action == "rotate":
        return await _rotate(settings, prepare=options.prepare)
    if options.action == "retire":
        return await _retire(settings)
    async with _opened(settings) as (keys, older):
        for number, key in enumerate(keys):
            print(f"{key}  {'current' if number == 0 else 'opens what it sealed'}")
        for what, many in older.items():
            if many:
                print(f"under older keys: {many} {what}")
    if (service := settings.key_service).module is not None:
        for number, name in enumerate(service.keys):
            print(
                f"{name}  in {service.token}, {'wraps' if not number and not service.leave else 'opens'} day keys"
            )
    return 0


async def _rotate(settings: Settings, *, prepare: bool) -> int:

    path = _own(settings)
    async with _opened(settings) as (keys, _):  # a file that does not fit is not added to
        known = await _known(settings)
    there = await asyncio.to_thread(read_keys, path)
    if prepare:
        if len(there) > 1 and is_forgetting(path):
            raise ConfigError(["keys: `sekisho keys retire` came to no end; say it again first"])
        await asyncio.to_thread(prepare_key, path)
        print(f"{path} has a key more; copy it to all nodes, start them anew, then `sekisho keys rotate`")
    elif len(there) > 1 and keys[-1] not in known and not is_forgetting(path):
        await asyncio.to_thread(take_last_key, path)
        print(f"the key that was prepared is the current one: copy {path} to all nodes, start them anew")
    else:
        await asyncio.to_thread(add_key, path)
        print(f"{path} has a new current key: start the node anew, and back the file up")
    return 0


async def _retire(settings: Settings) -> int:

    path = _own(settings)
    if held(settings.state_dir / LOCK):
        raise ConfigError(["keys retire: a node runs here; stop it first, and start all others anew"])
    async with _parts(settings) as parts:
        await parts.day_keys.check()
        while await parts.vault.take_over():
            pass
        left = await _older(parts, anew=True)
        if sum(left.values()):
            print(
                "nothing was forgotten: "
                + ", ".join(f"{many} {what} are left" for what, many in left.items() if many)
            )
            return 1
        await forget_older(path, parts.store.database)
    print(f"{path} has one key; older backups of the database need the older ones")
    return 0


class _Parts(NamedTuple):
    """What holds things under the master key."""

    store: Store
    seal: Seal
    master: Master
    day_keys: DayKeys
    secrets: DaySeal
    vault: Vault


@asynccontextmanager
async def _parts(settings: Settings) -> AsyncIterator[_Parts]:

    async with opened(settings) as store:
        seal = await open_seal(settings.seal_key, store.database)
        master = master_of(settings.key_service, seal)
        day_keys = DayKeys(settings.keys, master, store.database)
        secrets = DaySeal(seal, day_keys)
        yield _Parts(
            store, seal, master, day_keys, secrets, Vault(store.database, secrets, lambda tenant: 0.0)
        )


@asynccontextmanager
async def _opened(settings: Settings) -> AsyncIterator[tuple[tuple[str, ...], Counter[str]]]:
    """The ids of all keys, the current one first, and how much lies under older ones."""
    async with _parts(settings) as parts:
        yield parts.seal.key_ids, await _older(parts)


async def _older(parts: _Parts, *, anew: bool = False) -> Counter[str]:
    """What lies under older keys, by kind; with `anew` what is left there once the rest was put under the current one."""

    database, seal = parts.store.database, parts.seal
    found = Counter({MADE: await older_secrets.take_over(database, parts.secrets, anew=anew)})
    found[VAULT] = await parts.vault.older()
    if anew:
        await older_grounds(database, seal, anew=True)
        await journal_marks.make_anew(database, seal)
    found[FACTORS] = await second_factor.older(database, seal, anew=anew)
    found[GROUNDS] = await older_grounds(database, seal)
    found[MARKS] = await journal_marks.older(database, seal)
    found[SEALED] = sum(not parts.master.is_current(each) for each in parts.day_keys.files())
    return found


async def _known(settings: Settings) -> frozenset[str]:
    """The ids of the keys with which something was sealed."""

    async with opened(settings) as store:
        return await known_keys(store.database)


def _own(settings: Settings) -> Path:
    """The file of the keys, when it is ours to write."""
    path = settings.seal_key
    if settings.seal_key_file is None and path.parent != settings.state_dir:
        raise ConfigError(
            [f"keys: {path} is handed over by systemd; change the file that LoadCredential= names"]
        )
    return path
