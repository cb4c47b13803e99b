"""Address labels on a sheet: names with 様, and as many postal addresses, in whatever cells they stand (OUT-PII).

〒370-0841            〒790-0003
群馬県高崎市栄町14     愛媛県松山市三番町7
安藤 雅人 様           榊原 雅人 様
"""

import re
from itertools import islice

from filters.detect.cell_values import MAY_BE_PLACE, is_place
from filters.detect.person_names import NONE, likeness

LEAST = 4
"""Labels that make a sheet of them."""
MOST = 8_000
"""Cells that are looked at."""
_BEFORE = 200
_ENDS = re.compile(r"[\n\x1f]+")
_POLITE = re.compile(r"(?:様|さま|殿)\s*?(?=[\n\x1f]|\Z)")


def labels(cells: str) -> list[tuple[tuple[str, str], int, int]]:
    """((name, address), start, end) of each label; [] where names and addresses are not about as many."""
    if cells.count("様") + cells.count("殿") < LEAST:
        return []
    names: list[tuple[str, int, int]] = []
    for match in islice(_POLITE.finditer(cells), MOST):
        begin = max(0, match.start() - _BEFORE)
        before = _ENDS.split(cells[begin : match.start()])
        start = match.start() - len(before[-1])
        if len(before) == 1 and begin:  # too long for a name
            continue
        cell = cells[start : match.end()].strip()
        if len(cell) <= 60 and likeness(cell) != NONE:
            names.append((cell, start, match.end()))
    if len(names) < LEAST:
        return []
    called = {cell for cell, _, _ in names}
    others = map(str.strip, filter(MAY_BE_PLACE.search, _ENDS.split(cells, MOST)[:MOST]))
    places = [cell for cell in others if len(cell) <= 60 and cell not in called and is_place(cell)]
    if not 0.8 * len(names) <= len(places) <= 1.25 * len(names):
        return []
    return [((name, place), start, end) for (name, start, end), place in zip(names, places, strict=False)]
