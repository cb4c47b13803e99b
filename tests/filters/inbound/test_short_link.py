"""IN-LINK: shortened links."""

from tests.filters.inbound.arriving import look, mail, weight


def test_a_shortened_link_is_seen_in_text_and_html() -> None:
    assert look("short_link", mail("詳細は https://bit.ly/3abc をご覧ください"))[0].values["host"] == "bit.ly"
    assert look("short_link", mail("", html='<a href="https://is.gd/x">こちら</a>'))


def test_others_are_not() -> None:
    assert not look("short_link", mail("https://rabbit.ly.example/ と https://www.us.example/"))


def test_pages_that_send_on_hide_the_target_too() -> None:
    link = "https://www.google.com/url?q=https%3A%2F%2Fx.example"
    assert weight("short_link", mail("", html=f'<a href="{link}">x</a>')) == 2
    assert (
        weight("short_link", mail("", html=f'<a href="{link}">x</a><a href="https://y.example/">y</a>')) == 1
    )
    assert not look("short_link", mail("https://www.google.com/search?q=x"))
