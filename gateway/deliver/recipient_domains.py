"""Recipient domains that take no mail, told to the sender in the session and not by a report days later.

A domain takes none when it does not exist, when it has neither MX nor an address (RFC 5321 §5.1), or when it says so by a
null MX (RFC 7505). Only what the DNS says for certain counts: no answer, a late one, or one of a resolver that knows
nothing of the public tree refuses nobody. Answers, also that there is nothing, are kept by the resolver.
"""

import asyncio
from collections.abc import Callable
from enum import StrEnum

from gateway.resolver import FOUND, NOTHING, TEMPORARY, Resolver, Timed
from mail.address import a_labels

PUBLIC = "com"
"""A name that every resolver knows which can say that another one does not exist."""


class Lack(StrEnum):
    """Why mail cannot be delivered to a domain."""

    NO_DOMAIN = "no_domain"
    NO_MAIL = "no_mail"


class RecipientDomains:
    """Asks for one mail, within `seconds` for all its recipients. `routed`: domains that are handed to hosts of ours."""

    def __init__(self, resolver: Resolver, seconds: float, routed: Callable[[str], bool]) -> None:
        self._resolver = resolver
        self._left = seconds
        self._routed = routed

    async def lack(self, domain: str) -> Lack | None:
        """What is wrong with a recipient's domain; None when nothing is, or when it could not be found out."""
        name = a_labels(domain)
        if domain.startswith("[") or not name.isascii() or self._routed(domain):
            return None
        loop = asyncio.get_running_loop()
        began = loop.time()
        try:
            return await _lack(Timed(self._resolver, self._left), name)
        finally:
            self._left = max(0.0, self._left - (loop.time() - began))


async def _lack(resolver: Resolver, domain: str) -> Lack | None:
    exchangers = await resolver.look_up(domain, "MX")
    if exchangers.status == FOUND:
        return Lack.NO_MAIL if exchangers.values == (b".",) else None
    if exchangers.status == TEMPORARY:
        return None
    if exchangers.exists:
        for kind in ("A", "AAAA"):
            if (await resolver.look_up(domain, kind)).status != NOTHING:
                return None
    public = await resolver.look_up(PUBLIC, "MX")
    if public.status == TEMPORARY or not public.exists:
        return None
    return Lack.NO_MAIL if exchangers.exists else Lack.NO_DOMAIN
