"""Numbers that other countries give to people and their accounts: SSN, tax and identity numbers, passports, IBAN (OUT-PII).

Most need their keyword; those of a shape that nothing else has, and with a check digit, stand for themselves. The check
digits, each with its source: filters/detect/check_digits.py. Texts are folded and in lower case.
"""

import re

from filters.detect import check_digits as check
from filters.detect.datum import Kind

_COUNTRIES = "|".join(check.IBAN_LENGTHS)
_BEFORE, _BEHIND = r"(?<![a-z0-9\-])", r"(?![a-z0-9\-])"


def _number(expression: str) -> re.Pattern[str]:
    """The expression where no letter, digit or hyphen continues it."""
    return re.compile(f"{_BEFORE}(?:{expression}){_BEHIND}")


def _account(text: str) -> str:
    """The IBAN at the beginning of a text, by its country's length; "" where the last character is not its end."""
    length, number = int(check.IBAN_LENGTHS[text[:2]]), ""
    for character in text:
        if len(number) == length:
            return "" if character.isalnum() else number
        number += character if character.isalnum() else ""
    return number


def _some_digits(text: str) -> bool:
    return sum(c.isdigit() for c in text) >= 5


_MRZ = r"[a-z0-9<]{9}[0-9][a-z<]{3}[0-9]{7}[mfx<][0-9]{7}[a-z0-9<]{14}[0-9<][0-9]"
_CN = r"[1-9][0-9]{5}(?:19|20)[0-9]{2}[01][0-9][0-3][0-9]{4}[0-9x]"
_IT = r"[a-z]{6}[0-9]{2}[a-ehlmprst][0-9]{2}[a-z][0-9]{3}[a-z]"

ABROAD: tuple[Kind, ...] = (
    Kind(
        "us_ssn",
        ("ssn", "social security", "社会保障番号"),
        re.compile(r"(?<![a-z])ssns?(?![a-z])|social security (?:no\.?|numbers?|#)|社会保障番号"),
        _number(r"[0-9]{3}(?P<gap>[ \-])[0-9]{2}(?P=gap)[0-9]{4}|[0-9]{9}"),
        60, check.us_ssn,
    ),
    Kind(
        "us_itin", ("itin", "taxpayer id"), re.compile(r"(?<![a-z])itin(?![a-z])|taxpayer id"),
        _number(r"9[0-9]{2}[ \-]?[0-9]{2}[ \-]?[0-9]{4}"), 60, check.us_itin, of="tax_number",
    ),
    Kind(
        "uk_nino", ("national insurance", "nino"), re.compile(r"national insurance|(?<![a-z])nino(?![a-z])"),
        _number(r"[a-z]{2} ?[0-9]{2} ?[0-9]{2} ?[0-9]{2} ?[a-d]"), 60, check.uk_nino, of="national_number",
    ),
    Kind(
        "uk_utr", ("taxpayer reference", "utr"), re.compile(r"taxpayer reference|(?<![a-z])utr(?![a-z])"),
        _number(r"[0-9]{5} ?[0-9]{5}"), 40, check.uk_utr, of="tax_number",
    ),
    Kind(
        "de_id", ("steuer", "idnr"), re.compile(r"steuer(?:liche |-)?id|(?<![a-z])idnr|steuernummer"),
        _number(r"[0-9]{2} ?[0-9]{3} ?[0-9]{3} ?[0-9]{3}"), 60, check.de_id, of="tax_number",
    ),
    Kind(
        "fr_nir", ("curit", "nir"), re.compile(r"s[ée]curit[ée] sociale|(?<![a-z])nir(?![a-z])"),
        _number(r"[12] ?[0-9]{2} ?[0-9]{2} ?[0-9][0-9ab] ?[0-9]{3} ?[0-9]{3} ?[0-9]{2}"), 60, check.fr_nir,
        of="national_number",
    ),
    Kind("it_code", (), None, _number(_IT), valid=check.it_code, shape=_IT, of="tax_number"),
    Kind(
        "es_dni", ("dni", "nie", "nif"), re.compile(r"(?<![a-z])(?:dni|nie|nif)(?![a-z])"),
        _number(r"[0-9]{8}[ \-]?[a-z]|[xyz][ \-]?[0-9]{7}[ \-]?[a-z]"), 30, check.es_dni, of="national_number",
    ),
    Kind(
        "nl_bsn", ("bsn", "burgerservice"), re.compile(r"(?<![a-z])bsn(?![a-z])|burgerservicenummer"),
        _number(r"[0-9]{9}|[0-9]{4}[. ][0-9]{2}[. ][0-9]{3}"), 30, check.nl_bsn, of="national_number",
    ),
    Kind("pl_pesel", ("pesel",), re.compile("pesel"), _number("[0-9]{11}"), 40, check.pl_pesel, of="national_number"),
    Kind(
        "se_number", ("personnummer", "personnr"), re.compile(r"personn(?:umme)?r"),
        _number(r"(?:19|20)?[0-9]{6}[\-+]?[0-9]{4}"), 30, check.se_number, of="national_number",
    ),
    Kind("cn_id", (), None, _number(_CN), valid=check.cn_id, shape=_CN, of="national_number"),
    Kind(
        "kr_rrn", ("주민등록", "주민번호", "resident registration"), re.compile(r"주민등록|주민번호|resident registration"),
        _number(r"[0-9]{6}[ \-]?[0-9]{7}"), 60, check.kr_rrn, of="national_number",
    ),
    Kind(
        "tw_id", ("身分証", "身份証", "national id"), re.compile(r"身[分份]証|national id"),
        _number(r"[a-z][12][0-9]{8}"), 40, check.tw_id, of="national_number",
    ),
    Kind(
        "sg_nric", ("nric", "fin no", "fin:"), re.compile(r"(?<![a-z])nric(?![a-z])|(?<![a-z])fin(?: no|:)"),
        _number(r"[stfg][0-9]{7}[a-z]"), 40, check.sg_nric, of="national_number",
    ),
    Kind(
        "br_cpf", ("cpf",), re.compile(r"(?<![a-z])cpf(?![a-z])"),
        _number(r"[0-9]{3}\.?[0-9]{3}\.?[0-9]{3}-?[0-9]{2}"), 40, check.br_cpf, of="tax_number",
    ),
    Kind(
        "ca_sin", ("social insurance", "sin:", "sin no", "sin #"),
        re.compile(r"social insurance (?:no\.?|number)|(?<![a-z])sin(?::| no| #)"),
        _number(r"[0-9]{3}(?P<gap>[ \-]?)[0-9]{3}(?P=gap)[0-9]{3}"), 40, check.ca_sin, of="national_number",
    ),
    Kind(
        "au_tfn", ("tfn", "tax file"), re.compile(r"(?<![a-z])tfn(?![a-z])|tax file number"),
        _number(r"[0-9]{3} ?[0-9]{3} ?[0-9]{3}"), 40, check.au_tfn, of="tax_number",
    ),
    Kind(
        "in_aadhaar", ("aadhaar", "aadhar"), re.compile(r"aadhaa?r"),
        _number(r"[0-9]{4}(?P<gap>[ \-]?)[0-9]{4}(?P=gap)[0-9]{4}"), 60, check.in_aadhaar, of="national_number",
    ),
    Kind(
        "in_pan", ("permanent account", "pan card", "pan no", "pan:"),
        re.compile(r"permanent account|(?<![a-z])pan(?: card| no|:)"),
        _number(r"[a-z]{3}[abcfghjlpt][a-z][0-9]{4}[a-z]"), 40, of="tax_number",
    ),
    Kind(
        "passport_abroad", ("passport n", "passport #", "旅券番号", "パスポート番号"),
        re.compile(r"passport (?:no\.?|number|#)|旅券番号|パスポート番号"),
        _number(r"[a-z][0-9]{8}|[a-z]{1,2}[0-9]{6,7}|[0-9]{9}|[0-9]{2}[a-z]{2}[0-9]{5}|[cfghjk][0-9a-z]{8}"),
        30, _some_digits, behind=True, of="passport",
    ),
    Kind("passport_zone", (), None, re.compile(_MRZ), valid=check.mrz, shape=_MRZ, of="passport"),
    Kind(
        "iban", (), None,
        re.compile(rf"(?<![a-z0-9])(?:{_COUNTRIES})[0-9]{{2}}(?:[ \-]?[a-z0-9]){{11,31}}"),
        valid=check.iban, shape=rf"(?:{_COUNTRIES})[0-9]{{2}}[ \-]?[a-z0-9]{{4}}[ \-]?[a-z0-9]{{4}}", cut=_account,
    ),
)  # fmt: skip
