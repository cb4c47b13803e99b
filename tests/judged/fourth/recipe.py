"""Mails from recipes: what a data file says of a kind becomes a whole mail.

A recipe is a subject, the text, and sections that begin with a line `@@`: `@@html` (beside the text), `@@ name.ext
[option]` (a file, tests/judged/fourth/papers.py), `@@> name.ext` (a file inside the archive above), `@@field Name`
(a header field). A recipe that begins with `!raw charset` is the mail itself, with `<<b64 charset|…>>`, `<<qp …>>`,
`<<w …>>` (an encoded word) and `<<file name|…>>` in it.

`[=word]` is drawn: a person's (folk.py), a number or token (draws.py), `to` and `co` of the recipient, or one of the
given words. `[=2.name]` is a second person's. A line that begins with `*12 ` is twelve lines of twelve people; so
are lines between `*12<<` and `>>*`. Drawn once under a name: `[=a:pw]`, and later `[=a:]`.
"""

import base64
import quopri
import re
from collections.abc import Iterator, Mapping
from random import Random
from typing import Any

from tests.judged import Half, Sample
from tests.judged.fourth import told
from tests.judged.fourth.draws import drawn
from tests.judged.fourth.folk import Person
from tests.judged.fourth.papers import made
from tests.judged.mime import File, mail, word

_BLOCK = re.compile(r"^\*(\d+)<<\n(.*?)\n>>\*$", re.S | re.M)
_LINE = re.compile(r"^\*(\d+) (.*)$", re.M)
_DRAWN = re.compile(r"\[=([^\]\n]+)\]")
_CODED = re.compile(r"<<(b64|qp|w|file) ([^|\n]*)\|(.*?)>>(?!>)", re.S)
_OPTION = re.compile(r" (cp932|euc_jp|utf-16|latin-1|iso2022_jp|octets|locked:\S+)$")
SENDER = ("佐藤 由紀", "y.sato@corp.example")


class Kitchen:
    """One mail's chance: what is drawn, from a seed."""

    def __init__(self, half: Half, seed: str, words: Mapping[str, str] | None = None) -> None:
        self.half = half
        self.draw = Random(f"fourth/{half}/{seed}")
        self.words = dict(words or {})
        self.people: dict[str, Person] = {}
        self.kept: dict[str, str] = {}
        self.row = 0
        self.to = Person.drawn(half, self.draw)

    def _value(self, asked: str) -> str:
        if asked in self.words:
            return self.words[asked]
        label, colon, rest = asked.partition(":")
        if colon:
            if rest:
                self.kept[label] = self._value(rest)
            return self.kept[label]
        if asked == "row":
            return str(self.row)
        if asked in ("to", "tofull", "toco", "tomail"):
            return self.to.values[{"to": "fam", "tofull": "name", "toco": "co", "tomail": "work"}[asked]]
        found = drawn(self.draw, asked.split())
        if found is not None:
            return found
        number, dot, name = asked.partition(".")
        if not dot or not number.isdigit():
            number, name = "1", asked
        if number not in self.people:
            self.people[number] = Person.drawn(self.half, self.draw)
        return self.people[number].values[name]

    def _rows(self, count: str, text: str) -> str:
        """The text so often, each time with other people."""
        before, found = self.people, []
        for n in range(int(count)):
            self.people, self.row = {}, n + 1
            found.append(self._put(text))
        self.people = before
        return "\n".join(found)

    def _put(self, text: str) -> str:
        return _DRAWN.sub(lambda m: self._value(m[1]), text)

    def filled(self, text: str) -> str:
        """With rows written out and everything drawn."""
        text = _BLOCK.sub(lambda m: self._rows(m[1], m[2]), text)
        text = _LINE.sub(lambda m: self._rows(m[1], m[2]), text)
        return self._put(text)


def _base64(content: bytes) -> str:
    return base64.encodebytes(content).decode().strip()


def _coded(match: re.Match[str], kitchen: Kitchen) -> str:
    how, option, text = match.groups()
    match how:
        case "b64":
            return _base64(text.replace("\n", "\r\n").encode(option))
        case "qp":
            return quopri.encodestring(text.encode(option)).decode("ascii")
        case "w":
            return word(text, option).replace("\r\n", "\n")
    return _base64(made(option, "", text, [], kitchen.draw)[2])


def raw(kitchen: Kitchen, text: str) -> bytes:
    """A mail that is written out."""
    first, _, rest = kitchen.filled(text).partition("\n")
    whole = _CODED.sub(lambda m: _coded(m, kitchen), rest.lstrip("\n"))
    return whole.rstrip("\n").replace("\n", "\r\n").encode(first.split()[1]) + b"\r\n"


def _files(sections: list[str], kitchen: Kitchen) -> list[File]:
    found: list[File] = []
    waiting: list[tuple[str, str, str, list[tuple[str, bytes]]]] = []
    for section in sections:
        head, _, text = section.partition("\n")
        inside = head.startswith(">")
        name, option = head.lstrip("> "), ""
        if match := _OPTION.search(name):
            name, option = name[: match.start()], match[1]
        if inside:
            one = made(name, option, text.rstrip("\n"), [], kitchen.draw)
            waiting[-1][3].append((one[0], one[2]))
        else:
            waiting.append((name, option, text.rstrip("\n"), []))
    for name, option, text, members in waiting:
        found.append(made(name, option, text, members, kitchen.draw))
    return found


def cooked(kitchen: Kitchen, text: str, **changes: Any) -> bytes:
    """The mail of a recipe; `changes` are arguments of `tests.judged.mime.mail`."""
    if text.startswith("!raw"):
        return raw(kitchen, text)
    first, *sections = re.split(r"^@@", kitchen.filled(text.strip("\n")), flags=re.M)
    subject, _, body = first.partition("\n")
    html, fields, files = "", [], []
    for section in sections:
        if section.startswith("html\n"):
            html = f"<html><body>{section[5:].strip()}</body></html>"
        elif section.startswith("field "):
            name, _, value = section[6:].strip("\n").partition(" ")
            fields.append((name, word(value)))
        else:
            files.append(section)
    given: dict[str, Any] = {
        "html": html, "files": [*_files(files, kitchen), *changes.pop("files", ())], "sender": SENDER, "fields": fields,
        "to": (kitchen.to.values["name"], kitchen.to.values["work"]), **changes,
    }  # fmt: skip
    return mail(subject, body.strip("\n") or "HTML", **given)


def kinds(which: str, half: Half) -> Iterator[Sample]:
    """A sample for each kind of a data file, as often as it says."""
    for one in told(which, half)["kind"]:
        for turn in range(one.get("times", 1)):
            name = f"{which}/{half}/{one['name']}/{turn}"
            content = cooked(Kitchen(half, name), one["mail"])
            yield Sample(name, half, content, one["expects"], one.get("doubt", ""))
