"""The border between tenants inside PostgreSQL (OPS-TENANT, docs/adr/0021): forced row-level security, and roles that own nothing.

    sekisho_tenant     sees and writes rows of the tenant that the setting `sekisho.tenant` names; none without it
    sekisho_house      the statements of all tenants (storage/border.py), and of each table only the columns these name
    sekisho_delivery   whose, which, when it is due, where it goes; nothing else
    sekisho_copy       reads all, for pg_dump

A node logs in as a role that may become these. Each transaction becomes, by SET LOCAL, who its statements ask for; that is
sent with the statement and costs no answer of its own. It is a second wall behind the text of the statements
(tests/test_tenants.py): whoever can send SQL of their own on such a connection can change the role, too.

The owner of the tables is behind the border as well (FORCE), but where it changes the schema: then it says so.

Sources: PostgreSQL manual, 5.8 Row Security Policies; SET ROLE; set_config; pg_has_role.
"""

import hashlib
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from storage.border import COPY, DELIVERY, HOUSE, ROLES, TENANT, InName, whose
from storage.column_rights import DELIVERY_MAY, HOUSE_MAY
from storage.interfaces import Row, Transaction

if TYPE_CHECKING:
    import psycopg

_BECOME = b"SELECT set_config('role', %s, true), set_config('sekisho.tenant', %s, true)"
OPENED = b"SELECT set_config('sekisho.schema', 'on', true)"
"""For the rest of a transaction: the owner changes the schema, and means all rows."""
_STANDS = (
    "SELECT c.relforcerowsecurity AS forced, pg_has_role(c.relowner, 'USAGE') AS ours FROM pg_class c"
    " WHERE c.oid = to_regclass('item')"
)
_LOGIN = "SELECT session_user AS name, rolsuper OR rolcreaterole AS may_create FROM pg_roles WHERE rolname = session_user"
_ROLES = (
    "SELECT rolname AS name, pg_has_role(session_user, oid, 'MEMBER') AS is_ours FROM pg_roles"
    " WHERE rolname IN ('sekisho_tenant', 'sekisho_house', 'sekisho_delivery', 'sekisho_copy')"
)
_TABLES = (
    "SELECT c.relname AS name, quote_ident(c.relname) AS quoted, c.relrowsecurity AND c.relforcerowsecurity AS forced,"
    " EXISTS (SELECT 1 FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'tenant' AND NOT a.attisdropped)"
    " AS whose FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
    " WHERE n.nspname = current_schema() AND c.relkind = 'r' ORDER BY c.relname"
)
_SCHEMA = (
    "SELECT quote_ident(current_schema()) AS name, bool_and(has_schema_privilege(oid, current_schema(), 'USAGE')) AS open"
    " FROM pg_roles WHERE rolname IN ('sekisho_tenant', 'sekisho_house', 'sekisho_delivery', 'sekisho_copy')"
)
_NOTED = "SELECT obj_description(to_regclass('schema_version'), 'pg_class') AS rights"

_POLICIES = (
    ("sekisho_own", TENANT, "tenant = current_setting('sekisho.tenant', true)"),
    ("sekisho_all", HOUSE, f"current_user = '{HOUSE}'"),
    ("sekisho_due", DELIVERY, f"current_user = '{DELIVERY}'"),
    ("sekisho_whole", COPY, f"current_user = '{COPY}'"),
    ("sekisho_schema", "CURRENT_USER", "current_setting('sekisho.schema', true) = 'on'"),
)
"""Name, role, and the condition on rows, of each table of tenants. Who is such a role counts, not who inherits from it."""
_RIGHTS = {HOUSE: HOUSE_MAY, DELIVERY: DELIVERY_MAY}
READ_ONLY = ("schema_version", "schema_beside")


class LoginStanding(NamedTuple):
    """Of a connection: whether the border is up, and whether its login owns the tables (or there are none yet)."""

    bound: bool
    owns: bool


def standing(connection: "psycopg.Connection[Any]") -> LoginStanding:
    row = connection.execute(_STANDS.encode()).fetchone()
    return LoginStanding(bool(row[0]), bool(row[1])) if row is not None else LoginStanding(False, True)


class Border:
    """As whom the statements of a connection's transactions are run."""

    def __init__(self, connection: "psycopg.Connection[Any]") -> None:
        self._connection = connection
        self._now: InName | None = None

    def begin(self) -> None:
        """A new transaction: nobody's yet."""
        self._now = None

    def cross(self, statement: str, parameters: Mapping[str, Any]) -> None:
        """Be whom this statement asks for, until another asks for somebody else."""
        wanted = whose(statement, parameters)
        if wanted != self._now:
            self._connection.execute(_BECOME, wanted)
            self._now = wanted


class Lacking(NamedTuple):
    """Why there is no border: roles that are missing, roles that the login cannot become; its name."""

    missing: tuple[str, ...]
    foreign: tuple[str, ...]
    login: str
    may_create: bool

    @property
    def in_the_way(self) -> bool:
        """Whether somebody else has to do something first."""
        return bool(self.missing or self.foreign) and not self.may_create

    @property
    def statements(self) -> list[str]:
        """What a superuser says (psql) so that there can be one."""
        made = [f"CREATE ROLE {role} NOLOGIN" for role in self.missing]
        granted = [*self.missing, *self.foreign]
        quoted = '"' + self.login.replace('"', '""') + '"'
        return [*made, *([f"GRANT {', '.join(granted)} TO {quoted}"] if granted else [])]


def lacking(transaction: Transaction) -> Lacking:
    """What the login of this transaction lacks for the border."""
    (login,) = transaction.execute(_LOGIN)
    ours = {row["name"]: bool(row["is_ours"]) for row in transaction.execute(_ROLES)}
    return Lacking(
        tuple(role for role in ROLES if role not in ours),
        tuple(role for role in ROLES if not ours.get(role, True)),
        login["name"],
        bool(login["may_create"]),
    )


def is_whole(transaction: Transaction) -> bool:
    """Whether every table of tenants is behind the border, and everybody has the rights that this program's statements need."""
    tables = transaction.execute(_TABLES)
    (noted,) = transaction.execute(_NOTED)
    return noted["rights"] == _mark() and all(row["forced"] for row in tables if row["whose"])


def secure(transaction: Transaction, *, anew: bool = False) -> list[str]:
    """Put up the border, or complete it; the tables that are behind it. For the owner of the tables; `anew` takes rights away
    that nobody needs any more, too. Raises what the driver raises where the login may not."""
    lacks = lacking(transaction)
    for role in lacks.missing:
        transaction.execute(f"CREATE ROLE {role} NOLOGIN")
    if granted := [*lacks.missing, *lacks.foreign]:
        transaction.execute(f"GRANT {', '.join(granted)} TO SESSION_USER")
    (schema,) = transaction.execute(_SCHEMA)
    if not schema["open"]:
        transaction.execute(f"GRANT USAGE ON SCHEMA {schema['name']} TO {', '.join(ROLES)}")
    tables = transaction.execute(_TABLES)
    for row in tables:
        _secure(transaction, row, anew)
    transaction.execute(f"COMMENT ON TABLE schema_version IS '{_mark()}'")
    return [row["name"] for row in tables if row["whose"]]


def _secure(transaction: Transaction, row: Row, anew: bool) -> None:
    name, table = row["name"], row["quoted"]
    if anew:
        transaction.execute(f"REVOKE ALL ON {table} FROM {', '.join(ROLES)}")
    all_rights = "SELECT" if name in READ_ONLY else "SELECT, INSERT, UPDATE, DELETE"
    transaction.execute(f"GRANT {all_rights} ON {table} TO {TENANT}")
    transaction.execute(f"GRANT SELECT ON {table} TO {COPY}")
    for role, rights in _RIGHTS.items():
        for right, columns in rights.get(name, {}).items():
            transaction.execute(f"GRANT {right}{_chosen(columns)} ON {table} TO {role}")
    if not row["whose"]:
        return
    if not row["forced"]:
        transaction.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY")
    for policy, role, condition in _POLICIES:
        if role == DELIVERY and name not in _RIGHTS[DELIVERY]:
            continue
        transaction.execute(f"DROP POLICY IF EXISTS {policy} ON {table}")
        transaction.execute(f"CREATE POLICY {policy} ON {table} TO {role} USING ({condition})")


def _chosen(columns: Sequence[str]) -> str:
    return f" ({', '.join(columns)})" if columns else ""


def _mark() -> str:
    """Stands at the table of versions: by which rights the border was put up."""
    told = repr((sorted(_RIGHTS.items()), _POLICIES))
    return f"sekisho border {hashlib.sha256(told.encode()).hexdigest()[:16]}"
