"""Attacks of 2023 to 2026, each one mail, told in third/data/attacks_*.toml. `expects` is "warned".

Each comes as it stands and a second time: at another time, with another token in its link, and, where it is plain
text, as HTML in another charset or transfer encoding.
"""

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.judged import Half, Sample
from tests.judged.arriving import facts, parsed
from tests.judged.attacks import known
from tests.judged.lures import qr_blocks, qr_png, qr_table
from tests.judged.people import Town
from tests.judged.third.bait import baited
from tests.judged.third.post import MAILERS, letter, moment, page

DATA = Path(__file__).parent / "data"
OURS = "<5f1c20e7.4410@corp.example>"


def told(name: str) -> list[dict[str, Any]]:
    """The entries of all files of data that begin with `name`, in the order of the files' names."""
    found: list[dict[str, Any]] = []
    for path in sorted(DATA.glob(f"{name}_*.toml")):
        for entries in tomllib.loads(path.read_text("utf-8")).values():
            found += entries
    return found


def _fields(one: dict[str, Any], town: Town) -> list[tuple[str, str]]:
    fields = [(name, value) for name, _, value in (line.partition(": ") for line in one.get("fields", []))]
    if "reply" in one:
        fields.append(("Reply-To", one["reply"]))
    if one.get("thread"):
        fields += [("In-Reply-To", OURS), ("References", OURS)]
    mailer = town.draw.choice(MAILERS)
    return fields + ([("X-Mailer", mailer)] if mailer and not one.get("page") else [])


def attack(one: dict[str, Any], town: Town, turn: int) -> bytes:
    """The mail that an entry tells."""
    token = f"{town.draw.getrandbits(44):011x}"
    link = one.get("link", "").replace("{token}", token)
    text = one["text"].strip("\n").replace("{token}", token)
    html = one.get("html", "").replace("{token}", token)
    pictures = []
    if "qr" in one:
        code = one["qr"].replace("{token}", token)
        text = text.replace("{qr}", qr_blocks(code))
        html = html.replace("{qrtable}", qr_table(code))
        if "cid:" in html:
            pictures.append(("code@img", "image/png", qr_png(code)))
    if not html and (turn or one.get("page")):
        html = page(text, link, one.get("button", ""))
    return letter(
        one["from"],
        one["subject"] if "fields" in one or not turn else f"{one['subject']}{one.get('again', '')}",
        text.replace("{link}", link),
        date=moment(town.draw),
        html=html.replace("{link}", link),
        only=one.get("only", ""),
        charset=one.get("charset", "utf-8") if turn else "utf-8",
        printed=bool(turn) and "charset" not in one,
        files=[baited(line) for line in one.get("files", [])],
        pictures=pictures,
        fields=_fields(one, town),
        to=one.get("to", ""),
    )


def samples(half: Half) -> Iterator[Sample]:
    """Each attack twice."""
    for one in told("attacks"):
        for turn in range(2):
            town = Town(half, f"attacks/{one['kind']}/{turn}")
            seen = facts(parsed(one.get("envelope", one["from"]))[1], one["auth"]) | {"known": known(half)}
            if one.get("thread"):
                seen["sent"] = [OURS]
            name = f"attacks/{half}/{one['kind']}/{turn}"
            yield Sample(name, half, attack(one, town, turn), "warned", one.get("doubt", ""), seen)
