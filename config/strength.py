"""How hard a passphrase is to guess: the one measure of whoever makes, takes or uses one (docs/adr/0051)."""

import math
import re

_COMMON = (
    "password passw0rd pass1234 letmein welcome iloveyou monkey dragon master admin administrator login "
    "qwerty azerty asdfgh zxcvbn abc123 abcd secret changeme default guest root test sakura himawari "
    "nippon nihon tokyo osaka japan sunshine princess football baseball superman batman trustno company "
    "sekisho kaisha pasuwado angou"
)
COMMON = frozenset(_COMMON.split())
"""Words that attackers try first, among them those of Japanese offices."""
_LONGEST_FIRST = tuple(sorted(COMMON, key=len, reverse=True))
ROWS = ("abcdefghijklmnopqrstuvwxyz", "01234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm", "1qaz2wsx3edc4rfv")
"""Characters that are neighbours."""
_NEIGHBOURS = frozenset(
    pair for row in ROWS for at in range(len(row) - 1) for pair in (row[at : at + 2], row[at : at + 2][::-1])
)
_DIGIT, _OTHER = re.compile("[0-9]"), re.compile("[^0-9A-Za-z]")
WORD_BITS = 12.9
"""Of one word of a list of 7776, as for dice."""


def bits(passphrase: str) -> float:
    """A careful estimate of how many bits an attacker must guess.

    Every character counts by the kinds of characters in use; one that repeats or continues its neighbour
    counts one bit, one of a stretch that stood there before counts none, a common word counts ten. A row of
    words counts as if they were drawn with dice.
    """
    words = re.split(r"[ ._-]+", passphrase)
    if len(words) > 2 and all(w.isalpha() and len(w) > 2 for w in words):
        return WORD_BITS * len(set(words))
    plain = passphrase.lower()
    each = math.log2(max(2, _kinds(passphrase)))
    free = [False] * len(plain)
    total = 0.0
    for word in _LONGEST_FIRST:
        at = plain.find(word) if word in plain else -1
        while at >= 0:
            if not any(free[at : at + len(word)]):
                free[at : at + len(word)] = [True] * len(word)
                total += 10
            at = plain.find(word, at + 1)
    for i, character in enumerate(plain):
        if free[i]:
            continue
        if i >= 2 and plain[i - 2 : i + 1] in plain[:i]:
            continue
        pair = plain[i - 1 : i + 1]
        neighbour = i and (pair[0] == character or pair in _NEIGHBOURS)
        total += 1 if neighbour else each
    return total


def _kinds(passphrase: str) -> int:
    """How many characters are of the kinds in use. Every outgoing mail has a passphrase drawn for it: here is no loop over
    characters where they are ASCII."""
    if passphrase.isascii():
        lower, upper = passphrase != passphrase.upper(), passphrase != passphrase.lower()
        digit, other = bool(_DIGIT.search(passphrase)), bool(_OTHER.search(passphrase))
    else:
        lower, upper = any(c.islower() for c in passphrase), any(c.isupper() for c in passphrase)
        digit, other = any(c.isdigit() for c in passphrase), any(not c.isalnum() for c in passphrase)
    return 26 * lower + 27 * upper + 10 * digit + 16 * other
