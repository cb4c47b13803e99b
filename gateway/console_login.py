"""Logging in to the console, and the first code of a new site.

There is no initial password: a site without an administrator who can log in prints a one-time code at its start.
"""

import os
from pathlib import Path

import msgspec
import structlog

from config.log_events import LogEvent
from config.tenant import DEFAULT, EVERY
from config.words import LANGUAGES, say
from directory.account import Account, Role
from directory.logins import Logins, TooManyFailures
from directory.people import People, Proven
from directory.sessions import CODE_LIFE, Sessions
from mail.networks import Networks

log = structlog.get_logger()

FIRST = "admin"
"""Login of the account that is made when a site has no administrator at all."""
_HERE = Networks(("127.0.0.0/8", "::1"))


class ConsoleLogin:
    """Password checks for the console, and the first code. Names of accounts are logged only when they exist.

    `trusted`: networks that have no counter of their own. This machine has one all the same: what comes to the console
    from here came by a web server that nobody named, and speaks for everybody.
    """

    def __init__(self, logins: Logins, people: People, sessions: Sessions, trusted: Networks) -> None:
        self._logins = logins
        self._people = people
        self._sessions = sessions
        self._trusted = trusted

    async def authenticate(
        self, login: str, password: str, peer: str, tenant: str, device: str
    ) -> Proven | None:
        """As Logins.check."""
        counted = peer not in self._trusted or peer in _HERE
        try:
            found = await self._logins.check(
                login, password, peer, tenant=tenant, device=device, counted=counted, said=True
            )
        except TooManyFailures:
            log.warning(LogEvent.LOGIN_BLOCKED, door="console", peer=peer)
            raise
        if found is None:
            log.warning(LogEvent.LOGIN_FAILED, door="console", peer=peer)
        else:
            whose = found.account
            log.info(LogEvent.LOGIN, door="console", peer=peer, login=whose.login, tenant=whose.tenant)
        return found

    async def first_code(self, now: float) -> tuple[str, str] | None:
        """(login, one-time code) when no administrator can log in yet, else None. The code opens /once.

        It is meant for the terminal or the log of the first start, and worthless after CODE_LIFE or one use.
        """
        administrators = [a for a in await self._people.all(EVERY) if a.has(Role.ADMINISTRATOR)]
        for account in administrators:
            if await self._people.has_password(account.tenant, account.login):
                return None
        if administrators:
            account = administrators[0]
        else:
            known = await self._people.account(DEFAULT, FIRST)
            account = known or Account(
                FIRST, {tag: say(tag, "values.role.administrator") for tag in LANGUAGES}
            )
            account = msgspec.structs.replace(account, roles=(Role.ADMINISTRATOR,), disabled=False)
            await self._people.save(account, now)
        return account.login, await self._sessions.issue_code(account.tenant, account.login, now, CODE_LIFE)


async def announce_first(login: ConsoleLogin, now: float, url: str, note: Path) -> None:
    """Where no administrator can log in yet, put a one-time code into the file `note`, and say in the log that it is
    there: logs are shipped and kept, and this code opens the console."""
    first = await login.first_code(now)
    text = "{url}/once\nlogin: {0}\ncode: {1}\n".format(*first, url=url) if first else ""
    _write_private(note, text)
    if first:
        log.warning(LogEvent.FIRST_LOGIN, login=first[0], file=str(note))


def _write_private(path: Path, text: str) -> None:
    """Replace a file by one that only its owner can read; by none when there is nothing to write."""
    path.unlink(missing_ok=True)
    if text:
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
