"""Lists that are longer than a page: the service is asked for what a page shows, and the next one begins behind it.

A list never filters after a limit: what would not be shown is left out by the query (quarantine/rows.py: Query).
"""

import math
from urllib.parse import urlencode

from console.visit import Visit
from quarantine.store import Place


def after(visit: Visit, name: str = "after") -> Place | None:
    """Where the page begins that a visit asks for; None for the beginning. `name` tells several lists of a page apart."""
    return place_of(visit.query(name))


def next_page(visit: Visit, place: Place | None, name: str = "after") -> str:
    """The address of the page that begins behind a place, "" at the end."""
    return following(visit, **{name: f"{place.at!r}~{place.id}"}) if place is not None else ""


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
