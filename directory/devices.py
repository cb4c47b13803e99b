"""Devices: credentials by which one device submits mail in the name of one person (OUT-DEVICE).

A credential is an id and 130 random bits, shown once; kept are only the keys of SCRAM-SHA-256 (directory/scram.py). It may be
bound to networks and to a client certificate. It stands in the place of the password at a submission listener and opens
nothing else. All credentials of a person have one salt, so that one exchange proves any of them. Revoking one takes effect at once, on every node: open sessions are asked for each mail.

Diagnostics: DeviceRefused for a credential that makes no sense; StoreError.
"""

import re
import secrets
import time
from collections.abc import Callable, Sequence

import msgspec

from directory.account import Account, canonical
from directory.passphrases import ALPHABET, fresh, groups
from directory.people import People
from directory.scram import ITERATIONS, ScramKeys, is_proof, is_secret, keys_of, server_signature
from mail.networks import Networks
from storage.bound import bound
from storage.interfaces import Database, Row, Transaction
from storage.statements import insert_into

SALT = 16
"""Octets."""
ID, SECRET = 6, 26
"""Characters of an id, which is no secret, and of a secret: five bits each."""
MOST = 50
"""Credentials of one person."""
NAME = 80
NETWORKS = 20
SEEN = 60.0
"""Seconds after which another use from the same network is written down again."""
_FINGERPRINT = re.compile(r"[0-9a-f]{64}")

_MAKE = insert_into(
    "device",
    (
        "tenant", "id", "login", "name", "salt", "iterations", "stored_key", "server_key", "networks", "certificate",
        "made_at", "made_by", "used_from", "whole",
    ),
)  # fmt: skip
_OF = "SELECT * FROM device WHERE tenant = :tenant AND login = :login ORDER BY made_at, id"
_ALL = "SELECT * FROM device WHERE tenant = :tenant ORDER BY login, made_at, id"
_ONE = "SELECT * FROM device WHERE tenant = :tenant AND id = :id"
_WITH_KEYS = (
    "SELECT COUNT(*) AS number, SUM(whole) AS whole FROM device WHERE (:tenant = '' OR tenant = :tenant)"
)
_REVOKE = "DELETE FROM device WHERE tenant = :tenant AND id = :id"
_USED = "UPDATE device SET used_at = :now, used_from = :network WHERE tenant = :tenant AND id = :id"


class DeviceRefused(Exception):
    """The credential cannot be made; `reasons` are keys of the console's words."""

    def __init__(self, *reasons: str) -> None:
        super().__init__(", ".join(reasons))
        self.reasons = list(reasons)


class Device(msgspec.Struct, frozen=True):
    """One credential, without what proves it. Times are UTC seconds.

    networks     from where it may be used; none: from everywhere
    certificate  SHA-256 (hex) of the client certificate that must come along, "" for none
    used_from    the address of the last use
    """

    tenant: str
    id: str
    login: str
    name: str
    networks: tuple[str, ...] = ()
    certificate: str = ""
    made_at: float = 0.0
    made_by: str = ""
    used_at: float | None = None
    used_from: str = ""


class Entering(msgspec.Struct, frozen=True):
    """How somebody came to a listener: their address, and the SHA-256 (hex) of their client certificate, "" for none."""

    peer: str
    certificate: str = ""


class DeviceLogin(msgspec.Struct, frozen=True):
    """Whose device it is, and which."""

    account: Account
    device: Device


class DeviceProved(msgspec.Struct, frozen=True):
    """Whose device proved itself in an exchange, and what proves to it that the server knows its keys."""

    login: DeviceLogin
    signature: bytes

    @property
    def account(self) -> Account:
        return self.login.account


def _by_chance(data: bytes) -> str:
    return secrets.token_hex(32)


class Devices:
    """All credentials. `mark` makes a keyed digest (storage/seal.py): the salts of those who have none yet."""

    def __init__(
        self,
        database: Database,
        people: People,
        clock: Callable[[], float] = time.time,
        mark: Callable[[bytes], str] = _by_chance,
    ) -> None:
        self._database = database
        self._people = people
        self._clock = clock
        self._mark = mark

    async def make(
        self,
        account: Account,
        name: str,
        *,
        by: str,
        networks: Sequence[str] = (),
        certificate: str = "",
        also: Callable[[Transaction, Device], None] = lambda transaction, device: None,
    ) -> tuple[Device, str]:
        """A new credential of this person, and what their mail program is given as the password. `also` runs in the same
        transaction. Raises DeviceRefused."""
        device = Device(
            account.tenant,
            "".join(secrets.choice(ALPHABET) for _ in range(ID)),
            account.login,
            " ".join(name.split())[:NAME],
            tuple(dict.fromkeys(network.strip() for network in networks if network.strip())),
            re.sub(r"[\s:]", "", certificate).lower(),
            self._clock(),
            by,
        )
        _check(device)
        secret = fresh(SECRET)
        salt, _ = await self._salted(account.tenant, account.login)
        kept = keys_of(_whole(device.id, secret), salt)
        row = {name: getattr(device, name) for name in Device.__struct_fields__ if name != "used_at"}
        row |= {
            "networks": msgspec.json.encode(device.networks).decode(), "iterations": kept.iterations,
            "whole": 1, "salt": kept.salt.hex(), "stored_key": kept.stored_key.hex(), "server_key": kept.server_key.hex(),
        }  # fmt: skip

        def operation(transaction: Transaction) -> int:
            whose = {"tenant": account.tenant, "login": account.login}
            count = len(transaction.execute(_OF, whose))
            if count < MOST:
                also(transaction, device)
                transaction.execute(_MAKE, row)
            return count

        if await bound(self._database, account.tenant).write(operation) >= MOST:
            raise DeviceRefused("device_many")
        return device, _whole(device.id, secret)

    async def of(self, tenant: str, login: str) -> list[Device]:
        """A person's credentials, the oldest first."""
        return [_device(row) for row in await self._rows(tenant, login)]

    async def all(self, tenant: str) -> list[Device]:
        """Everybody's, by login."""
        rows = await bound(self._database, tenant).read(lambda t: t.execute(_ALL, {"tenant": tenant}))
        return [_device(row) for row in rows]

    async def revoke(
        self,
        tenant: str,
        id: str,
        *,
        also: Callable[[Transaction, Device], None] = lambda transaction, device: None,
    ) -> Device | None:
        """End a credential; it is gone, and None when there is none. What `also` raises keeps it."""

        def operation(transaction: Transaction) -> Device | None:
            values = {"tenant": tenant, "id": id}
            rows = transaction.execute(_ONE + transaction.for_update, values)
            if not rows:
                return None
            device = _device(rows[0])
            also(transaction, device)
            transaction.execute(_REVOKE, values)
            return device

        return await bound(self._database, tenant).write(operation)

    async def check(self, login: str, password: str, tenant: str, entering: Entering) -> DeviceLogin | None:
        """Whose device says that: None for a wrong secret, another person's device, a network or a certificate that is not
        its own, and a disabled account. The same work for all of these."""
        id, secret = parted(password)
        account = await self._people.named(login, tenant)
        row = await self._one(account.tenant if account is not None else tenant, id)
        said = _whole(id, secret) if row is None or row["whole"] else secret
        if not is_secret(_keys(row), said) or row is None or account is None:
            return None
        device = _device(row)
        if account.disabled or account.login != device.login or not permits(device, entering):
            return None
        await self._note(device, entering.peer)
        return DeviceLogin(account, device)

    async def all_exchange(self, tenant: str) -> bool:
        """True when there are credentials, and all of them can be proved without being said."""
        (row,) = await bound(self._database, tenant).read(lambda t: t.execute(_WITH_KEYS, {"tenant": tenant}))
        return bool(row["number"]) and row["whole"] == row["number"]

    async def salted(self, login: str, tenant: str) -> tuple[bytes, int]:
        """The salt and the iterations of whoever that is. Of nobody, too: a login shows by nothing that it is one (RFC 5802
        §9)."""
        account = await self._people.named(login, tenant)
        whose = (account.tenant, account.login) if account is not None else (tenant, canonical(login)[:320])
        return await self._salted(*whose)

    async def proved(
        self, login: str, message: bytes, proof: bytes, tenant: str, entering: Entering
    ) -> DeviceProved | None:
        """Whose device made the proof of this exchange; None for nobody's, and whenever `check` says None."""
        account = await self._people.named(login, tenant)
        whose = (account.tenant, account.login) if account is not None else (tenant, canonical(login)[:320])
        rows = [row for row in await self._rows(*whose) if row["whole"]]
        kept: list[Row | None] = [*rows] or [None]
        row = next((each for each in kept if is_proof(_keys(each), message, proof)), None)
        if row is None or account is None or account.disabled or not permits(_device(row), entering):
            return None
        device = _device(row)
        await self._note(device, entering.peer)
        return DeviceProved(DeviceLogin(account, device), server_signature(_keys(row), message))

    async def _salted(self, tenant: str, login: str) -> tuple[bytes, int]:
        rows = [row for row in await self._rows(tenant, login) if row["whole"]]
        if rows:
            return bytes.fromhex(rows[0]["salt"]), int(rows[0]["iterations"])
        return bytes.fromhex(self._mark(f"scram\0{tenant}\0{login}".encode()))[:SALT], ITERATIONS

    async def _rows(self, tenant: str, login: str) -> list[Row]:
        return await bound(self._database, tenant).read(
            lambda t: t.execute(_OF, {"tenant": tenant, "login": login})
        )

    async def stands(self, login: DeviceLogin) -> bool:
        """True while the credential is there and its person may log in."""
        device = login.device
        if await self._one(device.tenant, device.id) is None:
            return False
        return await self._people.person(device.tenant, device.login) is not None

    async def _one(self, tenant: str, id: str) -> Row | None:
        rows = await bound(self._database, tenant).read(
            lambda t: t.execute(_ONE, {"tenant": tenant, "id": id})
        )
        return rows[0] if rows else None

    async def _note(self, device: Device, peer: str) -> None:
        now = self._clock()
        if device.used_from == peer and device.used_at is not None and now - device.used_at < SEEN:
            return
        values = {"tenant": device.tenant, "id": device.id, "now": now, "network": peer}
        await bound(self._database, device.tenant).write(lambda t: t.execute(_USED, values))


def _whole(id: str, secret: str) -> str:
    """A credential as it is shown, and as keys are made of it."""
    return "-".join([id, *groups(secret)])


def permits(device: Device, entering: Entering) -> bool:
    """True when it may be used from there, with that certificate."""
    if device.networks and entering.peer not in Networks(device.networks):
        return False
    return not device.certificate or device.certificate == entering.certificate


def is_credential(password: str) -> bool:
    """True for what looks like a credential of a device, however it was typed."""
    id, secret = parted(password)
    return len(id) == ID and len(secret) == SECRET and set(id + secret) <= set(ALPHABET)


def parted(password: str) -> tuple[str, str]:
    """The id and the secret, however a person typed them: in capitals, without hyphens, with blanks."""
    plain = re.sub(r"[\s-]", "", password[:200]).lower()
    return plain[:ID], plain[ID:]


def _check(device: Device) -> None:
    reasons = [] if device.name else ["device_name"]
    try:
        Networks(device.networks)
    except ValueError:
        reasons.append("device_networks")
    if len(device.networks) > NETWORKS:
        reasons.append("device_networks")
    if device.certificate and not _FINGERPRINT.fullmatch(device.certificate):
        reasons.append("device_certificate")
    if reasons:
        raise DeviceRefused(*dict.fromkeys(reasons))


_NOBODY = keys_of("", b"nobody")
"""Checked where there is no credential, so that it takes as long."""


def _keys(row: Row | None) -> ScramKeys:
    if row is None:
        return msgspec.structs.replace(_NOBODY, stored_key=bytes(32), iterations=ITERATIONS)
    return ScramKeys(
        bytes.fromhex(row["salt"]), int(row["iterations"]), bytes.fromhex(row["stored_key"]),
        bytes.fromhex(row["server_key"]),
    )  # fmt: skip


def _device(row: Row) -> Device:
    values = {name: row[name] for name in Device.__struct_fields__}
    return Device(**{**values, "networks": tuple(msgspec.json.decode(values["networks"]))})
