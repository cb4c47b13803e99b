"""Files of transfers for a bank (全銀協規定フォーマット, records of 120 characters): each record of kind 2 pays somebody (OUT-PII).

    2 | bank 4, name 15 | branch 3, name 15 | 4 | kind of account 1 | account 7 | name 30 | amount 10 | …

Names are in half-width kana, which a reader that knows no charset shows as Latin letters.
"""

import re2

from filters.detect.text import line_starts

HEADER = r"(?:^|\n)1(?:21|11|71|12|72|91)[01][0-9 ]"
"""RE2, for a folded text: the first record, by what is paid: transfers, salaries, bonuses, collections."""
_PAID = re2.compile(
    r"(?m)^2[0-9]{4}[^\r\n]{15}[0-9]{3}[^\r\n]{15}[0-9 ]{4}[1249 ]([0-9]{7})([^\r\n]{30})[0-9]{10}"
)


def paid(cells: str, raw: str) -> list[tuple[tuple[str, str], int, int]]:
    """((name, account), start, end) of each who is paid; the offsets are those of the lines in `cells`."""
    if not raw.lstrip("\ufeff\r\n").startswith("1"):
        return []
    found = []
    starts: list[int] = []
    for match in _PAID.finditer(raw):
        starts = starts or [*line_starts(cells)[:-1], len(cells)]
        number = raw.count("\n", 0, match.start())
        if number + 1 < len(starts):
            found.append(((match[2].strip(), match[1]), starts[number], starts[number + 1]))
    return found
