"""A master key that never leaves the service that keeps it, above the keys of the days (storage/day_keys.py).

    octet 2 | id of the key (4) | length of the wrapped key (2) | wrapped key | nonce (12) | AES-256-GCM

What is sealed has a key of its own; only those 32 octets go to the service. So its requests are small and rare (a day's file
is asked for once by each process), and whoever takes the database, the contents and the key folder has nothing without it.
`Pkcs11` is such a service: a hardware module or another token behind a library of its maker (PKCS #11, OASIS, 2.40).

Diagnostics: SealError when the service does not answer, refuses, or did not wrap this; the next request tries again.
"""

import hashlib
import secrets
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from config.key_service import KeyServiceSection
from config.secret_file import secret_of
from storage.day_keys import Master
from storage.seal import Seal, SealError

if TYPE_CHECKING:
    from pkcs11 import Session

_VERSION = b"\x02"
"""The first octet; what the key file sealed begins with another one (storage/seal.py)."""
_ID, _LENGTH, _NONCE = 4, 2, 12
_TAG_BITS = 128


class KeyService(Protocol):
    """Who wraps keys of 32 octets. Blocks; safe for threads."""

    @property
    def names(self) -> Sequence[str]:
        """Of the master keys, the one that wraps first."""

    def wrap(self, key: bytes, context: bytes) -> bytes:
        """Under the first master key, bound to `context`. Raises SealError."""

    def unwrap(self, name: str, wrapped: bytes, context: bytes) -> bytes:
        """What this master key wrapped with the same `context`. Raises SealError."""


class ServiceMaster:
    """The Master of storage/day_keys.py, by a service. `file` opens what the key file sealed before; with `leaving` it
    seals, too: the service is asked for what it still has to open."""

    def __init__(self, service: KeyService, file: Seal, *, leaving: bool = False) -> None:
        self._service = service
        self._file = file
        self._leaving = leaving
        self._names = {_id(name): name for name in service.names}

    @property
    def key_ids(self) -> tuple[str, ...]:
        """Those of the service, and of the key file."""
        ours = tuple(i.hex() for i in self._names)
        return (*self._file.key_ids, *ours) if self._leaving else (*ours, *self._file.key_ids)

    def seal(self, plain: bytes, aad: bytes) -> bytes:
        if self._leaving:
            return self._file.seal(plain, aad)
        key, nonce = secrets.token_bytes(32), secrets.token_bytes(_NONCE)
        wrapped = self._service.wrap(key, aad)
        head = _VERSION + next(iter(self._names)) + len(wrapped).to_bytes(_LENGTH, "big") + wrapped
        return head + nonce + AESGCM(key).encrypt(nonce, plain, head + aad)

    def open(self, sealed: bytes, aad: bytes) -> bytes:
        if sealed[:1] != _VERSION:
            return self._file.open(sealed, aad)
        start = 1 + _ID + _LENGTH
        end = start + int.from_bytes(sealed[1 + _ID : start], "big")
        name = self._names.get(sealed[1 : 1 + _ID])
        if name is None:
            raise SealError("sealed under a key that [key_service] does not name")
        key = self._service.unwrap(name, sealed[start:end], aad)
        try:
            return AESGCM(key).decrypt(sealed[end : end + _NONCE], sealed[end + _NONCE :], sealed[:end] + aad)
        except (InvalidTag, ValueError):
            raise SealError("the sealed keys were changed or moved") from None

    def is_current(self, sealed: bytes) -> bool:
        if self._leaving:
            return sealed[:1] != _VERSION and self._file.is_current(sealed)
        return sealed[: 1 + _ID] == _VERSION + next(iter(self._names))


def _id(name: str) -> bytes:
    return hashlib.sha256(b"key service" + name.encode()).digest()[:_ID]


class Pkcs11:
    """AES keys of a token, found by their labels, which wrap by AES-GCM inside it.

    The maker's library runs in our process and may hang: it is asked in a thread of its own, and given up after `seconds`;
    until that thread is back nobody else asks. Whatever it refuses is asked once more in a new session, as sessions end when
    a token goes or its server is started anew. A PIN that is wrong is not tried again: a token locks itself after a few.
    """

    def __init__(
        self, module: Path, token: str, names: Sequence[str], pin: str, seconds: float = 5.0
    ) -> None:
        self.names = tuple(names)
        self._module, self._token, self._pin = module, token, pin
        self._seconds = seconds
        self._keys: dict[str, Any] = {}
        self._session: Session | None = None
        self._refused = ""
        self._turn = threading.Lock()
        self._asked_at: float | None = None
        """When the request began that is not answered yet, by the clock since boot."""

    def __repr__(self) -> str:
        return f"Pkcs11({self._module}, {self._token})"

    def wrap(self, key: bytes, context: bytes) -> bytes:
        nonce = secrets.token_bytes(_NONCE)

        def ask() -> bytes:
            from pkcs11 import GCMParams, Mechanism

            by = GCMParams(nonce, context, _TAG_BITS)
            return bytes(
                self._key(self.names[0]).encrypt(key, mechanism=Mechanism.AES_GCM, mechanism_param=by)
            )

        return nonce + self._asked(ask)

    def unwrap(self, name: str, wrapped: bytes, context: bytes) -> bytes:
        def ask() -> bytes:
            from pkcs11 import GCMParams, Mechanism

            by = GCMParams(wrapped[:_NONCE], context, _TAG_BITS)
            sealed = wrapped[_NONCE:]
            return bytes(self._key(name).decrypt(sealed, mechanism=Mechanism.AES_GCM, mechanism_param=by))

        return self._asked(ask)

    def _asked(self, ask: Callable[[], bytes]) -> bytes:
        """Ask within the time that is given. Raises SealError."""
        hangs = self._asked_at is not None and time.monotonic() - self._asked_at > self._seconds
        if hangs or not self._turn.acquire(timeout=self._seconds):
            raise SealError(f"{self._told} does not answer")
        self._asked_at = time.monotonic()
        found: list[bytes | Exception] = []

        def run() -> None:
            try:
                found.append(self._twice(ask))
            except Exception as error:
                found.append(error)
            finally:
                self._asked_at = None
                self._turn.release()

        thread = threading.Thread(target=run, name="key service", daemon=True)
        thread.start()
        thread.join(self._seconds)
        if not found:
            raise SealError(f"{self._told} does not answer within {self._seconds:g} s")
        if isinstance(found[0], Exception):
            raise found[0]
        return found[0]

    def _twice(self, ask: Callable[[], bytes]) -> bytes:
        import pkcs11

        if self._refused:
            raise SealError(self._refused)
        for again in (True, False):
            try:
                if self._session is None:
                    self._open(pkcs11)
                return ask()
            except (pkcs11.PinIncorrect, pkcs11.PinLocked) as error:
                self._refused = f"{self._told} refuses the PIN; it is not tried again before a start"
                raise SealError(self._refused) from error
            except (pkcs11.PKCS11Error, RuntimeError) as error:
                self._keys, self._session = {}, None
                if not again:
                    raise SealError(f"{self._told}: {type(error).__name__} {error}".rstrip()) from error
        raise AssertionError

    def _open(self, pkcs11: Any) -> None:
        library = pkcs11.lib(str(self._module))
        library.reinitialize()  # a library that lost its token finds it again only so
        self._session = library.get_token(token_label=self._token).open(user_pin=self._pin)

    def _key(self, name: str) -> Any:
        import pkcs11

        assert self._session is not None
        if name not in self._keys:
            try:
                self._keys[name] = self._session.get_key(
                    object_class=pkcs11.ObjectClass.SECRET_KEY, label=name
                )
            except pkcs11.NoSuchKey:
                raise SealError(f"{self._told} has no key {name}") from None
            except pkcs11.MultipleObjectsReturned:
                raise SealError(f"{self._told} has several keys {name}") from None
        return self._keys[name]

    @property
    def _told(self) -> str:
        return f"key_service: the token {self._token}"


def master_of(section: KeyServiceSection, seal: Seal) -> Master:
    """Who has the key above the keys of contents: the service that is named, or else the key file. Raises ConfigError."""
    if section.module is None:
        return seal
    pin = secret_of("key_service.pin_file", section.pin_file)
    service = Pkcs11(section.module, section.token, section.keys, pin, section.seconds)
    return ServiceMaster(service, seal, leaving=section.leave)
