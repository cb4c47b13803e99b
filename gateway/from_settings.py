"""Parts made from settings, for the node and for the command line alike."""

import math
import socket
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from config.listening import ListenerSection
from config.next_hop import NextHopSection
from config.policies import PolicyOf, TenantPolicies
from config.policy import ConfigError
from config.secret_file import secret_of
from config.settings import Settings
from config.tenant import ANY, DEFAULT, EVERY
from directory.devices import DeviceLogin, Devices, Entering, is_credential
from directory.logins import Logins
from directory.people import People, Proven
from filters.facts import Origin
from gateway.authenticate.arc import Sealer
from gateway.authenticate.sign import Signer
from gateway.deliver.courier import Courier
from gateway.deliver.delivery_reports import DeliveryReports
from gateway.deliver.next_hop import AllRoutes, NextHop, Routes
from gateway.deliver.pool import PoolLimits
from gateway.device_scram import DeviceScram
from gateway.fact_finding import LeavingFacts
from gateway.listen.session import Authenticate, LoggedIn
from gateway.listen.settings import ListenerSettings
from gateway.listen.tls import CertificateError, Certificates, generate_self_signed
from gateway.locked.shares import TIME
from gateway.locked.workers import Workers
from gateway.outgoing import Outgoing
from gateway.released import Released
from gateway.resolver import Dns, Resolver
from gateway.scan.scanner import Scanner
from gateway.session import Shared
from gateway.start.cores import cores
from gateway.upstream.session import RelayedSession, Upstream
from gateway.upstream.trace import RelayTrace
from gateway.upstream.trust import SharedLogin
from gateway.web.setup import ConsoleSetup
from mail.networks import Networks
from quarantine.item import Item
from quarantine.queue.delays import untold
from quarantine.queue.sender_limits import SenderLimits
from quarantine.store import Store
from storage.claim import Claim
from storage.contents import Contents
from storage.database import dialect, open_database
from storage.day_keys import DayKeys
from storage.departures import told_in
from storage.heads import Sinks
from storage.interfaces import Database, Draft
from storage.key_service import master_of
from storage.seal import Seal
from storage.spool import Spool
from storage.tally import Tallies

if TYPE_CHECKING:
    from storage.s3 import S3Blobs


def database_of(settings: Settings) -> Database:
    """The database, its schema current. Blocks. Raises ConfigError, and StoreError when it cannot be reached."""
    return open_database(
        settings.database_url, database_password(settings), told_in(settings.backup.departures, settings.node)
    )


def name_claim_of(settings: Settings, node: str) -> Claim:
    """The claim to be the node of this name in the database; nothing is opened yet. Raises ConfigError."""
    return dialect(settings.database_url, database_password(settings)).claim(node)


def database_password(settings: Settings) -> str:
    """ "" where it stands in the URL, or none is needed. Raises ConfigError."""
    return secret_of("database_password_file", settings.database_password_file)


async def day_keys_of(
    settings: Settings, master: Seal, database: Database, clock: Callable[[], float], *, check: bool
) -> DayKeys:
    """The keys of stored contents; `check`: all that there have to be. Raises ConfigError."""
    day_keys = DayKeys(settings.keys, master_of(settings.key_service, master), database, clock)
    if check:
        await day_keys.check()
    return day_keys


def blobs_of(settings: Settings, database: Database, day_keys: DayKeys) -> Contents:
    """Where contents are kept, sealed: small ones in the database, the others in the spool or in S3. Raises ConfigError."""
    return Contents(database, large_blobs_of(settings, day_keys), day_keys)


def large_blobs_of(settings: Settings, day_keys: DayKeys | None) -> "Spool | S3Blobs":
    """Where the larger contents are kept; without keys, for who takes them as they lie. Raises ConfigError."""
    if settings.s3 is None:
        return Spool(settings.state_dir / "spool", day_keys)
    try:
        from storage.s3 import S3Blobs
    except ImportError as error:
        raise ConfigError(["an S3 store needs the extra [cluster]: obstore is not installed"]) from error
    section = settings.s3
    secret = secret_of("s3.secret_key_file", section.secret_key_file)
    return S3Blobs(
        section.bucket,
        settings.state_dir / "spool",
        endpoint=section.endpoint,
        region=section.region,
        access_key=section.access_key,
        secret_key=secret,
        day_keys=day_keys,
    )


def next_hop_of(section: NextHopSection | None) -> NextHop | None:
    """Raises ConfigError when the section contradicts itself."""
    if section is None:
        return None
    try:
        return NextHop(
            host=section.host,
            port=section.port,
            tls=section.tls,
            implicit=section.implicit,
            lmtp=section.lmtp,
            username=section.username,
            password=section.password(),
            ca_file=str(section.ca_file or ""),
            pair=(str(section.client_certificate or ""), str(section.client_key or "")),
            server_name=section.server_name,
            deliveries=section.deliveries,
            per_minute=section.per_minute,
        )
    except (ValueError, OSError) as error:
        raise ConfigError([str(error)]) from error


def sinks_of(settings: Settings) -> Sinks:
    """Where the journal's heads are carried."""
    return Sinks(settings.journal.heads_file, settings.journal.heads_syslog, settings.hostname)


def reports_of(
    settings: Settings, store: Store, people: People, policy: PolicyOf, postmaster: Callable[[str], str]
) -> DeliveryReports:
    """Who writes the reports about deliveries; a delay is told in the language of the sender's account."""

    async def language_of(item: Item) -> str:
        account = await people.account(item.tenant, item.owner) if item.owner else None
        return account.language if account is not None else ""

    return DeliveryReports(
        store.blobs, settings.hostname, copies=partial(untold, store), postmaster=postmaster, languages=lambda tenant: policy(tenant).organisation.speaks,
        language_of=language_of, warning=settings.queue.tell_sender_minutes * 60, zone=settings.zone,
    )  # fmt: skip


def postmaster_of(settings: Settings, policy: PolicyOf, tenant: str) -> str:
    """Who hears of a tenant's mail that its mailbox host does not take."""
    mine, domains = settings.of(tenant).notices.postmaster, policy(tenant).organisation.domains
    return mine or f"postmaster@{next(iter(domains), '')}"


def courier_of(settings: Settings, processes: int) -> Courier:
    """The client that talks to next hops, with its share of the connections where a node is several processes."""
    section = settings.limits
    limits = PoolLimits(
        connections=max(1, section.next_hop_connections // processes),
        per_client=max(1, section.next_hop_connections_per_client // processes),
        wait=section.next_hop_wait,
        unused=section.next_hop_unused,
    )
    return Courier(settings.hostname, limits, Networks(section.trusted))


def workers_of(settings: Settings, policy: TenantPolicies, tallies: Tallies) -> Workers:
    """The examining processes, not started yet; their share of them where a node is several processes."""
    section = settings.workers
    return Workers(
        policy,
        math.ceil((section.count or max(4, 2 * cores())) / tallies.seats),
        sandbox=section.sandbox,
        time_limit=section.seconds,
        memory_limit=section.megabytes << 20,
        mails=section.mails,
        per_client=settings.limits.examining_per_minute,
        exempt=Networks(settings.limits.trusted),
        spent=tallies.of(TIME),
        ocr=section.ocr == "auto",
        scratch=settings.state_dir,
    )


def setup_of(settings: Settings, language: str, walls: tuple[str, ...]) -> ConsoleSetup:
    """What the console's process is told."""
    return ConsoleSetup(
        settings.node, settings.log_level, settings.console.model_dump(mode="json"), walls,
        margin=settings.margin_seconds, reports=settings.report_addresses, keep_days=settings.quarantine.days,
        language=language, zones={name: settings.zone(name) for name in settings.tenants},
        doors={host: settings.of(name).console.base_url.startswith("https:") for host, name in settings.doors.items()},
    )  # fmt: skip


def resolver_of(settings: Settings) -> Dns | None:
    """Who asks the DNS, None where nothing is looked up."""
    section = settings.dns
    return Dns(section.servers, port=section.port) if section.enabled else None


def certificates_of(settings: Settings, section: ListenerSection) -> Certificates:
    """A listener's pair; a self-signed one when the settings name none. Raises ConfigError."""
    certificate, key = settings.tls.certificate, settings.tls.key
    if certificate is None or key is None:
        certificate, key = generate_self_signed(settings.state_dir / "tls", settings.hostname)
    try:
        return Certificates(
            certificate, key, section.client_ca, required=section.client_certificates == "require"
        )
    except CertificateError as error:
        raise ConfigError([f"tls: {error}"]) from error


def listener_of(section: ListenerSection, settings: Settings, domain: str) -> ListenerSettings:
    """What one listener is told. `domain` is that of <Postmaster>."""
    upstream = section.upstream
    return ListenerSettings(
        name=section.name,
        host=section.host,
        port=section.port,
        hostname=settings.hostname,
        mode=section.tls,
        tls_required=upstream is not None and upstream.encrypts,
        auth_required=section.role == "submission" or (upstream is not None and bool(upstream.login)),
        size_limit=section.size_limit,
        proxy_networks=section.proxy_networks,
        dsn=section.dsn,
        known=upstream.networks if upstream is not None and not upstream.shared else (),
        normalise=section.bare_lf == "normalise",
        tenant=section.tenant,
        future_release=settings.limits.future_release if section.role == "submission" else 0,
        postmaster=domain,
    )


def logins_of(
    section: ListenerSection, settings: Settings, logins: Logins, devices: Devices
) -> Authenticate | None:
    """Who may log in at a listener: by a device's credential, or by a password where that is allowed, and as long as it is
    good; None where nobody logs in."""
    if section.upstream is not None and section.upstream.login:
        passwords = secret_of("upstream.password_file", section.upstream.password_file).split()
        return SharedLogin(section, passwords, settings.limits, guesses=logins.guesses)
    if section.role != "submission":
        return None
    trusted = Networks(settings.limits.trusted)
    tenant = EVERY if section.tenant == ANY else section.tenant

    async def check(login: str, password: str, entering: Entering) -> LoggedIn | None:
        async def prove(login: str, password: str, tenant: str) -> Proven | DeviceLogin | None:
            if is_credential(password) and (found := await devices.check(login, password, tenant, entering)):
                return found
            return await logins.by_password(login, password, tenant) if section.account_passwords else None

        counted = entering.peer not in trusted
        found = await logins.checked(prove, login, password, entering.peer, tenant=tenant, counted=counted)
        if isinstance(found, DeviceLogin):
            who = found.account
            return LoggedIn(who.login, partial(devices.stands, found), found.device.id, who.tenant)
        if isinstance(found, Proven):
            return LoggedIn(found.account.login, partial(logins.stands, found), tenant=found.account.tenant)
        return None

    return check


def scram_of(
    section: ListenerSection, settings: Settings, logins: Logins, devices: Devices
) -> DeviceScram | None:
    """The exchange without a password, where nobody logs in by one that has no keys for it."""
    if section.role != "submission" or section.account_passwords:
        return None
    return DeviceScram(section, logins, devices, Networks(settings.limits.trusted))


def handed_to(
    listeners: Iterable[ListenerSection], handed: Iterable[tuple[str, socket.socket]]
) -> dict[str, list[socket.socket]]:
    """Sockets that somebody opened for us (name, socket), by the listener that takes them: the one of that name, else
    the one with that port. Raises ConfigError for one that nobody takes."""
    names = {section.name for section in listeners}
    ports = {section.port: section.name for section in listeners}
    taken: dict[str, list[socket.socket]] = {}
    problems = []
    for name, opened in handed:
        if opened.type != socket.SOCK_STREAM or opened.family not in (socket.AF_INET, socket.AF_INET6):
            problems.append(f'listeners: "{name}", which was opened for us, is no TCP socket')
            continue
        port = opened.getsockname()[1]
        if listener := name if name in names else ports.get(port):
            taken.setdefault(listener, []).append(opened)
        else:
            problems.append(
                f'listeners: none has the name "{name}" or the port {port}, which was opened for us'
            )
    if problems:
        raise ConfigError(problems)
    return taken


def routes_of(settings: Settings, policies: Callable[[], TenantPolicies]) -> AllRoutes:
    """Those of every tenant. Raises ConfigError when a next hop's section contradicts itself."""
    return AllRoutes(partial(_routes_of, settings, policies), (DEFAULT, *settings.tenants))


def _routes_of(house: Settings, policies: Callable[[], TenantPolicies], tenant: str) -> Routes:
    settings = house.of(tenant)
    exceptions = {d.lower(): h for d, s in settings.routes.items() if (h := next_hop_of(s))}
    upstreams = {
        listener.name: (next_hop_of(listener.upstream.relay), next_hop_of(listener.upstream.mailbox))
        for listener in settings.listeners
        if listener.upstream is not None
    }
    return Routes(
        lambda: policies()(tenant).organisation, next_hop_of(settings.relay), next_hop_of(settings.mailbox), exceptions,
        upstreams, next_hop_of(house.between), lambda domain: policies().is_others(tenant, domain),
    )  # fmt: skip


def trace_of(settings: Settings, seal: Seal, policy: PolicyOf) -> RelayTrace:
    """By what mail of an upstream is known when it comes back."""
    return RelayTrace(
        seal, settings.hostname, lambda tenant, address: policy(tenant).organisation.internal(address)
    )


def upstreams_of(
    settings: Settings,
    trace: RelayTrace,
    draft: Callable[[], Draft],
    leaving: LeavingFacts,
    people: People,
    limits: SenderLimits,
    resolver: Resolver | None,
    shared: Shared,
) -> dict[str, Upstream]:
    """What opens the sessions of each relay listener, by its name. Raises ConfigError."""

    def submit(origin: Origin, vouched: Sequence[str]) -> RelayedSession:
        facts = leaving.vouching(vouched)
        return RelayedSession(origin, facts, people, limits, settings, resolver, **shared)

    return {
        listener.name: Upstream(
            listener, secret_of("upstream.secret_file", listener.upstream.secret_file).split(),
            people, trace, shared["checkpoint"].policy, draft, submit,
        )
        for listener in settings.listeners
        if listener.upstream is not None
    }  # fmt: skip


def signers_of(settings: Settings) -> dict[str, Signer]:
    """A signer per author's domain. Raises ConfigError for a key that cannot be used."""
    signers = {}
    for domain, section in settings.dkim.items():
        try:
            signers[domain.lower()] = Signer(domain, section.selector, section.key_file.read_bytes())
        except (OSError, ValueError) as error:
            raise ConfigError([f"dkim.{domain}: {error}"]) from error
    return signers


def sealer_of(settings: Settings) -> Sealer | None:
    """What seals arriving mail (ARC), None without a key. Raises ConfigError for a key that cannot be used."""
    section = settings.arc
    if section is None:
        return None
    try:
        signer = Signer(section.domain, section.selector, section.key_file.read_bytes())
        return Sealer(signer, settings.hostname)
    except (OSError, ValueError) as error:
        raise ConfigError([f"arc: {error}"]) from error


def outgoing_of(
    settings: Settings, released: Released, trace: RelayTrace, policies: Callable[[], TenantPolicies]
) -> Outgoing:
    """What makes the bytes that leave. Raises ConfigError for a key that cannot be used."""
    tracing = [listener.name for listener in settings.listeners if listener.trace_client]
    return Outgoing(
        settings.hostname, released, signers_of(settings), sealer_of(settings), tracing, trace.field, policies
    )  # fmt: skip


def scanner_of(settings: Settings, *, logs: bool = True) -> Scanner | None:
    """Who is asked about viruses, None where nobody is."""
    return Scanner(settings.scanner, logs=logs) if settings.scanner.asked else None
