"""Passphrases of archives: made fresh, and judged when people chose them (OUT-PASSWORD).

The secret of a passphrase is all that protects an AES archive that an attacker can try offline, so the bounds are in
bits (config/strength.py): 80 for what we make, what the policy asks (`encrypt.minimum_bits`) for what people agreed on.
"""

import secrets

from config.strength import bits

ALPHABET = "abcdefghijkmnpqrstuvwxyz23456789"
"""32 characters, 5 bits each: no 0 O o I l 1, and no capitals, because it is read over the telephone."""

FRESH_BITS = 80


def fresh(length: int = 20, least: float = FRESH_BITS) -> str:
    """A new passphrase of `length` characters, 5 bits each; of a few more where those drawn happen to be neighbours, so that
    whoever measures it finds `least` bits. ValueError when `length` is less than 80 bits."""
    if length * 5 < FRESH_BITS:
        raise ValueError(f"{length} characters are less than {FRESH_BITS} bits")
    made = _drawn(length)
    while bits(made) < max(least, FRESH_BITS):
        made += _drawn(1)
    return made


def _drawn(length: int) -> str:
    return "".join([ALPHABET[octet % 32] for octet in secrets.token_bytes(length)])  # 32 divides 256: no bias


def groups(passphrase: str) -> list[str]:
    """The passphrase in groups of four characters, for reading aloud."""
    return [passphrase[i : i + 4] for i in range(0, len(passphrase), 4)]


def problems(passphrase: str, least: float) -> list[str]:
    """Why an agreed passphrase is refused, as keys of the console's words; [] when it may be used. `least`: bits that it
    must have, as whoever encrypts asks."""
    found = []
    if not passphrase.isascii() or not passphrase.isprintable() or passphrase != passphrase.strip():
        # other programs read the bytes of a ZIP passphrase in another charset than we write them
        found.append("passphrase_characters")
    if len(passphrase) > 128:
        found.append("passphrase_length")
    elif bits(passphrase) < least:
        found.append("passphrase_weak")
    return found
