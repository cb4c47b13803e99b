"""What the author of a mail wrote: its text without what it quotes and without the signature.

Sources: the lines that Outlook, Gmail, Thunderbird, Apple Mail and Becky! write above a quoted mail, in Japanese and
English; RFC 3676 §4.3 for the signature's "-- ". Everything else is left out by blanks, so that offsets stay those of
the text.
"""

import re

LINES, LONGEST = 3_000, 2_000
"""Lines of a text that are looked at, characters of each."""
SIGNATURE = 14
"""Lines of a signature at most."""
BLOCK = 6
"""Lines within which the fields of a quoted header lie."""

_QUOTED = re.compile(r"[ \t]{0,3}[A-Za-z]{0,4}(?:[>＞]|\|(?![^\n]{0,300}\|\s{0,3}$))")
"""A line between two bars is a row of a table."""
_CUT = re.compile(
    r"\s*(?:-{2,}\s*(?:original message|forwarded message|元のメッセージ|転送された?メッセージ|転送メッセージ)"
    r"|_{20,}\s*$|begin forwarded message:|sent from my |get outlook for "
    r"|(?:iphone|ipad|android|outlook|スマートフォン|携帯).{0,12}から送信)",
    re.IGNORECASE,
)
_BEGINS = re.compile(r"on\s|\d{4}[年/.-]", re.IGNORECASE)
_ADDRESS_LAST = re.compile(r"<[^<>\s]{3,200}>$")
ATTRIBUTION = 230
"""Characters of the line above a quoted mail."""
_FIELD = re.compile(
    r"[\s*]{0,4}(from|差出人|送信者|sent|date|送信日時|送信日|日付|to|宛先|cc|subject|件名)[\s*]{0,3}[:：]",
    re.IGNORECASE,
)
_AUTHOR = ("from", "差出人", "送信者")
_DASHES = re.compile(r"--[ \r]{0,3}$")
_RULE = re.compile(r"\s*(?:[^\w\s]|[ー_＿])(?:(?:[^\w\s]|[ー_＿])[ \t]?){7,300}$")
_SIGNED = re.compile(
    r"@|〒|tel\b|電話|fax|https?:|www\.|会社|法人|事務所|\binc\b|\bltd\b|\bco\.|gmbh|部\s|課\s|室\s",
    re.IGNORECASE,
)
"""What a block between a ruled line and the end has if it is a signature."""


def own_words(text: str) -> str:
    """The text, of the same length, with blanks for all that its author only quotes or signs with."""
    return own_and_signature(text)[0]


def own_and_signature(text: str) -> tuple[str, str]:
    """The text with blanks for all but its author's own words, of the same length; and with blanks for all but the signature,
    as far as that was looked for, "" when there is none."""
    lines, quoted, signed = _parted(text)
    own = [
        line if not (q or s) else " " * len(line) for line, q, s in zip(lines, quoted, signed, strict=True)
    ]
    signature = (
        [line if s else " " * len(line) for line, s in zip(lines, signed, strict=True)] if any(signed) else []
    )
    return "\n".join(own).ljust(len(text)), "\n".join(signature)


def borrowed(text: str) -> tuple[list[bool], list[bool]]:
    """For each of the first LINES lines of a text: whether it is quoted; whether it is of the signature."""
    return _parted(text)[1:]


def _parted(text: str) -> tuple[list[str], list[bool], list[bool]]:
    lines = text.split("\n", LINES)[:LINES]
    mine = _without_quotes([line[:LONGEST] for line in lines])
    quoted = [not own for own in mine]
    _unsign(lines, mine)
    return lines, quoted, [not (own or q) for own, q in zip(mine, quoted, strict=True)]


def _without_quotes(lines: list[str]) -> list[bool]:
    """For each line, whether it is the author's own; an empty one is."""
    mine = [True] * len(lines)
    for number, line in enumerate(lines):
        if _QUOTED.match(line):
            mine[number] = False
        elif _CUT.match(line) or _is_header(lines, number):
            return mine[:number] + [False] * (len(lines) - number)
        elif taken := _attributes(lines, number):
            if not _is_marked(lines, number + taken - 1):
                return mine[:number] + [False] * (len(lines) - number)
            mine[number : number + taken] = [False] * taken
    return mine


def _attributes(lines: list[str], number: int) -> int:
    """How many lines "On … wrote:" takes, which a mail program may have broken; 0 for everything else."""
    line = lines[number].strip()
    if not _BEGINS.match(line):
        return 0
    if _is_attribution(line):
        return 1
    following = lines[number + 1].strip() if number + 1 < len(lines) else ""
    return 2 if _is_attribution(f"{line} {following}") else 0


def _is_attribution(line: str) -> bool:
    """True for "On … wrote:" and "2026年…のメール:"; the line begins as one."""
    if len(line) > ATTRIBUTION:
        return False
    said = line.rstrip(":：").rstrip().lower()
    if line[:2].lower() == "on":
        return len(said) < len(line) and said.endswith(" wrote")
    return said.endswith(("wrote", "のメール", "書きました")) or bool(_ADDRESS_LAST.search(said[-202:]))


def _is_marked(lines: list[str], number: int) -> bool:
    """True when what follows is quoted line by line, so that the author may go on below."""
    following = [line for line in lines[number + 1 : number + 5] if line.strip()]
    return any(_QUOTED.match(line) for line in following[:2])


def _is_header(lines: list[str], number: int) -> bool:
    """True for the first line of a quoted header: an author, and at least two more of its fields."""
    first = _FIELD.match(lines[number])
    if first is None or first[1].lower() not in _AUTHOR:
        return False
    names = {match[1].lower() for line in lines[number : number + BLOCK] if (match := _FIELD.match(line))}
    return len(names) >= 3


def _unsign(lines: list[str], mine: list[bool]) -> None:
    """Take the signature away: what follows "-- ", or a ruled line near the end."""
    own = [number for number, is_own in enumerate(mine) if is_own and lines[number].strip()]
    for at, number in enumerate(own):
        left = own[at:]
        if len(left) > SIGNATURE or not at:
            continue
        line = lines[number]
        if _DASHES.match(line) or (_RULE.match(line) and any(_SIGNED.search(lines[n]) for n in left[1:])):
            for each in left:
                mine[each] = False
            return
