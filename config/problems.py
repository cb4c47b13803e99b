"""What is wrong with a configuration file, where it stands, and what was meant.

A problem is one sentence that begins with its key: "relay.port: …". `Source.located` puts file, line and column before
it, for people and for their editors; what is missing from a file stands at its beginning. A value is not repeated where a secret may have been put by mistake.
"""

import difflib
import re
import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from config.toml_lines import At, Place, places

MOST = 10
"""Mistakes of TOML itself that are told of one file; after so many, nothing is certain any more."""
_AT = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)$")
_PLACED = re.compile(r"(.+?):(\d+):(\d+): ")
_BEGINNING: At = (1, 1)
_KEY_LINE = re.compile(r"\s*+[\w.\"' -]++=")
_TWICE = re.compile(r"Cannot declare \((.*)\) twice")
_DAY = re.compile(r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}\s*(?:#|$)|\d+年")
_TIME = re.compile(r"\d{1,2}:\d{2}\s*(?:#|$)")
_QUOTED = re.compile(r"""\"(?:\\.|[^"\\]){0,50}\"|'[^']{0,120}+'""")
_WIDE = re.compile("[“”‘’「」＝［］，．　＂＇]")


class BrokenFiles(ValueError):
    """A file of the program's own (words, lists) cannot be used: somebody has changed it. Raised at an import."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("; ".join(problems))
        self.problems = problems


class Source:
    """A file, or what there is of it. `table` is what could be read; `problems` are those of TOML itself, located;
    `whole` is False when there are some: what the table lacks may stand in the file all the same."""

    def __init__(self, name: str, text: str) -> None:
        """`name` is how the file is called in problems."""
        self.name = name
        self.text = text
        self.problems: list[str] = []
        self.table: dict[str, Any] = {}
        self._places: dict[Place, At] = {}
        self._parse(text)

    @classmethod
    def of(cls, path: Path) -> "Source":
        """The file at this path; one that cannot be read is an empty one with a problem."""
        try:
            return cls(str(path), path.read_text("utf-8-sig"))
        except OSError as error:
            reason = error.strerror or type(error).__name__
        except UnicodeDecodeError as error:
            before = path.read_bytes()[: error.start].split(b"\n")
            column = len(before[-1].decode("utf-8", "replace")) + 1
            return cls._unreadable(f"{path}:{len(before)}:{column}: is not written in UTF-8", path)
        return cls._unreadable(f"{path}: cannot be read: {reason}", path)

    @classmethod
    def _unreadable(cls, problem: str, path: Path) -> "Source":
        source = cls(str(path), "")
        source.problems = [problem]
        return source

    @property
    def whole(self) -> bool:
        return not self.problems

    def place(self, key: str) -> tuple[At, int]:
        """Where the last table or key on the way to a dotted key stands, and how deep that is: 0, and the beginning of
        the file, when not even its first part is there. Lists are entered by number, or by the name or login of an
        entry."""
        parts, place, value = key.split("."), Place(), self.table
        at, depth = _BEGINNING, 0
        while depth < len(parts):
            for end in range(len(parts), depth, -1):  # a key may have dots itself
                found = _entered(value, ".".join(parts[depth:end]))
                if found is not None:
                    step, value = found
                    place += (step,)
                    at, depth = self._places.get(place, at), end
                    break
            else:
                break
        return at, depth

    def located(self, problem: str, *below: "Source") -> str:
        """The problem with its place before it: of this file, or of one `below` that says more of its key."""
        return self.at(problem.partition(":")[0].partition(" ")[0], problem, *below)

    def at(self, key: str, sentence: str, *below: "Source") -> str:
        """The sentence with the place of a key before it."""
        best, at, depth = self, *self.place(key)
        for source in below:
            found = source.place(key)
            if found[1] > depth:
                best, at, depth = source, *found
        line, column = at
        return f"{best.name}:{line}:{column}: {sentence}"

    def _parse(self, text: str) -> None:
        """Line by line without those that are wrong, as long as what follows keeps its meaning."""
        for _ in range(MOST):
            try:
                self.table = tomllib.loads(text)
                self._places = places(text)
                return
            except tomllib.TOMLDecodeError as error:
                match = _AT.search(str(error))
                number = int(match[1]) if match and match[1] else 0
                column = int(match[2]) if match and match[2] else 0
                reason = str(error)[: match.start()] if match else str(error)
            written = text.split("\n")
            if reason.startswith("Unclosed") and (begun := _begun(written[: number or len(written)])):
                number, column = begun  # where it was noticed says nothing
            wrong = written[number - 1] if number else ""
            self.problems.append(
                f"{self.name}:{number or len(written)}:{column or len(written[-1]) + 1}: is not TOML: {reason}"
                f"{_hint(wrong, reason, written)}"
            )
            if not number or not _KEY_LINE.match(wrong) or _open(wrong):
                return  # a heading, a text or a list that does not end: the rest would be misread
            written[number - 1] = ""
            text = "\n".join(written)


def _hint(line: str, reason: str, lines: list[str]) -> str:
    """What was probably meant by a line that is not TOML."""
    if wide := _WIDE.search(line):
        return f'; "{wide[0]}" is a full-width or typographic character, TOML has its own'
    if (heading := _TWICE.match(reason)) and (table := ".".join(re.findall("'([^']*)'", heading[1]))):
        first = next((n for n, each in enumerate(lines, 1) if each.strip().startswith(f"[{table}]")), 0)
        return f"; [{table}] begins in line {first} already: write it there" if first else ""
    if reason.startswith("Unclosed array"):
        return "; the list that begins here does not end: is a ] missing?"
    if _open(line) == "{":
        return "; a table in braces { … } stands on one line"
    if line.count('"') % 2:
        return '; is a quotation mark (") missing?'
    value = line.partition("=")[2].strip()
    if _DAY.match(value):
        return "; a day is written 2027-03-31"
    if _TIME.match(value):
        return "; a time is written 09:00:00"
    if reason.startswith("Invalid value") and re.match(r"[^\W\d]", value):
        return "; texts stand between quotation marks, true and false are written small"
    return ""


def _open(line: str) -> str:
    """The bracket of a line's value that does not close there, "" without one."""
    value = _QUOTED.sub("", line.partition("=")[2]).partition("#")[0]
    return next((b for b, end in ("{}", "[]") if value.count(b) > value.count(end)), "")


def _begun(lines: list[str]) -> At | None:
    """Where the list begins that the end of these lines is in."""
    for number in range(len(lines), 0, -1):
        if _KEY_LINE.match(lines[number - 1]) and _open(lines[number - 1]) == "[":
            return number, lines[number - 1].index("[") + 1
    return None


def _entered(value: Any, part: str) -> tuple[str | int, Any] | None:
    """The step into a table or list that a part of a key means, and what is there."""
    if isinstance(value, dict):
        return (part, value[part]) if part in value else None
    if isinstance(value, list):
        for number, each in enumerate(value):
            named = isinstance(each, dict) and part in (each.get("name"), each.get("login"))
            if named or part == str(number):
                return number, each
    return None


def meant(word: object, known: Iterable[str], cutoff: float = 0.6) -> str:
    """The end of a sentence about a word that is not known: the known one that is most like it, "" without one."""
    if not isinstance(word, str):
        return ""
    names = {name.lower(): name for name in known}
    found = difflib.get_close_matches(word.lower(), names, 1, cutoff)
    if not found and len(word) > 2:  # cut short: dept, org
        begun = [name for name in names if name.startswith(word.lower()[:3])]
        found = begun if len(begun) == 1 else []
    return f'; did you mean "{names[found[0]]}"?' if found else ""


def in_order(problems: Iterable[str]) -> list[str]:
    """Each problem once, those of one file in the order of its lines."""
    once = list(dict.fromkeys(problems))
    found = [_PLACED.match(problem) for problem in once]
    files = list(dict.fromkeys(match[1] for match in found if match))
    keys = [
        (files.index(match[1]), int(match[2]), int(match[3])) if match else (len(files), 0, 0)
        for match in found
    ]
    return [once[number] for number in sorted(range(len(once)), key=keys.__getitem__)]


def why_not(error: Exception) -> str:
    """Why a file cannot be used, in words, without its path and what stands in it: a key may."""
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    if isinstance(error, UnicodeError):
        return "not text in UTF-8"
    return "not what is expected there"
