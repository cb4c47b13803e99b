"""Asking the DNS: every outcome is a value, so that a broken name server can never break a mail.

    dns = Dns(("192.0.2.53",))                  one for the node, with a cache
    Timed(dns, seconds=3)                       one for each mail: after that time every answer is "temporary"

Diagnostics: none raised. SERVFAIL, timeouts, unusable names and a host without any name server are all
answers whose `status` says so.
"""

import asyncio
import resource
import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Protocol

import dns.asyncresolver
import dns.exception
import dns.message
import dns.name
import dns.rdatatype
import dns.resolver
import msgspec

FOUND, NOTHING, TEMPORARY = "found", "nothing", "temporary"

SHORTEST, LONGEST = 30.0, 3600.0
"""Bounds (seconds) of the time for which an answer is kept, whatever its TTL says."""
LONGEST_NOTHING = 300.0
"""Seconds for which it is kept that there is nothing (RFC 2308: the SOA says how long, this how long at most)."""
TROUBLE = 5.0
"""Seconds for which nobody asks again what has just failed (RFC 2308 §7 allows up to 5 minutes)."""
LARGEST = 4096
"""Bytes of values up to which an answer is kept; larger ones are asked for each time."""
AT_ONCE = 400
"""Questions under way at the same time; each holds a socket, so fewer where the process may open few files."""
AT_ONCE_PER_MAIL = 6
PAYLOAD = 1232
"""Bytes of an answer over UDP (EDNS): larger ones come over TCP. Keys of 2048 bits fit, fragments never come."""


class DnsAnswer(msgspec.Struct, frozen=True):
    """What the DNS said to one question.

    status   "found"; "nothing" (the name or the type does not exist); "temporary" (no answer could be had)
    values   TXT: the joined character strings; A and AAAA: addresses; MX: hosts by preference; PTR: names.
             Host names are in lower case without the last dot.
    exists   False when there is not even the name (NXDOMAIN)
    """

    status: str
    values: tuple[bytes, ...] = ()
    exists: bool = True

    @property
    def texts(self) -> list[str]:
        """The values as text; bytes outside ASCII become U+FFFD (no record we read may have any)."""
        return [v.decode("ascii", "replace") for v in self.values]


class Resolver(Protocol):
    """Answers questions about names. Never raises, always returns within its own time limit."""

    async def look_up(self, name: str, kind: str) -> DnsAnswer:
        """The records of `kind` ("TXT", "A", "AAAA", "MX" or "PTR") at `name`."""


class Timed:
    """A resolver for one mail: all its questions together take `seconds`, and only a few are asked at once, so that
    what one sender's name servers do is that sender's own matter."""

    def __init__(self, resolver: Resolver, seconds: float) -> None:
        self._resolver = resolver
        self._end = asyncio.get_running_loop().time() + seconds
        self._places = asyncio.Semaphore(AT_ONCE_PER_MAIL)

    async def look_up(self, name: str, kind: str) -> DnsAnswer:
        try:
            async with asyncio.timeout_at(self._end), self._places:
                return await self._resolver.look_up(name, kind)
        except TimeoutError:
            return DnsAnswer(TEMPORARY)


class Dns:
    """The resolver for real work: dnspython with a shared cache and a time limit per question."""

    def __init__(
        self,
        nameservers: tuple[str, ...] = (),
        *,
        port: int = 53,
        lifetime: float = 2.0,
        cached: int = 5000,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Without `nameservers` those of the system are used. `lifetime` is in seconds, `cached` in answers."""
        self._kept: OrderedDict[tuple[dns.name.Name, str], tuple[float, DnsAnswer]] = OrderedDict()
        self._most = cached
        self._clock = clock
        files = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
        self._places = asyncio.Semaphore(AT_ONCE if files < 0 else max(16, min(AT_ONCE, files // 4)))
        try:
            self._resolver: dns.asyncresolver.Resolver | None = dns.asyncresolver.Resolver(
                configure=not nameservers
            )
        except (dns.resolver.NoResolverConfiguration, OSError):
            self._resolver = None
            return
        if nameservers:
            self._resolver.nameservers = list(nameservers)
            self._resolver.port = port
        self._resolver.use_edns(0, 0, PAYLOAD)
        self._resolver.lifetime = lifetime
        self._resolver.timeout = lifetime / 2

    async def look_up(self, name: str, kind: str) -> DnsAnswer:
        if self._resolver is None:
            return DnsAnswer(TEMPORARY)
        try:
            question = dns.name.from_text(name.rstrip(".") + ".")
        except (dns.exception.DNSException, UnicodeError, ValueError):
            return DnsAnswer(NOTHING, exists=False)
        if kept := self._remembered(question, kind):
            return kept
        async with self._places:
            answer, seconds = await self._asked(self._resolver, question, kind)
        self._keep(question, kind, answer, seconds)
        return answer

    async def _asked(
        self, resolver: dns.asyncresolver.Resolver, question: dns.name.Name, kind: str
    ) -> tuple[DnsAnswer, float]:
        """The answer and the seconds for which it holds."""
        try:
            found = await resolver.resolve(question, kind, raise_on_no_answer=False, search=False)
        except dns.resolver.NXDOMAIN as error:
            denial = error.response(question)  # type: ignore[no-untyped-call]
            return DnsAnswer(NOTHING, exists=False), _ttl(denial, LONGEST_NOTHING)
        except (dns.exception.DNSException, OSError, EOFError):
            return DnsAnswer(TEMPORARY), TROUBLE
        if not found.rrset:
            return DnsAnswer(NOTHING), _ttl(found.response, LONGEST_NOTHING)
        return DnsAnswer(FOUND, _values(found.rrset, kind)), _ttl(found.response, LONGEST)

    def _remembered(self, question: dns.name.Name, kind: str) -> DnsAnswer | None:
        until, answer = self._kept.get((question, kind), (0.0, None))
        if answer is None or until <= self._clock():
            return None
        self._kept.move_to_end((question, kind))
        return answer

    def _keep(self, question: dns.name.Name, kind: str, answer: DnsAnswer, seconds: float) -> None:
        if sum(map(len, answer.values)) > LARGEST:
            return
        self._kept[question, kind] = (self._clock() + seconds, answer)
        self._kept.move_to_end((question, kind))
        while len(self._kept) > self._most:
            self._kept.popitem(last=False)


def _ttl(response: dns.message.Message, longest: float) -> float:
    """For how long an answer may be kept: the shortest TTL on the way to it, or what the SOA says, within bounds."""
    try:
        ttl = response.resolve_chaining().minimum_ttl  # type: ignore[attr-defined]
    except (dns.exception.DNSException, AttributeError):
        return SHORTEST
    return min(max(float(ttl), SHORTEST), longest)


def _values(records: object, kind: str) -> tuple[bytes, ...]:
    rows = list(records)  # type: ignore[call-overload]
    if kind == "TXT":
        return tuple(b"".join(r.strings) for r in rows)
    if kind == "MX":
        rows.sort(key=lambda r: r.preference)
        return tuple(_host(r.exchange) for r in rows)
    if kind == "PTR":
        return tuple(_host(r.target) for r in rows)
    return tuple(r.address.encode("ascii") for r in rows)


def _host(name: dns.name.Name) -> bytes:
    return name.to_text(omit_final_dot=True).lower().encode("ascii", "replace")
