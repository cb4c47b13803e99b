"""Sessions of people who are logged in: rows in the database, so that logging out, disabling and a new password end them.

The cookie and the one-time code are random; only their SHA-256 is stored, so a stolen database opens no
session. A session ends after IDLE seconds without a request and LIFE seconds in any case.
"""

import hashlib
import secrets
from collections.abc import Callable

import msgspec

from directory.passphrases import fresh, groups
from storage.border import of_all
from storage.bound import bound
from storage.interfaces import Database, Transaction
from storage.statements import insert_into

IDLE = 3600.0
LIFE = 12 * 3600.0
AGENT = 60
"""Characters of the name of a browser."""
HALF_LIFE = 600.0
"""Seconds for which a session waits for the second factor."""
CODE_LIFE = 3600.0
_SEEN = 60.0  # seconds between two writes of the same session's seen_at


class LoginSession(msgspec.Struct, frozen=True):
    """Who is here.

    once       after a one-time code: only the page for a new password opens
    half       after a password, of somebody who has a second factor: only the page that asks for it opens
    factor     the second factor that was shown in it, "" for none
    proved_at  when somebody last showed in it who they are (UTC seconds)
    agent      what browser it is, as it says itself
    """

    digest: str
    tenant: str
    login: str
    form_token: str
    peer: str
    language: str
    once: bool
    started_at: float
    seen_at: float
    half: bool = False
    factor: str = ""
    proved_at: float = 0.0
    agent: str = ""


_START = insert_into("console_sessions", LoginSession.__struct_fields__)
_LIVING = of_all(
    "SELECT * FROM console_sessions WHERE digest = :digest AND seen_at > :idle AND started_at > :life"
    " AND (half = 0 OR started_at > :half_life)"
)
"""The session of a cookie, unless it has ended by itself."""
_WAS_SEEN = of_all("UPDATE console_sessions SET seen_at = :now WHERE digest = :digest")
_END = of_all("DELETE FROM console_sessions WHERE digest = :digest")
_NO_FACTOR = "UPDATE console_sessions SET factor = '' WHERE tenant = :tenant AND login = :login"
_END_ALL = "DELETE FROM console_sessions WHERE tenant = :tenant AND login = :login"
_OF = (
    "SELECT * FROM console_sessions WHERE tenant = :tenant AND login = :login AND seen_at > :idle AND started_at > :life"
    " AND half = 0 ORDER BY seen_at DESC LIMIT 100"
)
"""Somebody's living sessions, the one used last first."""
_END_ONE = "DELETE FROM console_sessions WHERE tenant = :tenant AND login = :login AND digest = :digest"
_END_OTHERS = "DELETE FROM console_sessions WHERE tenant = :tenant AND login = :login AND digest <> :digest"
_END_EVERYBODY = "DELETE FROM console_sessions WHERE tenant = :tenant"
_END_OLD = of_all("DELETE FROM console_sessions WHERE seen_at <= :idle OR started_at <= :life")
_ISSUE = insert_into("console_codes", ("digest", "tenant", "login", "expires_at"))
_REDEEM = of_all(
    "DELETE FROM console_codes WHERE digest = :digest AND expires_at > :now RETURNING tenant, login"
)
"""Use a code up: of two who have it, one gets the row."""
_REVOKE = "DELETE FROM console_codes WHERE tenant = :tenant AND login = :login"
_REVOKE_OLD = of_all("DELETE FROM console_codes WHERE expires_at <= :now")


class Sessions:
    """All sessions and one-time codes."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def find(self, cookie: str, now: float) -> LoginSession | None:
        """The living session of a cookie, and a note that it was used."""
        if not cookie or len(cookie) > 200:
            return None
        rows = await self._database.read(lambda t: t.execute(_LIVING, _living(cookie, now)))
        if not rows:
            return None
        session = LoginSession(**{f: rows[0][f] for f in LoginSession.__struct_fields__})
        if now - session.seen_at > _SEEN:
            await self._do(lambda t: t.execute(_WAS_SEEN, {"now": now, "digest": session.digest}))
        return msgspec.structs.replace(session, once=bool(session.once), half=bool(session.half))

    async def of(self, tenant: str, login: str, now: float) -> list[LoginSession]:
        """Somebody's living sessions, the one used last first."""
        values = {"tenant": tenant, "login": login, "idle": now - IDLE, "life": now - LIFE}
        rows = await bound(self._database, tenant).read(lambda t: t.execute(_OF, values))
        return [LoginSession(**{f: row[f] for f in LoginSession.__struct_fields__}) for row in rows]

    async def end(self, cookie: str) -> None:
        await self._do(lambda t: t.execute(_END, {"digest": _digest(cookie)}))

    async def sweep(self, now: float) -> None:
        """Forget what has ended by itself."""

        def operation(transaction: Transaction) -> None:
            transaction.execute(_END_OLD, {"idle": now - IDLE, "life": now - LIFE})
            transaction.execute(_REVOKE_OLD, {"now": now})

        await self._do(operation)

    async def issue_code(self, tenant: str, login: str, now: float, seconds: float = CODE_LIFE) -> str:
        """A one-time code (100 bits) that opens a session for setting a password; older ones of the person die."""
        code = fresh(20)

        def operation(transaction: Transaction) -> None:
            issue(transaction, tenant, login, code, now + seconds)

        await bound(self._database, tenant).write(operation)
        return "-".join(groups(code))

    async def _do(self, operation: Callable[[Transaction], object]) -> None:
        await self._database.write(operation)


def start(
    transaction: Transaction,
    tenant: str,
    login: str,
    peer: str,
    now: float,
    *,
    language: str = "",
    once: bool = False,
    half: bool = False,
    factor: str = "",
    proved_at: float | None = None,
    agent: str = "",
    since: float | None = None,
    instead_of: str = "",
) -> str:
    """A new session; returns its cookie. Every login, and each further proof, gets a new one (no fixation); the one of the
    cookie `instead_of` ends. `since`: when the person came in, if not now. Whoever starts one sees to it in the same
    transaction that its reason still holds."""
    cookie = secrets.token_urlsafe(32)
    row = {
        "digest": _digest(cookie),
        "tenant": tenant,
        "login": login,
        "form_token": secrets.token_urlsafe(24),
        "peer": peer,
        "language": language,
        "once": int(once),
        "started_at": now if since is None else since,
        "seen_at": now,
        "half": int(half),
        "factor": factor,
        "proved_at": now if proved_at is None else proved_at,
        "agent": agent[:AGENT],
    }
    if instead_of:
        transaction.execute(_END, {"digest": _digest(instead_of)})
    transaction.execute(_START, row)
    return cookie


def is_there(transaction: Transaction, cookie: str, now: float) -> bool:
    """True when the session of a cookie lives in this transaction."""
    return bool(transaction.execute(_LIVING, _living(cookie, now)))


def issue(transaction: Transaction, tenant: str, login: str, code: str, until: float) -> None:
    """Let a one-time code open the page for a password; older ones of the person die."""
    transaction.execute(_REVOKE, {"tenant": tenant, "login": login})
    row = {"digest": _digest(code), "tenant": tenant, "login": login, "expires_at": until}
    transaction.execute(_ISSUE, row)


def redeem(transaction: Transaction, code: str, now: float) -> tuple[str, str] | None:
    """Tenant and login of a code, which is used up by this; None for a wrong, used or old one."""
    plain = "".join(c for c in code.lower() if c.isalnum())[:64]
    rows = transaction.execute(_REDEEM, {"digest": _digest(plain), "now": now})
    return (str(rows[0]["tenant"]), str(rows[0]["login"])) if rows else None


def forget_factor(transaction: Transaction, tenant: str, login: str) -> None:
    """Nobody has shown a second factor that is gone: what asks for one asks again."""
    transaction.execute(_NO_FACTOR, {"tenant": tenant, "login": login})


def end_all(transaction: Transaction, tenant: str, login: str) -> None:
    """End every code and session of a person: with a new password, and when they are disabled. The codes first: a session
    that one of them opens at this moment is there then, and ends, too."""
    for statement in (_REVOKE, _END_ALL):
        transaction.execute(statement, {"tenant": tenant, "login": login})


def end_one(transaction: Transaction, tenant: str, login: str, digest: str) -> bool:
    """End one of somebody's sessions; False when there is none of this digest."""
    transaction.execute(_END_ONE, {"tenant": tenant, "login": login, "digest": digest})
    return transaction.changed() == 1


def end_others(transaction: Transaction, session: LoginSession) -> int:
    """End every session of its person but this one, and every code; how many."""
    whose = {"tenant": session.tenant, "login": session.login}
    transaction.execute(_REVOKE, whose)
    transaction.execute(_END_OTHERS, {**whose, "digest": session.digest})
    return transaction.changed()


def end_everybody(transaction: Transaction, tenant: str) -> None:
    """End every session of an organisation."""
    transaction.execute(_END_EVERYBODY, {"tenant": tenant})


def _living(cookie: str, now: float) -> dict[str, object]:
    return {"digest": _digest(cookie), "idle": now - IDLE, "life": now - LIFE, "half_life": now - HALF_LIFE}


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
