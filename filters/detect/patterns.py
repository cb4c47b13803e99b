"""The organisation's own words and patterns (policy: organisation.patterns), compiled and found.

Patterns are RE2: their time is linear in the text, so an administrator's expression cannot stall the checkpoint.
They match folded lower-case text (mail.charset.fold): capitals do not matter.
"""

from collections.abc import Iterator, Sequence

import msgspec
import re2

from config.consequence import consequence
from config.policy import ConfigError, Organisation, Pattern
from filters.detect.numbers import luhn, masked, my_number
from mail.charset import fold

LONGEST = 2000
"""Longest pattern, in characters."""
MEMORY = 16 << 20
"""Most bytes that a compiled pattern may need."""
MOST = 1000
"""Most matches of a pattern counted in one text; more would add nothing."""
VALIDATORS = {"none": None, "luhn": luhn, "mynumber": my_number}


class Match(msgspec.Struct, frozen=True):
    """A pattern that was found in a text: its name, how many different matches, masked words, the first offset."""

    pattern: Pattern
    count: int
    quote: str
    offset: int


class Own:
    """The compiled patterns of an organisation."""

    def __init__(self, patterns: tuple[Pattern, ...]) -> None:
        self.triggers = tuple(_expression(p) for p in patterns)
        self._patterns = [(p, _compiled(e)) for p, e in zip(patterns, self.triggers, strict=True)]
        self._context = [tuple(fold(w).lower() for w in p.context) for p in patterns]

    def found(self, flat: str, present: Sequence[int]) -> Iterator[Match]:
        """Those of the patterns whose numbers are `present` that a folded text matches."""
        for number in present:
            pattern, compiled = self._patterns[number]
            check = VALIDATORS[pattern.validator]
            context = self._context[number]
            values: dict[str, int] = {}
            for tried, match in enumerate(compiled.finditer(flat)):
                if tried >= MOST:
                    break
                value = match[0]
                if check is not None and not check("".join(c for c in value if c.isdigit())):
                    continue
                if context and not _near(flat, match.start(), match.end(), context, pattern.near):
                    continue
                values.setdefault(value, match.start())
            if values and len(values) >= pattern.threshold:
                value, offset = next(iter(values.items()))
                yield Match(pattern, len(values), _quoted(pattern, value), offset)


def problems(organisation: Organisation) -> list[str]:
    """What is wrong with the organisation's patterns, their classes and consequences, one sentence each."""
    found: list[str] = []
    names: set[str] = set()
    classes = {c.name for c in organisation.classes}
    for number, pattern in enumerate(organisation.patterns, 1):
        where = f"organisation.patterns.{pattern.name or number}"
        if not pattern.name or pattern.name in names:
            found.append(f"{where}.name: missing or taken")
        names.add(pattern.name)
        if not any(w.strip() for w in pattern.words) and not pattern.pattern:
            found.append(f"{where}: neither words nor a pattern")
        if any(len(fold(w).strip()) < 2 for w in pattern.words):
            found.append(f"{where}.words: a word needs two characters")
        if pattern.validator not in VALIDATORS:
            found.append(f"{where}.validator: {pattern.validator!r} is none of {', '.join(VALIDATORS)}")
        if pattern.threshold < 1 or pattern.near < 1:
            found.append(f"{where}: threshold and near count from 1 on")
        if pattern.of and pattern.of not in classes:
            found.append(f"{where}.class: there is no class {pattern.of!r}")
        if pattern.then == "approve class":
            found.append(f"{where}.then: name the class instead; its approver is asked by class_approval")
        elif pattern.then:
            try:
                consequence(pattern.then)
            except ConfigError as error:
                found.append(f"{where}.then: {error}")
        found += [f"{where}.pattern: {why}" for why in _refused(pattern)]
    return found


def _refused(pattern: Pattern) -> Iterator[str]:
    if len(pattern.pattern) > LONGEST:
        yield f"longer than {LONGEST} characters"
        return
    try:
        compiled = _compiled(_expression(pattern))
    except re2.error as error:
        reason = error.args[0] if error.args else error
        yield (
            reason.decode("utf-8", "replace") if isinstance(reason, bytes) else str(reason)
        ) + " (RE2 knows no look-around and no back-references)"
        return
    if pattern.pattern and compiled.search("") is not None:
        yield "matches the empty text"


def _expression(pattern: Pattern) -> str:
    """One RE2 expression for words and pattern; Latin words begin and end as words."""
    pieces = []
    for word in pattern.words:
        plain = " ".join(fold(word).lower().split())
        escaped = r"\s+".join(re2.escape(piece) for piece in plain.split(" "))
        before = r"\b" if plain[:1].isascii() and plain[:1].isalnum() else ""
        behind = r"\b" if plain[-1:].isascii() and plain[-1:].isalnum() else ""
        pieces.append(before + escaped + behind)
    if pattern.pattern:
        pieces.append(f"(?:{pattern.pattern})")
    return "(?i)" + "|".join(pieces)


def _compiled(expression: str) -> "re2._Regexp":
    options = re2.Options()
    options.max_mem = MEMORY
    options.log_errors = False
    return re2.compile(expression, options)


def _near(flat: str, start: int, end: int, context: tuple[str, ...], near: int) -> bool:
    window = flat[max(0, start - near) : end + near]
    return any(word in window for word in context)


def _quoted(pattern: Pattern, value: str) -> str:
    """The words themselves are the organisation's; what a pattern matched may be a number of somebody."""
    digits = "".join(c for c in value if c.isdigit())
    if digits:
        return masked(digits)
    return " ".join(value.split())[:60] if pattern.words else "****"
