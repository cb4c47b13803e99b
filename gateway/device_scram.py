"""SCRAM-SHA-256 at a listener where nobody logs in but devices (OUT-DEVICE): whose salt is shown, and whose proof it was.

It is offered where everybody who may log in has keys: a mail program that finds it tries nothing else. People's own
passwords have none (docs/adr/0041), so it is not offered where these are good.
"""

import time
from functools import partial

from config.listening import ListenerSection
from config.tenant import ANY, EVERY
from directory.answer_cache import Recent
from directory.devices import DeviceProved, Devices, Entering
from directory.logins import Logins
from gateway.listen.session import LoggedIn
from mail.networks import Networks

AGE = 60.0
"""Seconds for which it is remembered whether all devices have keys."""


class DeviceScram:
    """Of one listener; `trusted` peers speak for many and are not counted."""

    def __init__(self, section: ListenerSection, logins: Logins, devices: Devices, trusted: Networks) -> None:
        self._tenant = EVERY if section.tenant == ANY else section.tenant
        self._logins = logins
        self._devices = devices
        self._trusted = trusted
        self._offered: Recent[str, bool] = Recent(time.monotonic, most=1)

    async def offered(self) -> bool:
        """Whether there are devices, all with keys for it. Raises StoreError."""
        known = self._offered.get("")
        if known is None:
            known = (await self._devices.all_exchange(self._tenant),)
            self._offered.keep("", known[0], AGE)
        return known[0]

    async def salted(self, login: str) -> tuple[bytes, int]:
        """Salt and iterations; of somebody who does not exist, always the same ones. Raises StoreError."""
        return await self._devices.salted(login, self._tenant)

    async def proved(
        self, login: str, message: bytes, proof: bytes, entering: Entering
    ) -> tuple[LoggedIn, bytes] | None:
        """Who it is, and the signature that proves to them who we are. Raises TooManyFailures, StoreError."""

        async def prove(login: str, password: str, tenant: str) -> DeviceProved | None:
            return await self._devices.proved(login, message, proof, tenant, entering)

        peer = entering.peer
        found = await self._logins.checked(
            prove, login, "", peer, tenant=self._tenant, counted=peer not in self._trusted
        )
        if found is None:
            return None
        stands = partial(self._devices.stands, found.login)
        return LoggedIn(
            found.account.login, stands, found.login.device.id, found.account.tenant
        ), found.signature
