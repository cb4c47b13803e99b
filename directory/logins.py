"""Logging in, at every door: whose name it is, how often somebody may guess, and who is no stranger (OPS-PASSWORD).

An attempt counts against the network that it comes from, and against the account, however its name was written. What
strangers do to an account must not lock out its owner: who brings a cookie of a known device, or comes from a network
from which this account logged in before, has a counter of their own.

    cookie of a known device    the device; the account, all its known places together
    known network               the network; the account from there; the account, all its known places together
    anything else               the network; the account, all strangers together; a name of nobody like an account

At a listener the kernel says where somebody comes from. At the console a process says it that may be in other hands
(docs/adr/0020): what it says counts apart from what is seen, so that it locks nobody out of the listeners, and all known
places of an account together have a limit, which only such a process reaches: strangers are at none of them.

Sources: OWASP "Slow Down Online Guessing Attacks with Device Cookies"; NIST SP 800-63B §5.2.2.
"""

import asyncio
import base64
import secrets
import time
from collections.abc import Awaitable, Callable, Hashable
from contextlib import suppress
from typing import Protocol, TypeVar

from config.settings import LimitsSection
from directory.account import Account, canonical
from directory.guessed import Guessed
from directory.guesses import Counter, Guesses
from directory.people import People, Proven
from mail.networks import client_key
from storage.border import of_all
from storage.bound import bound
from storage.interfaces import Database, StoreError, Transaction
from storage.seal import Seal
from storage.tally import Tallies

DEVICE_LIFE = 180 * 86_400.0
"""Seconds for which a device is known after a login."""
NETWORK_LIFE = 90 * 86_400.0
_AGAIN = 86_400.0
"""Seconds after which a known network is written down again."""
ELSEWHERE = 0.1
"""Seconds between two looks whether an attempt has ended that another process checks."""
_NONCE = 16

_KNOWN = (
    "SELECT seen_at FROM known_networks"
    " WHERE tenant = :tenant AND login = :login AND network = :network AND seen_at > :since"
)
_KNOW = (
    "INSERT INTO known_networks (tenant, login, network, seen_at) VALUES (:tenant, :login, :network, :now)"
    " ON CONFLICT (tenant, login, network) DO UPDATE SET seen_at = excluded.seen_at"
)
_ALL_KNOWN = (
    "SELECT network, seen_at FROM known_networks WHERE tenant = :tenant AND login = :login AND seen_at > :since"
    " ORDER BY seen_at DESC LIMIT 100"
)
_FORGET = "DELETE FROM known_networks WHERE tenant = :tenant AND login = :login"
_FORGOTTEN = "SELECT at FROM forgotten_devices WHERE tenant = :tenant AND login = :login"
_FORGET_DEVICES = (
    "INSERT INTO forgotten_devices (tenant, login, at) VALUES (:tenant, :login, :now)"
    " ON CONFLICT (tenant, login) DO UPDATE SET at = excluded.at"
)
"""Cookies that were given before do not make a device known any more."""
_FORGET_OLD = of_all("DELETE FROM known_networks WHERE seen_at <= :since")


class Entrant(Protocol):
    """Somebody who proved who they are."""

    @property
    def account(self) -> Account: ...


F = TypeVar("F", bound=Entrant)
Prove = Callable[[str, str, str], Awaitable[F | None]]
"""(login, password, tenant) -> whose they are."""


class TooManyFailures(Exception):
    """This network, account or device failed too often; nothing was checked."""


class Logins:
    """Password checks for the listeners and the console; of strangers to an account both count together."""

    def __init__(
        self,
        people: People,
        database: Database,
        seal: Seal,
        limits: LimitsSection,
        *,
        clock: Callable[[], float] = time.time,
        monotonic: Callable[[], float] = time.monotonic,
        tallies: Tallies | None = None,
        node: str = "",
    ) -> None:
        """`node`: as what others know us, whose failures count here and ours there; "" where there is nobody else."""
        self._people = people
        self._database = database
        self._seal = seal
        self._clock = clock
        self._monotonic = monotonic
        window, mark = limits.auth_window, seal.mark if node else None
        self.guesses = Guesses(limits.auth_failures, window, tallies, mark)
        self._guessed = Guessed(self.guesses, database, node, window, clock, monotonic) if node else None
        self._settled = asyncio.Event()

    async def check(
        self,
        login: str,
        password: str,
        peer: str,
        *,
        tenant: str,
        device: str = "",
        counted: bool = True,
        said: bool = False,
    ) -> Proven | None:
        """Whose login and password these are (People.authenticate), or None; as `checked`."""
        return await self.checked(
            self.by_password, login, password, peer, tenant=tenant, device=device, counted=counted, said=said
        )

    async def checked(
        self,
        prove: Prove[F],
        login: str,
        password: str,
        peer: str,
        *,
        tenant: str,
        device: str = "",
        counted: bool = True,
        said: bool = False,
    ) -> F | None:
        """What `prove` finds of (login, password, tenant), None for nothing, as often as somebody may guess.

        `device` is the cookie that came along; with counted = False the peer's network has no counter of its own; `said`:
        that this is the peer is what the console says.
        Raises TooManyFailures, and StoreError when it could not be checked.
        """
        named, network = await self._people.named(login, tenant), client_key(peer)
        seen, forgotten = await self._seen(named, network) if named else (None, 0.0)
        where = ("console", network) if said else network
        known = self._known_device(named, device, forgotten) if named else b""
        counters: list[Counter] = [("network", where)] if counted and not known else []
        if named is None:
            counters.append(("nobody", canonical(login)[:320]))
        else:
            counters += _counters((named.tenant, named.login), where, known, seen is not None, said)
        attempted = await self._attempted(counters)
        failed = False  # what cannot be checked is nobody's fault
        try:
            found = await prove(login, password, tenant)
            failed = found is None
        finally:
            self.guesses.settle(counters, attempted, self._monotonic(), failed=failed)
            self._settled.set()
        if found is None:
            return None
        if seen is None or self._clock() - seen > _AGAIN:
            await self._note(found.account, network)
        return found

    async def by_password(self, login: str, password: str, tenant: str) -> Proven | None:
        """As People.authenticate; for `checked`."""
        return await self._people.authenticate(login, password, tenant)

    async def stands(self, proven: Proven) -> bool:
        """As People.stands."""
        return await self._people.stands(proven)

    async def _attempted(self, counters: list[Counter]) -> float:
        """Count an attempt, and when it began. Where others are being checked that may turn out to be no failures, it
        waits for them: an office that opens its mail at nine o'clock does not guess. Raises TooManyFailures."""
        while not self.guesses.attempt(counters, now := self._monotonic()):
            if not self.guesses.undecided(counters, now):
                raise TooManyFailures
            self._settled.clear()
            with suppress(TimeoutError):
                async with asyncio.timeout(ELSEWHERE if self.guesses.tallies.seats > 1 else None):
                    await self._settled.wait()
        return now

    def device(self, account: Account) -> str:
        """A cookie that says: on this device the account has logged in."""
        body = secrets.token_bytes(_NONCE) + int(self._clock()).to_bytes(8, "big")
        return f"{base64.urlsafe_b64encode(body).decode()}.{self._seal.mark(_whose(account) + body)}"

    async def sweep(self, now: float) -> None:
        """Forget networks from which nobody logged in for NETWORK_LIFE, and failures that count no more."""
        await self._database.write(lambda t: t.execute(_FORGET_OLD, {"since": now - NETWORK_LIFE}))
        if self._guessed is not None:
            await self._guessed.sweep()

    async def flush(self) -> None:
        """Tell other nodes what failed here, and hear what failed there. Raises StoreError."""
        if self._guessed is not None:
            await self._guessed.share()

    def _known_device(self, account: Account, device: str, forgotten: float) -> bytes:
        """What the cookie of a known device says, however it is written; b"" for every other one, and for one of before it
        was `forgotten`."""
        encoded, _, mark = device.partition(".")
        try:
            body = base64.b64decode(encoded.encode(), altchars=b"-_", validate=True)
        except ValueError:
            return b""
        if len(body) != _NONCE + 8 or not self._seal.is_mark(_whose(account) + body, mark):
            return b""
        made = int.from_bytes(body[_NONCE:], "big")
        return body if self._clock() - made < DEVICE_LIFE and made > forgotten else b""

    async def _seen(self, account: Account, network: str) -> tuple[float | None, float]:
        """When the account last logged in from there, as far as that still counts, and when its devices were forgotten."""
        values = {
            "tenant": account.tenant, "login": account.login, "network": network,
            "since": self._clock() - NETWORK_LIFE,
        }  # fmt: skip
        rows, forgotten = await bound(self._database, account.tenant).read(
            lambda t: (t.execute(_KNOWN, values), t.execute(_FORGOTTEN, values))
        )
        return float(rows[0]["seen_at"]) if rows else None, float(forgotten[0]["at"]) if forgotten else 0.0

    async def _note(self, account: Account, network: str) -> None:
        values = {
            "tenant": account.tenant, "login": account.login, "network": network, "now": self._clock(),
        }  # fmt: skip
        try:
            await bound(self._database, account.tenant).write(lambda t: t.execute(_KNOW, values))
        except StoreError:  # only a convenience; whoever is here has logged in
            return


def places_in(transaction: Transaction, account: Account, now: float) -> list[tuple[str, float]]:
    """The networks at which the account is no stranger, and when it last logged in there."""
    values = {"tenant": account.tenant, "login": account.login, "since": now - NETWORK_LIFE}
    return [(str(row["network"]), float(row["seen_at"])) for row in transaction.execute(_ALL_KNOWN, values)]


def forget_in(transaction: Transaction, account: Account, now: float) -> None:
    """Forget every network and device of an account: whoever comes from one of them is a stranger."""
    values = {"tenant": account.tenant, "login": account.login}
    transaction.execute(_FORGET, values)
    transaction.execute(_FORGET_DEVICES, {**values, "now": now})


def _whose(account: Account) -> bytes:
    """What the mark of a known device is about."""
    return f"device\0{account.tenant}\0{account.login}\0".encode()


def _counters(
    whose: tuple[str, str], where: Hashable, device: bytes, known: bool, said: bool
) -> list[Counter]:
    """What an attempt on an account counts against, besides the network."""
    if not device and not known:
        return [("account", whose)]
    place: Counter = ("device", device) if device else ("place", (*whose, where))
    return [place, ("known", whose)] if said else [place]
