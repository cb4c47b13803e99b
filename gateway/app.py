"""The composition root: puts the parts of a node together, starts them in order and stops them in reverse.

The only place that starts loose tasks; whatever one of them raises ends the node, loudly.

Diagnostics: ConfigError for everything that is known to be wrong before the first connection is taken.
"""

import asyncio
import contextlib
import gc
import os
import signal
import socket
import time
from collections.abc import Callable, Coroutine, Mapping
from pathlib import Path
from typing import Any

import msgspec
import structlog
import uvicorn
import uvloop

from config.log_events import LogEvent
from config.policy import ConfigError, Policy
from config.settings import ListenerSection, Settings
from console.app import create_app
from console.context import Context as ConsoleContext
from console.sessions import Sessions
from directory.correspondents import Correspondents
from directory.listings import Listings
from directory.people import People
from directory.vault import Vault
from filters.ruleset import prepare
from gateway import log
from gateway.console_login import Login
from gateway.context import Context
from gateway.deliver.courier import Courier
from gateway.deliver.dispatcher import Dispatcher
from gateway.from_settings import blobs_of, database_of, next_hop_of, sealer_of, signers_of
from gateway.inbound import InboundSession
from gateway.listen import commands, tls
from gateway.listen.limits import Admission, Limits
from gateway.locked.workers import Workers
from gateway.outbound import OutboundSession
from gateway.quarantine_rounds import Keeper
from gateway.resolver import Dns
from gateway.systemd import Systemd, sockets
from gateway.unlock import Unlock
from quarantine.letters.letter import Post
from quarantine.reconcile import reconcile
from quarantine.reported.closing import Closing
from quarantine.reported.reports import Reports
from quarantine.reported.sightings import Sightings
from quarantine.store import Store
from storage import journal
from storage.interfaces import StoreError
from storage.seal import open_seal

FLUSH = 5.0
"""Seconds between two writes of the correspondents' memory; what a crash forgets is only a convenience."""
CHECKPOINT = 60.0
"""Seconds between two marked heads of the journal's chain."""
DRAIN = 15.0
"""Seconds that running transactions, inbound and outbound, get at the end; all of a stop takes less than 30."""


class Node:
    """A running node. `addresses` tells where its listeners ended up (host, port) by name."""

    def __init__(
        self, settings: Settings, policy: Policy, handed: Mapping[int, socket.socket] | None = None
    ) -> None:
        prepare(policy)  # says what is wrong with it, and knows the rules' sentences from here on
        self.settings = settings
        self.policy = policy
        self._handed = dict(handed or {})
        """Listening sockets that somebody opened for us, by port; listeners with other ports open their own."""
        self.addresses: dict[str, tuple[str, int]] = {}
        self.context: Context
        self._stack = contextlib.AsyncExitStack()
        self._draining: list[Callable[[float], Coroutine[Any, Any, None]]] = []
        self._tasks: set[asyncio.Task[Any]] = set()
        self._failed: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._certificates: tls.Certificates | None = None
        numbers = settings.limits
        self._admission = Admission(Limits(**numbers.model_dump(exclude={"trusted"})), numbers.trusted)

    async def start(self) -> None:
        """Everything up to the open listeners. Raises ConfigError; whatever had started is stopped again."""
        try:
            await self._start()
        except BaseException:
            await self._stack.aclose()
            raise

    async def _start(self) -> None:
        settings = self.settings
        settings.state_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
        database = database_of(settings)
        self._stack.push_async_callback(database.close)
        blobs = blobs_of(settings, database)
        self._stack.push_async_callback(blobs.close)
        seal = await open_seal(settings.seal_key, database)
        store = Store(database, blobs, settings.node)
        people = People(database)
        self._stack.callback(people.close)
        if settings.people is not None:
            await people.read_file(settings.people, time.time())
        self.policy = _with_people(self.policy, await people.all_names())
        workers = Workers(
            self.policy,
            settings.workers.count or None,
            sandbox=settings.workers.sandbox,
            time_limit=settings.workers.seconds,
            memory_limit=settings.workers.megabytes << 20,
            scratch=settings.state_dir,
        )
        await workers.start()
        self._stack.push_async_callback(workers.stop)
        correspondents = Correspondents(database)
        self._stack.push_async_callback(_flushed, correspondents)
        courier = Courier(settings.hostname)
        self._stack.push_async_callback(courier.close)
        self.context = Context(
            settings=settings,
            policy=self.policy,
            store=store,
            blobs=blobs,
            seal=seal,
            people=people,
            vault=Vault(database, seal),
            correspondents=correspondents,
            listings=Listings(database, time.time),
            reports=Reports(store, Sightings(store)),
            console_url=lambda: self.console_url,
            workers=workers,
            courier=courier,
            post=Post(settings, lambda: self.context.new_id(), blobs.put),
            signers=signers_of(settings),
            sealer=sealer_of(settings),
            resolver=Dns(settings.dns.servers, port=settings.dns.port) if settings.dns.enabled else None,
            relay=next_hop_of(settings.relay),
            mailbox=next_hop_of(settings.mailbox),
            routes={d.lower(): h for d, s in settings.routes.items() if (h := next_hop_of(s))},
        )
        await self._reconcile()
        await self._dispatch()
        await self._console()
        await self._listen()
        self.background(self._keep_house())
        self.background(Keeper(self.context).run())

    async def _reconcile(self) -> None:
        report = await reconcile(self.context.store, self.context.clock())
        if report.missing:
            structlog.get_logger().error(LogEvent.CONTENT_MISSING, items=[item for item, _ in report.missing])
        structlog.get_logger().info(
            LogEvent.RECONCILED, orphans=len(report.orphans), missing=len(report.missing)
        )
        # A database that nodes share may have another node of our name; there, leases end by time alone.
        if self.settings.database_url.startswith("sqlite"):
            reclaimed = await self.context.store.reclaim(self.context.clock())
            structlog.get_logger().info(LogEvent.RECLAIMED, items=reclaimed)

    async def _dispatch(self) -> None:
        context = self.context
        dispatcher = Dispatcher(
            context.store,
            context.blobs,
            context.courier,
            context.next_hop,
            clock=context.clock,
            new_id=context.new_id,
            languages=lambda: context.policy.organisation.speaks,
            postmaster=self.settings.notices.postmaster or f"postmaster@{_domain(self.policy)}",
        )
        context.wake = dispatcher.wake
        self.background(dispatcher.run())
        self._stack.push_async_callback(dispatcher.stop)
        self._draining.append(dispatcher.stop)

    async def _console(self) -> None:
        section, context = self.settings.console, self.context
        self._sessions = sessions = Sessions(context.store.database)
        login = Login(context.people, sessions, self._admission)
        sightings = Sightings(context.store)
        application = create_app(
            ConsoleContext(
                store=context.store,
                blobs=context.blobs,
                people=context.people,
                vault=context.vault,
                seal=context.seal,
                policy=lambda: context.policy,
                unlock=Unlock(context),
                keep_days=self.settings.quarantine.days,
                wake=context.wake,
                clock=context.clock,
                base_url=section.base_url,
                sessions=sessions,
                authenticate=login.authenticate,
                margin=context.margin,
                timezone=section.timezone,
                listings=context.listings,
                reports=context.reports,
                sightings=sightings,
                closing=Closing(
                    context.store, context.reports, sightings, context.listings, context.people, context.post,
                    language=lambda: context.policy.organisation.language, timezone=section.timezone,
                    contact=self.settings.notices.contact,
                ),
                report_address=self.settings.report_address,
            )
        )  # fmt: skip
        config = uvicorn.Config(
            application, host=section.host, port=section.port, log_config=None, access_log=False,
            server_header=False, proxy_headers=False, lifespan="off", timeout_graceful_shutdown=3,
        )  # fmt: skip
        server = uvicorn.Server(config)
        serving = self.background(_serve_console(server))
        while not server.started:
            if serving.done():
                raise ConfigError([f"console: cannot listen on {section.host}:{section.port}"])
            await asyncio.sleep(0.02)
        self.addresses["console"] = server.servers[0].sockets[0].getsockname()[:2]

        async def stop() -> None:
            server.should_exit = True
            await serving

        self._stack.push_async_callback(stop)
        note = self.settings.state_dir / "first-login"
        note.unlink(missing_ok=True)
        if first := await login.first_code(context.clock()):
            name, code = first
            # Into a file for the owner's eyes: logs are shipped and kept, and this code opens the console.
            _write_private(note, f"{self.console_url}/once\nlogin: {name}\ncode: {code}\n")
            structlog.get_logger().warning(LogEvent.FIRST_LOGIN, login=name, file=str(note))

    async def _listen(self) -> None:
        settings = self.settings
        certificate, key = settings.tls.certificate, settings.tls.key
        if certificate is None or key is None:
            certificate, key = tls.generate_self_signed(settings.state_dir / "tls", settings.hostname)
        try:
            self._certificates = tls.Certificates(certificate, key)
        except tls.CertificateError as error:
            raise ConfigError([f"tls: {error}"]) from error
        if nobody := set(self._handed) - {section.port for section in settings.listeners}:
            raise ConfigError(
                [f"listeners: none has the port {port}, which was opened for us" for port in nobody]
            )
        for section in settings.listeners:
            server = await self._listen_one(section)
            self._stack.push_async_callback(server.stop, DRAIN)
            self._draining.append(server.stop)
            self.addresses[section.name] = server.address

    async def _listen_one(self, section: ListenerSection) -> commands.Server:
        context = self.context
        submission = section.role == "submission"
        session = OutboundSession if submission else InboundSession
        settings = commands.ListenerSettings(
            name=section.name,
            host=section.host,
            port=section.port,
            hostname=self.settings.hostname,
            mode=section.tls,
            auth_required=submission,
            size_limit=section.size_limit,
            proxy_networks=section.proxy_networks,
            dsn=section.dsn,
            postmaster=_domain(self.policy),
        )
        try:
            return await commands.serve(
                settings,
                open_session=lambda origin: session(context, origin),
                authenticate=_authenticate(context.people) if submission else None,
                draft=context.blobs.draft,
                admission=self._admission,
                certificates=self._certificates,
                handed=self._handed.pop(section.port, None),
            )
        except OSError as error:
            raise ConfigError(
                [
                    f"listener {section.name}: cannot listen on {section.host}:{section.port} ({error.strerror})"
                ]
            ) from error

    @property
    def console_url(self) -> str:
        """Where people reach the console."""
        host, port = self.addresses.get("console", ("127.0.0.1", 0))
        return self.settings.console.base_url.rstrip("/") or f"http://{host}:{port}"

    async def reload(self, load: Callable[[], Policy]) -> None:
        """Read certificates, people and policy again; what is wrong with one leaves the old one in use."""
        logger, people = structlog.get_logger(), self.context.people
        if self._certificates is not None:
            self._certificates.reload()
        try:
            if self.settings.people is not None:
                logger.info(
                    LogEvent.PEOPLE_LOADED, people=await people.read_file(self.settings.people, time.time())
                )
        except ConfigError as error:
            logger.error(LogEvent.PEOPLE_REFUSED, problems=error.problems)
        except StoreError as error:
            logger.error(LogEvent.PEOPLE_REFUSED, problems=[str(error)])
        try:
            policy = _with_people(load(), await people.all_names())
            prepare(policy)
            await self.context.workers.reconfigure(policy)
        except ConfigError as error:
            logger.error(LogEvent.POLICY_REFUSED, problems=error.problems)
            return
        except (StoreError, ConnectionAbortedError) as error:  # it is tried again by whoever sent the signal
            logger.error(LogEvent.POLICY_REFUSED, problems=[str(error)])
            return
        self.policy = self.context.policy = policy
        logger.info(LogEvent.POLICY_LOADED, version=policy.version)

    async def run(self, stop: asyncio.Event) -> None:
        """Until somebody asks to stop or a part fails."""
        waiting = self.background(stop.wait())
        await asyncio.wait({waiting, self._failed}, return_when=asyncio.FIRST_COMPLETED)

    async def stop(self) -> None:
        """Stop accepting and leasing, let running transactions finish, all at once; then stop the rest, newest first."""
        await asyncio.gather(*(drain(DRAIN) for drain in self._draining))
        await self._stack.aclose()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._failed.done():
            self._failed.result()

    def background(self, work: Coroutine[Any, Any, Any]) -> asyncio.Task[Any]:
        """Run `work` beside everything else; an exception of it ends the node."""
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._ended)
        return task

    def _ended(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) and not self._failed.done():
            structlog.get_logger().error(LogEvent.PART_FAILED, error=repr(error))
            self._failed.set_exception(error)

    async def _keep_house(self) -> None:
        """Write what is kept in memory, end old sessions, mark the journal's head."""
        context, marked = self.context, time.monotonic()
        while True:
            await asyncio.sleep(FLUSH)
            try:
                await context.correspondents.flush()
                if time.monotonic() - marked >= CHECKPOINT:
                    marked = time.monotonic()
                    await self._sessions.sweep(context.clock())
                    database, node = context.store.database, self.settings.node
                    await journal.checkpoint(database, node, context.clock(), context.seal.mark)
            except StoreError as error:  # the store comes back, and so do we
                structlog.get_logger().warning(LogEvent.HOUSEKEEPING_FAILED, error=str(error))


def run(settings: Settings, load: Callable[[], Policy]) -> int:
    """Run a node until SIGTERM or SIGINT; SIGHUP reads certificates, people and policy again. Answers the exit status."""
    return uvloop.run(_run(settings, load))


async def _run(settings: Settings, load: Callable[[], Policy]) -> int:
    systemd = Systemd.of_environment()
    writer = log.configure(settings.log_level, node=settings.node)
    node = Node(settings, load(), sockets())
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    await node.start()
    gc.collect()
    gc.freeze()  # what is loaded now stays: no collection need look at it again: a full one takes 0.2 s

    async def reload() -> None:
        systemd.reloading()
        await node.reload(load)
        systemd.ready()

    loop.add_signal_handler(signal.SIGHUP, lambda: node.background(reload()))
    structlog.get_logger().info(
        LogEvent.READY, addresses={k: f"{h}:{p}" for k, (h, p) in node.addresses.items()}
    )
    systemd.ready()
    node.background(systemd.keep_telling())
    try:
        await node.run(stop)
    finally:
        systemd.stopping()
        await node.stop()
        structlog.get_logger().info(LogEvent.STOPPED)
        writer.close()
    return 0


async def _serve_console(server: uvicorn.Server) -> None:
    try:
        await server._serve()  # `serve` would take the process's signals, which are the node's
    except SystemExit:
        return  # uvicorn's way of saying that the port is taken; `_console` tells


async def _flushed(correspondents: Correspondents) -> None:
    """Write what is only in memory, as the database closes next; it is no loss when that fails."""
    with contextlib.suppress(StoreError):
        await correspondents.flush()


def _authenticate(people: People) -> Any:
    async def authenticate(login: str, password: str, peer: str) -> str | None:
        return await people.authenticate(login, password)

    return authenticate


def _domain(policy: Policy) -> str:
    """The first of our domains."""
    return next(iter(policy.organisation.domains), "")


def _with_people(policy: Policy, names: tuple[str, ...]) -> Policy:
    organisation = msgspec.structs.replace(
        policy.organisation, people=tuple(dict.fromkeys((*policy.organisation.people, *names)))
    )
    return msgspec.structs.replace(policy, organisation=organisation)


def _write_private(path: Path, text: str) -> None:
    path.unlink(missing_ok=True)
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(text)
