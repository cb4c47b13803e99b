"""Check digits of numbers that states and banks give to people, each by its own standard (OUT-PII). Pure arithmetic.

Every function takes the number in lower case, without blanks and separators, and answers whether it can be one.
"""

import datetime
from collections.abc import Iterable

IBAN_LENGTHS = dict(
    pair.split(":")
    for pair in [
        "ad:24",
        "ae:23",
        "al:28",
        "at:20",
        "az:28",
        "ba:20",
        "be:16",
        "bg:22",
        "bh:22",
        "br:29",
        "by:28",
        "ch:21",
        "cr:22",
        "cy:28",
        "cz:24",
        "de:22",
        "dk:18",
        "do:28",
        "ee:20",
        "eg:29",
        "es:24",
        "fi:18",
        "fo:18",
        "fr:27",
        "gb:22",
        "ge:22",
        "gi:23",
        "gl:18",
        "gr:27",
        "gt:28",
        "hr:21",
        "hu:28",
        "ie:22",
        "il:23",
        "iq:23",
        "is:26",
        "it:27",
        "jo:30",
        "kw:30",
        "kz:20",
        "lb:28",
        "lc:32",
        "li:21",
        "lt:20",
        "lu:20",
        "lv:21",
        "mc:27",
        "md:24",
        "me:22",
        "mk:19",
        "mr:27",
        "mt:31",
        "mu:30",
        "nl:18",
        "no:15",
        "pk:24",
        "pl:28",
        "ps:29",
        "pt:25",
        "qa:29",
        "ro:24",
        "rs:22",
        "sa:24",
        "se:24",
        "si:19",
        "sk:24",
        "sm:27",
        "tn:24",
        "tr:26",
        "ua:29",
        "va:22",
        "vg:24",
        "xk:20",
    ]
)
"""Characters of an IBAN by country (SWIFT IBAN registry)."""


def iban(text: str) -> bool:
    """ISO 13616: the length of its country, and 1 modulo 97 (ISO 7064 MOD 97-10)."""
    if IBAN_LENGTHS.get(text[:2]) != str(len(text)) or not text[2:4].isdigit():
        return False
    return int("".join(str(int(c, 36)) for c in text[4:] + text[:4])) % 97 == 1


def us_ssn(digits: str) -> bool:
    """Social Security number of the United States (20 CFR 422.103; SSA, "randomization"): no 000, 666 or 900 to 999 in
    front, no group or serial of zeros; not one of those that advertisements made invalid."""
    area, group, serial = digits[:3], digits[3:5], digits[5:]
    if len(digits) != 9 or area in ("000", "666") or area >= "900" or group == "00" or serial == "0000":
        return False
    return digits not in ("078051120", "219099999", "123456789") and len(set(digits)) > 1


def us_itin(digits: str) -> bool:
    """Individual taxpayer number of the United States (IRS): 9xx, with 50-65, 70-88, 90-92 or 94-99 in the middle."""
    middle = int(digits[3:5])
    return digits[0] == "9" and any(
        low <= middle <= high for low, high in ((50, 65), (70, 88), (90, 92), (94, 99))
    )


def uk_nino(text: str) -> bool:
    """National Insurance number (HMRC NIM39110): prefixes that were never given out do not count."""
    prefix = text[:2]
    if (
        prefix in ("bg", "gb", "kn", "nk", "nt", "tn", "zz")
        or prefix[0] in "dfiquv"
        or prefix[1] in "dfiqouv"
    ):
        return False
    return text[-1] in "abcd"


def uk_utr(digits: str) -> bool:
    """Unique taxpayer reference: the first digit is the check digit of the other nine, modulo 11."""
    return "21987654321"[_weighted(digits[1:], (6, 7, 8, 9, 10, 5, 4, 3, 2)) % 11] == digits[0]


def de_id(digits: str) -> bool:
    """Steuerliche Identifikationsnummer (§ 139b AO): one digit of the first ten twice or three times, ISO 7064 MOD 11,10."""
    counts = sorted(digits[:10].count(d) for d in set(digits[:10]))
    if digits[0] == "0" or counts[-1] not in (2, 3) or counts[:-1].count(1) != len(counts) - 1:
        return False
    rest = 10
    for digit in digits[:10]:
        rest = (((rest + int(digit)) % 10 or 10) * 2) % 11
    return (11 - rest) % 10 == int(digits[10])


def fr_nir(text: str) -> bool:
    """Numéro d'inscription au répertoire (INSEE): sex, year, month, and a key modulo 97; Corsica is 2A and 2B."""
    body = text[:13].replace("2a", "19").replace("2b", "18")
    return (
        body.isdigit()
        and text[0] in "12"
        and (1 <= int(text[3:5]) <= 12)
        and 97 - int(body) % 97 == int(text[13:])
    )


_ODD = dict(
    zip(
        "0123456789abcdefghijklmnopqrstuvwxyz",
        (1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23),
        strict=True,
    )
)  # fmt: skip


def it_code(text: str) -> bool:
    """Codice fiscale (D.M. 23/12/1976): the last letter from the values of the others by their places."""
    total = sum(
        _ODD[c] if place % 2 == 0 else int(c, 36) - 10 * c.isalpha() for place, c in enumerate(text[:15])
    )
    return chr(97 + total % 26) == text[15]


def es_dni(text: str) -> bool:
    """DNI and NIE (Real Decreto 1553/2005): the letter by the number modulo 23; X, Y and Z stand for 0, 1 and 2."""
    number = text[:-1].translate(str.maketrans("xyz", "012"))
    return "trwagmyfpdxbnjzsqvhlcke"[int(number) % 23] == text[-1]


def nl_bsn(digits: str) -> bool:
    """Burgerservicenummer: the eleven-test with weights 9 to 2 and -1 (Wet algemene bepalingen burgerservicenummer)."""
    return len(set(digits)) > 1 and _weighted(digits, (9, 8, 7, 6, 5, 4, 3, 2, -1)) % 11 == 0


def pl_pesel(digits: str) -> bool:
    """PESEL: month with its century, weights 1, 3, 7, 9 (Ustawa o ewidencji ludności)."""
    return 1 <= int(digits[2:4]) % 20 <= 12 and _weighted(digits, (1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1)) % 10 == 0


def se_number(digits: str) -> bool:
    """Personnummer (Folkbokföringslagen § 18): date, and Luhn over the ten digits."""
    digits = digits[-10:]
    return 1 <= int(digits[2:4]) <= 12 and 1 <= int(digits[4:6]) % 60 <= 31 and _luhn(digits)


def cn_id(text: str) -> bool:
    """Resident identity number (GB 11643-1999): a date of birth, ISO 7064 MOD 11-2."""
    if not _is_date(text[6:14]):
        return False
    total = sum(int(d) * pow(2, 17 - place, 11) for place, d in enumerate(text[:17]))
    return "10x98765432"[total % 11] == text[17]


def kr_rrn(digits: str) -> bool:
    """Resident registration number of Korea: a date, and weights 2 to 9 and 2 to 5, modulo 11."""
    if not (1 <= int(digits[2:4]) <= 12 and 1 <= int(digits[4:6]) <= 31):
        return False
    total = _weighted(digits[:12], (2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5))
    return (11 - total % 11) % 10 == int(digits[12])


_TW = dict(zip("abcdefghjklmnpqrstuvxywzio", range(10, 36), strict=True))


def tw_id(text: str) -> bool:
    """National identification number of Taiwan: the letter as two digits, weights 1, 9 to 1, 1, modulo 10."""
    digits = f"{_TW[text[0]]}{text[1:]}"
    return text[1] in "12" and _weighted(digits, (1, 9, 8, 7, 6, 5, 4, 3, 2, 1, 1)) % 10 == 0


def sg_nric(text: str) -> bool:
    """NRIC and FIN of Singapore: weights 2, 7 to 2, four more for T and G."""
    total = _weighted(text[1:8], (2, 7, 6, 5, 4, 3, 2)) + (4 if text[0] in "tg" else 0)
    return ("jzihgfedcba" if text[0] in "st" else "xwutrqpnmlk")[total % 11] == text[8]


def br_cpf(digits: str) -> bool:
    """CPF of Brazil (Receita Federal): two digits, each modulo 11 over those before it."""
    if len(set(digits)) == 1:
        return False
    for length in (9, 10):
        rest = _weighted(digits[:length], range(length + 1, 1, -1)) * 10 % 11 % 10
        if rest != int(digits[length]):
            return False
    return True


def ca_sin(digits: str) -> bool:
    """Social Insurance Number of Canada: Luhn; none begins with 0 or 8."""
    return digits[0] not in "08" and _luhn(digits)


def au_tfn(digits: str) -> bool:
    """Tax file number of Australia: weights 1, 4, 3, 7, 5, 8, 6, 9, 10, modulo 11."""
    return len(set(digits)) > 1 and _weighted(digits, (1, 4, 3, 7, 5, 8, 6, 9, 10)) % 11 == 0


_D = tuple(
    tuple(map(int, row))
    for row in [
        "0123456789",
        "1234067895",
        "2340178956",
        "3401289567",
        "4012395678",
        "5987604321",
        "6598710432",
        "7659821043",
        "8765932104",
        "9876543210",
    ]
)
_P = tuple(
    tuple(map(int, row))
    for row in [
        "0123456789",
        "1576283094",
        "5803796142",
        "8916043527",
        "9453126870",
        "4286573901",
        "2793806415",
        "7046913258",
    ]
)


def in_aadhaar(digits: str) -> bool:
    """Aadhaar number of India (UIDAI): Verhoeff's scheme; none begins with 0 or 1."""
    check = 0
    for place, digit in enumerate(reversed(digits)):
        check = _D[check][_P[place % 8][int(digit)]]
    return digits[0] not in "01" and check == 0


def mrz(line: str) -> bool:
    """The second line of a passport's machine-readable zone (ICAO 9303 part 4 §4.2): three check digits of four."""
    return all(
        line[at] == str(_icao(line[start:end])) for start, end, at in ((0, 9, 9), (13, 19, 19), (21, 27, 27))
    )


def _icao(text: str) -> int:
    """Weights 7, 3, 1 over values of which a letter has 10 to 35 (ICAO 9303 part 3 §4.9)."""
    return sum((0 if c == "<" else int(c, 36)) * (7, 3, 1)[place % 3] for place, c in enumerate(text)) % 10


def _weighted(digits: str, weights: Iterable[int]) -> int:
    return sum(int(digit) * weight for digit, weight in zip(digits, weights, strict=True))


def _luhn(digits: str) -> bool:
    doubled = (int(d) * (1 + place % 2) for place, d in enumerate(reversed(digits)))
    return sum(value - 9 * (value > 9) for value in doubled) % 10 == 0


def _is_date(digits: str) -> bool:
    """True for YYYYMMDD of a person who may live."""
    try:
        return 1900 <= datetime.date(int(digits[:4]), int(digits[4:6]), int(digits[6:])).year <= 2100
    except ValueError:
        return False
