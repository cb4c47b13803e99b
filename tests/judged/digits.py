"""Numbers with check digits that nobody was given, and ways to write them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random

from tests.judged.files import Cell, docx, pdf, xlsx
from tests.judged.mime import file, mail
from tests.judged.people import Town

# range: (prefixes, lengths)
CARDS: dict[str, tuple[tuple[str, ...], tuple[int, ...]]] = {
    "visa": (("4",), (16,)),
    "visa-13": (("4",), (13,)),
    "mastercard": (("51", "53", "55"), (16,)),
    "mastercard-2": (("2221", "2345", "2719"), (16,)),
    "amex": (("34", "37"), (15,)),
    "jcb": (("3528", "3541", "3589"), (16,)),
    "jcb-15": (("1800", "2131"), (15,)),
    "diners": (("300", "305", "36", "38"), (14,)),
    "discover": (("6011", "644", "65"), (16,)),
    "unionpay": (("622126", "6250", "628888"), (16, 19)),
    "maestro": (("5018", "5020", "5893", "6304", "6759", "6761"), (16, 18, 19)),
    "maestro-12": (("5018", "5038", "6763"), (12,)),
}


def luhn(body: str) -> str:
    """The check digit behind `body` (ISO/IEC 7812-1)."""
    total = 0
    for place, digit in enumerate(reversed(body)):
        value = int(digit) * (2 if place % 2 == 0 else 1)
        total += value - 9 if value > 9 else value
    return str(-total % 10)


def personal(body: str) -> str:
    """The check digit behind the eleven digits of an individual number (ministerial ordinance 85 of 2014)."""
    total = sum(int(d) * (n + 1 if n <= 6 else n - 5) for n, d in enumerate(reversed(body), 1))
    return "0" if total % 11 <= 1 else str(11 - total % 11)


def digits(draw: Random, count: int) -> str:
    """So many digits, the first of them none."""
    return str(draw.randint(1, 9)) + "".join(str(draw.randint(0, 9)) for _ in range(count - 1))


def card(draw: Random, brand: str) -> str:
    """A number in the brand's range that passes."""
    prefixes, lengths = CARDS[brand]
    prefix, length = draw.choice(prefixes), draw.choice(lengths)
    body = prefix + "".join(str(draw.randint(0, 9)) for _ in range(length - len(prefix) - 1))
    return body + luhn(body)


def mine(draw: Random) -> str:
    """An individual number that passes."""
    body = digits(draw, 11)
    return body + personal(body)


def wrong(draw: Random) -> str:
    """Twelve digits that are no individual number."""
    while True:
        value = digits(draw, 12)
        if personal(value[:11]) != value[11]:
            return value


def fours(number: str, by: str = " ") -> str:
    """In groups as cards are embossed: 4-4-4-4, 4-6-5 (15 digits), 4-6-4 (14)."""
    if len(number) in (14, 15):
        groups = [number[:4], number[4:10], number[10:]]
    else:
        groups = [number[n : n + 4] for n in range(0, len(number), 4)]
    return by.join(groups)


WIDE = str.maketrans("0123456789", "０１２３４５６７８９")
KANJI = str.maketrans("0123456789", "〇一二三四五六七八九")


@dataclass(frozen=True)
class Kind:
    """A context; `make` writes one mail of it with the town's chance."""

    kind: str
    expects: str
    make: Callable[[Town], bytes]
    variants: int = 6
    doubt: str = ""


def told(town: Town, text: str, subject: str = "ご連絡") -> bytes:
    """A mail that says so."""
    return mail(subject, f"お世話になっております。\n\n{text}\n\n佐藤", to=town.partner())


def booked(
    town: Town, rows: Sequence[Sequence[Cell]], name: str = "data.xlsx", sheet: str = "Sheet1"
) -> bytes:
    """A mail with a workbook."""
    return mail("資料", "お送りします。", files=[file(name, xlsx((sheet, rows)))], to=town.partner())


def filed(town: Town, name: str, text: str) -> bytes:
    """A mail with a file of text."""
    return mail("資料", "お送りします。", files=[file(name, text)], to=town.partner())


def worded(town: Town, lines: Sequence[str], rows: Sequence[Sequence[str]] = ()) -> bytes:
    """A mail with a document."""
    return mail(
        "書類", "お送りします。", files=[file("書類.docx", docx(lines, rows=rows))], to=town.partner()
    )


def printed(town: Town, lines: Sequence[str]) -> bytes:
    """A mail with a page in PDF."""
    return mail("書類", "お送りします。", files=[file("scan.pdf", pdf(lines))], to=town.partner())


def paged(town: Town, body: str, text: str = "HTML") -> bytes:
    """A mail in HTML."""
    return mail("ご連絡", text, html=f"<html><body>{body}</body></html>", to=town.partner())
