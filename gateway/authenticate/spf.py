"""SPF (RFC 7208): may this host send mail for that domain?

Diagnostics: none raised. What the DNS cannot say is "temperror", what the record says wrongly "permerror".
"""

import ipaddress
import re
from urllib.parse import quote

from gateway.authenticate.spf_record import MACRO, Term, is_record, parse
from gateway.resolver import NOTHING, TEMPORARY, DnsAnswer, Resolver

LOOKUPS = 10
"""Terms that cause DNS questions, per check (§4.6.4)."""
VOIDS = 2
"""Questions without an answer, per check (§4.6.4)."""
NAMES = 10
"""MX and PTR names that are looked at, per term (§4.6.4)."""


class _Stop(Exception):
    """Ends the evaluation with a result word; never leaves this module."""

    def __init__(self, result: str) -> None:
        super().__init__(result)
        self.result = result


async def check(peer: str, domain: str, sender: str, helo: str, resolver: Resolver) -> str:
    """The result word (RFC 7208 §2.6) for mail from host `peer` that claims `domain`.

    `peer` is an IP address, `sender` the reverse-path (or postmaster@helo for a null one).
    """
    try:
        address = ipaddress.ip_address(peer.partition("%")[0])
    except ValueError:
        return "none"
    if address.version == 6 and address.ipv4_mapped:
        address = address.ipv4_mapped
    if not _usable(domain):
        return "none"
    evaluation = _Evaluation(address, sender or f"postmaster@{helo}", helo, resolver)
    try:
        return await evaluation.host(domain)
    except _Stop as stop:
        return stop.result


def _usable(domain: str) -> bool:
    labels = domain.rstrip(".").split(".")
    return len(domain) <= 253 and len(labels) > 1 and all(0 < len(label) <= 63 for label in labels)


class _Evaluation:
    """One check with its counters; `host` is check_host() of the RFC."""

    def __init__(
        self,
        address: ipaddress.IPv4Address | ipaddress.IPv6Address,
        sender: str,
        helo: str,
        resolver: Resolver,
    ) -> None:
        self.address, self.sender, self.helo, self.resolver = address, sender, helo, resolver
        self.lookups = self.voids = 0
        self.names: list[str] | None = None

    async def host(self, domain: str) -> str:
        answer = await self._ask(domain, "TXT", count_void=False)
        records = [t for t in answer.texts if is_record(t)]
        if not records:
            return "none"
        if len(records) > 1:
            raise _Stop("permerror")
        try:
            record = parse(records[0])
        except ValueError:
            raise _Stop("permerror") from None
        for term in record.terms:
            if await self._matches(term, domain):
                return term.result
        if record.redirect and all(term.mechanism != "all" for term in record.terms):
            self._count()
            result = await self.host(await self._expand(record.redirect, domain))
            return "permerror" if result == "none" else result
        return "neutral"

    async def _matches(self, term: Term, domain: str) -> bool:
        if term.mechanism == "all":
            return True
        if term.mechanism in ("ip4", "ip6"):
            network = ipaddress.ip_network(term.argument, strict=False)
            return self.address.version == network.version and self.address in network
        self._count()
        target = await self._expand(term.argument, domain) if term.argument else domain
        if term.mechanism == "include":
            result = await self.host(target)
            if result == "none":
                raise _Stop("permerror")
            return result == "pass"
        if term.mechanism == "exists":
            return bool((await self._ask(target, "A")).values)
        if term.mechanism == "ptr":
            return await self._named(target)
        hosts = [target]
        if term.mechanism == "mx":
            hosts = (await self._ask(target, "MX")).texts
            if len(hosts) > NAMES:
                raise _Stop("permerror")
        for host in hosts:
            answer = await self._ask(host, self._kind, count_void=term.mechanism == "a")
            if any(self.address in self._network(text, term) for text in answer.texts):
                return True
        return False

    @property
    def _kind(self) -> str:
        return "A" if self.address.version == 4 else "AAAA"

    def _network(self, text: str, term: Term) -> ipaddress.IPv4Network | ipaddress.IPv6Network:
        bits = term.four if self.address.version == 4 else term.six
        return ipaddress.ip_network(text if bits is None else f"{text}/{bits}", strict=False)

    async def _named(self, target: str) -> bool:
        """True when a validated name of the host is `target` or below it (§5.5); DNS trouble means no."""
        target = target.lower()
        return any(n == target or n.endswith("." + target) for n in await self._names())

    async def _names(self) -> list[str]:
        """The names of the host that lead back to it, asked for once."""
        if self.names is None:
            self.names = []
            claimed = await self.resolver.look_up(self.address.reverse_pointer, "PTR")
            for name in claimed.texts[:NAMES]:
                answer = await self.resolver.look_up(name, self._kind)
                if any(ipaddress.ip_address(t) == self.address for t in answer.texts):
                    self.names.append(name)
        return self.names

    def _count(self) -> None:
        self.lookups += 1
        if self.lookups > LOOKUPS:
            raise _Stop("permerror")

    async def _ask(self, name: str, kind: str, *, count_void: bool = True) -> DnsAnswer:
        if not _usable(name):
            return DnsAnswer(NOTHING)
        answer = await self.resolver.look_up(name, kind)
        if answer.status == TEMPORARY:
            raise _Stop("temperror")
        if answer.status == NOTHING and count_void:
            self.voids += 1
            if self.voids > VOIDS:
                raise _Stop("permerror")
        return answer

    async def _expand(self, spec: str, domain: str) -> str:
        """A domain-spec with its macros replaced (§7), cut to 253 characters from the left."""
        out, at = [], 0
        for macro in MACRO.finditer(spec):
            out += [spec[at : macro.start()], await self._replaced(macro, domain)]
            at = macro.end()
        out.append(spec[at:])
        name = "".join(out).rstrip(".")
        while len(name) > 253 and "." in name:
            name = name.partition(".")[2]
        return name

    async def _replaced(self, macro: re.Match[str], domain: str) -> str:
        if macro[5]:
            return {"%": "%", "_": " ", "-": "%20"}[macro[5]]
        letter = macro[1].lower()
        value = (await self._names() or ["unknown"])[0] if letter == "p" else self._value(letter, domain)
        parts = re.split(f"[{re.escape(macro[4] or '.')}]", value)
        if macro[3]:
            parts.reverse()
        if macro[2]:
            parts = parts[-int(macro[2]) :]
        value = ".".join(parts)
        return quote(value, safe="") if macro[1].isupper() else value

    def _value(self, letter: str, domain: str) -> str:
        local, _, sender_domain = self.sender.rpartition("@")
        if letter == "i":
            if self.address.version == 4:
                return str(self.address)
            return ".".join(self.address.exploded.replace(":", ""))
        return {
            "s": self.sender,
            "l": local or "postmaster",
            "o": sender_domain,
            "d": domain,
            "h": self.helo,
            "v": "in-addr" if self.address.version == 4 else "ip6",
        }.get(letter, "unknown")
