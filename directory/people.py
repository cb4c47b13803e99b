"""People: accounts, their addresses and roles, and who is whose head (OPS-ACCOUNT, OPS-DUTY).

The database is the truth; a people file (TOML) is read at start and makes its rows equal to itself. Questions
read the database, so that a person who is disabled on one node is disabled on all at once; only `person`, which
is asked for each mail, may be AGE seconds behind what another node wrote.

Diagnostics: ConfigError lists everything that is wrong with a people file; nothing of it is taken then.
"""

import asyncio
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import msgspec

from config.policy import ConfigError, Organisation
from config.tenant import DEFAULT, EVERY
from config.words import LANGUAGES
from directory.account import Account, canonical
from directory.answer_cache import Recent
from directory.passwords import Hasher, weaknesses
from directory.people_file import read_people
from directory.sessions import end_all
from filters.facts import Person
from mail.address import without_tag
from storage.interfaces import Database, Row, StoreError, Transaction
from storage.statements import insert_into

AGE = 2.0
"""Seconds for which `person` remembers: how long somebody who was disabled on another node may go on."""

JSON = ("name", "addresses", "send_as", "head_of", "roles", "attributes", "private")
"""Columns that hold more than one value, as JSON."""

OWNER_AGE = 60.0
"""Seconds for which it is remembered who is behind an address: their language, and the policy's groups for mail to them, may
be late."""

_BY_LOGIN = "SELECT * FROM people WHERE tenant = :tenant AND login = :login"
_BY_NAME = (
    "SELECT * FROM people WHERE (tenant = :tenant OR :tenant = '') AND login = :name"
    " ORDER BY CASE WHEN tenant = 'default' THEN 0 ELSE 1 END, tenant LIMIT 3"
)
"""The accounts of that login, in one tenant or in all: the default one's first."""
_BY_NAMED_ADDRESS = (
    "SELECT p.* FROM people p JOIN people_addresses a ON a.tenant = p.tenant AND a.login = p.login"
    " WHERE (a.tenant = :tenant OR :tenant = '') AND a.address = :name"
    " ORDER BY CASE WHEN p.tenant = 'default' THEN 0 ELSE 1 END, p.tenant LIMIT 3"
)
"""The same by an address."""
_BY_ADDRESS = (
    "SELECT p.* FROM people p JOIN people_addresses a ON a.tenant = p.tenant AND a.login = p.login"
    " WHERE a.tenant = :tenant AND a.address IN (:whole, :base)"
    " ORDER BY CASE WHEN a.address = :whole THEN 0 ELSE 1 END"
)
"""Who owns an address, with or without its sub-address."""
_PRIVATE = "SELECT private FROM people WHERE tenant = :tenant AND private <> '[]' AND disabled = 0"
_ALL = "SELECT * FROM people WHERE tenant = :tenant OR :tenant = '' ORDER BY tenant, login"
"""Everybody of a tenant, or of all."""
_SET_HASH = "UPDATE people SET password_hash = :hash WHERE tenant = :tenant AND login = :login"
_SET_HASH_AGAIN = f"{_SET_HASH} AND password_hash = :kept"
"""The same password with today's parameters, unless there is another one meanwhile."""
_SET_FILE_HASH = (
    "UPDATE people SET password_hash = :hash, file_hash = :hash"
    " WHERE tenant = :tenant AND login = :login AND file_hash <> :hash"
)
"""The hash of a people file, when it is new there: a password that was set later goes before an old one of the file."""
_LET_IN = (
    "SELECT password_hash FROM people"
    " WHERE tenant = :tenant AND login = :login AND password_hash = :kept AND disabled = 0"
)
_IN_FORCE = "SELECT tenant, login FROM people WHERE source = 'file' AND disabled = 0"
"""Who came from a file and may log in."""
_DISABLE = "UPDATE people SET disabled = 1, changed_at = :now WHERE tenant = :tenant AND login = :login"
_OWNER = "SELECT login FROM people_addresses WHERE tenant = :tenant AND address = :address"
_FREE = "DELETE FROM people_addresses WHERE tenant = :tenant AND login = :login"
_FREE_FILE = (
    "DELETE FROM people_addresses WHERE EXISTS (SELECT 1 FROM people p WHERE p.tenant = people_addresses.tenant"
    " AND p.login = people_addresses.login AND p.source = 'file')"
)
"""The addresses of all who came from a file: they may move from one to another."""
_OWN = insert_into("people_addresses", ("tenant", "address", "login"))
_WRITTEN = (*Account.__struct_fields__, "source", "changed_at")
_SAVE = f"{insert_into('people', _WRITTEN)} ON CONFLICT (tenant, login) DO UPDATE SET " + ", ".join(
    f"{name} = excluded.{name}" for name in _WRITTEN if name not in ("tenant", "login")
)
"""An account, new or changed; its password is not among the columns."""


class PasswordRefused(Exception):
    """OPS-PASSWORD refuses the password; `reasons` are keys of the console's words."""

    def __init__(self, reasons: list[str]) -> None:
        super().__init__(", ".join(reasons))
        self.reasons = reasons


class Proven(msgspec.Struct, frozen=True):
    """An account, and the hash by which a password was theirs. What is done for them because of it is done only as long
    as `stands_in` is true, in the transaction that does it."""

    account: Account
    kept: str

    def __repr__(self) -> str:
        return f"Proven({self.account.tenant}/{self.account.login})"


class People:
    """Everybody who has an account."""

    def __init__(
        self,
        database: Database,
        hasher: Hasher | None = None,
        *,
        language: Callable[[], str] = lambda: Organisation().language,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`language` answers the organisation's: that of people who have none, or one that has no files any more."""
        self._database = database
        self._language = language
        self._hasher = hasher or Hasher()
        self._recent: Recent[tuple[str, str], tuple[Person | None, str]] = Recent(clock)
        self._owners: Recent[tuple[str, str], Person | None] = Recent(clock)
        self._private: Recent[str, frozenset[str]] = Recent(clock)

    async def authenticate(self, login: str, password: str, tenant: str) -> Proven | None:
        """Whose password it is, when it is right and the account is not disabled, else None.

        `login` may be one of the person's addresses; without `tenant` see `named`. Constant work for unknown and
        disabled accounts and for accounts without a password. Raises StoreError when too many checks wait already.
        """
        while True:
            row = await self._named(login, tenant)
            kept = "" if row is None or row["disabled"] else str(row["password_hash"])
            if not await self._hasher.verify(kept, password) or row is None:
                return None
            found = self._spoken(_account(row))
            if not self._hasher.outdated(kept):
                return Proven(found, kept)
            renewed = await self._hasher.hash(password)
            if await self._replaced(found, kept, renewed):
                return Proven(found, renewed)
            # Another login has done the same, or there is a new password: whatever it is, it is asked again.

    async def stands(self, proven: Proven) -> bool:
        """True while the password is still the account's, and it is not disabled; AGE seconds old, as `person`."""
        person, kept = await self._recently(proven.account.tenant, proven.account.login)
        return person is not None and kept == proven.kept

    async def named(self, name: str, tenant: str) -> Account | None:
        """Whom a login or an address means in a tenant, disabled or not. For somebody who does not say in which (EVERY),
        the default tenant's goes before others, and of several others none is meant; "TENANT/LOGIN" says it."""
        row = await self._named(name, tenant)
        return None if row is None else self._spoken(_account(row))

    async def _named(self, name: str, tenant: str) -> Row | None:
        first, slash, rest = canonical(name)[:320].partition("/")
        if slash and not tenant:
            tenant, first = first, rest
        elif slash:
            first = f"{first}/{rest}"
        values = {"name": first, "tenant": tenant}

        def operation(transaction: Transaction) -> list[Row]:
            return transaction.execute(_BY_NAME, values) or transaction.execute(_BY_NAMED_ADDRESS, values)

        rows = await self._database.read(operation)
        clear = len(rows) == 1 or (rows and rows[0]["tenant"] == DEFAULT)
        return rows[0] if clear else None

    async def account(self, tenant: str, login: str) -> Account | None:
        """The account, disabled or not."""
        found = await self._database.read(lambda t: account_in(t, tenant, login))
        return None if found is None else self._spoken(found)

    async def person(self, tenant: str, login: str) -> Person | None:
        """What rules need to know of somebody who is not disabled."""
        return (await self._recently(tenant, login))[0]

    async def _recently(self, tenant: str, login: str) -> tuple[Person | None, str]:
        """What rules need to know, and the hash of the password."""
        if recent := self._recent.get((tenant, login)):
            return recent[0]
        row = await self._one(_BY_LOGIN, tenant=tenant, login=canonical(login))
        person = None if row is None or row["disabled"] else self._spoken(_account(row)).person
        found = (person, "" if row is None else str(row["password_hash"]))
        self._recent.keep((tenant, login), found, AGE)
        return found

    async def owner_of(self, tenant: str, address: str) -> Account | None:
        """Whose address this is (sub-addresses `local+tag@` included), disabled or not."""
        row = await self._one(_BY_ADDRESS, tenant=tenant, whole=address.lower(), base=without_tag(address))
        return None if row is None else self._spoken(_account(row))

    async def readers(self, tenant: str, addresses: Iterable[str]) -> list[Account]:
        """Who can be told of mail to these addresses: their owners, and those who share an address that has none."""
        found: dict[str, Account] = {}
        shared = set()
        for address in dict.fromkeys(without_tag(a) for a in addresses):
            owner = await self.owner_of(tenant, address)
            if owner is None:
                shared.add(address)
            else:
                found[owner.login] = owner
        if shared:
            found |= {a.login: a for a in await self.all(tenant) if shared & set(a.mailboxes)}
        return [a for a in found.values() if not a.disabled and a.addresses]

    async def languages(self, tenant: str, addresses: Iterable[str]) -> dict[str, str]:
        """The language of the person behind each address; addresses of nobody are absent. May be OWNER_AGE old."""
        return {address: who.language for address, who in (await self.behind(tenant, addresses)).items()}

    async def behind(self, tenant: str, addresses: Iterable[str]) -> dict[str, Person]:
        """Our people by the addresses of theirs among these, sub-addresses included; disabled ones as well. May be
        OWNER_AGE old."""
        found = {}
        for address in addresses:
            recent = self._owners.get((tenant, address))
            if recent is None:
                owner = await self.owner_of(tenant, address)
                recent = (owner.person if owner is not None else None,)
                self._owners.keep((tenant, address), recent[0], OWNER_AGE)
            if recent[0] is not None:
                found[address] = recent[0]
        return found

    async def private(self, tenant: str, addresses: Iterable[str]) -> frozenset[str]:
        """Those of the addresses that are private ones of our people. May be OWNER_AGE old."""
        recent = self._private.get(tenant)
        if recent is None:
            rows = await self._database.read(lambda t: t.execute(_PRIVATE, {"tenant": tenant}))
            kept = frozenset(without_tag(a) for row in rows for a in msgspec.json.decode(row["private"]))
            self._private.keep(tenant, kept, OWNER_AGE)
            recent = (kept,)
        return frozenset(address for address in addresses if without_tag(address) in recent[0])

    async def all(self, tenant: str) -> list[Account]:
        """A tenant's accounts, by login."""
        rows = await self._database.read(lambda t: t.execute(_ALL, {"tenant": tenant}))
        return [self._spoken(_account(r)) for r in rows]

    async def all_names(self) -> dict[str, tuple[str, ...]]:
        """Names of our people that an attacker may borrow (IN-SPOOF), by tenant."""
        found: dict[str, set[str]] = {}
        for account in await self.all(EVERY):
            if not account.disabled:
                found.setdefault(account.tenant, set()).update(filter(None, account.name.values()))
        return {tenant: tuple(sorted(names)) for tenant, names in found.items()}

    async def has_password(self, tenant: str, login: str) -> bool:
        row = await self._one(_BY_LOGIN, tenant=tenant, login=canonical(login))
        return row is not None and bool(row["password_hash"])

    async def set_password(
        self,
        tenant: str,
        login: str,
        password: str,
        *,
        also: Callable[[Transaction], None] = lambda transaction: None,
    ) -> None:
        """Give an account a new password; `also` runs before it in the same transaction. Raises PasswordRefused
        (OPS-PASSWORD) or LookupError."""
        account = await self.account(tenant, login)
        if account is None:
            raise LookupError(f"no account {login}")
        if reasons := weaknesses(password, (account.login, *account.name.values(), *account.addresses)):
            raise PasswordRefused(reasons)
        kept = {**_key(account), "hash": await self._hasher.hash(password)}

        def operation(transaction: Transaction) -> None:
            transaction.execute(
                _BY_LOGIN + transaction.for_update, _key(account)
            )  # a session begins before, or after
            also(transaction)
            transaction.execute(_SET_HASH, kept)

        await self._database.write(operation)
        self._recent.forget((account.tenant, account.login))

    async def save(self, account: Account, now: float, *, source: str = "console") -> None:
        """Insert or change one account; its password stays. Raises ConfigError when an address has another owner."""
        problems = await self._database.write(lambda t: _save(t, account, now, source))
        self._recent.forget()
        if problems:
            raise ConfigError(problems)

    async def read_file(self, path: Path, now: float) -> int:
        """Make the accounts of a people file what it says; those that left the file are disabled at once.
        Their sessions end, as do those of people who get another password by it.

        A `password_hash` in the file is taken when it is new there; a password set later in the console
        stays until the file changes. Returns how many there are. Raises ConfigError with all problems.
        """
        entries, problems, _ = await asyncio.to_thread(read_people, path)
        if problems:
            raise ConfigError(problems)

        def operation(transaction: Transaction) -> list[str]:
            problems = []
            kept = {(e.tenant, e.login) for e in entries}
            transaction.execute(_FREE_FILE)
            for entry in entries:
                account = Account(**{f: getattr(entry, f) for f in Account.__struct_fields__})
                problems += _save(transaction, account, now, "file")
                if entry.password_hash:
                    transaction.execute(_SET_FILE_HASH, {**_key(entry), "hash": entry.password_hash})
                    if transaction.changed():
                        end_all(transaction, entry.tenant, entry.login)
            for row in transaction.execute(_IN_FORCE):
                if (row["tenant"], row["login"]) not in kept:
                    transaction.execute(_DISABLE, {**row, "now": now})
                    end_all(transaction, row["tenant"], row["login"])
            if problems:
                raise ConfigError(problems)
            return problems

        await self._database.write(operation)
        self._recent.forget()
        return len(entries)

    def close(self) -> None:
        self._hasher.close()

    def _spoken(self, account: Account) -> Account:
        known = account.language in LANGUAGES
        return account if known else msgspec.structs.replace(account, language=self._language())

    async def _one(self, sql: str, **parameters: str) -> Row | None:
        rows = await self._database.read(lambda t: t.execute(sql, parameters))
        return rows[0] if rows else None

    async def _replaced(self, account: Account, kept: str, renewed: str) -> bool:
        """True when the hash `kept` was the account's, and `renewed` is now."""

        def operation(transaction: Transaction) -> bool:
            transaction.execute(_SET_HASH_AGAIN, {**_key(account), "kept": kept, "hash": renewed})
            return transaction.changed() == 1

        replaced = await self._database.write(operation)
        self._recent.forget((account.tenant, account.login))
        return replaced


def _key(account: Account) -> dict[str, Any]:
    return {"tenant": account.tenant, "login": account.login}


def account_in(transaction: Transaction, tenant: str, login: str) -> Account | None:
    """The account, disabled or not, as it is in this transaction; its `language` may be "" (the organisation's)."""
    rows = transaction.execute(_BY_LOGIN, {"tenant": tenant, "login": canonical(login)})
    return _account(rows[0]) if rows else None


def stands_in(transaction: Transaction, proven: Proven) -> bool:
    """True when the password that was right is the account's in this transaction, too, and it is not disabled."""
    values = {**_key(proven.account), "kept": proven.kept}
    return bool(transaction.execute(_LET_IN + transaction.for_update, values))


def _account(row: Row) -> Account:
    values = {f: row[f] for f in Account.__struct_fields__}
    for name in JSON:
        values[name] = msgspec.json.decode(values[name])
    values["disabled"] = bool(values["disabled"])
    try:
        return msgspec.convert(values, Account)
    except msgspec.ValidationError as error:
        raise StoreError(f"account {row['login']} cannot be read: {error}") from None


def _save(transaction: Transaction, account: Account, now: float, source: str) -> list[str]:
    """Write one account; the problems that keep it from being written."""
    addresses = tuple(dict.fromkeys(a.strip().lower() for a in account.addresses))
    problems = [
        f"{account.login}: {a!r} is not an address"
        for a in (*addresses, *account.send_as)
        if a.count("@") != 1
    ]
    for address in addresses:
        for row in transaction.execute(_OWNER, {"tenant": account.tenant, "address": address}):
            if row["login"] != account.login:
                problems.append(f"{account.login}: {address} belongs to {row['login']}")
    if problems:
        return problems
    values: dict[str, Any] = {f: getattr(account, f) for f in Account.__struct_fields__}
    values |= {"addresses": addresses, "send_as": tuple(a.strip().lower() for a in account.send_as)}
    values["private"] = tuple(a.strip().lower() for a in account.private)
    for name in JSON:
        values[name] = msgspec.json.encode(values[name]).decode()
    values["leaving"] = account.leaving.isoformat() if account.leaving else None
    values |= {"disabled": int(account.disabled), "source": source, "changed_at": now}
    transaction.execute(_SAVE, values)
    transaction.execute(_FREE, _key(account))
    transaction.executemany(_OWN, [{**_key(account), "address": a} for a in addresses])
    return []
