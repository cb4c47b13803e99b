"""Small secrets under the keys of days (storage/day_keys.py): they end as contents do, in every copy of the database.

    0x02 | length of the name | name | nonce, 12 octets | AES-256-GCM of the secret

The name is that of a content beside which the secret is kept, and with which it ends (a generated passphrase and its
archive), or one of its own (an agreement in the vault). What was sealed by earlier versions, under the master key alone, is
opened as well.

Diagnostics: SealError for a secret that was changed, moved or erased; StoreError when no key can be had.
"""

import hmac
import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from storage import keys
from storage.day_keys import DayKeys
from storage.interfaces import StoreError
from storage.seal import Seal, SealError

_FORM = 2
_NONCE = 12


class DaySeal:
    """Seals and opens. Without `day_keys`, and beside a content that has no key, the master key itself seals."""

    def __init__(self, master: Seal, day_keys: DayKeys | None = None) -> None:
        self._master = master
        self._day_keys = day_keys

    async def fresh(self, tenant: str) -> str:
        """A name for a secret of its own, of today; "" where there are no keys of days. Raises StoreError."""
        return "" if self._day_keys is None else keys.new_key(tenant, 0, await self._day_keys.today(tenant))

    def seal(self, plain: bytes, aad: bytes, name: str) -> bytes:
        """Sealed under the key of this name, bound to it and to `aad`. Raises StoreError."""
        if self._day_keys is None or not name or keys.day_of(name) is None:
            return self._master.seal(plain, aad)
        nonce, written = secrets.token_bytes(_NONCE), name.encode()
        head = bytes([_FORM, len(written)]) + written
        return head + nonce + self._cipher(self._day_keys, name).encrypt(nonce, plain, head + aad)

    @staticmethod
    def is_of_day(sealed: bytes) -> bool:
        """Whether it was sealed under the key of a day, and not under the master key itself."""
        return sealed[:1] == bytes([_FORM])

    def open(self, sealed: bytes, aad: bytes) -> bytes:
        """What was sealed with the same `aad`. Raises SealError."""
        if not self.is_of_day(sealed):
            return self._master.open(sealed, aad)
        end = 2 + int.from_bytes(sealed[1:2])
        head, rest = sealed[:end], sealed[end:]
        if self._day_keys is None:
            raise SealError("sealed under the key of a day, and there are none")
        try:
            cipher = self._cipher(self._day_keys, head[2:].decode("ascii"))
            return cipher.decrypt(rest[:_NONCE], rest[_NONCE:], head + aad)
        except StoreError as error:  # also Erased
            raise SealError(str(error)) from error
        except (InvalidTag, ValueError):
            raise SealError("the sealed secret was changed or moved") from None

    @staticmethod
    def _cipher(day_keys: DayKeys, name: str) -> AESGCM:
        """Of a key that is not the one under which the content of this name has its data key."""
        return AESGCM(hmac.digest(day_keys.of(name), b"secret", "sha256"))
