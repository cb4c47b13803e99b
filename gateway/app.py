"""The composition root: puts the parts of a node together, starts them in order and stops them in reverse.

The only place that starts loose tasks; whatever one of them raises ends the node, loudly.

Diagnostics: ConfigError for everything that is known to be wrong before the first connection is taken.
"""

import asyncio
import contextlib
import socket
import time
from collections.abc import Callable, Coroutine, Iterable, Mapping, Sequence
from functools import partial
from typing import Any

from config.policies import TenantPolicies, as_policies
from config.policy import Policy
from config.settings import Settings
from config.tenant import ANY, DEFAULT
from config.written import Written
from directory.correspondents import Correspondents
from directory.devices import Devices
from directory.listings import Listings
from directory.logins import Logins
from directory.past_mail import PastMail
from directory.people import People
from directory.sessions import Sessions
from directory.vault import Vault
from filters.ruleset import prepare
from gateway.authenticate.results import authenticate
from gateway.checkpoint import Checkpoint
from gateway.clock import SteadyClock
from gateway.console_login import ConsoleLogin, announce_first
from gateway.custody import Custody
from gateway.deliver.dispatcher import Dispatcher
from gateway.deliver.queue_rounds import QueueRounds
from gateway.fact_finding import ArrivingFacts, LeavingFacts
from gateway.from_settings import (
    blobs_of,
    certificates_of,
    courier_of,
    day_keys_of,
    handed_to,
    listener_of,
    logins_of,
    outgoing_of,
    postmaster_of,
    reports_of,
    resolver_of,
    routes_of,
    scanner_of,
    scram_of,
    setup_of,
    sinks_of,
    trace_of,
    upstreams_of,
    workers_of,
)
from gateway.inbound import InboundSession
from gateway.listen import commands
from gateway.listen.limits import Admission
from gateway.listen.session import Open
from gateway.listen.tls import Certificates
from gateway.monitor.figures import NodeFigures
from gateway.monitor.page import MonitorPage
from gateway.notices import Notices
from gateway.outbound import OutboundSession
from gateway.released import Released
from gateway.reporting import Reporting
from gateway.rounds.alert_rounds import AlertRounds
from gateway.rounds.backup_rounds import BackupRounds
from gateway.rounds.canary_rounds import CanaryRounds, proved
from gateway.rounds.delegation_rounds import DelegationRounds
from gateway.rounds.erasing_rounds import ErasingRounds
from gateway.rounds.exception_rounds import ExceptionRounds
from gateway.rounds.flood_rounds import FloodRounds
from gateway.rounds.memory_rounds import MemoryRounds
from gateway.rounds.picture_rounds import PictureRounds
from gateway.rounds.quarantine_rounds import QuarantineRounds
from gateway.rounds.review_rounds import ReviewRounds
from gateway.rounds.scan_rounds import ScanRounds
from gateway.rounds.wait_rounds import WaitRounds
from gateway.service.local_socket import AT_ONCE, LocalSocket
from gateway.session import Shared
from gateway.start.claims import Claims
from gateway.start.policies_in_force import PoliciesInForce, keeper
from gateway.start.restored import ready_database
from gateway.start.seat import Seat
from gateway.start.sockets import Sockets
from gateway.start.tasks import Tasks
from gateway.tenants.shared_door import SharedDoor
from gateway.unlock import Unlock
from gateway.upkeep import (
    flush_last,
    follow,
    keep_house,
    keep_index,
    look_through,
    read_people,
    read_policy,
    take_up,
    with_people,
)
from gateway.web.supervisor import ConsoleProcess
from quarantine.handed_over import HandedOver
from quarantine.letters.letter import Post
from quarantine.policies.counts import Counts
from quarantine.queue.sender_limits import SenderLimits
from quarantine.rehearsal.memory import Memory
from quarantine.reported.closing import Closing
from quarantine.reported.reports import Reports
from quarantine.reported.sightings import Sightings
from quarantine.service.caller import Parts
from quarantine.service.handwork import Handwork
from quarantine.service.service import Service, of
from quarantine.store import Store
from storage.day_seal import DaySeal
from storage.interfaces import StoreError
from storage.seal import open_seal

DRAIN = 15.0
"""Seconds that running transactions, inbound and outbound, get at the end; all of a stop takes less than 30."""


class Node:
    """A running node. `addresses` tells where its listeners ended up (host, port) by name."""

    def __init__(
        self,
        settings: Settings,
        policy: Policy | TenantPolicies,
        handed: Iterable[tuple[str, socket.socket]] = (),
        claims: Claims | None = None,
        seat: Seat | None = None,
        written: Mapping[str, Written] = {},
    ) -> None:
        """`policy`: one, or that of each tenant; `written`, by tenant: how its files write it, where it is of files. `claims`, when somebody has begun to take them for us: ours to release from `start` on. `seat`: which process of the node this is."""
        self._given, self._written = as_policies(policy), written
        for each in self._given.all.values():
            prepare(each)  # says what is wrong with it, and knows the rules' sentences from here on
        self.settings = settings
        self.addresses: dict[str, tuple[str, int]] = {}
        self.clock = SteadyClock()
        self._handed = handed_to(settings.listeners, handed)
        """Listening sockets that somebody opened for us, by listener; other listeners open their own."""
        self.seat = seat or Seat()
        self._claims = self.seat.claims or claims or Claims(settings)
        self._stack = contextlib.AsyncExitStack()
        self._draining: list[Callable[[float], Coroutine[Any, Any, None]]] = []
        self._tasks = Tasks()
        self._admission = Admission(settings.limits, AT_ONCE, self.seat.tallies)
        self._certificates: dict[str, Certificates] = {}

    def policies(self) -> TenantPolicies:
        """The policies in force; before there are workers, those which they will be given."""
        return self.workers.policies if hasattr(self, "workers") else self._given

    def policy(self, tenant: str = DEFAULT) -> Policy:
        """That of a tenant."""
        return self.policies()(tenant)

    def _language(self, tenant: str = DEFAULT) -> str:
        """The organisation's."""
        return self.policy(tenant).organisation.language

    async def start(self) -> None:
        """Everything up to the open listeners. Raises ConfigError; whatever had started is stopped again."""
        try:
            self._stack.callback(self._claims.release)
            await self._claims.take()
            self._open_sockets()
            await self._open_stores()
            given = self._given
            self._given = await self._in_force.settle(lambda: given, self._written)
            await self._start_workers()
            self._put_together()
            # A database that nodes share may have another node of our name: there, leases end by time alone, unless
            # the process that had them was a child of our parent's, which saw it end.
            seat, alone = self.seat, self.settings.database_url.startswith("sqlite")
            await take_up(self.store, self.handed_over, self.clock(), alone=alone or seat.again)
            self._dispatch()
            if seat.first:
                await self._serve_people()
            await self._listen()
            await self._show_figures()
        except BaseException:
            with contextlib.suppress(Exception):  # why it did not start is known
                await self.stop()
            raise
        passing = (self._console_sessions, self._logins, self.past_mail) if seat.first else ()
        self.background(keep_house(self.store, (self.correspondents, self.past_mail, self.counts, self._logins), passing, self.seal, self._sinks, self.clock))  # fmt: skip
        self.background(self._claims.keep())
        if seat.first and not seat.again:
            self.background(look_through(self.store, self.clock))
        if seat.first:
            self.background(keep_index(self.store.database))
            rounds = (self._keeper, self._waits, self._pictures, self._exceptions, self._delegations, self._review)  # fmt: skip
            erasing = ErasingRounds.of(self, self._sinks.kept)
            more = (erasing, MemoryRounds(self.store.database, self.memory, self.clock), BackupRounds(self.settings, self.store, self.post, postmaster_of(self.settings, self.policy, DEFAULT), self._language, self.clock))  # fmt: skip
            for one in (*rounds, self._scans, self._canary, self._queue, self._alerts, *more):
                self.background(one.run())
        self.background(self._floods.run())
        self.background(self.handed_over.run())
        if self.settings.policy_from == "versions":
            self.background(follow(self._in_force, partial(self._take_policy, self.policies)))

    def _open_sockets(self) -> None:
        self._sockets = self.seat.sockets or Sockets(self.settings, self._handed)
        self._stack.callback(self._sockets.close)
        self.console = self._sockets.console
        self.addresses["console"] = self.console.address

    async def _open_stores(self) -> None:
        settings = self.settings
        database = await ready_database(settings, self.seat.name(settings.node))
        self._stack.push_async_callback(database.close)
        self.seal = await open_seal(settings.seal_key, database)
        self.day_keys = await day_keys_of(settings, self.seal, database, self.clock, check=self.seat.first)
        self._sinks = sinks_of(settings)
        blobs = blobs_of(settings, database, self.day_keys)
        self._stack.push_async_callback(blobs.close)
        self.store = Store(database, blobs, self.seat.name(settings.node))
        self.store.know(self.policy, self.clock, settings.console.timezone)
        self.people = People(database, language=self._language, today=self.store.today)
        self._stack.callback(self.people.close)
        if self.seat.again:
            await self._read_people()
        elif self.seat.first:
            await self.people.read_files(settings.people_files, time.time())
        self._logins = Logins(self.people, database, self.seal, settings.limits, clock=self.clock, tallies=self.seat.tallies, node=settings.known_as)  # fmt: skip
        self._in_force = PoliciesInForce(settings, self.store, keeps=self.seat.first)
        self.devices = Devices(database, self.people, self.clock, self.seal.mark)
        self.correspondents = Correspondents(database, learning=settings.learning_days * 86_400.0)
        self.past_mail = PastMail(database, self.clock)
        self.counts = Counts(database)
        for memory in (self.correspondents, self.past_mail, self.counts):
            self._stack.push_async_callback(flush_last, memory)
        self.secrets = DaySeal(self.seal, self.day_keys)
        self.vault = Vault(database, self.secrets, lambda tenant: self.policy(tenant).encrypt.minimum_bits)
        self.listings = Listings(database, time.time)
        self.handed_over = HandedOver(self.store)
        self._stack.push_async_callback(flush_last, self.handed_over)
        self.sightings = Sightings(self.store)
        self.reports = Reports(self.store, self.sightings)

    async def _start_workers(self) -> None:
        policy = with_people(self._given, await self.people.all_names())
        self.workers = workers_of(self.settings, policy, self.seat.tallies)
        await self.workers.start()
        self._stack.push_async_callback(self.workers.stop)

    def _put_together(self) -> None:
        """The parts that a mail goes through (docs/flow.md)."""
        settings, store, people, clock = self.settings, self.store, self.people, self.clock
        url = self.console.url
        self.routes = routes_of(settings, self.policies)
        self.courier = courier_of(settings, self.seat.of)
        self._stack.push_async_callback(self.courier.close)
        self.post = Post(settings, store.blobs.put)
        notices = Notices(store, people, self.post, settings, url, lambda tenant: self.policy(tenant).waits)
        released, trace = Released(store, self.seal), trace_of(settings, self.seal, self.policy)
        outgoing = outgoing_of(settings, released, trace, self.policies)
        self.memory = Memory(store.database, self.seal, self.policy, settings.rehearsal.days)
        checkpoint = Checkpoint(self.workers, self.listings, scanner_of(settings))
        custody = Custody(
            store, self.handed_over, self.secrets, outgoing, notices, self.memory, clock, settings.margin_seconds,
            lambda: checkpoint.reads,
        )  # fmt: skip
        reporting = Reporting(settings, store, people, self.workers, self.reports, notices, clock, url)
        resolver = resolver_of(settings)
        ask = partial(authenticate, resolver=resolver, budget=settings.dns.seconds, trust=settings.authentication)  # fmt: skip
        zone = settings.zone
        arriving = ArrivingFacts(
            people, self.correspondents, self.past_mail, self.listings, released, ask, self.policy, clock, zone,
            authserv_id=settings.hostname, console=lambda tenant: settings.of(tenant).console.page(""),
        )  # fmt: skip
        leaving = LeavingFacts(people, self.correspondents, self.past_mail, self.vault, self.policy, clock, zone)  # fmt: skip
        limits = self._limits = SenderLimits(store.database, self.policy, clock, zone)
        store.left = leaving.left
        shared = Shared(clock=clock, checkpoint=checkpoint, custody=custody, reporting=reporting, routes=self.routes, counts=self.counts, suspensions=store.suspensions)  # fmt: skip
        inbound = partial(InboundSession, facts=arriving, courier=self.courier, **shared)
        submission = partial(OutboundSession, facts=leaving, people=people, limits=limits, settings=settings, resolver=resolver, **shared)  # fmt: skip
        self._sessions: dict[tuple[str, bool], Open] = {
            ("inbound", False): inbound,
            ("inbound", True): lambda origin: SharedDoor(origin, self.policies, inbound),
            ("submission", False): submission,
            ("submission", True): submission,
        }  # fmt: skip
        self._upstreams = upstreams_of(settings, trace, store.blobs.draft, leaving, people, limits, resolver, shared)  # fmt: skip
        self.unlock = Unlock(store, arriving, checkpoint, outgoing, custody, clock)
        self._keeper = QuarantineRounds(settings, store, people, notices, clock, url)
        self._pictures = PictureRounds(settings, store, people, notices, leaving, checkpoint, clock, url)
        self._scans = ScanRounds(store, leaving, checkpoint, clock)
        self._canary = CanaryRounds(settings, store, checkpoint, self.courier, self.addresses, self.seal, clock)  # fmt: skip
        self._waits = WaitRounds(settings, store, people, notices, self.policy, clock, url)
        self._exceptions = ExceptionRounds(settings, store, people, notices, self.policy, self.counts, clock, url)  # fmt: skip
        self._review = ReviewRounds(settings, store, people, notices, self.policy, clock)
        self._delegations = DelegationRounds(settings, store, people, notices, clock, url)
        self._alerts = AlertRounds(settings, store, self.sightings, self.listings, people, self.post, clock, self._language, lambda: self.policy().organisation.domains)  # fmt: skip
        self._floods = FloodRounds(arriving.floods, people, notices, clock, settings.contact, store.database if settings.known_as else None)  # fmt: skip

    def _dispatch(self) -> None:
        postmaster = partial(postmaster_of, self.settings, self.policy)
        reports = reports_of(self.settings, self.store, self.people, self.policy, postmaster)
        dispatcher = Dispatcher(self.store, self.courier, self.routes.next_hop, self.clock, reports=reports, processes=self.seat.of)  # fmt: skip
        self._queue = QueueRounds(
            self.settings, self.store, self.courier, self.routes.next_hop, self.post, self.clock,
            postmaster=postmaster, language=self._language, console_url=self.console.url,
        )  # fmt: skip
        self.store.wake, self.store.reserve = dispatcher.wake, dispatcher.reserve
        self.background(dispatcher.run())
        self._stack.push_async_callback(dispatcher.stop)
        self._draining.append(dispatcher.stop)

    async def _serve_people(self) -> None:
        settings, store = self.settings, self.store
        self._console_sessions = Sessions(store.database)
        login = ConsoleLogin(self._logins, self.people, self._console_sessions, self._admission.trusted)
        closing = Closing(
            store, self.reports, self.sightings, self.listings, self.people, self.post,
            language=self._language, zone=settings.zone, contact=settings.contact,
        )  # fmt: skip
        parts = Parts(
            late=settings.queue.stuck_minutes * 60, zone=settings.zone, contact=settings.contact, doors=settings.doors, counts=self.counts, alert_days=settings.notices.listed_days,
            store=store, seal=self.secrets, people=self.people, vault=self.vault, sessions=self._console_sessions,
            listings=self.listings, devices=self.devices, reports=self.reports, sightings=self.sightings, closing=closing,
            post=self.post, second_factor=settings.console.second_factor, authenticate=login.authenticate, device=self._logins.device, policy=self.policy, keeper=partial(keeper, settings), unlock=self.unlock,
            show=Checkpoint(self.workers, self.listings).show, clock=self.clock, proofs=self._canary.proofs, organisations=settings.organisations,
            proved=lambda: proved(settings, self._canary.proofs()), senders=partial(self._limits.used, self.people),
        )  # fmt: skip
        process = ConsoleProcess(self.console.socket, setup_of(settings, self._language(), self.workers.walls), of(parts), Service)  # fmt: skip
        self.background(process.run())
        self._stack.push_async_callback(process.stop)
        by_hand = partial(Handwork, store, self.people, self._console_sessions, self.devices, self.post, self.clock)  # fmt: skip
        local = LocalSocket(settings.state_dir, Handwork, by_hand)
        await local.open()
        self._stack.push_async_callback(local.close)
        await announce_first(login, self.clock(), self.console.url, settings.state_dir / "first-login")

    async def _listen(self) -> None:
        for section in self.settings.listeners:
            self._certificates[section.name] = certificates = certificates_of(self.settings, section)
            server = await commands.serve(
                listener_of(section, self.settings, next(iter(self.policy().organisation.domains), "")),
                open_session=self._canary.watched(section, self._upstreams.get(section.name) or self._sessions[section.role, section.tenant == ANY]),
                authenticate=self._canary.let_in(logins_of(section, self.settings, self._logins, self.devices)),
                scram=scram_of(section, self.settings, self._logins, self.devices), draft=self.store.blobs.draft,
                admission=self._admission, certificates=certificates, sockets=self._sockets.of_listener[section.name],
            )  # fmt: skip
            self._stack.push_async_callback(server.stop, DRAIN)
            self._draining.append(server.stop)
            self.addresses[section.name] = server.address

    async def _show_figures(self) -> None:
        parts = self.store, self.workers, self.courier, self._admission
        figures = NodeFigures(self.settings, self.seat, *parts, lambda: self._certificates, self._canary.proofs, self._sinks, self.clock)  # fmt: skip
        page = MonitorPage(self.settings.metrics, self.seat.number, figures.page, figures.lacks)
        await page.open()
        self._stack.push_async_callback(page.close)

    async def reload(
        self,
        load: Callable[[], Policy | TenantPolicies],
        people_problems: Sequence[str] = (),
        written: Mapping[str, Written] = {},
    ) -> None:
        """Read certificates, people, policy (and how it is `written`) again; where one is wrong, the old one stays."""
        for certificates in self._certificates.values():
            certificates.reload()
        await self._read_people(people_problems)
        with contextlib.suppress(StoreError):  # the next round does it
            await self._waits.stop_abandoned()
        await self._take_policy(load, written)

    async def _take_policy(
        self, load: Callable[[], Policy | TenantPolicies], written: Mapping[str, Written] = {}
    ) -> None:
        settle = partial(self._in_force.settle, lambda: as_policies(load()), written)
        await read_policy(settle, self.people, self.workers)

    async def _read_people(self, problems: Sequence[str] = ()) -> None:
        """Where accounts come from a file, one process reads it."""
        if self.seat.first:
            await read_people(self.people, self.settings.people_files, problems)

    async def run(self, stop: asyncio.Event) -> None:
        """Until somebody asks to stop or a part fails."""
        waiting = self.background(stop.wait())
        await asyncio.wait({waiting, self._tasks.failed}, return_when=asyncio.FIRST_COMPLETED)

    async def stop(self) -> None:
        """Stop accepting and leasing, let running transactions finish, all at once; then stop the rest, newest first."""
        await asyncio.gather(*(drain(DRAIN) for drain in self._draining))
        await self._stack.aclose()
        await self._tasks.stop()

    def background(self, work: Coroutine[Any, Any, Any]) -> asyncio.Task[Any]:
        """Run `work` beside everything else; an exception of it ends the node."""
        return self._tasks.begin(work)
