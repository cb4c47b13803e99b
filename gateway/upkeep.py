"""What keeps a node as it should be: what an end left is found, settings are read again, memory is written down."""

import asyncio
import contextlib
import time
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from pathlib import Path

import msgspec
import structlog

from config.log_events import LogEvent
from config.policies import TenantPolicies
from config.policy import ConfigError, Policy
from directory.correspondents import Correspondents
from directory.logins import Logins
from directory.past_mail import PastMail
from directory.people import People
from directory.sessions import Sessions
from filters.ruleset import prepare
from gateway.locked.workers import Workers
from gateway.start.policies_in_force import PoliciesInForce
from quarantine.handed_over import HandedOver
from quarantine.policies.counts import Counts
from quarantine.reconcile import NOTED, reconcile
from quarantine.search import index as text_index
from quarantine.store import Store
from storage import journal
from storage.heads import Sinks
from storage.interfaces import Database, StoreError
from storage.seal import Seal

log = structlog.get_logger()

FLUSH = 5.0
"""Seconds between two writes of the correspondents' memory; what a crash forgets is only a convenience."""
GRACE = 60.0
"""Seconds in which what was being taken when its content was listed is committed, or was given up."""
REST = 1.0
"""Seconds between two blocks of the search index: a hundredth of a second of writing in each."""
CHECKPOINT = 30.0
"""Seconds between two marked heads of the journal's chains, which are carried away at once."""


async def take_up(store: Store, handed_over: HandedOver, now: float, *, alone: bool) -> None:
    """Find what the last run left: mail of which nobody knows whether the next hop has it and, where no other node can
    have our name (`alone`), what we had leased. Raises StoreError."""
    if unknown := await handed_over.settle(now):
        log.warning(LogEvent.OUTCOMES_UNKNOWN, mail_ids=unknown[:100], number=len(unknown))
    if alone:
        log.info(LogEvent.RECLAIMED, items=await store.reclaim(now))


async def look_through(store: Store, clock: Callable[[], float]) -> None:
    """Find contents and items that do not fit each other, once, beside the mail: of a million it takes a while. A store
    that is away is waited for."""
    while True:
        try:
            report = await reconcile(store, clock(), GRACE)
        except StoreError as error:
            log.warning(LogEvent.HOUSEKEEPING_FAILED, error=str(error))
            await asyncio.sleep(GRACE)
            continue
        if report.missing:
            log.error(LogEvent.CONTENT_MISSING, items=[item for item, _ in report.missing[:NOTED]])
        log.info(LogEvent.RECONCILED, orphans=len(report.orphans), missing=len(report.missing))
        return


async def read_people(people: People, files: Mapping[str, Path], problems: Sequence[str] = ()) -> None:
    """Read the people files again; one that is wrong (`problems`: found already), or a store that is away, leaves the
    accounts as they were."""
    if not files:
        return
    try:
        if problems:
            raise ConfigError(list(problems))
        log.info(LogEvent.PEOPLE_LOADED, people=await people.read_files(files, time.time()))
    except ConfigError as error:
        log.error(LogEvent.PEOPLE_REFUSED, problems=error.problems)
    except StoreError as error:
        log.error(LogEvent.PEOPLE_REFUSED, problems=[str(error)])


async def read_policy(
    load: Callable[[], Awaitable[TenantPolicies]], people: People, workers: Workers
) -> None:
    """Examine by the policy that `load` finds; one that is wrong leaves the one in force."""
    try:
        policies = with_people(await load(), await people.all_names())
        for policy in policies.all.values():
            prepare(policy)
        await workers.reconfigure(policies)
    except ConfigError as error:
        log.error(LogEvent.POLICY_REFUSED, problems=error.problems)
    except (StoreError, ConnectionAbortedError) as error:  # the sender of the signal can try again
        log.error(LogEvent.POLICY_REFUSED, problems=[str(error)])
    else:
        log.info(LogEvent.POLICY_LOADED, version=policies.house.version)
        for tenant, policy in policies.own.items():
            log.info(LogEvent.POLICY_LOADED, version=policy.version, tenant=tenant)


async def follow(in_force: PoliciesInForce, take: Callable[[], Awaitable[None]]) -> None:
    """Until cancelled: `take` a version of the policy that somebody has kept since the last one was found."""
    while True:
        await asyncio.sleep(FLUSH)
        try:
            if await in_force.is_new():
                await take()
        except StoreError as error:
            log.warning(LogEvent.HOUSEKEEPING_FAILED, error=str(error))


def with_people(policies: TenantPolicies, names: Mapping[str, tuple[str, ...]]) -> TenantPolicies:
    """The policies, each of which knows its tenant's people by these names, too; that of the house those of all tenants that
    have none of their own."""
    house = {tenant: theirs for tenant, theirs in names.items() if tenant not in policies.own}
    own = {
        tenant: with_names(policy, {tenant: names[tenant]} if tenant in names else {})
        for tenant, policy in policies.own.items()
    }
    return TenantPolicies(with_names(policies.house, house), own)


def with_names(policy: Policy, names: Mapping[str, tuple[str, ...]]) -> Policy:
    """One policy that knows people by these names, by tenant."""
    organisation = policy.organisation
    known = dict(organisation.people_of)
    for tenant, theirs in names.items():
        written = set(organisation.names(tenant))
        known[tenant] = (*known.get(tenant, ()), *(name for name in theirs if name not in written))
    organisation = msgspec.structs.replace(organisation, people_of=known)
    return msgspec.structs.replace(policy, organisation=organisation)


async def keep_house(
    store: Store,
    memories: Iterable[Correspondents | PastMail | Counts | Logins],
    passing: Iterable[Sessions | Logins | PastMail],
    seal: Seal,
    sinks: Sinks,
    clock: Callable[[], float],
) -> None:
    """Until cancelled: write what is kept in memory, count together with other nodes, forget what is `passing`, mark and carry away the journal's heads."""
    marked = time.monotonic()
    while True:
        await asyncio.sleep(FLUSH)
        try:
            for each in memories:
                await each.flush()
            if time.monotonic() - marked >= CHECKPOINT:
                marked = time.monotonic()
                for memory in passing:
                    await memory.sweep(clock())
                await mark_heads(store, seal, sinks, clock())
        except StoreError as error:  # the store comes back, and so do we
            log.warning(LogEvent.HOUSEKEEPING_FAILED, error=str(error))


async def keep_index(database: Database) -> None:
    """Until cancelled: index what people may search for, a block at a time; a database from before there was an index
    catches up in a while."""
    while True:
        done = 0
        try:
            for tenant in await journal.tenants(database):
                done += await text_index.index(database, tenant)
        except text_index.Indexed:  # another node was quicker
            pass
        except StoreError as error:
            log.warning(LogEvent.HOUSEKEEPING_FAILED, error=str(error))
        await asyncio.sleep(REST if done else FLUSH)


async def mark_heads(store: Store, seal: Seal, sinks: Sinks, now: float) -> None:
    """Note where the chains of this node and of its command line stand, and carry that away. Raises StoreError."""
    heads = []
    for node in (store.node, f"{store.node}/cli"):
        heads += await journal.checkpoint(store.database, node, now, seal.mark)
    for sink, error in (await asyncio.to_thread(sinks.carry, heads)).items():
        log.error(LogEvent.HEADS_NOT_CARRIED, sink=sink, error=error)


async def flush_last(part: Correspondents | PastMail | HandedOver | Counts) -> None:
    """Write what is only in memory, as the database closes next; when that fails, nothing is lost that matters, or the
    next start notices."""
    with contextlib.suppress(StoreError):
        await part.flush()
