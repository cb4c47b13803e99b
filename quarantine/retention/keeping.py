"""How long the content of mail that has ended is kept: by how it ended, and by what was found in it. Pure.

What was found is noted with the item (`kept_as`): the classes that rules saw, and kinds of data (config/keeping.py: KINDS).
The settings say how long that is kept when a round asks, so that a change goes for mail that has ended already.
"""

from collections.abc import Iterable, Mapping
from functools import lru_cache

import msgspec

from config.keeping import KINDS, RetentionSection
from filters.finding import Finding
from storage.journal import canonical

DAY = 86_400.0
_names = msgspec.json.Decoder(tuple[str, ...]).decode
_KIND_OF = {control: kind for kind, controls in KINDS.items() for control in controls}


def kept_as(findings: Iterable[Finding]) -> str:
    """What decides how long a mail with these findings is kept: names in JSON, "" for none."""
    found = {name for each in findings if (name := _KIND_OF.get(each.control) or "")}
    found |= {name for each in findings if (name := each.values.get("class", ""))}
    return canonical(sorted(found)) if found else ""


class Keeping:
    """`days` by how it ended (ItemEnd), `found` by what was found: instead of that, the shortest."""

    def __init__(self, days: Mapping[str, float], found: Mapping[str, float] = {}) -> None:
        self._days = days
        self._found = found

    @classmethod
    def of(cls, section: RetentionSection) -> "Keeping":
        days = {
            name.removesuffix("_days"): float(getattr(section, name))
            for name in type(section).model_fields
            if name.endswith("_days")
        }
        return cls(days, {name: float(days) for name, days in section.found.items()})

    def seconds(self, ended: str, kept_as: str = "") -> float:
        """From the end of a mail until it is erased."""
        found = [self._found[name] for name in _decoded(kept_as) if name in self._found]
        return (min(found) if found else self._days[ended]) * DAY


@lru_cache(1024)
def _decoded(kept_as: str) -> tuple[str, ...]:
    return _names(kept_as) if kept_as else ()
