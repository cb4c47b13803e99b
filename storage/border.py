"""In whose name a statement is run: of one tenant, of the house, or of who delivers (docs/adr/0021).

    a statement that names :tenant       that tenant
    one that says :tenant = '' OR …      the house for EVERY, else that tenant
    of_all(…)                            the house: rounds, housekeeping, a login
    to_deliver(…)                        who delivers: whose, which, when it is due, and where it goes
    any other                            nobody: of rows that are a tenant's it sees none

PostgreSQL keeps to it by row-level security (storage/postgres_roles.py). In SQLite, which has nothing like it, the marks are
comments.
"""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from config.tenant import EVERY

TENANT, HOUSE, DELIVERY, COPY = "sekisho_tenant", "sekisho_house", "sekisho_delivery", "sekisho_copy"
"""Roles of the database. COPY reads all for a backup, and no statement of ours is run as it."""
ROLES = (TENANT, HOUSE, DELIVERY, COPY)

_OF_ALL = " /* of all tenants */"
_TO_DELIVER = " /* to deliver */"
_EVERY = ":tenant = ''"
_NAMES = re.compile(r":tenant\b")


class InName(NamedTuple):
    """Role and tenant ("" for none) of a statement."""

    role: str
    tenant: str


def of_all(statement: str) -> str:
    """The statement, marked as one that means the rows of all tenants."""
    return statement + _OF_ALL


def to_deliver(statement: str) -> str:
    """The statement, marked as the dispatcher's, who knows of all tenants only what may be due, and where it goes."""
    return statement + _TO_DELIVER


def whose(statement: str, parameters: Mapping[str, Any]) -> InName:
    """In whose name it is run with these parameters."""
    marked, names, knows_every = _read(statement)
    if marked:
        return InName(marked, "")
    tenant = str(parameters.get("tenant", "")) if names else ""
    return InName(HOUSE if knows_every and tenant == EVERY else TENANT, tenant)


@lru_cache(4096)
def _read(statement: str) -> tuple[str, bool, bool]:
    """The role of a marked statement, "" of others; whether it names a tenant; whether EVERY means all to it."""
    marked = DELIVERY if _TO_DELIVER in statement else HOUSE if _OF_ALL in statement else ""
    return marked, _NAMES.search(statement) is not None, _EVERY in statement
