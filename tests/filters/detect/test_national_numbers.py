"""Numbers of other countries in sentences, and what looks like them."""

import pytest

from filters.detect.detector import scan
from filters.detect.text import Text
from tests.filters.mails import ORGANISATION


def kinds(text: str) -> list[str]:
    return [d.kind for d in scan(Text("1", text, "body"), ORGANISATION).data]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("SSN: 536-22-5541", "us_ssn"),
        ("Her Social Security number is 536 22 5541.", "us_ssn"),
        ("社会保障番号　５３６－２２－５５４１", "us_ssn"),
        ("ITIN 912-90-3456", "tax_number"),
        ("National Insurance no. AB 12 34 56 C", "national_number"),
        ("Unique Taxpayer Reference (UTR): 19558 39661", "tax_number"),
        ("Steuer-ID: 86 095 742 719", "tax_number"),
        ("Numéro de sécurité sociale : 2 95 10 99 126 111 93", "national_number"),
        ("Codice: RCCMNL83S18D969H.", "tax_number"),
        ("DNI 12345678Z", "national_number"),
        ("BSN 111222333", "national_number"),
        ("PESEL: 44051401359", "national_number"),
        ("Personnummer 811218-9876", "national_number"),
        ("身份证 11010519491231002X", "national_number"),
        ("주민등록번호 971013-9019902", "national_number"),
        ("身分證字號 A123456789", "national_number"),
        ("NRIC S1234567D", "national_number"),
        ("CPF 390.533.447-05", "tax_number"),
        ("Social insurance number 130 692 544", "national_number"),
        ("TFN 123 456 782", "tax_number"),
        ("Aadhaar 2341 2341 2346", "national_number"),
        ("PAN card ACUPA7085R", "tax_number"),
        ("Passport No. C01X00T47", "passport"),
        ("Passport number: 123456789", "passport"),
        (
            "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10",
            "passport",
        ),
        ("IBAN DE89 3704 0044 0532 0130 00 und mehr", "iban"),
        ("gb82west12345698765432", "iban"),
    ],
)
def test_found(text: str, kind: str) -> None:
    assert kind in kinds(text)


@pytest.mark.parametrize(
    "text",
    [
        "注文番号 536-22-5541",
        "Order 536-22-5541, invoice 912-90-3456",
        "SSN: 000-12-3456",
        "version 12.345.678-9, released 2026-11-02",
        "Invoice AB123456C of 2026-01-31",
        "部品番号 A123456789、型番 S1234567D",
        "tracking 123456782 / 44051401359",
        "IBAN DE89 3704 0044 0532 0130 01",
        "commit de89370400440532013000ab12",
        "お問い合わせ番号 110105194912310021",
        "nie wieder 12345678A",
        "2026-11-02T10:00:00+09:00",
        "business since 130692544",
    ],
)
def test_not_found(text: str) -> None:
    assert not set(kinds(text)) & {"us_ssn", "tax_number", "national_number", "iban", "passport"}


def test_what_is_in_the_text_twice_counts_once() -> None:
    assert kinds("SSN 536-22-5541, SSN 536-22-5541") == ["us_ssn"]
