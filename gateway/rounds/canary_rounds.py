"""Mails of the node's own go through what other mail goes through, every hour, and must be judged as expected.

Each is brought to each listener by SMTP, with TLS and login where it has them, and examined there as mail that arrives or
leaves (locked processes, lists, virus scanner) under the policy in force; it ends there (gateway/rounds/canary_session.py). A
listener that wants a certificate, or speaks to load balancers only, is asked whether it lets us in; where a direction has no
other, its mails are examined without one. A content is written, read and erased, and a session opened with each next hop. Nothing
is delivered or kept: no mailbox, no journal, no list. What was proved when is on the home page, at /metrics, and in a file.

Diagnostics (log): canary_silent (path, why), canary_sings (path).
"""

import asyncio
import os
import re
import smtplib
import ssl
from collections.abc import Awaitable, Callable, Iterable, Mapping
from pathlib import Path

import structlog

from config.listening import ListenerSection, reached_at
from config.log_events import LogEvent
from config.policy import RulePolicy
from config.settings import Settings
from config.tenant import ANY, DEFAULT
from filters.examined import UNEXAMINABLE
from gateway.checkpoint import Checkpoint
from gateway.deliver.courier import Courier
from gateway.deliver.next_hop import NextHop
from gateway.deliver.wire import Broken
from gateway.from_settings import next_hop_of
from gateway.listen.session import Authenticate, Open
from gateway.rounds.canary_letters import DOMAIN, OURS, CanaryLetter, letters
from gateway.rounds.canary_session import LOGIN, Stamps, facts, heard, let_in, watched
from gateway.start.never import hops, section_of
from quarantine.service.shown import Proof
from quarantine.store import Store
from storage.interfaces import StoreError
from storage.seal import Seal

log = structlog.get_logger()

FIRST = 60.0
"""Seconds after a start until the first round: whoever starts a node looks at other things first."""
SECONDS = 60.0
"""For one path."""
FILE = "canary.prom"
"""In the state directory: for Prometheus' textfile collector, or whoever reads it."""
_LINE = re.compile(
    r'sekisho_canary_(?P<name>proved_timestamp_seconds|up)\{path="(?P<path>[^"]*)"\} (?P<number>\d+)'
)
CONTENT = os.urandom(40_000)
"""Larger than what is kept in the database."""


class Unproved(Exception):
    """What was otherwise than expected."""


class CanaryRounds:
    """`addresses`: where the listeners are, by name. `proofs` is what is known of each path."""

    def __init__(
        self,
        settings: Settings,
        store: Store,
        checkpoint: Checkpoint,
        courier: Courier,
        addresses: Mapping[str, tuple[str, int]],
        seal: Seal,
        clock: Callable[[], float],
    ) -> None:
        self._settings = settings
        self._store = store
        self._checkpoint = checkpoint
        self._courier = courier
        self._addresses = addresses
        self._clock = clock
        self._stamps = Stamps(seal, clock)
        self._proofs: dict[str, Proof] = {}

    def proofs(self) -> tuple[Proof, ...]:
        """Of each path, when it was proved last, and what is wrong with it now."""
        return tuple(self._proofs.values())

    def watched(self, section: ListenerSection, opening: Open) -> Open:
        """What opens the sessions of a listener, for our mails too."""
        return watched(section.role, opening, self._stamps, self._checkpoint, self._clock)

    def let_in(self, check: Authenticate | None) -> Authenticate | None:
        """Who checks logins, for us too."""
        return let_in(check, self._stamps)

    async def run(self) -> None:
        """Rounds, for ever."""
        minutes = self._settings.canary.minutes
        if not minutes:
            return
        await asyncio.sleep(FIRST)
        while True:
            await self.prove()
            await asyncio.sleep(minutes * 60)

    async def prove(self) -> tuple[Proof, ...]:
        """One round over all paths. Never raises."""
        paths: dict[str, Callable[[], Awaitable[None]]] = {}
        for letter in filter(self._asked, letters()):
            listeners = [each for each in self._settings.listeners if _takes(each, letter)]
            for each in listeners:
                paths[_path(letter, each)] = lambda e=each, c=letter: self._brought(e, c)  # type: ignore[misc]
            if not listeners:
                paths[letter.name] = lambda letter=letter: self._examined(letter)  # type: ignore[misc]
        paths["store"] = self._stored
        for hop in self._hops():
            paths[f"hop {hop.name}"] = lambda hop=hop: self._reached(hop)  # type: ignore[misc]
        for name, address in self._addresses.items():
            paths[f"listener {name}"] = lambda address=address: _greets(*address)  # type: ignore[misc]
        for path, prove in paths.items():
            await self._try(path, prove)
        self._proofs = {path: self._proofs[path] for path in paths}
        await asyncio.to_thread(written, self._settings.state_dir / FILE, self.proofs())
        return self.proofs()

    async def _try(self, path: str, prove: Callable[[], Awaitable[None]]) -> None:
        before = self._proofs.get(path, Proof(path))
        why = ""
        try:
            async with asyncio.timeout(SECONDS):
                await prove()
        except Unproved as error:
            why = str(error)
        except (TimeoutError, OSError, StoreError, Broken) as error:
            why = str(error)[:200] or type(error).__name__
        self._proofs[path] = Proof(path, before.at if why else self._clock(), why)
        if why and why != before.why:
            log.error(LogEvent.CANARY_SILENT, path=path, why=why)
        elif before.why and not why:
            log.info(LogEvent.CANARY_SINGS, path=path)

    def _asked(self, letter: CanaryLetter) -> bool:
        """Whether this policy wants to know."""
        if letter.scanned and not self._settings.scanner.asked:
            return False
        return (
            not letter.finds
            or self._checkpoint.policy(DEFAULT).rules.get(letter.finds, RulePolicy()).then != "off"
        )

    async def _examined(self, letter: CanaryLetter) -> None:
        draft = self._store.blobs.draft()
        try:
            draft.write(letter.raw)
            _, examined = await self._checkpoint.examine(draft, facts(letter.direction, self._clock()))
        finally:
            draft.discard()
        if wrong := _otherwise(letter, examined.warned, {finding.rule for finding in examined.findings}):
            raise Unproved(wrong)

    async def _brought(self, section: ListenerSection, letter: CanaryLetter) -> None:
        host, port = self._addresses[section.name]
        reply = await asyncio.to_thread(_by_smtp, section, reached_at(host), port, letter, self._stamps.new())
        if (verdict := heard(reply)) is None:
            raise Unproved(f"it answers {reply[:160]}")
        if wrong := _otherwise(letter, *verdict):
            raise Unproved(wrong)

    async def _stored(self) -> None:
        blobs = self._store.blobs
        blob = await blobs.put([CONTENT], DEFAULT)
        try:
            read = b"".join(bytes(chunk) for chunk in await blobs.get(blob.key))
        finally:
            await blobs.delete(blob.key)
        if read != CONTENT:
            raise Unproved("what was read is not what was written")

    def _hops(self) -> list[NextHop]:
        sections = (section_of(self._settings, each.key) for each in hops(self._settings))
        return list(dict.fromkeys(hop for section in sections if (hop := next_hop_of(section)) is not None))

    async def _reached(self, hop: NextHop) -> None:
        try:
            await self._courier.probe(hop)
        except Broken as broken:
            raise Unproved(str(broken.reply)) from None


def proved(settings: Settings, proofs: Iterable[Proof]) -> dict[str, dict[str, Proof]]:
    """By tenant and direction, since when every way of its mail through the node is proved; a tenant's ways are the listeners
    that take its mail. Of what was never looked at, nothing."""
    known = {proof.path: proof for proof in proofs}
    found: dict[str, dict[str, Proof]] = {}
    for tenant in settings.organisations:
        theirs = [each for each in settings.listeners if each.tenant in (tenant, ANY)]
        for direction in ("outbound", "inbound"):
            ways = []
            for letter in (each for each in letters() if each.direction == direction):
                by = [_path(letter, each) for each in theirs if _takes(each, letter)]
                ways += [known[path] for path in by or [letter.name] if path in known]
            if ways:
                why = next((way.why for way in ways if way.why), "")
                proof = Proof(direction, min(way.at for way in ways), why)
                found.setdefault(tenant, {})[direction] = proof
    return found


def _path(letter: CanaryLetter, section: ListenerSection) -> str:
    return f"{letter.name} by {section.name}"


def _takes(section: ListenerSection, letter: CanaryLetter) -> bool:
    """Whether a listener takes this letter from a client like us."""
    closed = section.proxy_networks or section.client_certificates == "require"
    return not closed and (section.role == "inbound") == (letter.direction == "inbound")


def _by_smtp(section: ListenerSection, host: str, port: int, letter: CanaryLetter, stamp: str) -> str:
    """Bring one mail; the last reply that was heard, without its code where that is 250. Blocks. Raises OSError
    (smtplib's errors are)."""
    trusting = (
        ssl.create_default_context()
    )  # ours: its certificate is watched elsewhere, and may be for another name
    trusting.check_hostname = False
    trusting.verify_mode = ssl.CERT_NONE
    if section.tls == "implicit":
        client: smtplib.SMTP = smtplib.SMTP_SSL(host, port, DOMAIN, timeout=SECONDS / 3, context=trusting)
    else:
        client = smtplib.SMTP(host, port, DOMAIN, timeout=SECONDS / 3)
    with client:
        client.ehlo()
        if section.tls == "starttls":
            client.starttls(context=trusting)
            client.ehlo()
        if client.has_extn("auth"):
            client.login(LOGIN, stamp)
        replies = (client.mail(f"{stamp}@{DOMAIN}", ["BODY=8BITMIME"]), client.rcpt(OURS))
        refused = next((reply for reply in replies if reply[0] != 250), None)
        code, text = refused or client.data(letter.raw)
    said = text.decode("utf-8", "replace")
    return said if code == 250 and refused is None else f"{code} {said}"


def _otherwise(letter: CanaryLetter, warned: bool, rules: set[str]) -> str:
    """What is not as expected, "" when all is."""
    if UNEXAMINABLE in rules:
        return "it could not be examined"
    if letter.finds:
        return "" if letter.finds in rules else f"{letter.finds} saw nothing"
    return f"a clean mail is warned of: {', '.join(sorted(rules))}" if warned else ""


async def _greets(host: str, port: int) -> None:
    """Somebody lets a connection in: a listener with TLS from the start, or behind a load balancer, says no word first."""
    _, writer = await asyncio.open_connection(reached_at(host), port)
    writer.close()


def written(file: Path, proofs: tuple[Proof, ...]) -> None:
    """When each path was proved (UTC seconds), and whether it is, in Prometheus' text format; the file is replaced whole."""
    lines = [
        "# HELP sekisho_canary_proved_timestamp_seconds When a path was last proved by a mail of our own.",
        "# TYPE sekisho_canary_proved_timestamp_seconds gauge",
        *(f"sekisho_canary_proved_timestamp_seconds{{{_label(p)}}} {p.at:.0f}" for p in proofs),
        "# HELP sekisho_canary_up Whether a path was proved in the last round.",
        "# TYPE sekisho_canary_up gauge",
        *(f"sekisho_canary_up{{{_label(p)}}} {0 if p.why else 1}" for p in proofs),
    ]
    new = file.with_suffix(".new")
    try:
        new.write_text("\n".join(lines) + "\n", "utf-8")
        new.replace(file)
    except OSError as error:
        log.warning(LogEvent.KEEPER_FAILED, part="canary", error=error.strerror or type(error).__name__)


def read(file: Path) -> tuple[Proof, ...]:
    """What `written` wrote, but why something is not proved; nothing where it wrote nothing yet."""
    try:
        lines = file.read_text("utf-8").splitlines()
    except OSError:
        return ()
    found: dict[str, dict[str, float]] = {}
    for line in lines:
        if match := _LINE.fullmatch(line):
            found.setdefault(match["path"], {})[match["name"]] = float(match["number"])
    return tuple(
        Proof(path, numbers.get("proved_timestamp_seconds", 0.0), "" if numbers.get("up") else "silent")
        for path, numbers in found.items()
    )


def _label(proof: Proof) -> str:
    return f'path="{proof.path}"'
