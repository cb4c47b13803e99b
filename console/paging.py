"""Lists that are longer than a page: the store is asked for what a page shows, and the next one begins behind it.

A list never filters after a limit: what would not be shown is left out by the query (quarantine/rows.py: Query).
"""

import math
from typing import NamedTuple
from urllib.parse import urlencode

import msgspec

from console.visit import Visit
from quarantine.item import Item
from quarantine.store import Place, Query

SIZE = 100
"""Mails on a page."""


class Listed(NamedTuple):
    """A page of a list, and the address of the next one, "" at the end."""

    items: list[Item]
    more: str


async def listed(visit: Visit, query: Query, size: int = SIZE) -> Listed:
    """The page of a list that the visit asks for by `after`."""
    query = msgspec.structs.replace(query, after=place_of(visit.query("after")), limit=size + 1)
    items = await visit.context.store.find(query)
    if len(items) <= size:
        return Listed(items, "")
    last = items[size - 1]
    return Listed(items[:size], following(visit, after=f"{last.accepted_at!r}~{last.id}"))


def following(visit: Visit, **places: str) -> str:
    """The address of this page with other places."""
    asked = {name: visit.query(name) for name in visit.request.query_params}
    return f"{visit.request.url.path}?{urlencode({**asked, **places})}"


def place_of(text: str) -> Place | None:
    """The place that an address names; None for the beginning, and for what is not a place."""
    at, _, id = text.partition("~")
    try:
        place = Place(float(at), id)
    except ValueError:
        return None
    return place if math.isfinite(place.at) and id.isascii() and id.isalnum() else None
