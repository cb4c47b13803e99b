"""Which rows wait for somebody's word, or for the hand of who acts for another: conditions of a query (quarantine/rows.py).

They say of many mails what quarantine/rights.py says of one; tests compare the two.
"""

from collections.abc import Sequence
from typing import Any

import msgspec

from config.approval import DEPARTMENT_HEAD, MANAGER
from directory.roster import KNOWN_OWNER, MEMBERS, STAFF
from quarantine.search.text import escaped

_TENANT = "(:tenant = '' OR tenant = :tenant)"
_OWN_ARRIVING = (
    f"direction = 'inbound' AND id IN (SELECT item FROM recipient WHERE {_TENANT} AND mailbox IN ({{}}))"  # noqa: S608
)


class Approver(msgspec.Struct, frozen=True):
    """Whose word is asked (quarantine/rights.py: asked): the roles and groups that mean a person, the departments that they
    head, and their login and mailboxes, as nobody decides on mail of their own."""

    login: str
    roles: tuple[str, ...] = ()
    departments: tuple[str, ...] = ()
    mailboxes: tuple[str, ...] = ()


class Places(msgspec.Struct, frozen=True):
    """In whose place somebody looks after leaving mail: logins, and shared mailboxes."""

    people: tuple[str, ...] = ()
    mailboxes: tuple[str, ...] = ()


def asking(asks: Sequence[Approver], values: dict[str, Any]) -> list[str]:
    """Mail that waits for the word of the first, for themselves or in the place of one of the others; adds to `values`."""
    me = asks[0]
    values["asked_login"] = me.login
    conditions = ["state = 'held' AND approvals <> '[]'", "owner <> :asked_login", KNOWN_OWNER]
    conditions.append(_unheard(me.login, "me", values))
    conditions.append(f"({' OR '.join(_speaking(asks, number, values) for number in range(len(asks)))})")
    if me.mailboxes:
        conditions.append(f"NOT ({_OWN_ARRIVING.format(_bound('own', me.mailboxes, values))})")
    return conditions


def _speaking(asks: Sequence[Approver], index: int, values: dict[str, Any]) -> str:
    """The mail for which one of them may speak; in somebody's place only for leaving mail."""
    one, prefix, spoken = asks[index], f"asked{index}", []
    for number, role in enumerate(one.roles):
        values[f"{prefix}_role{number}"] = f'%"{escaped(role)}"%'
        spoken.append(f"asks LIKE :{prefix}_role{number} ESCAPE '\\'")
    if one.departments:
        values[f"{prefix}_head"] = f'%"{escaped(DEPARTMENT_HEAD)}"%'
        headed = MEMBERS.format(_bound(f"{prefix}_department", one.departments, values))
        spoken.append(f"(asks LIKE :{prefix}_head ESCAPE '\\' AND {headed})")
    values[f"{prefix}_login"] = one.login
    values[f"{prefix}_manager"] = f'%"{MANAGER}"%'
    spoken.append(f"(asks LIKE :{prefix}_manager AND {STAFF.format(f'{prefix}_login')})")
    leaving = "direction = 'outbound' AND " if index else ""
    return f"({leaving}owner <> :{prefix}_login AND {_unheard(one.login, prefix, values)} AND ({' OR '.join(spoken)}))"


def _unheard(login: str, prefix: str, values: dict[str, Any]) -> str:
    """The mail for which somebody's word still counts (Item.barred)."""
    name = escaped(login)
    said = {"person": f'%"person":"{name}"%', "place": f'%"place":"{name}"%', "left_out": f'%"{name}"%'}
    values.update({f"{prefix}_{key}": text for key, text in said.items()})
    columns = {"person": "agreed", "place": "agreed", "left_out": "excluded"}
    return " AND ".join(f"{column} NOT LIKE :{prefix}_{key} ESCAPE '\\'" for key, column in columns.items())


def placed(places: Places, values: dict[str, Any]) -> str:
    """Mail of these people, and from these mailboxes; adds to `values`."""
    found = []
    if places.people:
        found.append(f"owner IN ({_bound('place', places.people, values)})")
    if places.mailboxes:
        found.append(f"lower(reverse_path) IN ({_bound('shared', places.mailboxes, values)})")
    return f"({' OR '.join(found)})" if found else "1 = 0"


def _bound(prefix: str, items: Sequence[str], values: dict[str, Any]) -> str:
    """The parameters of an IN, with their values."""
    values.update({f"{prefix}{n}": item for n, item in enumerate(items)})
    return ", ".join(f":{prefix}{n}" for n in range(len(items)))
