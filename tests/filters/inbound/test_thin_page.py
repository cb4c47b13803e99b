"""IN-LINK: pictures instead of words."""

from tests.filters.inbound.arriving import look, mail, weight


def test_a_picture_behind_a_link_is_seen() -> None:
    assert (
        weight(
            "thin_page", mail("", html='<a href="https://x.example/"><img src="https://x.example/a.png"></a>')
        )
        == 2
    )
    assert weight("thin_page", mail("", html='<a href="https://x.example/">Click</a>')) == 1


def test_a_page_with_words_passes() -> None:
    assert not look(
        "thin_page",
        mail("", html=f'<p>{"言葉があります。" * 30}</p><a href="https://x.example/"><img src="a.png"></a>'),
    )
    assert not look("thin_page", mail("", html="<p>Hi</p>"))
    assert not look("thin_page", mail())
