"""IN-LINK: in whose name it is sent, and where its links lead."""

from tests.filters.inbound.arriving import look, mail, weight


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


def test_a_town_that_asks_with_the_forms_of_others_claims_to_be_nobody_else() -> None:
    town = "見山町役場 <madoguchi@town.miyama.lg.jp>"
    form = '<p>アンケートにご協力ください。<a href="https://forms.office.com/r/1">回答する</a></p>'
    raw = mail("", html=form, sender=town)
    assert not look("foreign_links", raw)
    assert weight("links_elsewhere", raw) == weight("odd_host", raw) == 1
    assert look("foreign_links", mail("", html=form, sender=town, subject="【Amazon】お支払い方法の更新"))
    sent = {"reverse_path": "a@elsewhere.example"}
    assert weight("links_elsewhere", raw, **sent) == weight("odd_host", raw, **sent) == 1, (
        "everybody's service"
    )
    page = mail("", html=form.replace("forms.office.com/r/1", "enquete.web.app/"), sender=town)
    assert weight("links_elsewhere", page) == weight("odd_host", page) == 1
    assert weight("links_elsewhere", page, **sent) == weight("odd_host", page, **sent) == 2


def test_what_leads_to_us_leads_nobody_astray() -> None:
    ours = '<p><a href="https://www.us.example/">資料</a></p>'
    assert not look("foreign_links", mail("", html=ours, subject="【Amazon】"))
    assert not look("links_elsewhere", mail("", html=ours))
