"""IN-LINK: none of the links is the sender's."""

from tests.filters.inbound.arriving import look, mail, weight


def page(*hosts: str) -> str:
    return "".join(f'<a href="https://{host}/">詳細</a>' for host in hosts)


def test_links_that_all_lead_elsewhere_are_seen() -> None:
    (finding,) = look("links_elsewhere", mail("", html=page("a.example", "b.example")))
    assert finding.values["host"] == "a.example"


def test_one_own_link_is_enough() -> None:
    assert not look("links_elsewhere", mail("", html=page("a.example", "www.koyo-denki.example")))


def test_private_people_link_where_they_like_and_lists_mostly() -> None:
    assert not look("links_elsewhere", mail("", html=page("a.example"), sender="a@gmail.com"))
    assert weight("links_elsewhere", mail("", html=page("a.example"), extra="List-Id: <x.example>\r\n")) == 1


def test_a_single_place_elsewhere_weighs_more() -> None:
    assert weight("links_elsewhere", mail("", html=page("a.example"))) == 2
    assert weight("links_elsewhere", mail("", html=page("a.example", "b.example"))) == 1
    assert weight("links_elsewhere", mail("", html=page("www.youtube.com"))) == 1
    assert weight("links_elsewhere", mail("", html=page("click.mailer.example"))) == 1


def test_services_that_count_clicks_are_nobody_else() -> None:
    assert not look("links_elsewhere", mail("", html=page("koyo.us7.list-manage.com")))
