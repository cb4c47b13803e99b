"""The fifth set: one half that decided until the sixth did, made of data of its own by the modules of the fourth (README.md)."""

from pathlib import Path

from tests.judged import SETS, Half

DATA = Path(__file__).parent / "data"
FIFTH: tuple[Half, ...] = ("fifth-deciding",)
PARTS = {"takeover": ("takeover", "thief"), "bounces": ("forged", "genuine")}
"""Sets whose data have other names."""


def files(which: str, data: Path = DATA) -> list[Path]:
    """The data of a set; those of people and companies are of all."""
    return [data / f"{name}_deciding.toml" for name in PARTS.get(which, (which,))]


def written(data: Path = DATA) -> list[str]:
    """The sets of which there are data."""
    return [which for which in SETS if all(path.exists() for path in files(which, data))]
