"""Passphrases of archives: made fresh, and judged when people chose them (OUT-PASSWORD).

The secret of a passphrase is all that protects an AES archive that an attacker can try offline, so the
bounds are in bits: 80 for what we make, 70 for what people agreed on.
"""

import math
import re
import secrets

from directory.passwords import COMMON, ROWS

ALPHABET = "abcdefghijkmnpqrstuvwxyz23456789"
"""32 characters, 5 bits each: no 0 O o I l 1, and no capitals, because it is read over the telephone."""

FRESH_BITS = 80
LEAST_BITS = 70
WORD_BITS = 12.9  # one word of a list of 7776, as for dice


def fresh(length: int = 20) -> str:
    """A new passphrase of `length` characters, 5 bits each. ValueError when that is less than 80 bits."""
    if length * 5 < FRESH_BITS:
        raise ValueError(f"{length} characters are less than {FRESH_BITS} bits")
    return "".join([ALPHABET[octet % 32] for octet in secrets.token_bytes(length)])  # 32 divides 256: no bias


def groups(passphrase: str) -> list[str]:
    """The passphrase in groups of four characters, for reading aloud."""
    return [passphrase[i : i + 4] for i in range(0, len(passphrase), 4)]


def bits(passphrase: str) -> float:
    """A careful estimate of how many bits an attacker must guess.

    Every character counts by the kinds of characters in use; one that repeats or continues its neighbour
    counts one bit, one of a stretch that stood there before counts none, a common word counts ten. A row of
    words counts as if they were drawn with dice.
    """
    words = re.split(r"[ ._-]+", passphrase)
    if len(words) > 2 and all(w.isalpha() for w in words):
        return WORD_BITS * len(set(words))
    plain = passphrase.lower()
    kinds = {
        26: any(c.islower() for c in passphrase),
        27: any(c.isupper() for c in passphrase),
        10: any(c.isdigit() for c in passphrase),
        16: any(not c.isalnum() for c in passphrase),
    }
    each = math.log2(max(2, sum(size for size, used in kinds.items() if used)))
    free = [False] * len(plain)
    total = 0.0
    for word in sorted(COMMON, key=len, reverse=True):
        at = plain.find(word)
        while at >= 0:
            if not any(free[at : at + len(word)]):
                free[at : at + len(word)] = [True] * len(word)
                total += 10
            at = plain.find(word, at + 1)
    for i, character in enumerate(plain):
        if free[i]:
            continue
        if i >= 2 and plain.find(plain[i - 2 : i + 1]) < i - 2:
            continue
        pair = plain[i - 1 : i + 1]
        neighbour = i and (pair[0] == character or any(pair in row or pair[::-1] in row for row in ROWS))
        total += 1 if neighbour else each
    return total


def problems(passphrase: str) -> list[str]:
    """Why an agreed passphrase is refused, as keys of the console's words; [] when it may be used."""
    found = []
    if not passphrase.isascii() or not passphrase.isprintable() or passphrase != passphrase.strip():
        # other programs read the bytes of a ZIP passphrase in another charset than we write them
        found.append("passphrase_characters")
    if len(passphrase) > 128:
        found.append("passphrase_length")
    elif bits(passphrase) < LEAST_BITS:
        found.append("passphrase_weak")
    return found
