"""The fourth set: two halves of kinds that were thought up as one list and then split by chance (README.md).

A module for each set that has been written, named as the set, with `samples(half)`; data/SET_development.toml is
for everybody, data/SET_deciding.toml for nobody who writes rules. Modules hold structure, never a deciding text.
"""

import tomllib
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from tests.judged import SETS, Half

DATA = Path(__file__).parent / "data"
_BESIDE = Path(__file__).parent.parent
LATER: dict[Half, Path] = {
    "fifth-deciding": _BESIDE / "fifth" / "data",
    "sixth-deciding": _BESIDE / "sixth" / "data",
}
"""The fifth and the sixth set are made by the same modules of other data."""
FOURTH: dict[Half, str] = {"fourth": "development", "fourth-deciding": "deciding"}
"""How the halves are called, and which data they have."""


def written() -> list[str]:
    """The sets of which this package has a module."""
    return [which for which in SETS if find_spec(f"{__name__}.{which}")]


@cache
def told(name: str, half: Half) -> dict[str, list[Any]]:
    """The lists of data/NAME_development.toml or data/NAME_deciding.toml; nothing where there is no file.

    Of a half that is none of the fourth set's: of fifth/data or sixth/data.
    """
    path = DATA / f"{name}_{FOURTH[half]}.toml" if half in FOURTH else LATER[half] / f"{name}_deciding.toml"
    return tomllib.loads(path.read_text("utf-8")) if path.exists() else {}
