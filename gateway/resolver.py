"""Asking the DNS: every outcome is a value, so that a broken name server can never break a mail.

Diagnostics: none raised. SERVFAIL, timeouts, unusable names and a host without any name server are all
answers whose `status` says so.
"""

from typing import Protocol

import dns.asyncresolver
import dns.exception
import dns.name
import dns.rdatatype
import dns.resolver
import msgspec

FOUND, NOTHING, TEMPORARY = "found", "nothing", "temporary"


class Answer(msgspec.Struct, frozen=True):
    """What the DNS said to one question.

    status   "found"; "nothing" (the name or the type does not exist); "temporary" (no answer could be had)
    values   TXT: the joined character strings; A and AAAA: addresses; MX: hosts by preference; PTR: names.
             Host names are in lower case without the last dot.
    """

    status: str
    values: tuple[bytes, ...] = ()

    @property
    def texts(self) -> list[str]:
        """The values as text; bytes outside ASCII become U+FFFD (no record we read may have any)."""
        return [v.decode("ascii", "replace") for v in self.values]


class Resolver(Protocol):
    """Answers questions about names. Never raises, always returns within its own time limit."""

    async def look_up(self, name: str, kind: str) -> Answer:
        """The records of `kind` ("TXT", "A", "AAAA", "MX" or "PTR") at `name`."""


class Silent:
    """The resolver of an installation that may not ask: it knows nothing, at once."""

    async def look_up(self, name: str, kind: str) -> Answer:
        return Answer(TEMPORARY)


class Dns:
    """The resolver for real work: dnspython with a shared cache and a time limit per question."""

    def __init__(
        self,
        nameservers: tuple[str, ...] = (),
        *,
        port: int = 53,
        lifetime: float = 2.0,
        cached: int = 5000,
    ) -> None:
        """Without `nameservers` those of the system are used. `lifetime` is in seconds, `cached` in answers."""
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
        self._resolver.cache = dns.resolver.LRUCache(cached)
        self._resolver.lifetime = lifetime
        self._resolver.timeout = lifetime / 2

    async def look_up(self, name: str, kind: str) -> Answer:
        if self._resolver is None:
            return Answer(TEMPORARY)
        try:
            question = dns.name.from_text(name.rstrip(".") + ".")
        except (dns.exception.DNSException, UnicodeError, ValueError):
            return Answer(NOTHING)
        try:
            answer = await self._resolver.resolve(question, kind, raise_on_no_answer=False, search=False)
        except dns.resolver.NXDOMAIN:
            return Answer(NOTHING)
        except (dns.exception.DNSException, OSError, EOFError):
            return Answer(TEMPORARY)
        if not answer.rrset:
            return Answer(NOTHING)
        return Answer(FOUND, _values(answer.rrset, kind))


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
