"""IN-LINK: whose name it bears and where its links lead."""

from tests.filters.inbound.arriving import look, mail


def test_a_brand_whose_links_lead_away_is_seen() -> None:
    raw = mail("ご確認ください https://safe-check.example/login", sender="イオンカード <order@aeon.co.jp>")
    (finding,) = look("foreign_links", raw)
    assert finding.values["host"] == "safe-check.example"
    assert look("foreign_links", mail("https://safe-check.example/", subject="【Amazon】お支払い方法の更新"))


def test_the_brand_itself_passes() -> None:
    assert not look(
        "foreign_links", mail("https://www.aeon.co.jp/", sender="イオンカード <order@aeon.co.jp>")
    )
    assert not look("foreign_links", mail("https://safe-check.example/"))


def test_customers_of_a_provider_do_not_speak_for_it() -> None:
    assert not look("foreign_links", mail("https://my-shop.example/", sender="柴山 <eiko@nifty.com>"))
