"""The figures of a node and whether it can take mail, asked of its parts when somebody asks.

What costs a question to the database or the virus scanner is asked once in FRESH seconds, however many ask, and given up
after PATIENCE: a page that comes late is a page that is missing when it is needed. What all processes of a node have in
common (queue, scanner, canary, keys) the first one tells.
"""

import asyncio
import os
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from config.settings import Settings
from gateway.clock import SteadyClock
from gateway.deliver.courier import Courier
from gateway.from_settings import next_hop_of, scanner_of
from gateway.listen.limits import Admission
from gateway.listen.tls import Certificates
from gateway.locked.workers import Workers
from gateway.monitor.counters import COUNTERS
from gateway.monitor.exposition import MetricFamily, Sample, one, text
from gateway.start.never import hops, section_of
from gateway.start.seat import Seat
from quarantine.queue.depth import Depth, answers, depth
from quarantine.service.shown import Proof
from quarantine.store import Store
from storage.backup import noted
from storage.heads import Sinks
from storage.interfaces import StoreError

FRESH = 10.0
"""Seconds for which an answer of database and scanner counts."""
PATIENCE = 4.0
"""Seconds that each gets to answer."""


class NodeFigures:
    """`certificates` are the listeners', by name; `proofs` what the canary last found."""

    def __init__(
        self, settings: Settings, seat: Seat, store: Store, workers: Workers, courier: Courier, admission: Admission,
        certificates: Callable[[], Mapping[str, Certificates]], proofs: Callable[[], tuple[Proof, ...]], sinks: Sinks,
        clock: SteadyClock,
    ) -> None:  # fmt: skip
        self._settings = settings
        self._seat = seat
        self._store = store
        self._workers = workers
        self._courier = courier
        self._admission = admission
        self._certificates = certificates
        self._proofs = proofs
        self._sinks = sinks
        self._clock = clock
        self._scanner = scanner_of(settings, logs=False)
        self._asking = asyncio.Lock()
        self._asked = float("-inf")
        self._answers: list[MetricFamily] = []
        self._database = False
        sections = (section_of(settings, each.key) for each in hops(settings))
        self._hops = sorted({hop.name for s in sections if (hop := next_hop_of(s)) is not None})

    async def page(self) -> str:
        """All figures, in Prometheus' text format."""
        asked = await self._fresh()
        return text([*self._own(), *asked])

    async def lacks(self) -> list[str]:
        """What keeps this node from taking mail, by name; empty when it can."""
        await self._fresh()
        found = [] if self._database else ["database"]
        if not self._workers.alive:
            found.append("workers")
        if not self._store.blobs.room():
            found.append("disk")
        return found

    async def _fresh(self) -> list[MetricFamily]:
        async with self._asking:
            if time.monotonic() - self._asked > FRESH:
                self._answers = [*await self._of_database(), *await self._of_scanner()]
                self._asked = time.monotonic()
            return self._answers

    async def _of_database(self) -> list[MetricFamily]:
        found: Depth | None = None
        backup: list[MetricFamily] = []
        began = time.monotonic()
        try:
            async with asyncio.timeout(PATIENCE):
                if self._seat.first:
                    found = await depth(self._store.database, self._clock())
                    backup = await self._of_backup()
                else:
                    await answers(self._store.database)
                self._database = True
        except (StoreError, TimeoutError):
            self._database = False
        took = time.monotonic() - began
        return [
            one("sekisho_database_up", "gauge", "Whether the database answers.", self._database),
            one(
                "sekisho_database_answer_seconds",
                "gauge",
                "How long its last answer took, or none came.",
                took,
            ),
            *(_of_depth(found, self._clock()) if found is not None else ()),
            *backup,
        ]

    async def _of_backup(self) -> list[MetricFamily]:
        """Nothing where the settings name no place for backups. Raises StoreError."""
        section = self._settings.backup
        if not section.kept:
            return []
        age = noted.age(await self._store.database.read(noted.last), self._clock())
        return [
            one("sekisho_backup_age_seconds", "gauge", "Since the last backup was begun; +Inf: there is none.", age),
            MetricFamily(
                "sekisho_backup_age_limit_seconds", "gauge", "From which age it is too old (backup.alert_hours).",
                [({}, section.alert_hours * 3600)] if section.alert_hours else [],
            ),
        ]  # fmt: skip

    async def _of_scanner(self) -> list[MetricFamily]:
        if self._scanner is None or not self._seat.first:
            return []
        up, made = False, None
        try:
            async with asyncio.timeout(PATIENCE):
                up, made = await self._scanner.state()
        except TimeoutError:
            pass
        return [
            one("sekisho_scanner_up", "gauge", "Whether the virus scanner answers.", up),
            MetricFamily(
                "sekisho_scanner_signatures_timestamp_seconds", "gauge", "When its signatures were made.",
                [({}, made)] if made is not None else [],
            ),
        ]  # fmt: skip

    def _own(self) -> Iterator[MetricFamily]:
        """What needs no answer of anybody."""
        yield from _of_process()
        yield from _of_counters()
        workers, counts = self._workers, self._workers.counts
        yield one("sekisho_workers_up", "gauge", "Whether examining processes are there.", workers.alive)
        outcomes = ("examined", "retried", "crash", "time", "memory", "raised", "nonsense", "zygote_lost")
        yield MetricFamily(
            "sekisho_examinations_total", "counter", "Examinations of mails, by what came of them.",
            [({"outcome": name}, counts[name]) for name in outcomes],
        )  # fmt: skip
        yield one("sekisho_connections", "gauge", "SMTP connections that are open.", self._admission.inside)
        yield one("sekisho_connections_limit", "gauge", "SMTP connections that may be open.", self._admission.limits.connections)  # fmt: skip
        yield from _of_disk(self._settings.state_dir)
        yield MetricFamily(
            "sekisho_certificate_expires_timestamp_seconds", "gauge", "When a listener's certificate ends.",
            [({"listener": name}, each.expires) for name, each in self._certificates().items()],
        )  # fmt: skip
        yield one("sekisho_clock_jump_seconds", "gauge", "By how much the system's clock was set while we ran.", self._clock.jump)  # fmt: skip
        lost = {each.hop for each in self._courier.reach.lost}
        yield MetricFamily(
            "sekisho_next_hop_up", "gauge", "Whether the last session with a next hop could be opened.",
            [({"hop": name}, name not in lost) for name in self._hops],
        )  # fmt: skip
        yield MetricFamily(
            "sekisho_journal_heads_carried_timestamp_seconds", "gauge", "When the journal's heads were last taken by a place outside.",
            [({"sink": kind}, at) for kind, at in self._sinks.taken.items()],
        )  # fmt: skip
        if self._seat.first:
            yield from _of_proofs(self._proofs())
            yield MetricFamily(
                "sekisho_key_missing", "gauge", "Whether a key's file cannot be found.",
                [({"key": name}, not path.exists()) for name, path in _keys(self._settings)],
            )  # fmt: skip


def _of_depth(found: Depth, now: float) -> list[MetricFamily]:
    held = [({"state": f"held_{way}"}, found.held.get(way, 0)) for way in ("inbound", "outbound")]
    states: list[Sample] = [*held, ({"state": "queued"}, found.queued), ({"state": "active"}, found.active)]
    return [
        MetricFamily("sekisho_queue_items", "gauge", "Mails in our custody that wait, by state.", states),
        MetricFamily(
            "sekisho_queue_deferred_items", "gauge", "Mails that a next hop keeps waiting.",
            [({"hop": hop or "none"}, number) for hop, (number, _) in found.deferred.items()],
        ),
        MetricFamily(
            "sekisho_queue_oldest_seconds", "gauge", "For how long a next hop has kept the oldest of them waiting.",
            [({"hop": hop or "none"}, max(0.0, now - since)) for hop, (_, since) in found.deferred.items()],
        ),
    ]  # fmt: skip


def _of_counters() -> Iterator[MetricFamily]:
    counted = COUNTERS
    yield MetricFamily(
        "sekisho_mails_total", "counter", "Mails that clients brought, by listener and class of the reply.",
        [({"listener": name, "reply": reply}, n) for (name, reply), n in sorted(counted.mails.items())],
    )  # fmt: skip
    yield MetricFamily(
        "sekisho_deliveries_total", "counter", "Recipients of attempts at deliveries, by what came of them.",
        [({"status": status}, n) for status, n in sorted(counted.attempts.items())],
    )  # fmt: skip
    yield MetricFamily(
        "sekisho_log_events_total", "counter", "Events of the log (docs/events.md).",
        [({"event": event.value, "level": event.level}, n) for event, n in sorted(counted.events.items())],
    )  # fmt: skip
    yield MetricFamily(
        "sekisho_log_dropped_lines_total", "counter", "Lines of the log that their reader did not take in time.",
        [({"sink": sink}, n) for sink, n in sorted(counted.dropped.items())],
    )  # fmt: skip


def _of_proofs(proofs: Sequence[Proof]) -> list[MetricFamily]:
    """The same names as in the canary's file (gateway/rounds/canary_rounds.py)."""
    return [
        MetricFamily(
            "sekisho_canary_proved_timestamp_seconds", "gauge", "When a path was last proved by a mail of our own.",
            [({"path": proof.path}, proof.at) for proof in proofs],
        ),
        MetricFamily(
            "sekisho_canary_up", "gauge", "Whether a path was proved in the last round.",
            [({"path": proof.path}, not proof.why) for proof in proofs],
        ),
    ]  # fmt: skip


def _of_disk(folder: Path) -> list[MetricFamily]:
    try:
        disk = os.statvfs(folder)
    except OSError:
        return []
    share = disk.f_favail / disk.f_files if disk.f_files else 1.0
    return [
        one("sekisho_disk_free_bytes", "gauge", "Room on the disk of state_dir.", disk.f_bavail * disk.f_frsize),
        one("sekisho_disk_size_bytes", "gauge", "Size of the disk of state_dir.", disk.f_blocks * disk.f_frsize),
        one("sekisho_disk_free_inodes_ratio", "gauge", "Free inodes there, 0 to 1.", share),
    ]  # fmt: skip


def _of_process() -> list[MetricFamily]:
    """By the names that Prometheus' own libraries give them."""
    seconds = time.process_time()
    found = [one("process_cpu_seconds_total", "counter", "Processor time of this process.", seconds)]
    try:
        pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
        opened = len(os.listdir("/proc/self/fd"))
        age = float(Path("/proc/self/stat").read_text("ascii").rpartition(")")[2].split()[19])
    except (OSError, ValueError, IndexError):
        return found
    start = time.time() - time.clock_gettime(time.CLOCK_BOOTTIME) + age / os.sysconf("SC_CLK_TCK")
    return [
        *found,
        one("process_resident_memory_bytes", "gauge", "Memory of this process.", pages * os.sysconf("SC_PAGESIZE")),
        one("process_open_fds", "gauge", "Descriptors that it has open.", opened),
        one("process_start_time_seconds", "gauge", "When it began, UTC seconds.", start),
    ]  # fmt: skip


def _keys(settings: Settings) -> Iterable[tuple[str, Path]]:
    """Without which stored contents cannot be read, or mail not be signed; by kinds, not by paths."""
    yield "seal", settings.seal_key
    yield "contents", settings.keys
    if settings.tls.key is not None:
        yield "tls", settings.tls.key
    for domain, section in settings.dkim.items():
        yield f"dkim {domain}", section.key_file
    if settings.arc is not None:
        yield f"arc {settings.arc.domain}", settings.arc.key_file
