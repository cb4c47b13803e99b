"""The sixth set: one half that decides, made of data of its own by the modules of the fourth set (README.md).

Whoever writes rules, lists, words or policy opens none of data/*_deciding.toml and prints nothing that comes of it.
"""

from pathlib import Path

from tests.judged import Half, fifth

DATA = Path(__file__).parent / "data"
SIXTH: tuple[Half, ...] = ("sixth-deciding",)


def written() -> list[str]:
    """The sets of which there are data: arriving and leaving mails have other writers."""
    return fifth.written(DATA)
