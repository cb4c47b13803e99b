"""Passwords of people: how they are kept (argon2id) and which ones are refused (OPS-PASSWORD).

Hashing costs 19 MiB and some tens of milliseconds, so it runs in a small thread pool with a bounded line
in front of it; an unknown login costs the same work as a wrong password (no account can be guessed by time).

Diagnostics: StoreError when the line is full: nothing was checked, the peer shall come back (451, "busy").
"""

import asyncio
import re
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import TypeVar

import argon2

from config.dictionary import is_words
from config.strength import COMMON, ROWS
from storage.interfaces import StoreError

T = TypeVar("T")

MINIMUM = 8
MAXIMUM = 256
_LEET = str.maketrans("013457@$!", "oleastasi")
_DATE = re.compile(
    r"(19|20)\d\d(0[1-9]|1[0-2])?(0[1-9]|[12]\d|3[01])?|(?<!\d)\d{2}(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(?!\d)"
)


def weaknesses(password: str, names: Iterable[str] = ()) -> list[str]:
    """Why OPS-PASSWORD refuses this password, as keys of the console's words; [] when it may be used.

    `names` are the person's login, names and addresses: no part of them of three or more characters may occur.
    """
    found = []
    if not MINIMUM <= len(password) <= MAXIMUM:
        found.append("password_length")
    kinds = {_kind(c) for c in password}
    if len(kinds) < 3:
        found.append("password_kinds")
    plain = password.lower()
    parts = {p for name in names for p in re.split(r"[\W_]+", name.lower()) if len(p) >= 3}
    if any(p in plain for p in parts):
        found.append("password_name")
    if _DATE.search(password):
        found.append("password_date")
    letters = re.sub(r"[^a-z]", "", plain)
    if any(w in plain or w in plain.translate(_LEET) or w in letters for w in COMMON):
        found.append("password_common")
    elif is_words(password):
        found.append("password_word")
    if _sequence(plain):
        found.append("password_sequence")
    return found


def _kind(character: str) -> str:
    if character.islower():
        return "lower"
    if character.isupper():
        return "upper"
    return "digit" if character.isdigit() else "other"


def _sequence(plain: str) -> bool:
    """True when four neighbours are equal, or neighbours in the alphabet, the digits or on the keyboard."""
    for i in range(len(plain) - 3):
        run = plain[i : i + 4]
        if len(set(run)) == 1 or any(run in row or run[::-1] in row for row in ROWS):
            return True
    return False


_ARGON = argon2.PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)


@cache
def _nobody() -> str:
    """The hash of a password that nobody has."""
    return _ARGON.hash("nobody has this password")


class Hasher:
    """argon2id with the parameters OWASP recommends (19 MiB, 2 passes), off the event loop.

    At most `line` checks wait or run at one time.
    """

    def __init__(self, *, threads: int = 2, line: int = 64) -> None:
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="argon2")
        self._line = line
        self._waiting = 0
        self._nobody = _nobody()

    async def hash(self, password: str) -> str:
        return await self._run(lambda: _ARGON.hash(password))

    async def verify(self, kept: str, password: str) -> bool:
        """True when `password` belongs to the hash `kept`. An empty `kept` is false, after the same work."""
        return await self._run(lambda: self._verify(kept, password))

    def outdated(self, kept: str) -> bool:
        """True when the hash was made with other parameters than today's."""
        return _ARGON.check_needs_rehash(kept)

    def close(self) -> None:
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _verify(self, kept: str, password: str) -> bool:
        try:
            return _ARGON.verify(kept or self._nobody, password[:MAXIMUM]) and bool(kept)
        except (argon2.exceptions.VerificationError, argon2.exceptions.InvalidHashError):
            return False

    async def _run(self, work: Callable[[], T]) -> T:
        if self._waiting >= self._line:
            raise StoreError("too many password checks at the same time")
        self._waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._pool, work)
        finally:
            self._waiting -= 1
