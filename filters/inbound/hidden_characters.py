"""IN-LANGUAGE: words cut by invisible characters, so that filters read other words than people do."""

import re
from collections.abc import Iterator

from config.policy import Organisation
from filters.finding import Evidence, Sight
from filters.lures.garble import garbled
from filters.lures.names import marked
from filters.rule import rule
from filters.trigger import Says
from filters.views import ByText

FEW = 3
_UNSEEN = "\u00ad\u034f\u180e\u200b-\u200d\u2060-\u2064\ufeff"
_CUT = re.compile(
    rf"[A-Za-z]{{1,30}}[{_UNSEEN}]{{1,5}}(?:[A-Za-z]{{1,30}}[{_UNSEEN}]{{1,5}}){{0,20}}[A-Za-z]{{1,30}}|"
    rf"[\u30a1-\u30fe]{{1,10}}[{_UNSEEN}]{{1,5}}[\u30a1-\u30fe]{{1,10}}|[\u4e00-\u9fff]{{1,6}}[{_UNSEEN}]{{1,5}}[\u4e00-\u9fff]{{1,6}}"
)
_ANY = f"[{_UNSEEN}\U000e0020-\U000e007f]"
_LETTERS = re.compile(rf"[{_UNSEEN}]+")
_TAGS = re.compile("(?<!\U0001f3f4)[A-Za-z0-9\u3041-\u9fff][\U000e0020-\U000e007f]{1,200}")
"""Tag characters spell invisible ASCII; after a black flag they name its country."""


@rule(control="IN-LANGUAGE", direction="inbound", wakes=(Says((_ANY,)),))
def hidden_characters(mail: ByText, organisation: Organisation) -> Iterator[Sight]:
    """At least three words with zero-width characters or soft hyphens inside, or any text in tag characters.

    Hyphenation of long words, marks between words and phrases, and the spelling of other scripts do not
    count.
    """
    incoming = mail.incoming
    places = [("header:from", incoming.name), ("header:subject", incoming.subject)]
    places += [(shown.part, shown.text[:40_000]) for shown in incoming.texts]
    for place, text in places:
        if text.isascii():
            continue
        tags = _TAGS.search(text)
        words = list(dict.fromkeys(m[0] for m in _CUT.finditer(text) if not _hyphenated(m[0])))
        if (tags or len(words) >= (1 if place.startswith("header:") else FEW)) and not garbled(text):
            shown = tags[0] if tags else words[0]
            evidence = (Evidence(marked(shown)[:160], place, text.find(shown)),)
            weight = 3 if tags else 2
            yield Sight(evidence, weight=weight, values={"word": marked(shown)[:60]})
            return


def _hyphenated(word: str) -> bool:
    """True for a long word with soft hyphens where it may be broken, and for a joint of two names."""
    pieces = _LETTERS.split(word)
    if "\u00ad" in word:
        return min(map(len, pieces)) >= 2 and sum(map(len, pieces)) >= 10
    return len(pieces) == 2 and min(map(len, pieces)) >= 5
