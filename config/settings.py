"""The settings: where things are and how they run; config/settings_file.py reads them. An unknown key stops the start.

*_file    secrets come from files, never from the settings themselves
"""

import os
from functools import cached_property
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from config.console import ConsoleSection, host_of
from config.keeping import BackupSection, QuarantineSection, RehearsalSection, RetentionSection, S3Section
from config.key_service import KeyServiceSection
from config.listening import ListenerSection, named_differently
from config.next_hop import NextHopSection
from config.scanning import CanarySection, ScannerSection
from config.section import (
    Address,
    Count,
    HostName,
    MailAddress,
    Network,
    Port,
    Seconds,
    Section,
    TenantName,
)
from config.tenant import ANY, DEFAULT
from config.tenants import Tenants, TenantSection
from config.watching import LogSection, MetricsSection


class WorkersSection(Section):
    """The locked-up examining processes. sandbox = "off" is for machines that cannot lock them, on your own risk."""

    count: Annotated[int, Field(ge=0, le=256)] = 0
    """For each direction of mail. 0: two per processor, at least four, so that a slow mail does not stop the others."""
    mails: Annotated[int, Field(ge=1, le=10_000)] = 50
    """Which one process examines before another takes its place. 1: costly (docs/performance.md)."""
    sandbox: Literal["on", "off"] = "on"
    seconds: Annotated[float, Field(gt=0, le=60)] = 10
    megabytes: Annotated[int, Field(ge=128)] = 512
    ocr: Literal["auto", "off"] = "auto"
    """Words in pictures and scans are read by one process more, where that is installed (docs/reading.md)."""


class TlsSection(Section):
    """Certificate and key of the listeners (PEM). Without them a self-signed pair is made in the state directory."""

    certificate: Path | None = None
    key: Path | None = None


class DkimSection(Section):
    selector: str
    key_file: Path


class ArcSection(Section):
    """The key (RSA) with which arriving mail is sealed after our changes; published as a DKIM key is."""

    domain: str
    selector: str
    key_file: Path


class DnsSection(Section):
    """Resolvers for SPF, DKIM and DMARC. `servers` empty: the system's own; enabled = false: nothing is looked up.

    `seconds` is for all questions about one mail together: no mail waits longer for the DNS.
    `recipients`: senders hear at RCPT that an outside domain does not exist or takes no mail.
    """

    enabled: bool = True
    servers: tuple[Address, ...] = ()
    port: Port = 53
    seconds: Annotated[float, Field(gt=0, le=60)] = 3.0
    recipients: bool = True


class AuthenticationSection(Section):
    """Whom we believe about arriving mail besides our own checks; nobody by default.

    trusted_hops       networks of hosts in front of us by which mail comes (another gateway, a provider's filter): SPF
                       is judged for the address that they say the mail came from
    trusted_results    names (authserv-ids) of their Authentication-Results; they must remove what strangers write so
    nameless_results   whether those hosts write them without a name, as Microsoft 365 does, and remove those of strangers
    trusted_sealers    domains of forwarders (d= of their ARC seals) whose word is believed when DMARC fails
    """

    trusted_hops: tuple[Network, ...] = ()
    trusted_results: tuple[HostName, ...] = ()
    nameless_results: bool = False
    trusted_sealers: tuple[HostName, ...] = ()

    @model_validator(mode="after")
    def _results_come_by_hops(self) -> Self:
        if (self.trusted_results or self.nameless_results) and not self.trusted_hops:
            raise ValueError("results are believed only in mail that comes by trusted_hops: name those too")
        return self


class LimitsSection(Section):
    """How much a client may ask of the listeners (gateway/listen/limits.py counts). Times are seconds, sizes bytes.
    What counts per address does not count for `trusted` networks."""

    connections: Count = 500
    connections_per_address: Count = 50
    new_per_second: Seconds = 5.0
    new_burst: Count = 20
    errors: Count = 20
    """Permanent refusals between two accepted mails; then 421."""
    junk: Count = 100
    """Commands that carry no mail (NOOP, RSET, VRFY, …) between two accepted mails; then 421."""
    recipients: Annotated[int, Field(ge=100, le=1000)] = 1000
    future_release: Annotated[int, Field(ge=0, le=366 * 86_400)] = 30 * 86_400
    """For how long a client may have mail of its own held (FUTURERELEASE, RFC 4865); 0: not offered."""
    auth_failures_per_session: Count = 5
    auth_failures: Count = 10
    """Failed logins per network and per account in `auth_window`; known places count apart (directory/logins.py)."""
    auth_window: Seconds = 900.0
    stress: Annotated[float, Field(gt=0, le=1)] = 0.8
    """The share of `connections` above which the gateway is under stress: clients then have less time."""
    idle: Seconds = 60.0
    session: Seconds = 1800.0
    grace: Seconds = 60.0
    rate: Seconds = 500.0
    """Bytes per second that content must reach on average once `grace` has passed."""
    overrun: Count = 8 << 20
    """What is read and thrown away after the size limit, so that the client hears the 552."""
    handshake: Seconds = 15.0
    proxy: Seconds = 5.0
    examining_per_minute: Annotated[float, Field(ge=0)] = 60.0
    """Seconds of a process for the mails of one client (an account, an IPv4 address, an IPv6 /64); then 451. 0: any."""
    next_hop_connections: Count = 20
    """Open at once to each next hop."""
    next_hop_connections_per_client: Count = 10
    """Of these, for arriving mail of one client."""
    next_hop_wait: Seconds = 30.0
    next_hop_unused: Seconds = 2.0
    """How long a client that is slow keeps a connection to the next hop that nobody else waits for."""
    trusted: tuple[Network, ...] = ("127.0.0.0/8", "::1/128")


class DigestSection(Section):
    """Letters that tell people of the mail that waits for them: at which hours (of console.timezone), on which days."""

    enabled: bool = True
    hours: tuple[Annotated[int, Field(ge=0, le=23)], ...] = (8, 13, 17)
    weekdays_only: bool = False


class ApprovalSection(Section):
    """Leaving mail that waits for a person (quarantine/waits/steps.py says who is told; how it ends says the policy).

    remind_hours     business hours until approvers are reminded
    alert_hours      business hours until the next in line is asked, or the administrators hear that nobody has decided
    letters_seconds  between two letters to one person about what waits for their word
    """

    remind_hours: Annotated[float, Field(gt=0, le=240)] = 4.0
    alert_hours: Annotated[float, Field(gt=0, le=480)] = 9.0
    letters_seconds: Annotated[float, Field(ge=0, le=86_400)] = 60.0


class QueueSection(Section):
    """Mail that waits for a next hop. It is tried for five days.

    stuck_minutes        after which administrators hear of a next hop that keeps mail waiting (home page, log, letter)
    tell_sender_minutes  after which the sender hears, once, that a mail is delayed
    """

    stuck_minutes: Annotated[float, Field(gt=0, le=240)] = 15.0
    tell_sender_minutes: Annotated[float, Field(ge=5, le=2880)] = 60.0


class JournalSection(Section):
    """Where the heads of the journal's chains are carried, so that nobody who can write the database can cut it unseen:
    to somewhere that the database's administrators cannot write. `sekisho journal verify --heads FILE` reads them.

    heads_file     a file on another mount, or one that may only grow (chattr +a)
    heads_syslog   "unix:///dev/log", "udp://host:514" or "tcp://host:601"
    """

    heads_file: Path | None = None
    heads_syslog: Annotated[str, Field(pattern=r"^$|^unix:///.+|^(udp|tcp)://[^/]+$")] = ""


class NoticesSection(Section):
    """Mails of ours to our own people. `sender` is the header From; the envelope's reverse-path is always null."""

    held: bool = True
    locked: bool = True
    """To the recipients of mail that waits for the password of a file (rules.locked_attachment, then = "hold")."""
    waits: bool = True
    """About leaving mail that waits for a person: to approvers, administrators and its sender ([approval])."""
    monthly: bool = True
    """On the first of a month: the figures of the last one, to administrators, auditors and the president."""
    sender: str = ""
    postmaster: str = ""
    """Who hears of arriving mail that the mailbox host refuses after we took it; empty: postmaster@ our first domain."""
    contact: str = ""
    """Whom people call when they opened something dangerous, such as "情報システム部 内線 1234"; said in every alert."""
    listed_days: Annotated[int, Field(ge=0, le=1096)] = 30
    """How far back people are alerted who got a link or a file that is put on the block list later; 0: nobody is."""


class FeedSection(Section):
    """A list of hosts of links, or SHA-256 digests of files, one a line, that others keep: blocked while they stand there."""

    path: Path
    kind: Literal["host", "file"] = "host"
    days: Annotated[int, Field(ge=1, le=365)] = 30
    """How long an entry outlives a list that is not read any more."""
    alert: bool = True
    """Those who got such a link or file in the last `notices.listed_days` are alerted."""
    tenant: TenantName = DEFAULT

    @property
    def name(self) -> str:
        return self.path.stem[:60]


class Settings(BaseSettings):
    """All settings of one node."""

    model_config = SettingsConfigDict(
        env_prefix="SEKISHO_", env_nested_delimiter="__", extra="forbid", frozen=True
    )

    hostname: str = "sekisho.localhost"
    node: Annotated[str, Field(pattern=r"^[^@\s]+$")] = "node1"
    """Names this node in leases and in the journal's chains; different on each, without @ or spaces."""
    processes: Literal["auto"] | Annotated[int, Field(ge=1, le=64)] = "auto"
    """Gateway processes of this node, on PostgreSQL; "auto": one for every two processors. With SQLite one."""
    state_dir: Path = Path("var")
    database: str = ""
    """"sqlite:///path" or "postgresql://…"; empty: SQLite in the state directory."""
    database_password_file: Path | None = None
    """The password for PostgreSQL, so that it need not stand in the URL."""
    seal_key_file: Path | None = None
    """Key of the sealed secrets, one and the same on all nodes; empty: seal.key in the state directory."""
    key_folder: Path | None = None
    """Keys of the stored contents, one folder for all nodes (docs/adr/0055); empty: keys in the state directory."""
    s3: S3Section | None = None
    policy: Path | None = None
    policy_from: Literal["file", "versions"] = "file"
    """"file": the policy file is in force, and kept as a version whenever it has changed. "versions": the newest version
    is (`sekisho policy import`, `rollback`); the file is only what the first one is made of."""
    presets: tuple[str, ...] = ()
    people: Path | None = None
    listeners: Annotated[tuple[ListenerSection, ...], AfterValidator(named_differently)] = ()
    relay: NextHopSection | None = None
    """Next hop of mail to outsiders."""
    mailbox: NextHopSection | None = None
    """Next hop of mail to our own domains, in both directions."""
    routes: dict[str, NextHopSection] = {}
    """Exceptions by recipient domain."""
    console: ConsoleSection = ConsoleSection()
    workers: WorkersSection = WorkersSection()
    tls: TlsSection = TlsSection()
    dkim: dict[str, DkimSection] = {}
    arc: ArcSection | None = None
    dns: DnsSection = DnsSection()
    authentication: AuthenticationSection = AuthenticationSection()
    limits: LimitsSection = LimitsSection()
    queue: QueueSection = QueueSection()
    journal: JournalSection = JournalSection()
    notices: NoticesSection = NoticesSection()
    digest: DigestSection = DigestSection()
    quarantine: QuarantineSection = QuarantineSection()
    approval: ApprovalSection = ApprovalSection()
    rehearsal: RehearsalSection = RehearsalSection()
    retention: RetentionSection = RetentionSection()
    backup: BackupSection = BackupSection()
    key_service: KeyServiceSection = KeyServiceSection()
    scanner: ScannerSection = ScannerSection()
    canary: CanarySection = CanarySection()
    metrics: MetricsSection = MetricsSection()
    log: LogSection = LogSection()
    feeds: tuple[FeedSection, ...] = ()
    tenants: Tenants = {}
    """Other organisations that this node serves, each with a policy of its own. None: one organisation."""
    between: NextHopSection | None = None
    """Next hop of mail from one tenant to another, such as our own inbound listener; empty: as other mail to outsiders."""
    report_address: MailAddress = ""
    """To which people forward suspicious mail, such as report@example.jp; such mail is never relayed. Empty: none."""
    report_networks: tuple[Network, ...] = ()
    """Hosts of ours, such as the mailbox host, that send reports only for those whose reverse-path they give."""
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    learning_days: Annotated[int, Field(ge=0, le=365)] = 30
    """Days in which nobody is called unknown."""
    margin_seconds: Annotated[int, Field(ge=0, le=60)] = 5
    """The hold lasts this much longer than people are told, so that a click in the last second is not lost."""

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return env_settings, init_settings  # the environment stands above the file

    def of(self, tenant: str) -> "Settings":
        """The settings as they are for a tenant: its own where it has any, the house's for everything else."""
        return self._of.get(tenant, self)

    @cached_property
    def _of(self) -> dict[str, "Settings"]:
        return {name: self._seen_by(own) for name, own in self.tenants.items()}

    def _seen_by(self, own: TenantSection) -> "Settings":
        notices = {
            "postmaster": own.postmaster, "sender": own.sender or self.notices.sender,
            "contact": own.contact or self.notices.contact,
        }  # fmt: skip
        console = {
            "base_url": own.base_url or self.console.base_url, "timezone": own.timezone or self.console.timezone,
        }  # fmt: skip
        return self.model_copy(
            update={
                "policy": own.policy, "presets": own.presets, "people": own.people, "routes": own.routes,
                "relay": own.relay or self.relay, "mailbox": own.mailbox or self.mailbox,
                "report_address": own.report_address, "report_networks": own.report_networks,
                "notices": self.notices.model_copy(update=notices), "console": self.console.model_copy(update=console),
            }
        )  # fmt: skip

    @property
    def doors(self) -> dict[str, str]:
        """The hosts under which one tenant's people reach the console -> whose they are."""
        return {host_of(own.base_url): name for name, own in self.tenants.items() if own.base_url}

    def zone(self, tenant: str) -> str:
        """The time zone of a tenant: that of its days, its pages and its letters."""
        return self.of(tenant).console.timezone

    def contact(self, tenant: str) -> str:
        """Whom a tenant's people call, "" where nobody said so."""
        return self.of(tenant).notices.contact

    @property
    def organisations(self) -> tuple[str, ...]:
        """The tenants that the settings name, the house first."""
        return (DEFAULT, *sorted({*self.tenants, *(each.tenant for each in self.listeners)} - {ANY, DEFAULT}))

    @property
    def report_addresses(self) -> dict[str, str]:
        """Tenant -> where its people can forward suspicious mail, "" for nowhere."""
        return {name: each.report_address for name, each in {DEFAULT: self, **self._of}.items()}

    @property
    def people_files(self) -> dict[str, Path]:
        """The people files: the house's (""), and those of tenants that have one of their own."""
        every = {"": self.people, **{tenant: own.people for tenant, own in self.tenants.items()}}
        return {tenant: path for tenant, path in every.items() if path is not None}

    @property
    def database_url(self) -> str:
        return self.database or f"sqlite:///{self.state_dir / 'sekisho.db'}"

    @property
    def known_as(self) -> str:
        """The node's name where its database may be that of other nodes, too; else ""."""
        return "" if self.database_url.startswith("sqlite") else self.node

    @property
    def seal_key(self) -> Path:
        """As set; else what systemd hands us by that name (LoadCredential=seal.key:…); else in the state directory."""
        return self.seal_key_file or self._handed_over("seal.key") or self.state_dir / "seal.key"

    @staticmethod
    def _handed_over(name: str) -> Path | None:
        folder = os.environ.get("CREDENTIALS_DIRECTORY")
        return path if folder and (path := Path(folder) / name).exists() else None

    @property
    def backup_key(self) -> Path:
        """As `seal_key`, of backup.key: the key of the backups."""
        return self.backup.key_file or self._handed_over("backup.key") or self.state_dir / "backup.key"

    @property
    def keys(self) -> Path:
        return self.key_folder or self.state_dir / "keys"
