"""SPF (RFC 7208): may this host send mail for that domain?

Diagnostics: none raised. What the DNS cannot say is "temperror", what the record says wrongly "permerror".
"""

import ipaddress
import re
from collections.abc import Iterator
from urllib.parse import quote

from gateway.resolver import NOTHING, TEMPORARY, Answer, Resolver

LOOKUPS = 10
"""Terms that cause DNS questions, per check (§4.6.4)."""
VOIDS = 2
"""Questions without an answer, per check (§4.6.4)."""
NAMES = 10
"""MX and PTR names that are looked at, per term (§4.6.4)."""

_QUALIFIERS = {"+": "pass", "-": "fail", "~": "softfail", "?": "neutral"}
_TERM = re.compile(
    r"([-+~?]?)(all|include|a|mx|ptr|ip4|ip6|exists)(?:([:/])(.*))?$", re.IGNORECASE | re.DOTALL
)
_MODIFIER = re.compile(r"([A-Za-z][A-Za-z0-9._-]*)=(.*)$", re.DOTALL)
_CIDR = re.compile(r"(.*?)(?:/(\d{1,3}))?(?://(\d{1,3}))?$", re.DOTALL)
_MACRO = re.compile(r"%(?:\{([slodiphcrtv])(\d{0,3})(r?)([-.+,/_=]*)\}|([%_-]))", re.IGNORECASE)


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

    async def host(self, domain: str) -> str:
        answer = await self._ask(domain, "TXT", count_void=False)
        records = [t for t in answer.texts if t.lower() == "v=spf1" or t.lower().startswith("v=spf1 ")]
        if not records:
            return "none"
        if len(records) > 1:
            raise _Stop("permerror")
        redirect = ""
        terms = records[0].split()[1:]
        # The syntax of the whole record counts, also of terms that are never reached (§4.6).
        for term in terms:
            if not _TERM.match(term):
                modifier = _MODIFIER.match(term)
                if not modifier:
                    raise _Stop("permerror")
                if modifier[1].lower() == "redirect":
                    if redirect or not modifier[2]:
                        raise _Stop("permerror")
                    redirect = modifier[2]
        for term in terms:
            found = _TERM.match(term)
            if found and await self._matches(found[2].lower(), (found[3] or "") + (found[4] or ""), domain):
                return _QUALIFIERS[found[1] or "+"]
        if redirect and not any((m := _TERM.match(t)) and m[2].lower() == "all" for t in terms):
            self._count()
            target = await self._expand(redirect, domain)
            result = await self.host(target)
            return "permerror" if result == "none" else result
        return "neutral"

    async def _matches(self, mechanism: str, argument: str, domain: str) -> bool:
        if mechanism == "all":
            return True
        if mechanism in ("ip4", "ip6"):
            return self._in_network(mechanism, argument.removeprefix(":"))
        self._count()
        split = _CIDR.match(argument)
        text = split[1] if split else argument
        spec = text.removeprefix(":")
        if (text and not spec) or (mechanism in ("include", "exists") and not spec):
            raise _Stop("permerror")
        target = await self._expand(spec, domain) if spec else domain
        if mechanism == "include":
            result = await self.host(target)
            if result in ("none", "permerror"):
                raise _Stop("permerror")
            return result == "pass"
        if mechanism == "exists":
            return bool((await self._ask(target, "A")).values)
        if mechanism == "ptr":
            return await self._named(target)
        bits = self._bits(split[2] if split else None, split[3] if split else None)
        hosts = [target]
        if mechanism == "mx":
            hosts = (await self._ask(target, "MX")).texts
            if len(hosts) > NAMES:
                raise _Stop("permerror")
        for host in hosts:
            for text in (await self._ask(host, self._kind, count_void=mechanism == "a")).texts:
                if self.address in ipaddress.ip_network(f"{text}/{bits}", strict=False):
                    return True
        return False

    @property
    def _kind(self) -> str:
        return "A" if self.address.version == 4 else "AAAA"

    def _bits(self, four: str | None, six: str | None) -> int:
        width = 32 if self.address.version == 4 else 128
        if int(four or 0) > 32 or int(six or 0) > 128:
            raise _Stop("permerror")
        given = four if width == 32 else six
        return width if given is None else int(given)

    def _in_network(self, mechanism: str, text: str) -> bool:
        try:
            network = ipaddress.ip_network(text, strict=False)
        except ValueError:
            raise _Stop("permerror") from None
        if network.version != (4 if mechanism == "ip4" else 6):
            raise _Stop("permerror")
        return self.address.version == network.version and self.address in network

    async def _named(self, target: str) -> bool:
        """True when a validated name of the host is `target` or below it (§5.5); DNS trouble means no."""
        target = target.lower()
        return any(n == target or n.endswith("." + target) for n in await self._names())

    async def _names(self) -> list[str]:
        names = await self.resolver.look_up(self.address.reverse_pointer, "PTR")
        valid = []
        for name in names.texts[:NAMES]:
            answer = await self.resolver.look_up(name, self._kind)
            if any(ipaddress.ip_address(t) == self.address for t in answer.texts):
                valid.append(name)
        return valid

    def _count(self) -> None:
        self.lookups += 1
        if self.lookups > LOOKUPS:
            raise _Stop("permerror")

    async def _ask(self, name: str, kind: str, *, count_void: bool = True) -> Answer:
        if not _usable(name):
            return Answer(NOTHING)
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
        out = []
        for text, macro in _macros(spec):
            if macro is None:
                out.append(text)
                continue
            if macro[5]:
                out.append({"%": "%", "_": " ", "-": "%20"}[macro[5]])
                continue
            letter = macro[1].lower()
            value = (await self._names() or ["unknown"])[0] if letter == "p" else self._value(letter, domain)
            parts = re.split(f"[{re.escape(macro[4] or '.')}]", value)
            if macro[3]:
                parts.reverse()
            if macro[2]:
                if not int(macro[2]):
                    raise _Stop("permerror")
                parts = parts[-int(macro[2]) :]
            value = ".".join(parts)
            out.append(quote(value, safe="") if macro[1].isupper() else value)
        name = "".join(out).rstrip(".")
        while len(name) > 253 and "." in name:
            name = name.partition(".")[2]
        return name

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


def _macros(spec: str) -> Iterator[tuple[str, re.Match[str] | None]]:
    """The literal stretches and macros of a domain-spec; a lone % is an error in the record."""
    at = 0
    for macro in _MACRO.finditer(spec):
        yield _literal(spec[at : macro.start()]), None
        yield "", macro
        at = macro.end()
    yield _literal(spec[at:]), None


def _literal(text: str) -> str:
    if "%" in text:
        raise _Stop("permerror")
    return text
