"""People: accounts, their addresses and roles, and who is whose head (OPS-ACCOUNT, OPS-DUTY).

The database is the truth; a people file (TOML) is read at start and makes its rows equal to itself. Questions
read the database, so that a person who is disabled on one node is disabled on all at once; only `person`, which
is asked for each mail, may be AGE seconds behind what another node wrote.

Diagnostics: ConfigError lists everything that is wrong with a people file; nothing of it is taken then.
"""

import asyncio
import time
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

import msgspec

from config.policy import ConfigError, Organisation
from config.tenant import DEFAULT, EVERY
from config.words import LANGUAGES
from directory import roster
from directory.account import Account, canonical
from directory.answer_cache import Recent
from directory.passwords import Hasher, weaknesses
from directory.people_file import read_all_people
from directory.sessions import end_all
from filters.facts import Person
from mail.address import without_tag
from storage.bound import bound, within
from storage.interfaces import Database, Transaction

AGE = 2.0
"""Seconds for which `person` remembers: how long somebody who was disabled on another node may go on."""

SUPERIORS_AGE = 60.0
"""The same for superiors: a copy to who was head a minute ago does no harm."""
OWNER_AGE = 60.0
"""Seconds for which it is remembered who is behind an address: their language, and the policy's groups for mail to them, may
be late."""


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
        language: Callable[[str], str] = lambda tenant: Organisation().language,
        clock: Callable[[], float] = time.monotonic,
        today: Callable[[], str] = lambda: "",
    ) -> None:
        """`language` answers a tenant's: that of people who have none, or one that has no files any more; `today`
        the date where it is (ISO), after which nobody is there whose last day was before; "" never is."""
        self._database = database
        self._language = language
        self._today = today
        self._hasher = hasher or Hasher()
        self._recent: Recent[tuple[str, str], tuple[Person | None, str]] = Recent(clock)
        self._owners: Recent[tuple[str, str], Person | None] = Recent(clock)
        self._writers: Recent[tuple[str, str], tuple[Person, ...]] = Recent(clock)
        self._private: Recent[str, frozenset[str]] = Recent(clock)
        self._leading: Recent[str, list[Account]] = Recent(clock)

    async def authenticate(self, login: str, password: str, tenant: str) -> Proven | None:
        """Whose password it is, when it is right and the account is not disabled, else None.

        `login` may be one of the person's addresses; without `tenant` see `named`. Constant work for unknown and
        disabled accounts and for accounts without a password. Raises StoreError when too many checks wait already.
        """
        while True:
            named = await self._named(login, tenant)
            kept = "" if named is None or named.account.disabled else named.hash
            if not await self._hasher.verify(kept, password) or named is None:
                return None
            found = self._spoken(named.account)
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
        found = await self._named(name, tenant)
        return None if found is None else self._spoken(found.account)

    async def _named(self, name: str, tenant: str) -> roster.HashedAccount | None:
        first, slash, rest = canonical(name)[:320].partition("/")
        if slash and not tenant:
            tenant, first = first, rest
        elif slash:
            first = f"{first}/{rest}"
        found = await bound(self._database, tenant).read(
            lambda t: roster.named_in(t, tenant, first, self._today())
        )
        clear = len(found) == 1 or (found and found[0].account.tenant == DEFAULT)
        return found[0] if clear else None

    async def account(self, tenant: str, login: str) -> Account | None:
        """The account, disabled or not."""
        found = await bound(self._database, tenant).read(
            lambda t: roster.account_in(t, tenant, login, self._today())
        )
        return None if found is None else self._spoken(found)

    async def person(self, tenant: str, login: str) -> Person | None:
        """What rules need to know of somebody who is not disabled."""
        return (await self._recently(tenant, login))[0]

    async def _recently(self, tenant: str, login: str) -> tuple[Person | None, str]:
        """What rules need to know, and the hash of the password."""
        if recent := self._recent.get((tenant, login)):
            return recent[0]
        kept = await self._kept(tenant, login)
        there = kept is not None and not kept.account.disabled
        found = (self._spoken(kept.account).person if kept and there else None, kept.hash if kept else "")
        self._recent.keep((tenant, login), found, AGE)
        return found

    async def owner_of(self, tenant: str, address: str) -> Account | None:
        """Whose address this is (sub-addresses `local+tag@` included), disabled or not."""
        found = await bound(self._database, tenant).read(
            lambda t: roster.owner_in(t, tenant, address, self._today())
        )
        return None if found is None else self._spoken(found)

    async def writers(self, tenant: str, address: str) -> tuple[Person, ...]:
        """Who may write from an address: its owner (sub-addresses included), else those who share it; nobody who is disabled.
        AGE seconds old, as `person`. Raises StoreError."""
        recent = self._writers.get((tenant, address))
        if recent is None:
            found = await bound(self._database, tenant).read(
                lambda t: roster.writers_in(t, tenant, address, self._today())
            )
            recent = (tuple(self._spoken(one).person for one in found if not one.disabled),)
            self._writers.keep((tenant, address), recent[0], AGE)
        return recent[0]

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
            kept = await bound(self._database, tenant).read(lambda t: roster.private_in(t, tenant))
            self._private.keep(tenant, kept, OWNER_AGE)
            recent = (kept,)
        return frozenset(address for address in addresses if without_tag(address) in recent[0])

    async def all(self, tenant: str) -> list[Account]:
        """A tenant's accounts, by login."""
        return [recorded.account for recorded in await self.recorded(tenant)]

    async def recorded(self, tenant: str) -> list[roster.Recorded]:
        """The same, each with the source that says so and its revision."""
        found = await bound(self._database, tenant).read(
            lambda t: roster.everybody_in(t, tenant, self._today())
        )
        return [msgspec.structs.replace(each, account=self._spoken(each.account)) for each in found]

    async def revisions(self, tenant: str) -> tuple[roster.Revision, ...]:
        """How often each source changed something."""
        return await bound(self._database, tenant).read(lambda t: roster.revisions_in(t, tenant))

    async def superiors(self, tenant: str, sender: Person) -> tuple[str, ...]:
        """The addresses of the heads of somebody's department and of their manager, never their own; may be SUPERIORS_AGE
        old. Raises StoreError."""
        recent = self._leading.get(tenant)
        if recent is None:
            found = await bound(self._database, tenant).read(
                lambda t: roster.leading_in(t, tenant, self._today())
            )
            self._leading.keep(tenant, found, SUPERIORS_AGE)
            recent = (found,)
        return above(recent[0], sender)

    async def all_names(self) -> dict[str, tuple[str, ...]]:
        """Names of our people that an attacker may borrow (IN-SPOOF), by tenant."""
        found: dict[str, set[str]] = {}
        for account in await self.all(EVERY):
            if not account.disabled:
                found.setdefault(account.tenant, set()).update(filter(None, account.name.values()))
        return {tenant: tuple(sorted(names)) for tenant, names in found.items()}

    async def has_password(self, tenant: str, login: str) -> bool:
        kept = await self._kept(tenant, login)
        return kept is not None and bool(kept.hash)

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
        hash = await self._hasher.hash(password)

        def operation(transaction: Transaction) -> None:
            lock = transaction.for_update  # a session begins before, or after
            mine = within(transaction, account.tenant)
            roster.kept_in(mine, account.tenant, account.login, "", lock)
            also(transaction)
            roster.set_hash(mine, account, hash)

        await self._database.write(operation)
        self._recent.forget((account.tenant, account.login))

    async def save(self, account: Account, now: float, *, source: str = "console") -> None:
        """Insert or change one account; its password stays. Raises ConfigError when an address has another owner."""
        await bound(self._database, account.tenant).write(lambda t: roster.replace(t, [account], source, now))
        self._recent.forget()
        self._writers.forget()

    async def read_file(self, path: Path, now: float) -> int:
        """As `read_files`, of one file for the whole house."""
        return await self.read_files({"": path}, now)

    async def read_files(self, files: Mapping[str, Path], now: float) -> int:
        """Make the accounts of the people files what they say, the house's ("") and those of tenants that have one of their
        own; those that left them are disabled at once.
        Their sessions end, as do those of people who get another password by it.

        A `password_hash` in the file is taken when it is new there; a password set later in the console
        stays until the file changes. Returns how many there are. Raises ConfigError with all problems.
        """
        if not files:
            return 0
        entries, problems = await asyncio.to_thread(read_all_people, files)
        if problems:
            raise ConfigError(problems)

        def operation(transaction: Transaction) -> None:
            roster.replace(transaction, entries, roster.FILE, now)
            for entry in entries:
                if entry.password_hash and roster.set_file_hash(transaction, entry, entry.password_hash):
                    end_all(transaction, entry.tenant, entry.login)
            named = {(entry.tenant, entry.login) for entry in entries}
            for account in roster.disable_others(transaction, named, roster.FILE, now):
                end_all(transaction, account.tenant, account.login)

        await self._database.write(operation)
        self._recent.forget()
        self._writers.forget()
        return len(entries)

    def close(self) -> None:
        self._hasher.close()

    def _spoken(self, account: Account) -> Account:
        known = account.language in LANGUAGES
        return account if known else msgspec.structs.replace(account, language=self._language(account.tenant))

    async def _kept(self, tenant: str, login: str) -> roster.HashedAccount | None:
        return await bound(self._database, tenant).read(
            lambda t: roster.kept_in(t, tenant, login, self._today())
        )

    async def _replaced(self, account: Account, kept: str, renewed: str) -> bool:
        """True when the hash `kept` was the account's, and `renewed` is now."""
        replaced = await bound(self._database, account.tenant).write(
            lambda t: roster.set_hash(t, account, renewed, kept)
        )
        self._recent.forget((account.tenant, account.login))
        return replaced


def above(leading: Iterable[Account], sender: Person) -> tuple[str, ...]:
    """The addresses of those among them who are somebody's superiors."""
    return tuple(
        address
        for one in leading
        if one.login != sender.login and (sender.department in one.head_of or one.login == sender.manager)
        for address in one.addresses
    )
