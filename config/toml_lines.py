"""Where each key of a TOML text stands; the standard library's reader does not say.

The text must be one that tomllib has read: what would be an error is not looked for here.
"""

import re

Place = tuple[str | int, ...]
"""The way to a value: names of keys, numbers of a list's entries."""

_BLANK = re.compile(r"(?:[ \t\r\n]+|#[^\n]*)*")
_BARE = re.compile(r"[A-Za-z0-9_-]+")
_STRING = re.compile(
    r'"""(?:[^"\\]|\\.|"(?!""(?!")))*"""(?!")|\'\'\'[\s\S]*?\'\'\'(?!\')|"(?:\\.|[^"\\\n])*"|\'[^\'\n]*\'',
    re.DOTALL,
)
_PLAIN = re.compile(r"[^,\]}#\n]*")
_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))")
_ESCAPED = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f"}


At = tuple[int, int]
"""Line and column, both from 1 on; columns count characters."""


def places(text: str) -> dict[Place, At]:
    """Where each key, table and entry of a list begins."""
    return _Reader(text).places


class _Reader:
    def __init__(self, text: str) -> None:
        self.places: dict[Place, At] = {}
        self._text = text.replace("\r\n", "\n")
        self._at = 0
        self._counted = (0, 1)
        self._entries: dict[Place, int] = {}
        table: Place = ()
        while self._skip() < len(self._text):
            if self._take("[["):
                table = self._heading(entry=True)
            elif self._take("["):
                table = self._heading(entry=False)
            else:
                self._pair(table)

    def _skip(self) -> int:
        match = _BLANK.match(self._text, self._at)
        assert match is not None
        self._at = match.end()
        return self._at

    def _take(self, text: str) -> bool:
        found = self._text.startswith(text, self._at)
        self._at += len(text) if found else 0
        return found

    def _here(self) -> At:
        before, line = self._counted
        line += self._text.count("\n", before, self._at)
        self._counted = (self._at, line)
        return line, self._at - self._text.rfind("\n", 0, self._at)

    def _heading(self, *, entry: bool) -> Place:
        at, place = self._here(), Place()
        keys = self._keys()
        self._at = self._text.index("]", self._at) + (2 if entry else 1)
        for number, key in enumerate(keys):
            place += (key,)
            if number == len(keys) - 1 and entry:
                self._entries[place] = self._entries.get(place, -1) + 1
            self.places.setdefault(place, at)
            if place in self._entries:
                place += (self._entries[place],)
                self.places.setdefault(place, at)
        return place

    def _pair(self, table: Place) -> None:
        at, place = self._here(), table
        for key in self._keys():
            place += (key,)
            self.places.setdefault(place, at)
        self._skip()
        self._take("=")
        self._value(place)

    def _keys(self) -> list[str]:
        keys = []
        while True:
            self._skip()
            if match := _STRING.match(self._text, self._at):
                written = match[0]
                keys.append(_ESCAPE.sub(_unescaped, written[1:-1]) if written[0] == '"' else written[1:-1])
            else:
                match = _BARE.match(self._text, self._at)
                assert match is not None
                keys.append(match[0])
            self._at = match.end()
            self._skip()
            if not self._take("."):
                return keys

    def _value(self, place: Place) -> None:
        self._skip()
        if self._take("["):
            number = 0
            while self._skip() < len(self._text) and not self._take("]"):
                self.places.setdefault((*place, number), self._here())
                self._value((*place, number))
                number += 1
                self._skip()
                self._take(",")
        elif self._take("{"):
            while self._skip() < len(self._text) and not self._take("}"):
                self._pair(place)
                self._skip()
                self._take(",")
        else:
            match = _STRING.match(self._text, self._at) or _PLAIN.match(self._text, self._at)
            assert match is not None
            self._at = match.end()


def _unescaped(match: re.Match[str]) -> str:
    number = match[1] or match[2]
    return chr(int(number, 16)) if number else _ESCAPED.get(match[3], match[3])
