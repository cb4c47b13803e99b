"""The statements that are run in the name of the house, or of who delivers: as texts that PostgreSQL explains."""

import re
from collections.abc import Iterator

from config.tenant import EVERY
from directory import devices, roster
from quarantine import store
from quarantine.item import State
from quarantine.queue import stuck
from quarantine.rows import Query, in_order, where
from storage.border import DELIVERY, HOUSE, whose
from tests.test_tenants import statements

_VALUE = re.compile(r":[a-z_0-9]+\b(?<!::)")
LOCKED = {
    "quarantine/queue/leasing.py:DUE",
    "quarantine/queue/leasing.py:_CHOSEN",
    "quarantine/queue/leasing.py:_OWN",
}
"""Those whose rows are claimed."""


def _of_every() -> Iterator[str]:
    """What the system asks of EVERY tenant."""
    yield store._ONE.format("tenant, id") + " FOR UPDATE"
    for query in (
        Query(EVERY, state=(State.HELD,), direction="outbound", hold="x", order="oldest"),
        Query(EVERY, state=(State.QUEUED, State.ACTIVE), ids=("x",), mail_id="x", owner="x", later=1.0),
        Query(EVERY, since=1.0, until=2.0, mail_ids=("x",), only_hold="x", approval="x"),
    ):
        conditions, _ = where(query)
        yield store._FIND[in_order(query)].format(conditions, what="tenant, id", order="ASC")
        yield store._NUMBER[in_order(query)].format(conditions)
    yield store._LEAVING
    yield from (roster._BY_NAME, roster._BY_NAMED_ADDRESS, roster._ALL, devices._WITH_KEYS)
    yield from (stuck._WAITING, stuck._ROWS)


def beyond_one_tenant() -> Iterator[tuple[str, str]]:
    """(role, text that can be explained) of each."""
    for place, text, tables in statements():
        role, _ = whose(text, {"tenant": "x"})
        if role in (HOUSE, DELIVERY) and tables:
            yield role, _explained(text + (" FOR UPDATE SKIP LOCKED" if place in LOCKED else ""))
    for text in _of_every():
        yield HOUSE, _explained(text)


def _explained(text: str) -> str:
    return "EXPLAIN " + _VALUE.sub("NULL", text.replace("{0}", "NULL").replace("{}", "NULL")).replace(
        "%", "%%"
    )
