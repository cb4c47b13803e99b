"""IN-SPOOF: names of authorities over others' domains."""

import pytest

from filters.facts import Authentication
from tests.filters.inbound.arriving import look, mail, weight


@pytest.mark.parametrize(
    "sender",
    [
        "国税庁 <info@etax-info.example>",
        "IPA セキュリティセンター <info@ipa-anshin.example>",
        "Internal Revenue Service <refund@tax-desk.example>",
        "Mijn Overheid <bericht@overheid-bericht.example>",
        "Direction générale des Finances publiques <a@impots-remb.example>",
        "国家税务局 <a@shui.example>",
        "경찰청 <a@case.example>",
        "Finanzamt München <a@elster-post.example>",
    ],
)
def test_an_authority_under_a_domain_that_is_none(sender: str) -> None:
    (finding,) = look("claimed_authority", mail(sender=sender))
    assert finding.weight == 3


@pytest.mark.parametrize(
    "sender",
    [
        "国税庁 <info@nta.go.jp>",
        "川崎市役所 <zei@city.kawasaki.jp>",
        "緑野市役所 <zei@city.midorino.lg.jp>",
        "Finanzamt <a@fa.bayern.de>",
        "HMRC <noreply@tax.service.gov.uk>",
        "First Irish Bank <a@bank.example>",
        "梶税理士事務所 <kaji@kaji.example>",
        "Ripa Trading <a@ripa.example>",
    ],
)
def test_authorities_and_other_names(sender: str) -> None:
    assert not look("claimed_authority", mail(sender=sender))


def test_lists_weigh_less() -> None:
    raw = mail(sender="国税庁ニュース <a@zei-news.example>", extra="List-Id: <a.zei-news.example>\r\n")
    assert weight("claimed_authority", raw) == 1


def test_a_society_of_a_registry_that_asks_may_bear_such_a_name() -> None:
    """Unless nothing proves who wrote, or its domain is put together of deeds."""
    proved = Authentication("pass", "midori-kenpo.or.jp", "pass", ("midori-kenpo.or.jp",), "pass", "none")
    society = mail(sender="全国健康保険協会 緑野支部 <a@midori-kenpo.or.jp>")
    assert not look("claimed_authority", society, authentication=proved)
    assert look("claimed_authority", society)
