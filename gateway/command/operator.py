"""What an operator does by hand, next to a running node: hold, release, discard, verify, open the console.

The commands use the same database as the node and write their own chain of the journal (node name + "/cli"),
so that the running node's chain has one writer. What shows or decides on somebody's mail does so for one tenant.
"""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Sequence
from getpass import getuser
from pathlib import Path

from config.settings import Settings
from directory.people import People
from directory.sessions import Sessions
from gateway.from_settings import blobs_of, database_of
from quarantine.events import JournalEvent
from quarantine.item import Entry, Event, Item, NotAllowed
from quarantine.reported.sightings import rebuild
from quarantine.rights import Actor, SystemPart
from quarantine.store import Store
from storage import heads, journal
from storage.seal import open_seal


@contextlib.asynccontextmanager
async def opened(settings: Settings) -> AsyncIterator[Store]:
    """The node's store, seen from the command line."""
    database = await asyncio.to_thread(database_of, settings)
    blobs = blobs_of(settings, database)
    try:
        yield Store(database, blobs, f"{settings.node}/cli")
    finally:
        await blobs.close()
        await database.close()


async def act(
    settings: Settings, tenant: str, command: str, item_id: str, reason: str, *, tell: bool = False
) -> int:
    """One event by the operator on an item of a tenant, with its reason in the journal; 1 when it is not allowed now.

    `release` lets an item go whatever it waits for, but approvals: these only their roles can give.
    """
    async with opened(settings) as store:
        try:
            item = await store.get(item_id, tenant)
            event = _event(command, item)
            after = await store.change(
                item_id,
                event,
                Actor(operator_name(), SystemPart.COMMAND_LINE, tenant),
                time.time(),
                {"reason": reason, **({"tell": True} if tell else {})},
            )
        except NotAllowed as error:
            print(f"not allowed: {error}")
            return 1
    print(f"{after.id} is {after.state}")
    return 0


def operator_name() -> str:
    """Whoever types the command: somebody with a shell on this host, not a person of the directory."""
    return f"operator:{getuser()}"


def _event(command: str, item: Item) -> Event:
    if command == "release":
        return Event.RELEASE if item.holds else Event.SEND_NOW
    return {"hold": Event.STOP, "discard": Event.DISCARD}[command]


async def verify(settings: Settings, files: Sequence[Path] = ()) -> int:
    """Check every chain of the journal and the marks of its checkpoints, and compare it with the heads that were
    carried to `files`; 1 when one is broken."""
    kept = [head for file in files for head in heads.read(file.read_text("utf-8", "replace").splitlines())]
    async with opened(settings) as store:
        seal = await open_seal(settings.seal_key, store.database)
        good = [head for head in kept if journal.is_marked(head, seal.mark)]
        carried: dict[str, dict[int, str]] = {}
        broken = False
        for head in good:
            if carried.setdefault(head.chain, {}).setdefault(head.seq, head.hash) != head.hash:
                print(f"{head.chain}: BROKEN at {head.seq}: two heads that were carried away differ")
                broken = True
        for chain in sorted({*await journal.chains(store.database), *carried}):
            anchors = carried.get(chain, {})
            found = await journal.verify(store.database, chain, anchors, mark=seal.mark)
            broken = broken or found is not None
            told = f"BROKEN at {found.seq}: {found.problem}" if found else "whole"
            if files and not found:
                last = max(anchors, default=0)
                told += f", compared up to entry {last}; {await _younger(store, chain, last)} are younger"
            print(f"{chain}: {told}")
    if len(good) < len(kept):
        print(f"{len(kept) - len(good)} heads were not made with our key, and were not used")
    return 1 if broken or len(good) < len(kept) else 0


async def _younger(store: Store, chain: str, seq: int) -> int:
    """How many entries of a chain stand behind this one."""
    return max(0, await journal.end(store.database, chain) - seq)


async def sightings(settings: Settings) -> int:
    """Rebuild the index by which arrived mail is found, from the journal."""
    async with opened(settings) as store:
        print(f"{await rebuild(store)} sightings")
    return 0


async def login_link(settings: Settings, tenant: str, login: str) -> int:
    """Print a one-time code with which an account of a tenant sets a new password in the console."""
    base = settings.console.base_url.rstrip("/") or f"http://{settings.console.host}:{settings.console.port}"
    async with opened(settings) as store:
        account = await People(store.database).named(login, tenant)
        if account is None:
            print(f"there is no account {login} in the tenant {tenant}")
            return 1
        code = await Sessions(store.database).issue_code(account.tenant, account.login, time.time())
        await store.record(
            Entry(
                time.time(),
                JournalEvent.LOGIN_CODE,
                operator_name(),
                tenant=account.tenant,
                detail={"login": account.login},
            )
        )
    print(f"{base}/once  code: {code}")
    return 0
