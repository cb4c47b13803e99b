"""The schema after all migrations: every row says whose it is, and what people choose is unique within a tenant only."""

from collections.abc import Mapping

import pytest

from storage.database import dialect, prepare
from storage.interfaces import Database, Transaction
from storage.migrations import migrate, shipped
from tests.test_sql import OWNERS
from tests.test_tenants import WITHOUT

COLUMNS = {
    "sqlite": "SELECT m.name AS tab, c.name AS col FROM sqlite_master m JOIN pragma_table_info(m.name) c"
    " WHERE m.type = 'table'",
    "postgresql": "SELECT table_name AS tab, column_name AS col FROM information_schema.columns"
    " WHERE table_schema = current_schema()",
}
UNIQUE = {
    "sqlite": "SELECT m.name || '.' || i.name AS key, m.name AS tab, c.name AS col FROM sqlite_master m"
    " JOIN pragma_index_list(m.name) i JOIN pragma_index_info(i.name) c"
    " WHERE m.type = 'table' AND i.\"unique\" = 1",
    "postgresql": "SELECT i.indexrelid::text AS key, t.relname AS tab, a.attname AS col FROM pg_index i"
    " JOIN pg_class t ON t.oid = i.indrelid JOIN pg_namespace n ON n.oid = t.relnamespace"
    " JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = ANY(i.indkey)"
    " WHERE i.indisunique AND n.nspname = current_schema()",
}
RANDOM = {
    ("console_codes", "digest"),
    ("console_sessions", "digest"),
    ("content", "key"),
    ("delegation", "id"),
    ("digests", "token"),
    ("item", "id"),
    ("legal_hold", "id"),
    ("let_go", "key"),
    ("journal", "node, seq"),  # a chain, which is one tenant's
    ("journal_checkpoint", "node, seq"),
    ("journal_head", "node"),
    ("journal_tombstone", "node"),
    ("listings", "id"),
    ("partner_passphrases", "id"),
    ("password_tries", "item"),
    ("recipient", "item, number"),
    ("release_requests", "item, person"),  # of an item, which is one tenant's
    ("report", "id"),
}
"""Keys without a tenant: made by us, so that no two tenants can have the same."""


async def test_every_table_says_whose_its_rows_are(database: Database, url: str) -> None:
    rows = await database.read(lambda t: t.execute(COLUMNS[url.partition("://")[0]]))
    tables: dict[str, set[str]] = {}
    for row in rows:
        tables.setdefault(row["tab"], set()).add(row["col"])
    assert set(tables) == set(OWNERS)
    assert {name for name, columns in tables.items() if "tenant" not in columns} == set(WITHOUT)


async def test_what_people_choose_is_unique_within_their_tenant(database: Database, url: str) -> None:
    rows = await database.read(lambda t: t.execute(UNIQUE[url.partition("://")[0]]))
    keys: dict[tuple[str, str], set[str]] = {}
    for row in rows:
        keys.setdefault((row["tab"], row["key"]), set()).add(row["col"])
    found = {
        (table, ", ".join(sorted(columns))) for (table, _), columns in keys.items() if table not in WITHOUT
    }
    assert {key for key in found if "tenant" not in key[1].split(", ")} == RANDOM
    assert ("people", "login, tenant") in found
    assert ("people_addresses", "address, tenant") in found
    assert ("correspondents", "address, tenant") in found


BEFORE = 131
"""The last migration before rows of people, items and mails had a tenant each."""
OLD = """
INSERT INTO people (login, tenant, addresses, send_as, department, head_of, roles, language, disabled, source, changed_at)
    VALUES ('{who}', '{tenant}', '[]', '[]', '', '[]', '["user"]', '', 0, 'file', 1);
INSERT INTO people_addresses (address, login) VALUES ('{who}@us.example', '{who}');
INSERT INTO console_sessions (digest, login, form_token, peer, language, once, started_at, seen_at)
    VALUES ('s-{who}', '{who}', 'f', 'p', '', 0, 1, 1);
INSERT INTO console_codes (digest, login, expires_at) VALUES ('c-{who}', '{who}', 9);
INSERT INTO item (id, mail_id, tenant, direction, state, owner, accepted_at, delay, waits, holds, approvals, attempts, token,
    version, node, reverse_path, ret, envid, body, smtputf8, peer, blob, original, size, sha256, summary,
    findings, rewrites, passphrase_source, secret, search)
    VALUES ('i-{who}', 'm-{who}', '{tenant}', 'inbound', 'held', '', 1, 0, 1, '[]', '[]', 0, 0, 1, '', '', '', '', '',
    0, '', '', '', 0, '', '[]', '[]', '[]', '', '', '');
INSERT INTO recipient (item, number, address, notify, orcpt, status, reply, at)
    VALUES ('i-{who}', 0, '{who}@us.example', '', '', 'waiting', '', 0);
INSERT INTO password_tries (item, tries) VALUES ('i-{who}', 2);
INSERT INTO journal (node, seq, at, event, actor, item, mail_id, tenant, detail, hash)
    VALUES ('n-{who}', 1, 1, 'accept', '', 'i-{who}', 'm-{who}', '{tenant}', '[]', '');
INSERT INTO sighting (trace, at, mail_id) VALUES (7, 1, 'm-{who}');
INSERT INTO digests (person, slot, token, items, expires_at) VALUES ('{who}', 1, 't-{who}', '[]', 9);
"""
MOVED = {
    "people": "login", "people_addresses": "login", "console_sessions": "login", "console_codes": "login",
    "recipient": "item", "password_tries": "item", "sighting": "mail_id", "digests": "person",
}  # fmt: skip


@pytest.mark.parametrize("together", [True, False], ids=["at once", "one by one"])
def test_rows_from_before_get_the_tenant_of_their_person_or_mail(unborn: str, together: bool) -> None:
    chosen = dialect(unborn)
    connection = chosen.connect(readonly=False)
    transaction: Transaction = connection.begin()
    migrate(transaction, [m for m in shipped() if m.number <= BEFORE])
    for who, tenant in (("taro", "default"), ("ann", "acme")):
        for statement in OLD.format(who=who, tenant=tenant).split(";\n")[:-1]:
            transaction.execute(statement)
    transaction.execute("INSERT INTO said_last (what, at) VALUES ('requests', 5)")
    connection.commit()
    for count in () if together else range(1, len(shipped()) + 1):
        migrate(
            connection.begin(), [m for m in shipped() if m.number <= BEFORE or shipped().index(m) < count]
        )
        connection.commit()
    connection.close()
    prepare(chosen)
    connection = chosen.connect(readonly=False)
    transaction = connection.begin()
    for table, name in MOVED.items():
        rows: list[Mapping[str, str]] = transaction.execute(f"SELECT tenant, {name} AS whose FROM {table}")
        found = {row["whose"].rpartition("-")[2]: row["tenant"] for row in rows}
        assert found == {"taro": "default", "ann": "acme"}, table
    assert transaction.execute("SELECT tenant, what, at FROM said_last") == [
        {"tenant": "default", "what": "requests", "at": 5.0}
    ]
    connection.rollback()
    connection.close()
