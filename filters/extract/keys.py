"""Passphrases that may open an encrypted file: typed by the recipient, agreed with recipients, found in the same mail.

A passphrase is never evidence: only where it came from is reported.
"""

import re
from collections.abc import Callable, Iterable, Iterator

AGREED, WRITTEN, WELL_KNOWN = "agreed", "written", "well_known"
TYPED = "typed"
MOST = 20
"""How many words of one mail are tried."""
SLOW = 5
PROTECTORS = {
    "encrypted-ooxml": ("VelvetSweatshop",),
    "xls": ("VelvetSweatshop",),
    "ppt": ("/01Hannes Ruescher/01",),
}
"""Excel and PowerPoint encrypt with these what opens without a prompt (MS-XLS 2.2.10, MS-PPT 2.3.7)."""

_NEAR = re.compile(
    r"パスワード|パスフレーズ|暗証番号|解凍|開封|合言葉|パス(?=[\s:：は])|pass(?:word|code|phrase)?\b|\bpwd?\b|\bpin\b|\bkey\b|kennwort|mot de passe|contraseña|senha",
    re.IGNORECASE,
)
_WORD = re.compile(r"[!-~]{4,64}")
_BEFORE, _BEHIND = ":=-'\"[(<", "'\"])>,.;"
"""Signs around a word that are not the word."""


class Keys:
    """Candidates in the order in which they are tried: (passphrase, source). `attempts` is for the whole mail.

    The candidates are collected once, at the first encrypted file.
    """

    def __init__(
        self, candidates: Callable[[], Iterable[tuple[str, str]]] = lambda: (), attempts: int = 60
    ) -> None:
        self._candidates = candidates
        self._known: list[tuple[str, str]] | None = None
        self.attempts = attempts

    def each(self, extra: Iterable[str] = (), *, cost: int = 1) -> Iterator[tuple[str, str]]:
        """The candidates, while attempts last. `extra` are well-known ones of the format; they are tried first.

        `cost` is how many attempts each one counts for: SLOW for formats where each takes a tenth of a second
        or more.
        """
        if self._known is None:
            self._known = list(dict.fromkeys(self._candidates()))[: 3 * MOST]
        for candidate in [*((word, WELL_KNOWN) for word in extra), *self._known]:
            if self.attempts <= 0:
                return
            self.attempts -= cost
            yield candidate

    def learnt(self, word: str, source: str) -> None:
        """From now on a passphrase that opened something is tried first."""
        if self._known and source != WELL_KNOWN:
            self._known.sort(key=lambda known: known[0] != word)

    def __repr__(self) -> str:
        return "Keys()"


def written(text: str) -> list[str]:
    """Words within 80 characters behind a word for passphrase, nearest first, and the last one before it; at most MOST."""
    found: list[str] = []
    for match in _NEAR.finditer(text[:200_000]):
        behind = text[match.end() : match.end() + 80]
        before = _WORD.findall(text[max(0, match.start() - 40) : match.start()])
        for word in _WORD.findall(behind) + before[-1:]:
            for each in (word, word.lstrip(_BEFORE).rstrip(_BEHIND)):
                if len(each) >= 4 and each not in found and not each.lower().startswith(("http", "pass")):
                    found.append(each)
        if len(found) >= MOST:
            break
    return found[:MOST]
