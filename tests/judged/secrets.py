"""Secrets of as many kinds as a public rule list knows, in what people send; and what only looks like one.

`expects` is "secret" or "none". `samples` is the same everywhere; `from_machine` takes clean sources, manuals,
logs and listings from the machine that measures (half of them, by the hash of their path, are deciding).
"""

import gzip
import hashlib
import random
import re
import sysconfig
import tomllib
import uuid
import zlib
from collections.abc import Iterator
from functools import cache
from itertools import zip_longest
from pathlib import Path
from typing import Any

from tests.judged import Half, Sample
from tests.judged.armors import armored
from tests.judged.mime import file, mail
from tests.judged.people import HERE, Town

_LOW, _UP, _DIGITS = "abcdefghijklmnopqrstuvwxyz", "ABCDEFGHIJKLMNOPQRSTUVWXYZ", "0123456789"
LETTERS = {
    "h": _DIGITS + "abcdef", "H": _DIGITS + "ABCDEF", "a": _LOW + _DIGITS, "A": _UP + _DIGITS, "d": _DIGITS,
    "x": _LOW + _UP + _DIGITS, "u": _LOW + _UP + _DIGITS + "-_", "b": _LOW + _UP + _DIGITS + "+/", "l": _LOW + _UP,
    "t": _UP + "234567", "q": "QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L", "p": _LOW + _UP + _DIGITS + "!#$%*+.?",
}  # fmt: skip
_BASE62 = _DIGITS + _UP + _LOW
_PLACE = re.compile(r"<([ghHaAdxubltqp])(\d+)>|<uuid>")


def filled(text: str, draw: random.Random) -> str:
    """`text` with a random value of the right shape in each place."""

    def value(place: re.Match[str]) -> str:
        if not place[1]:
            return str(uuid.UUID(int=draw.getrandbits(128), version=4))
        if place[1] == "g":  # as GitHub and npm issue them: random, then its checksum in base 62
            value = "".join(draw.choice(_BASE62) for _ in range(int(place[2]) - 6))
            rest, check = zlib.crc32(value.encode()), ""
            for _ in range(6):
                rest, digit = divmod(rest, 62)
                check = _BASE62[digit] + check
            return value + check
        letters = LETTERS[place[1]]
        if place[1] == "p":  # a password begins with letters and has each kind
            rest = "".join(draw.choice(letters) for _ in range(int(place[2]) - 5))
            return (
                draw.choice(_UP)
                + draw.choice(_LOW)
                + draw.choice(_DIGITS)
                + rest
                + draw.choice("!#?")
                + draw.choice(_LOW)
            )
        return "".join(draw.choice(letters) for _ in range(int(place[2])))

    return _PLACE.sub(value, text)


@cache
def _lists(half: Half) -> dict[str, Any]:
    return tomllib.loads((HERE / "secrets" / f"{half}.toml").read_text("utf-8"))


def _sent(town: Town, name: str, content: bytes) -> bytes:
    to = town.partner()
    if not name:
        return mail("ご連絡", content.decode(), to=to)
    return mail(
        "設定ファイル",
        "お世話になっております。ファイルをお送りします。\n",
        files=[file(name, content)],
        to=to,
    )


def _kinds(half: Half) -> Iterator[tuple[str, str, str]]:
    for source in ("development", "deciding")[: 1 if half == "development" else 2]:
        for line in _lists(source)["kinds"]:
            kind, name, shape = line.split(" | ", 2)
            yield kind, name, shape


def samples(half: Half) -> Iterator[Sample]:
    """Each kind of the list in two contexts, then whole texts, keys, and what is none."""
    lists = _lists(half)
    for number, (kind, name, shape) in enumerate(_kinds(half)):
        named, doubt = (
            (kind[:-2], "an identifier rather than a secret") if kind.endswith(" *") else (kind, "")
        )
        for turn in range(2):
            town = Town(half, f"secrets/{kind}/{turn}")
            to, _, text = lists["contexts"][(number * 2 + turn) % len(lists["contexts"])].partition("|")
            content = text.format(NAME=name.upper(), name=name, value=filled(shape, town.draw))
            yield Sample(
                f"secrets/{half}/{named}/{turn}", half, _sent(town, to, content.encode()), "secret", doubt
            )
    for one in lists["texts"]:
        for turn in range(2):
            town = Town(half, f"secrets/{one['kind']}/{turn}")
            content = filled(one["text"], town.draw).encode()
            yield Sample(
                f"secrets/{half}/{one['kind']}/{turn}", half, _sent(town, one["file"], content), "secret"
            )
    for turn in range(2):
        town = Town(half, f"secrets/keys/{turn}")
        for kind, name, key in armored(half, town.draw):
            doubt = "bare hexadecimal: only its first octets say what it is" if kind == "key-hex" else ""
            yield Sample(f"secrets/{half}/{kind}/{turn}", half, _sent(town, name, key), "secret", doubt)
    for number, text in enumerate(lists["clean"]["texts"]):
        town = Town(half, f"secrets/clean/{number}")
        content = filled(text, town.draw).encode()
        name = town.draw.choice(("", "memo.txt", "sample.md"))
        yield Sample(f"secrets/{half}/clean/{number:02d}", half, _sent(town, name, content), "none")


FOLDERS = (
    sysconfig.get_paths()["stdlib"], "/usr/share/doc", "/usr/share/man/man1", "/usr/share/man/man8", "/usr/share/perl",
    "/var/lib/dpkg/info", "/usr/include", "/var/log", "/usr/share/vim",
)  # fmt: skip
_ENDINGS = {
    ".py",
    ".md",
    ".txt",
    ".html",
    ".h",
    ".gz",
    ".list",
    ".md5sums",
    ".log",
    ".pm",
    ".conf",
    ".vim",
    "",
    ".rst",
}
_SKIPPED = re.compile(r"/tests?/|-packages")
_KEYS = re.compile(rb"PRIVATE KEY( BLOCK)?-----")


def from_machine(half: Half, count: int = 600) -> Iterator[Sample]:
    """Clean files of this machine; another machine has others. Files that show a private key are left out."""
    shelves: list[list[tuple[str, Path]]] = []
    for folder in FOLDERS:
        shelf = []
        for path in Path(folder).rglob("*"):
            inside = path.as_posix()
            if path.suffix in _ENDINGS and not _SKIPPED.search(inside):
                name = hashlib.sha256(inside.encode()).hexdigest()
                if (int(name[0], 16) % 2 == 0) == (half == "development"):
                    shelf.append((name, path))
        shelves.append(sorted(shelf))
    for name, path in (one for row in zip_longest(*shelves) for one in row if one):
        if count == 0:
            return
        try:
            content = path.read_bytes() if path.is_file() and path.stat().st_size < 150_000 else b""
            if path.suffix == ".gz" and content:
                content = gzip.decompress(content)
            content.decode("utf-8")
        except (OSError, EOFError, UnicodeDecodeError):
            continue
        if len(content) < 200 or _KEYS.search(content):
            continue
        shown = path.name.removesuffix(".gz") + ("" if "." in path.name.removesuffix(".gz") else ".txt")
        sent = mail("資料", "お送りします。", files=[file(shown, content)], to=Town(half, name).partner())
        yield Sample(f"secrets/{half}/machine/{name[:12]}", half, sent, "none", facts={"path": str(path)})
        count -= 1
