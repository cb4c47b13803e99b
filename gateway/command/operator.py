"""What an operator does by hand: hold, release, discard, open the console; and verify, beside a running node.

The first ask the node that runs here, over the socket in its state folder; where none runs, they do the same over its
store. `journal verify` and `sightings` read, or rebuild from, the whole journal: they use the database directly, and
write nothing to the journal. Without a node, entries go to a chain of its own (node name + "/cli"). What shows or decides
on somebody's mail does so for one tenant.
"""

import asyncio
import contextlib
import os
import time
from collections.abc import AsyncIterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import cast
from zoneinfo import ZoneInfo

from config.policy import ConfigError
from config.settings import Settings
from directory.devices import Devices
from directory.people import People
from directory.sessions import Sessions
from gateway.from_settings import blobs_of, database_of
from gateway.service.asking import Remote, ServiceLine
from gateway.service.local_socket import connected, name_of
from quarantine.item import NotAllowed
from quarantine.letters.letter import Post
from quarantine.queue import restoring
from quarantine.reported.sightings import rebuild
from quarantine.service.handwork import Handwork
from quarantine.store import Store
from storage import heads, journal
from storage.day_keys import DayKeys
from storage.key_service import master_of
from storage.seal import open_seal


@contextlib.asynccontextmanager
async def opened(settings: Settings) -> AsyncIterator[Store]:
    """The node's store, seen from the command line. Raises ConfigError where no node ran yet."""
    if not ran(settings) and not settings.state_dir.is_dir():
        raise ConfigError(
            [
                f"no node has run here yet: there is no folder {settings.state_dir} (state_dir); sekisho serve makes it"
            ]
        )
    database = await asyncio.to_thread(database_of, settings)
    try:
        master = await open_seal(settings.seal_key, database)
        blobs = blobs_of(
            settings, database, DayKeys(settings.keys, master_of(settings.key_service, master), database)
        )
        try:
            yield Store(database, blobs, f"{settings.node}/cli")
        finally:
            await blobs.close()
    finally:
        await database.close()


def ran(settings: Settings) -> bool:
    """False where no node has made the database yet: whoever makes it would own it."""
    file = settings.database_url.removeprefix("sqlite:///")
    return file == settings.database_url or Path(file).exists()


@contextlib.asynccontextmanager
async def hand(settings: Settings) -> AsyncIterator[Handwork]:
    """The node that runs here, asked; where none runs, the same over its store."""
    asking = connected(settings.state_dir)
    if asking is None:
        async with opened(settings) as store:
            people = People(store.database)
            try:
                devices = Devices(store.database, people)
                yield Handwork(
                    store, people, Sessions(store.database), devices, Post(settings, store.blobs.put),
                    time.time, name_of(os.getuid()),
                )  # fmt: skip
            finally:
                people.close()
        return
    line = ServiceLine(*await asyncio.open_unix_connection(sock=asking), Handwork)
    try:
        async with asyncio.TaskGroup() as tasks:
            reading = tasks.create_task(line.run())
            try:
                yield cast(Handwork, Remote(line, ""))
            finally:
                reading.cancel()
    except ExceptionGroup as group:
        raise group.exceptions[0] from None


async def act(
    settings: Settings, tenant: str, command: str, item_id: str, reason: str, *, tell: bool = False
) -> int:
    """One event by the operator on an item of a tenant, with its reason in the journal; 1 when it is not allowed now."""
    async with hand(settings) as work:
        try:
            state = await work.act(tenant, command, item_id, reason, tell=tell)
        except NotAllowed as error:
            print(f"not allowed: {error}")
            return 1
    print(f"{item_id} is {state}")
    return 0


async def verify(settings: Settings, files: Sequence[Path] = ()) -> int:
    """Check every chain of the journal and the marks of its checkpoints, and compare it with the heads that were
    carried to `files`; 1 when one is broken."""
    kept = [head for file in files for head in heads.read(file.read_text("utf-8", "replace").splitlines())]
    async with opened(settings) as store:
        seal = await open_seal(settings.seal_key, store.database)
        good = [head for head in kept if journal.is_marked(head, seal.is_mark)]
        foreign = len(kept) - len(good)
        restores = await store.database.read(lambda t: restoring.restores(t, seal.is_mark))
        for one in restores:
            lost = [h for h in good if h.chain == one.chain and h.seq > one.seq and h.at < one.at]
            if lost:
                day = datetime.fromtimestamp(one.at, ZoneInfo(settings.console.timezone)).date()
                end = max(h.seq for h in lost)
                print(
                    f"{one.chain}: RESTORED on {day} from {one.backup or 'what was there'}: entries {one.seq + 1} to"
                    f" {end} of before are lost"
                )
            good = [h for h in good if h not in lost]
        carried, breaks, _ = heads.anchors(good, seal.is_mark)
        broken = bool(breaks)
        for each in breaks:
            print(f"{each.chain}: BROKEN at {each.seq}: {each.problem}")
        for chain in sorted({*await journal.chains(store.database), *carried}):
            anchors = carried.get(chain, {})
            found = await journal.verify(store.database, chain, anchors, proves=seal.is_mark)
            broken = broken or found is not None
            told = f"BROKEN at {found.seq}: {found.problem}" if found else "whole"
            if not found and (begin := await journal.tombstone(store.database, chain)).seq:
                day = datetime.fromtimestamp(begin.at, ZoneInfo(settings.console.timezone)).date()
                told += f", begins behind entry {begin.seq}: older ones ended on {day}"
            if files and not found:
                last = max(anchors, default=0)
                told += f", compared up to entry {last}; {await _younger(store, chain, last)} are younger"
            print(f"{chain}: {told}")
    if foreign:
        print(f"{foreign} heads were not made with our key, and were not used")
    return 1 if broken or foreign else 0


async def _younger(store: Store, chain: str, seq: int) -> int:
    """How many entries of a chain stand behind this one."""
    return max(0, await journal.end(store.database, chain) - seq)


async def sightings(settings: Settings) -> int:
    """Rebuild the index by which arrived mail is found, from the journal."""
    async with opened(settings) as store:
        print(f"{await rebuild(store)} sightings")
    return 0


async def people(settings: Settings, tenant: str) -> int:
    """A line for each account of a tenant: login, name, department, roles; who says so, its revision, and when that was."""
    zone = ZoneInfo(settings.console.timezone)
    async with hand(settings) as work:
        found = await work.directory(tenant)
    for each in found:
        one, at = each.account, datetime.fromtimestamp(each.changed_at, zone)
        what = [one.department, *(f"head of {name}" for name in one.head_of), *one.roles]
        what += [f"reports to {one.manager}"] if one.manager else []
        what += [f"until {one.leaving}"] if one.leaving else []
        what += ["disabled"] if one.disabled else []
        told = f"{each.source} {each.revision}, {at:%Y-%m-%d %H:%M}"
        print(f"{one.login}  {one.name_in(one.language)}  {', '.join(filter(None, what))}  ({told})")
    return 0


async def reset_factor(settings: Settings, tenant: str, login: str) -> int:
    """Take the second factor from an account of a tenant, which lost it; 1 when there is none."""
    async with hand(settings) as work:
        done = await work.reset_factor(tenant, login)
    if not done:
        what = "is no account" if done is None else "is no second factor of"
        print(f"there {what} {login} in the tenant {tenant}")
        return 1
    print(f"{login} has no second factor any more, and sets up another one at the next login")
    return 0


async def login_link(settings: Settings, tenant: str, login: str) -> int:
    """Print a one-time code with which an account of a tenant sets a new password in the console."""
    base = settings.console.base_url.rstrip("/") or f"http://{settings.console.host}:{settings.console.port}"
    async with hand(settings) as work:
        code = await work.login_code(tenant, login)
    if code is None:
        print(f"there is no account {login} in the tenant {tenant}")
        return 1
    print(f"{base}/once  code: {code}")
    return 0
