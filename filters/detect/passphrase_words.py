"""What can be a passphrase that people give one another: words of several kinds of characters, and no file, address or word of course."""

import re

from filters.detect.randomness import ODD, is_random, wordiness

_WIDTHS = {0xFF01 + at: 0x21 + at for at in range(94)}
_BEFORE, _BEHIND = ":=-`'\"[(<{)", "`'\"])>},.;(?"
_EXTENSION = re.compile(r"\.(?:zip|7z|rar|lzh|pdf|docx?|xlsx?|pptx?)(?![a-z0-9])", re.IGNORECASE)
_BREAK = re.compile(r"[\s「」『』<>\"'、。/\\]")
_PLACE = re.compile(r"^[A-Za-z]:\\|\\\\|^\.{1,2}/|^/[^/]*[/.]|/[^/]+/|^v?[0-9]+(?:\.[0-9]+)+$")
"""A path, or a version."""
_THING = re.compile(
    r"(?:No|Vol|Fig|Rev|Ver|Art|Sec|Ch|Nr|Lot)[.-]{1,2}[0-9.]+|[^@]+@[\w-]+(?:\.[\w-]+)+|[\d\-/:.,()+%#]+|[A-Za-z]+:|[A-Za-z-]{2,20}:[A-Za-z-]{2,20}|(?:[A-Z]{1,4}|[vV]er\.?)?[0-9]+(?:\.[0-9]+)+"
    r"|[0-9]{1,5}(?:[.,][0-9]+)?(?:[kMGmnuµ]?(?:W|V|A|Hz|B|s|m|g|Pa|N|VA|Wh|Ah|L|l)|mm|cm|kg|ml|%|dB|rpm|pcs|Nm|bar|VAC|VDC|px|pt|ms|bits?|bytes?|inch|chars?|characters|digits|days|weeks)"
    r"|[A-Za-z]{1,12}\([^()]*\)?,?|=[A-Z]{2,}\(.*|[a-z_]{1,8}=[0-9]{4,}|(?:[A-Z]{1,12}|[Ii]ssue|[Bb]ug|[Tt]icket|[Cc]ase|[Oo]rder|[Tt]ask|[Rr]eq|[Nn]o)#[0-9]{1,6}|[A-Z]{2,}(?:_[A-Z0-9]+)+"
)
"""Mail addresses, numbers with signs, labels, versions, quantities, calls of functions, tickets, variables."""
_KEYSTROKE = re.compile(r"(?:[A-Z][A-Za-z]{1,7}\+){1,3}[A-Za-z0-9]{1,5}|F[0-9]{1,2}")
_PROGRAM = re.compile(
    r"(?:1password|7-?zip|winzip|winrar|excel|word|powerpoint|acrobat|reader|office|windows|win|chrome|edge|firefox|safari|libreoffice|lhaplus|bitlocker|veracrypt|gnupg|gpg4?win|openssl|keepass|bitwarden"
    r"|mac ?os|ios|android|aes|tls|ssl|rsa|sha|md|pgp|des|ecdh?e?|wpa|utf|iso|jis|ip|pdf|s/mime|smime|ctrl|http)(?:[-/. ]?[a-z]{0,6}[-/. ]?v?[0-9]{1,5}(?:[.-][0-9a-z]{1,16}){0,4})?|(?:sha|md)-?[0-9]{1,3}:[!-~]{4,90}|[0-9a-z][a-z0-9-]*\.(?:jp|com|exe|net|org|example)",
    re.IGNORECASE,
)
PRODUCT = re.compile(r"[A-Z]{1,5}-?[0-9]{2,6}[A-Z]{0,2}|[0-9A-Z]{1,3}-[A-Z0-9]{2,4}")
"""As parts and rooms are called, and seldom a passphrase."""
_TO_FILL = re.compile(
    r"your[_-]|x{4,}|\*{3,}|change_?me|placeholder|example|dummy|_here$|^[<{]|\$\{|\{\{|\[[AaZz09]-|\{[0-9]+,",
    re.IGNORECASE,
)
"""A place to fill, or what it may be filled with."""
OF_A_THING = re.compile(
    r"番?(?:の(?!(?:数字|半角|[0-9一二三四五六七八]桁|よう))[^\s。、]|を[^\s。]{0,6}(?:本|個|枚))"
)
"""Behind a number: what it is the number of."""
JUMBLED = 8
"""Letters alone, small and capital ones in turns, that make no words."""
_CHANGES = re.compile(r"[a-z](?=[A-Z])|[A-Z](?=[A-Z][a-z])|[A-Z]{2}(?=[a-z])")
COMMON = frozenset(
    {"password", "passwd", "pass", "passcode", "passphrase", "123456", "12345678", "qwerty", "secret"}
)
"""What is written of, when people write of passwords."""


def narrow(text: str) -> str:
    """The text, of the same length, with full-width letters, digits and signs as ASCII."""
    return text if text.isascii() else text.translate(_WIDTHS)


def file_named(text: str) -> str:
    """The first name of a file in the text, or ""."""
    for extension in _EXTENSION.finditer(text):
        if name := _BREAK.split(text[max(0, extension.start() - 80) : extension.start()])[-1]:
            return name + extension[0]
    return ""


def bare(word: str) -> str:
    """A word without what may stand around it."""
    return word.lstrip(_BEFORE).rstrip(_BEHIND)


def is_thing(word: str) -> bool:
    """True for what people write with signs or digits in it and open nothing with: files, addresses, places, dates, quantities."""
    return (
        len(word) < 4
        or word.lower() in COMMON
        or "://" in word
        or file_named(word) == word
        or (_THING.fullmatch(word) is not None and not word.isdigit())
        or _PLACE.search(word) is not None
        or _TO_FILL.search(word) is not None
    )


def is_made(word: str) -> bool:
    """True for the names of programs and ciphers, and for keys that are pressed together."""
    return _PROGRAM.fullmatch(word) is not None or _KEYSTROKE.fullmatch(word) is not None


def is_password(word: str, *, announced: bool) -> bool:
    """True for a word of several kinds of characters, or of one kind where a passphrase is announced right before it."""
    if re.fullmatch(r"[\d\-/:.,()+%]+", word):
        return announced and word.isdigit() and len(word) >= 4 and word not in COMMON
    if is_thing(word) or is_made(word):
        return False
    capital = re.fullmatch(r"[A-Z][a-z]+(?:[-'][a-z]*)?", word) is not None
    return kinds(word) >= 2 and not capital and (announced or any(c.isdigit() for c in word))


def could_be(word: str) -> bool:
    """True for words that people give one another to open something with, and that are hardly anything else."""
    if is_thing(word) or is_made(word):
        return False
    if word.isdigit():
        return 4 <= len(word) <= 12
    digits = any(c.isdigit() for c in word)
    if len(word) >= JUMBLED and word.isalpha() and word.isascii() and len(_CHANGES.findall(word)) >= 2:
        return wordiness(word) < ODD
    return kinds(word) >= 2 and (digits or any(c in "!@#$%^&*_+=?~" for c in word[1:]) or is_random(word, 8))


def kinds(word: str) -> int:
    """How many of small letters, capitals, digits and signs it has."""
    return sum(any(test(c) for c in word) for test in (str.islower, str.isupper, str.isdigit, _is_sign))


def _is_sign(character: str) -> bool:
    return not character.isalnum()
