"""How an author usually writes."""

import pytest

from filters.reading.habits import zone_minutes
from tests.filters.inbound.arriving import arrived, mail


def shown(extra: str = "", text: str = "お世話になっております。") -> dict[str, str]:
    return arrived(mail(text, extra=extra)).incoming.habits


@pytest.mark.parametrize(
    ("field", "program"),
    [
        ("X-Mailer: Becky! ver. 2.81.05 [ja]", "becky"),
        ("X-Mailer: Becky! ver. 2.90", "becky"),
        ("X-Mailer: Microsoft Outlook 16.0", "outlook"),
        ("User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:102.0) Gecko/20100101 Thunderbird/102.4", "thunderbird"),
        ("X-Mailer: iPhone Mail (20A380)", "iphone"),
        ("X-Mailer: PHPMailer 6.0.1", "phpmailer"),
        ("X-Other: 1", "none"),
    ],
)  # fmt: skip
def test_a_program_is_known_by_its_family(field: str, program: str) -> None:
    assert shown(f"{field}\r\n")["program"] == program


@pytest.mark.parametrize(
    ("date", "zone"),
    [("Tue, 17 Nov 2026 10:12:00 +0900 (JST)", "+0900"), ("17 Nov 2026 10:12:00 -0330", "-0330"), ("Tue, 17 Nov 2026", ""),
     ("Tue, 17 Nov 2026 10:12:00 +9900", "")],
)  # fmt: skip
def test_zones(date: str, zone: str) -> None:
    assert shown(f"Date: {date}\r\n").get("zone", "") == zone


def test_language_charset_and_the_signatures_numbers_without_those_that_are_quoted() -> None:
    signed = "資料です。よろしくお願いいたします。\n\n-- \n光陽電機 田中\nTEL 03-2123-4567\n"
    found = shown(text=signed)
    assert (found["language"], found["charset"]) == ("ja", "utf-8")
    assert found["signature"] == shown(text=signed.replace("03-2123-4567", "03(2123)4567"))["signature"]
    assert found["signature"] != shown(text=signed.replace("4567", "4568"))["signature"]
    quoted = "承知しました。\n\n> " + signed.replace("\n", "\n> ")
    assert "signature" not in shown(text=quoted)
    assert shown(text="See the file.")["language"] == "other"


def test_minutes_of_a_zone() -> None:
    assert (zone_minutes("+0900"), zone_minutes("-0330")) == (540, -210)
