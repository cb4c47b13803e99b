"""Address labels on a sheet: names with 様, and as many postal addresses, in whatever cells they stand (OUT-PII).

〒370-0841            〒790-0003
群馬県高崎市栄町14     愛媛県松山市三番町7
安藤 雅人 様           榊原 雅人 様
"""

import re
from itertools import islice

from filters.detect.cell_values import is_place
from filters.detect.person_names import NONE, likeness

LEAST = 4
"""Labels that make a sheet of them."""
MOST = 8_000
"""Cells that are looked at."""
_CELL = re.compile(r"[^\n\x1f]+")
_POLITE = re.compile(r"(?:様|さま|殿)$")


def labels(cells: str) -> list[tuple[tuple[str, str], int, int]]:
    """((name, address), start, end) of each label; [] where names and addresses are not about as many."""
    if cells.count("様") + cells.count("殿") < LEAST:
        return []
    names: list[tuple[str, int, int]] = []
    places: list[str] = []
    for match in islice(_CELL.finditer(cells), MOST):
        cell = match[0].strip()
        if len(cell) > 60:
            continue
        if _POLITE.search(cell) and likeness(cell) != NONE:
            names.append((cell, match.start(), match.end()))
        elif is_place(cell):
            places.append(cell)
    if len(names) < LEAST or not 0.8 * len(names) <= len(places) <= 1.25 * len(names):
        return []
    return [((name, place), start, end) for (name, start, end), place in zip(names, places, strict=False)]
