"""The rows of the directory: people, their addresses, and the revision of each source they come from (OPS-ACCOUNT, OUT-APPROVE).

The only module whose statements name these tables (tests/test_sql.py): whoever asks something about people inside a
transaction of their own asks here, everybody else asks People. An account whose last day is over is disabled, whatever its
row says; `today` is the date where the organisation is (ISO; "" where nobody's last day is asked about).

A source ("file", "console") has a revision, a number that grows whenever it changes an account of the tenant. Passwords are
no part of it.

Diagnostics: StoreError for a row that cannot be read; ConfigError for an account that cannot be written.
"""

from collections.abc import Collection, Sequence
from typing import Any, NamedTuple

import msgspec

from config.policy import ConfigError
from config.tenant import EVERY
from directory.account import Account, canonical
from mail.address import on_the_wire, without_tag
from storage.border import of_all
from storage.interfaces import Row, StoreError, Transaction
from storage.statements import insert_into

JSON = ("name", "addresses", "send_as", "head_of", "roles", "attributes", "private")
"""Columns that hold more than one value, as JSON."""
_ADDRESSES = ("addresses", "send_as", "private")
_PRESENT = "disabled = 0 AND (leaving IS NULL OR leaving >= :today)"

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
_LEADING = (
    f"SELECT * FROM people WHERE tenant = :tenant AND {_PRESENT}"  # noqa: S608
    " AND (head_of <> '[]' OR login IN (SELECT manager FROM people p WHERE p.tenant = :tenant))"
)
"""Those who head a department or are somebody's manager."""
_SHARED = (
    f"SELECT 1 FROM people WHERE tenant = :tenant AND {_PRESENT}"  # noqa: S608
    " AND send_as LIKE :address ESCAPE '\\' LIMIT 1"
)
"""Somebody who may use a shared mailbox."""
_SENDING = (
    f"SELECT * FROM people WHERE tenant = :tenant AND {_PRESENT}"  # noqa: S608
    " AND send_as LIKE :address ESCAPE '\\' ORDER BY login LIMIT 200"
)
"""Those who may use a shared mailbox."""
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
    "SELECT password_hash FROM people"  # noqa: S608
    f" WHERE tenant = :tenant AND login = :login AND password_hash = :kept AND {_PRESENT}"
)
_DISABLE = (
    "UPDATE people SET disabled = 1, changed_at = :now, revision = :revision"
    " WHERE tenant = :tenant AND login = :login"
)
_OWNER = "SELECT login FROM people_addresses WHERE tenant = :tenant AND address = :address"
_FREE = "DELETE FROM people_addresses WHERE tenant = :tenant AND login = :login"
_FREE_FILE = of_all(
    "DELETE FROM people_addresses WHERE EXISTS (SELECT 1 FROM people p WHERE p.tenant = people_addresses.tenant"
    " AND p.login = people_addresses.login AND p.source = 'file')"
)
"""The addresses of all who came from a file: they may move from one to another."""
_OWN = insert_into("people_addresses", ("tenant", "address", "login"))
_WRITTEN = (*Account.__struct_fields__, "source", "changed_at", "revision")
_SAVE = f"{insert_into('people', _WRITTEN)} ON CONFLICT (tenant, login) DO UPDATE SET " + ", ".join(
    f"{name} = excluded.{name}" for name in _WRITTEN if name not in ("tenant", "login")
)
"""An account, new or changed; its password is not among the columns."""
_REVISIONS = "SELECT * FROM directory_source WHERE tenant = :tenant ORDER BY source"
_CHANGED = (
    insert_into("directory_source", ("tenant", "source", "revision", "changed_at"))
    + " ON CONFLICT (tenant, source) DO UPDATE SET revision = directory_source.revision + 1,"
    " changed_at = excluded.changed_at RETURNING revision"
)

FILE = "file"
"""The source that is the people file."""
_TENANT = "(:tenant = '' OR tenant = :tenant)"
KNOWN_OWNER = "EXISTS (SELECT 1 FROM people WHERE people.tenant = item.tenant AND people.login = item.owner)"
"""A condition on items: their owner has an account."""
GONE_OWNER = (
    "NOT EXISTS (SELECT 1 FROM people WHERE people.tenant = item.tenant AND people.login = item.owner"  # noqa: S608
    f" AND {_PRESENT})"
)
"""Their owner has none, or one that is disabled or over `:today`."""
STAFF = f"owner IN (SELECT login FROM people WHERE {_TENANT} AND manager = :{{}})"  # noqa: S608
"""Their owner reports to the login in this parameter."""
MEMBERS = f"owner IN (SELECT login FROM people WHERE {_TENANT} AND department <> '' AND department IN ({{}}))"  # noqa: S608
"""Their owner belongs to one of these departments."""
ADDRESSES = " LEFT JOIN people_addresses a ON a.tenant = l.tenant AND a.login = l.person AND l.person <> ''"
"""Joins the addresses (`a.address`) of the `person` of a row `l`; none where that is ""."""


class Revision(msgspec.Struct, frozen=True):
    """How often a source changed something in a tenant's directory, and when it last did (UTC seconds)."""

    source: str
    revision: int
    changed_at: float


class Recorded(msgspec.Struct, frozen=True):
    """An account, the source that wrote it last, and the revision and time of that."""

    account: Account
    source: str
    revision: int
    changed_at: float


class HashedAccount(NamedTuple):
    """An account and the hash of its password, "" when it has none."""

    account: Account
    hash: str


def key_of(account: Account) -> dict[str, Any]:
    return {"tenant": account.tenant, "login": account.login}


def kept_in(
    transaction: Transaction, tenant: str, login: str, today: str, lock: str = ""
) -> HashedAccount | None:
    """The account of a login; `lock` is the transaction's `for_update`, or nothing."""
    rows = transaction.execute(_BY_LOGIN + lock, {"tenant": tenant, "login": canonical(login)})
    return HashedAccount(_account(rows[0], today), str(rows[0]["password_hash"])) if rows else None


def account_in(transaction: Transaction, tenant: str, login: str, today: str) -> Account | None:
    """The account, disabled or not, as it is in this transaction; its `language` may be "" (the organisation's)."""
    found = kept_in(transaction, tenant, login, today)
    return found.account if found else None


def named_in(transaction: Transaction, tenant: str, name: str, today: str) -> list[HashedAccount]:
    """Whom a login, else an address, may mean in a tenant or in all ("")."""
    values = {"name": name, "tenant": tenant}
    rows = transaction.execute(_BY_NAME, values)
    rows = rows or transaction.execute(_BY_NAMED_ADDRESS, {**values, "name": on_the_wire(name)})
    return [HashedAccount(_account(row, today), str(row["password_hash"])) for row in rows]


def owner_in(transaction: Transaction, tenant: str, address: str, today: str) -> Account | None:
    """Whose address this is, sub-addresses `local+tag@` included."""
    whole = on_the_wire(address.lower())
    rows = transaction.execute(_BY_ADDRESS, {"tenant": tenant, "whole": whole, "base": without_tag(whole)})
    return _account(rows[0], today) if rows else None


def writers_in(transaction: Transaction, tenant: str, address: str, today: str) -> list[Account]:
    """Whose mail may come from an address: its owner, disabled or not, else those who share it and are there."""
    if (owner := owner_in(transaction, tenant, address, today)) is not None:
        return [owner]
    values = _sharing(tenant, without_tag(on_the_wire(address.lower())), today)
    return [_account(row, today) for row in transaction.execute(_SENDING, values)]


def everybody_in(transaction: Transaction, tenant: str, today: str) -> list[Recorded]:
    """A tenant's accounts, or those of all, by login."""
    rows = transaction.execute(_ALL, {"tenant": tenant})
    return [Recorded(_account(r, today), r["source"], r["revision"], r["changed_at"]) for r in rows]


def leading_in(transaction: Transaction, tenant: str, today: str) -> list[Account]:
    """Those who head a department or are somebody's manager, and are there."""
    return [_account(row, today) for row in transaction.execute(_LEADING, {"tenant": tenant, "today": today})]


def private_in(transaction: Transaction, tenant: str) -> frozenset[str]:
    """The private addresses of a tenant's people, without sub-addresses."""
    rows = transaction.execute(_PRIVATE, {"tenant": tenant})
    return frozenset(without_tag(a) for row in rows for a in msgspec.json.decode(row["private"]))


def shared_in(transaction: Transaction, tenant: str, address: str, today: str) -> bool:
    """True when somebody may use this address as a shared mailbox."""
    return bool(transaction.execute(_SHARED, _sharing(tenant, address, today)))


def _sharing(tenant: str, address: str, today: str) -> dict[str, str]:
    literally = address.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return {"tenant": tenant, "address": f'%"{literally}"%', "today": today}


def revisions_in(transaction: Transaction, tenant: str) -> tuple[Revision, ...]:
    """The revision of each source of a tenant."""
    rows = transaction.execute(_REVISIONS, {"tenant": tenant})
    return tuple(Revision(row["source"], row["revision"], row["changed_at"]) for row in rows)


def stands_in(transaction: Transaction, account: Account, hash: str, today: str) -> bool:
    """True when this is still the hash of the account's password, and it is not disabled."""
    values = {**key_of(account), "kept": hash, "today": today}
    return bool(transaction.execute(_LET_IN + transaction.for_update, values))


def set_hash(transaction: Transaction, account: Account, hash: str, instead_of: str | None = None) -> bool:
    """Another password; with `instead_of` only while that is the hash. True when it was changed."""
    values = {**key_of(account), "hash": hash}
    if instead_of is None:
        transaction.execute(_SET_HASH, values)
    else:
        transaction.execute(_SET_HASH_AGAIN, {**values, "kept": instead_of})
    return transaction.changed() == 1


def set_file_hash(transaction: Transaction, account: Account, hash: str) -> bool:
    """The password of a people file; False when it stood there before."""
    transaction.execute(_SET_FILE_HASH, {**key_of(account), "hash": hash})
    return transaction.changed() == 1


def replace(transaction: Transaction, accounts: Sequence[Account], source: str, now: float) -> None:
    """Write those of the accounts that are other ones, or another source's, than what stands there. With the source FILE
    addresses may move among all who came from one. Raises ConfigError with all that keeps any from being written."""
    tidied = [_tidy(account) for account in accounts]
    news = {
        key: account for account in tidied if _new(transaction, account, source) for key in [_name(account)]
    }
    if not news:
        return
    revisions = {t: _changed(transaction, t, source, now) for t in sorted({tenant for tenant, _ in news})}
    if source == FILE:
        transaction.execute(_FREE_FILE)
    problems = []
    for account in tidied if source == FILE else news.values():
        if wrong := _wrong_addresses(transaction, account):
            problems += wrong
            continue
        if _name(account) in news:
            written = {"source": source, "changed_at": now, "revision": revisions[account.tenant]}
            transaction.execute(_SAVE, _row(account) | written)
        transaction.execute(_FREE, key_of(account))
        transaction.executemany(_OWN, [{**key_of(account), "address": a} for a in account.addresses])
    if problems:
        raise ConfigError(problems)


def disable_others(
    transaction: Transaction, kept: Collection[tuple[str, str]], source: str, now: float
) -> list[Account]:
    """Disable those whom the source does not name any more (`kept`: tenant and login); who they are."""
    gone = [
        r.account
        for r in everybody_in(transaction, EVERY, "")
        if r.source == source and not r.account.disabled and _name(r.account) not in kept
    ]
    revisions = {t: _changed(transaction, t, source, now) for t in sorted({a.tenant for a in gone})}
    for account in gone:
        values = {**key_of(account), "now": now, "revision": revisions[account.tenant]}
        transaction.execute(_DISABLE, values)
    return gone


def _name(account: Account) -> tuple[str, str]:
    return account.tenant, account.login


def _new(transaction: Transaction, account: Account, source: str) -> bool:
    rows = transaction.execute(_BY_LOGIN, key_of(account))
    return not rows or rows[0]["source"] != source or _account(rows[0], "") != account


def _changed(transaction: Transaction, tenant: str, source: str, now: float) -> int:
    """The source changes something: its revision from now on."""
    values = {"tenant": tenant, "source": source, "revision": 1, "changed_at": now}
    return int(transaction.execute(_CHANGED, values)[0]["revision"])


def _wrong_addresses(transaction: Transaction, account: Account) -> list[str]:
    found = [
        f"{account.login}: {a!r} is not an address"
        for a in (*account.addresses, *account.send_as)
        if a.count("@") != 1
    ]
    for address in account.addresses:
        for row in transaction.execute(_OWNER, {"tenant": account.tenant, "address": address}):
            if row["login"] != account.login:
                found.append(f"{account.login}: {address} belongs to {row['login']}")
    return found


def _tidy(account: Account) -> Account:
    """The account with its addresses as they are compared: in lower case, their domains as on the wire."""
    values: dict[str, Any] = {name: getattr(account, name) for name in Account.__struct_fields__}
    for name in _ADDRESSES:
        values[name] = tuple(dict.fromkeys(on_the_wire(a.strip().lower()) for a in values[name]))
    return Account(**values)


def _row(account: Account) -> dict[str, Any]:
    values: dict[str, Any] = {name: getattr(account, name) for name in Account.__struct_fields__}
    for name in JSON:
        values[name] = msgspec.json.encode(values[name]).decode()
    values["leaving"] = account.leaving.isoformat() if account.leaving else None
    return values | {"disabled": int(account.disabled)}


def _account(row: Row, today: str) -> Account:
    values = {name: row[name] for name in Account.__struct_fields__}
    for name in JSON:
        values[name] = msgspec.json.decode(values[name])
    values["disabled"] = bool(values["disabled"]) or (values["leaving"] or today) < today
    try:
        return msgspec.convert(values, Account)
    except msgspec.ValidationError as error:
        raise StoreError(f"account {row['login']} cannot be read: {error}") from None
