"""The credentials of people's devices: everybody's own, and for an administrator those of others (OUT-DEVICE).

Diagnostics: NotAllowed (also Missing, SignedOut); DeviceRefused; StoreError.
"""

import msgspec

from directory.account import Account
from directory.devices import Device
from quarantine.item import NotAllowed
from quarantine.rights import Verb, charge, person
from quarantine.service.caller import Caller, checked
from quarantine.store import Missing


class DevicePage(msgspec.Struct, frozen=True):
    """Whose devices these are, and the devices; `own`: those of whom asks; `names`: of who else made one (login -> language
    -> name)."""

    account: Account
    devices: tuple[Device, ...] = ()
    own: bool = True
    names: dict[str, dict[str, str]] = {}


class MadeDevice(msgspec.Struct, frozen=True):
    """A new credential. `password` is what the device is given; nobody can ask for it again."""

    device: Device
    login: str
    password: str

    def __repr__(self) -> str:
        return f"MadeDevice({self.device.id})"


class DeviceKeys(Caller):
    """Lists, makes and revokes them. `of` is the login of the person whose they are; "" for one's own."""

    async def devices(self, of: str = "") -> DevicePage:
        """Those of one person (of somebody else: DEVICES). Raises Missing for a login of nobody."""
        me, account = await self._whose(of)
        found = await self._parts.devices.of(account.tenant, account.login)
        others = sorted({device.made_by for device in found} - {account.login})
        made = [await self._parts.people.account(account.tenant, login) for login in others]
        names = {other.login: other.name for other in made if other is not None}
        return DevicePage(account, tuple(found), account.login == me.login, names)

    async def all_devices(self) -> tuple[Device, ...]:
        """Everybody's (DEVICES)."""
        me = await self._me(Verb.DEVICES)
        return tuple(await self._parts.devices.all(me.tenant))

    async def make_device(
        self, name: str, *, networks: tuple[str, ...] = (), certificate: str = "", of: str = ""
    ) -> MadeDevice:
        """Make one (for somebody else: DEVICES). Raises DeviceRefused."""
        await self._me(fresh=True)
        me, account = await self._whose(of)
        device, password = await self._parts.office.make_device(
            person(me), account, name[:200], networks=networks[:50], certificate=certificate[:200]
        )
        return MadeDevice(device, account.login, password)

    async def revoke_device(self, id: str) -> bool:
        """End one (of somebody else: DEVICES), at once; False when there is none."""
        me = await self._me()
        return await self._parts.office.revoke_device(person(me), checked(id)) is not None

    async def _whose(self, of: str) -> tuple[Account, Account]:
        me = await self._me()
        if not of or of == me.login:
            return me, me
        if Verb.DEVICES not in charge(me):
            raise NotAllowed(f"{Verb.DEVICES} is not allowed: it is not theirs to do")
        account = await self._parts.people.account(me.tenant, of[:320])
        if account is None:
            raise Missing("there is nobody of this login")
        return me, account
