"""The digest's hours, and what stands in it (who gets it and how often: test_keeper.py)."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from config.settings import DigestSection
from filters.examined import Summary
from filters.finding import Finding
from quarantine.item import Item
from quarantine.letters.digest import fresh, letter, slot
from tests.console.test_app import PAYLOADS
from tests.quarantine.items import item

TOKYO = "Asia/Tokyo"


def at(text: str, zone: str = TOKYO) -> float:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).timestamp()


@pytest.mark.parametrize(
    ("now", "expected", "weekdays"),
    [
        ("2026-05-29T13:00", "2026-05-29T13:00", False),
        ("2026-05-29T12:59", "2026-05-29T08:00", False),
        ("2026-05-29T07:00", "2026-05-28T17:00", False),
        ("2026-05-30T09:00", "2026-05-30T08:00", False),
        ("2026-05-30T09:00", "2026-05-29T17:00", True),
        ("2026-06-01T07:59", "2026-05-29T17:00", True),
        ("2026-06-01T08:00", "2026-06-01T08:00", True),
    ],
)
def test_the_hour_of_a_digest(now: str, expected: str, weekdays: bool) -> None:
    section = DigestSection(weekdays_only=weekdays)
    assert slot(section, TOKYO, at(now)) == at(expected)


def test_where_clocks_change() -> None:
    section = DigestSection(hours=(2,))
    zone = "Europe/Berlin"
    assert slot(section, zone, at("2026-03-29T12:00", zone)) == at("2026-03-29T02:00", zone)
    assert slot(section, zone, at("2026-10-25T12:00", zone)) == at("2026-10-25T02:00", zone)


def test_none_when_it_is_off() -> None:
    assert slot(DigestSection(enabled=False), TOKYO, at("2026-05-29T13:00")) is None
    assert slot(DigestSection(hours=()), TOKYO, at("2026-05-29T13:00")) is None


def held(payload: str) -> Item:
    summary = Summary(payload, payload, payload, payload, attachments=(payload,))
    return item(
        direction="inbound",
        summary=summary,
        findings=(Finding("freemail_sender", "X", values={"who": payload}),),
    )


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("payload", [*PAYLOADS, "http://evil.example/", "a@evil.example", "\r\nBcc: x@y.z"])
def test_nothing_of_a_held_mail_can_be_clicked(payload: str, language: str) -> None:
    made = letter([held(payload)], language, TOKYO, "https://console.example/digest/SECRET", more=2)
    assert made.html.count("<a ") == 1
    assert made.html.count("://") == 1
    assert made.text.count("://") == 1
    for text in (made.text, made.html):
        assert "@" not in text
        assert "evil.example" not in text
        assert "<script" not in text.lower() or text is made.text
        assert "\u202e" not in text
        assert "\x00" not in text


def test_a_link_has_256_bits_and_only_its_digest_is_kept() -> None:
    secret, token = fresh()
    assert len(secret) == 43
    assert len(token) == 64
    assert fresh() != (secret, token)
