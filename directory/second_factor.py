"""The second factor of a login: codes of an authenticator (TOTP), and recovery codes for when it is lost (OPS-MFA).

A code is of 30 seconds, six digits, HMAC-SHA-1; the step before and the one after count as well. Each step is used once: the
statement that writes it down lets one of two who show its code pass, on whatever node. After FREE wrong codes in a row each
further one waits, twice as long every time; whoever gets so far knows the password. Recovery codes have 80 bits and do not
wait; only their digests are kept.

The secret is sealed for its person. A new one is `pending` until a code of it was shown.

Sources: RFC 6238; RFC 4226 §7.3; NIST SP 800-63B §5.1.2, §5.1.5, §5.2.2.
Diagnostics: SealError for a secret that was changed or moved; StoreError.
"""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Collection
from enum import StrEnum

import msgspec
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP

from directory.account import Account
from directory.passphrases import fresh, groups
from storage.border import of_all
from storage.day_seal import DaySeal
from storage.interfaces import Database, Row, Transaction
from storage.seal import Seal
from storage.statements import insert_into

STEP, DIGITS, SECRET = 30, 6, 20
"""Seconds and digits of a code; octets of a secret (RFC 4226 §4)."""
PENDING = 3_600.0
"""Seconds in which a new secret must have shown a code."""
FREE, PAUSE, LONGEST = 5, 30.0, 3_600.0
"""Wrong codes in a row without a wait; seconds of the first wait, and of the longest."""
CODES, CODE = 10, 16
"""Recovery codes, and the least characters of 5 bits that one has."""
DAY = 86_400.0

_ROW = "SELECT * FROM second_factor WHERE tenant = :tenant AND login = :login"
_ASK = (
    insert_into("second_factor", ("tenant", "login", "asked_at"))
    + " ON CONFLICT (tenant, login) DO UPDATE SET asked_at = COALESCE(second_factor.asked_at, excluded.asked_at)"
)
_BEGIN = (
    insert_into("second_factor", ("tenant", "login", "pending", "pending_at"))
    + " ON CONFLICT (tenant, login) DO UPDATE SET pending = excluded.pending, pending_at = excluded.pending_at"
)
_ENROL = (
    "UPDATE second_factor SET sealed = pending, pending = '', enrolled_at = :now, used_step = :step, failures = 0"
    " WHERE tenant = :tenant AND login = :login AND pending = :pending AND pending <> ''"
)
_USE = (
    "UPDATE second_factor SET used_step = :step, failures = 0"
    " WHERE tenant = :tenant AND login = :login AND sealed = :sealed AND used_step < :step"
)
"""Use a code up: of two who show it, one changes the row."""
_FAILED = "UPDATE second_factor SET failures = failures + 1, failed_at = :now WHERE tenant = :tenant AND login = :login"
_SUCCEEDED = "UPDATE second_factor SET failures = 0 WHERE tenant = :tenant AND login = :login"
_REMOVE = (
    "UPDATE second_factor SET sealed = '', pending = '', enrolled_at = 0, used_step = 0, failures = 0,"
    " asked_at = :asked_at WHERE tenant = :tenant AND login = :login"
)
_HAVING = "SELECT login FROM second_factor WHERE tenant = :tenant AND enrolled_at > 0"
_COUNT = "SELECT COUNT(*) AS number FROM recovery_code WHERE tenant = :tenant AND login = :login"
_ADD = insert_into("recovery_code", ("tenant", "login", "digest"))
_TAKE = "DELETE FROM recovery_code WHERE tenant = :tenant AND login = :login AND digest = :digest RETURNING digest"
"""Use a code up: of two who show it, one gets the row."""
_TAKE_ALL = "DELETE FROM recovery_code WHERE tenant = :tenant AND login = :login"
_SEALED = of_all("SELECT tenant, login, sealed FROM second_factor WHERE sealed <> ''")
_ANEW = (
    "UPDATE second_factor SET sealed = :anew WHERE tenant = :tenant AND login = :login AND sealed = :sealed"
)


class CodeShown(StrEnum):
    """What somebody showed, or that it was wrong, or not looked at: too many were wrong."""

    TOTP = "totp"
    RECOVERY = "recovery"
    WRONG = ""
    WAIT = "wait"

    @property
    def right(self) -> bool:
        return self in (CodeShown.TOTP, CodeShown.RECOVERY)


class FactorStanding(msgspec.Struct, frozen=True):
    """Whether somebody has a second factor. Times are UTC seconds: `enrolled_at` 0 for none, `asked_at` when it was first
    asked of them, None never. `codes`: recovery codes that are left."""

    asked_at: float | None = None
    enrolled_at: float = 0.0
    codes: int = 0


def asked_of(account: Account, roles: Collection[str]) -> bool:
    """True when the account has one of the roles that need a second factor."""
    return ("department_head" in roles and bool(account.head_of)) or any(r in roles for r in account.roles)


def due(standing: FactorStanding, since: float, days: float) -> float:
    """Until when somebody of whom it is asked may go on without; `since`: when this session began."""
    return (since if standing.asked_at is None else standing.asked_at) + days * DAY


def standing_in(transaction: Transaction, tenant: str, login: str) -> FactorStanding:
    whose = {"tenant": tenant, "login": login}
    rows = transaction.execute(_ROW, whose)
    if not rows:
        return FactorStanding()
    left = int(transaction.execute(_COUNT, whose)[0]["number"])
    return FactorStanding(rows[0]["asked_at"], float(rows[0]["enrolled_at"]), left)


def having(transaction: Transaction, tenant: str) -> frozenset[str]:
    """The logins of a tenant's people who have one."""
    return frozenset(str(row["login"]) for row in transaction.execute(_HAVING, {"tenant": tenant}))


def ask(transaction: Transaction, tenant: str, login: str, now: float) -> None:
    """A second factor is asked of somebody, if it was not before: their time to set one up begins."""
    transaction.execute(_ASK, {"tenant": tenant, "login": login, "asked_at": now})


def remove(transaction: Transaction, tenant: str, login: str, asked_at: float) -> None:
    """Take it away, with its recovery codes; `asked_at` 0: no time is left to set up another one."""
    whose = {"tenant": tenant, "login": login}
    transaction.execute(_REMOVE, {**whose, "asked_at": asked_at})
    transaction.execute(_TAKE_ALL, whose)


def fresh_codes(transaction: Transaction, tenant: str, login: str) -> tuple[str, ...]:
    """New recovery codes instead of those that were there. They are shown now and never again."""
    whose = {"tenant": tenant, "login": login}
    codes = tuple(fresh(CODE) for _ in range(CODES))
    transaction.execute(_TAKE_ALL, whose)
    transaction.executemany(_ADD, [{**whose, "digest": _digest(code)} for code in codes])
    return tuple("-".join(groups(code)) for code in codes)


class SecondFactors:
    """Makes secrets and looks at codes, each in the transaction of who asks."""

    def __init__(self, seal: DaySeal) -> None:
        self._seal = seal

    def begin(self, transaction: Transaction, tenant: str, login: str, now: float) -> bytes:
        """A new secret, which counts once a code of it was shown; the one in use stays until then."""
        made = secrets.token_bytes(SECRET)
        sealed = base64.b64encode(self._seal.seal(made, _bound(tenant, login), "")).decode()
        row = {"tenant": tenant, "login": login, "pending": sealed, "pending_at": now}
        transaction.execute(_BEGIN, row)
        return made

    def pending(
        self, transaction: Transaction, tenant: str, login: str, now: float, *, lock: bool = False
    ) -> bytes | None:
        """The secret that is being set up, None for none or an old one; `lock`: for who takes it into use."""
        row = self._row(transaction, tenant, login, lock=lock)
        if row is None or not row["pending"] or row["pending_at"] <= now - PENDING:
            return None
        return self._opened(row, "pending")

    def enrol(self, transaction: Transaction, tenant: str, login: str, code: str, now: float) -> bool:
        """Take the pending secret into use, when this is a code of it. The code is used up by it."""
        secret = self.pending(transaction, tenant, login, now, lock=True)
        step = _step_of(secret, _plain(code), now) if secret else None
        row = self._row(transaction, tenant, login)
        if step is None or row is None:
            return False
        values = {"tenant": tenant, "login": login, "now": now, "step": step, "pending": row["pending"]}
        transaction.execute(_ENROL, values)
        return transaction.changed() == 1

    def shown(self, transaction: Transaction, tenant: str, login: str, code: str, now: float) -> CodeShown:
        """What this code is; one that is right is used up."""
        whose, plain = {"tenant": tenant, "login": login}, _plain(code)
        row = self._row(transaction, tenant, login)
        if row is None or not row["enrolled_at"]:
            return CodeShown.WRONG
        if len(plain) >= CODE:
            if transaction.execute(_TAKE, {**whose, "digest": _digest(plain)}):
                transaction.execute(_SUCCEEDED, whose)
                return CodeShown.RECOVERY
            return CodeShown.WRONG
        if now < row["failed_at"] + wait(row["failures"]):
            return CodeShown.WAIT
        step = _step_of(self._opened(row, "sealed"), plain, now)
        if step is not None:
            transaction.execute(_USE, {**whose, "sealed": row["sealed"], "step": step})
            if transaction.changed() == 1:
                return CodeShown.TOTP
        transaction.execute(_FAILED, {**whose, "now": now})
        return CodeShown.WRONG

    def _row(self, transaction: Transaction, tenant: str, login: str, *, lock: bool = True) -> Row | None:
        suffix = transaction.for_update if lock else ""  # PostgreSQL locks no row for who only reads
        rows = transaction.execute(_ROW + suffix, {"tenant": tenant, "login": login})
        return rows[0] if rows else None

    def _opened(self, row: Row, column: str) -> bytes:
        return self._seal.open(base64.b64decode(row[column]), _bound(row["tenant"], row["login"]))


def wait(failures: int) -> float:
    """Seconds behind the last wrong code in which no other is looked at."""
    return 0.0 if failures < FREE else min(LONGEST, PAUSE * 2.0 ** min(failures - FREE, 16))


async def older(database: Database, seal: Seal, *, anew: bool = False) -> int:
    """How many secrets lie under older keys; with `anew` how many still do once the rest was put under the current one."""

    def under_older(transaction: Transaction) -> list[Row]:
        rows = transaction.execute(_SEALED)
        known = ("", seal.key_ids[0])  # "": of a key that nobody has
        return [row for row in rows if seal.key_of(base64.b64decode(row["sealed"])) not in known]

    def put(transaction: Transaction) -> None:
        for row in under_older(transaction):
            bound = _bound(row["tenant"], row["login"])
            made = seal.seal(seal.open(base64.b64decode(row["sealed"]), bound), bound)
            transaction.execute(
                _ANEW,
                {"tenant": row["tenant"], "login": row["login"], "sealed": row["sealed"],
                 "anew": base64.b64encode(made).decode()},
            )  # fmt: skip

    if anew:
        await database.write(put)
    return len(await database.read(under_older))


def key_of(secret: bytes) -> str:
    """The secret as people type it: base32."""
    return base64.b32encode(secret).decode()


def uri_of(secret: bytes, account: Account, issuer: str) -> str:
    """The secret as an authenticator reads it from a picture (otpauth://)."""
    name = account.login if account.tenant == "default" else f"{account.tenant}/{account.login}"
    return _totp(secret).get_provisioning_uri(name, issuer).replace("+", "%20")  # not all read "+" as a space


def _totp(secret: bytes) -> TOTP:
    return TOTP(secret, DIGITS, SHA1(), STEP)  # noqa: S303 (what every authenticator does: RFC 6238 §1.2)


def _step_of(secret: bytes, plain: str, now: float) -> int | None:
    """The step whose code this is: this one, the one before or after; None for a wrong one."""
    found, this, totp = None, int(now // STEP), _totp(secret)
    for step in (this, this - 1, this + 1):
        if hmac.compare_digest(totp.generate(step * STEP), plain.encode()):
            found = step
    return found


def _plain(code: str) -> str:
    """As it is compared: people type spaces and hyphens, and full-width digits."""
    return "".join(_DIGITS.get(c, c) for c in code[:200].lower() if c.isalnum())


_DIGITS = {chr(0xFF10 + number): str(number) for number in range(10)}


def _digest(code: str) -> str:
    return hashlib.sha256(code.encode()).hexdigest()


def _bound(tenant: str, login: str) -> bytes:
    return f"second factor\0{tenant}\0{login}".encode()
