"""IN-LANGUAGE: the placeholders of a form letter that nobody filled in."""

import re
from collections.abc import Iterator

from config.policy import Organisation
from filters.finding import Evidence, Sight
from filters.rule import rule
from filters.trigger import Says
from filters.views import ByText

_WORD = r"(?:first|last|full|user|nick|your|my|rand\w*+|e?mail|name|num\w*+|subject|domain|company|letter\w*+|string|date|time|link|url|code|token|id|mc:\w++)"
_INSIDE = rf"{_WORD}(?:[-_ .]{{0,2}}(?:{_WORD}|low|up|[0-9]{{1,4}}+)){{0,4}}\d{{0,4}}(?:_\d+%|(?<=_\d)%|(?<=_\d\d)%)?"
_BEFORE = _WORD.replace("*+", "{0,20}?").replace("++", "{1,20}?")
"""The same, not greedy: what follows begins with a character that may belong to the word."""
_HOLE = re.compile(
    rf"\{{\{{?\s?{_INSIDE}\s?\}}?\}}|%{_INSIDE}%|%random\d*_\d+%|\*\|{_INSIDE}\|\*|\[(?:rand\w{{0,20}}?[-_ ]|{_BEFORE}[-_]){_INSIDE}\]|\$\{{{_INSIDE}\}}|"
    r"##[A-Z_]{3,20}##|\{numero\}|\{\d\}",
    re.IGNORECASE,
)
_BEGINS = re.sub(r"\\w[*+]\+", "", _WORD).replace("i", "[iıİ]")
_BEGINNINGS = (
    rf"(?i)(?:\{{(?s:.{{0,2}})|%|\[){_BEGINS}",
    r"\*\|",
    r"##[^ #\n]",
    r"\{\p{Nd}\}",
)
"""How each hole begins."""
_IN_BRACKETS = re.compile(rf"\[{_INSIDE}\]", re.IGNORECASE)
"""Counts in headers only: texts have bracketed words for many reasons."""


@rule(control="IN-LANGUAGE", direction="inbound", wakes=(Says(_BEGINNINGS),))
def unfilled_template(mail: ByText, organisation: Organisation) -> Iterator[Sight]:
    """Placeholders such as {firstname}, %random%, *|MC:SUBJECT|* or [RAND_LETTER] in subject, name or text."""
    incoming = mail.incoming
    if incoming.is_bulk:
        return
    places = [("header:from", incoming.name), ("header:subject", incoming.subject)]
    places += [(shown.part, shown.text[:20_000]) for shown in incoming.texts]
    for place, text in places:
        if found := _HOLE.search(text) or (place.startswith("header:") and _IN_BRACKETS.search(text)) or None:
            evidence = (Evidence(found[0][:60], place, found.start()),)
            yield Sight(evidence, values={"hole": found[0][:40]})
            return
