"""The lists that ship with the program: free-mail domains, brands, lures.
May open: its own files, when it is imported.

All but dictionary.bin, which names its sources in its first line, are written from general knowledge, under the licence of
the project (no list is a copy of anybody's data), and are meant to be extended by the policy file. They are read once, when the module that uses them is
imported: the processes that look at mail can open no file later.
"""

from importlib.resources import files
from typing import Any

from config.problems import BrokenFiles, Source


def entries(name: str) -> frozenset[str]:
    """The lines of `config/lists/NAME.txt` without comments, in lower case."""
    lines = (line.partition("#")[0].strip().lower() for line in _text(f"{name}.txt").splitlines())
    return frozenset(line for line in lines if line)


def table(name: str) -> dict[str, Any]:
    """The content of `config/lists/NAME.toml`."""
    source = Source(f"config/lists/{name}.toml", _text(f"{name}.toml"))
    if source.problems:
        raise BrokenFiles(source.problems)
    return source.table


def octets(file: str) -> bytes:
    """The content of a file of config/lists that is not text; the one who asks keeps it."""
    return files(__package__).joinpath(file).read_bytes()


def _text(file: str) -> str:
    return files(__package__).joinpath(file).read_text("utf-8")
