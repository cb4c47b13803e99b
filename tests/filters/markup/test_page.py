"""What a person sees of a page, however it is written."""

from html import escape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from filters.examine import examine
from filters.lures.links import MAX_LINKS
from filters.markup.page import read_html
from tests.filters.inbound.arriving import arrived, mail
from tests.filters.mails import SHIPPED

LINK = "<a href='http://e.top/'>x</a>"


@pytest.mark.parametrize(
    "html",
    [
        "<a title='>' href=http://e.top>x</a>",
        "<a/href=http://e.top>x</a>",
        "<A\nHREF\n=\n'http://e.top'>x",
        "<a href=http://e.top href=http://f.top>x</a>",
        "<a href=http://e.top>x</a",
        "<svg><a xlink:href=http://e.top><text>x",
        "<area href=http://e.top>x",
        "x<form action=http://e.top>",
        "x<button formaction=http://e.top>",
        "x<meta http-equiv=' Refresh' content='0; URL=http://e.top'>",
    ],
)
def test_odd_spellings_are_read_as_browsers_read_them(html: str) -> None:
    page = read_html(html)
    assert [link.host for link in page.links] == ["e.top"]
    assert "x" in page.text or page.links[0].shown == "x"


@pytest.mark.parametrize(
    "before",
    [
        "<!-->", "<!--->", "<!-- x --!>", "<!-- a <!-- b -->", "<!x>", "<?x>", "</ x>", "<![CDATA[x]]>", "<!>", "</>",
        "<svg><style>", "<svg><title>", "<math><style>", "<svg><![CDATA[x]]>", "<svg><style></style>", "<noscript>", "<style></style>",
        "<script></script>", "<textarea></textarea>", "<title></title>", "<xmp></xmp>", "<select></select>",
        "<svg></p>", "<math><mtext>", "<table>", "<a>", "<a href=x><table><td>", "<form><form>", "<p title='", "<b x=\">", "\x00",
    ],
)  # fmt: skip
def test_nothing_in_front_of_a_link_hides_it(before: str) -> None:
    """Five octets (`<!-->`) were enough."""
    if before in ("<p title='", '<b x=">', "<svg><title>", "<svg><style>", "<math><style>"):
        before += {"'": "'>", ">": '">' if "b" in before else "<p>"}[before[-1]]
    page = read_html(f"<p>{before}{LINK}")
    assert "e.top" in [link.host for link in page.links]
    assert "x" in page.text or "title" in before


@pytest.mark.parametrize(
    "hidden",
    ["<script>%s</script>", "<style>%s</style>", "<title>%s</title>", "<textarea>%s</textarea>", "<!-- %s -->", "<template>%s</template>",
     "<iframe>%s</iframe>", "<noembed>%s</noembed>", "<xmp>%s</xmp>", "<a title=\"%s\">", "<plaintext>%s"],
)  # fmt: skip
def test_what_is_not_a_link_to_a_browser_does_not_count(hidden: str) -> None:
    assert not read_html(hidden % LINK).links


@pytest.mark.parametrize("hidden", ["textarea", "xmp", "plaintext", "select><option", "noscript", "button"])
def test_what_a_browser_shows_is_text(hidden: str) -> None:
    assert read_html(f"<{hidden}>word").text == "word"


def test_a_page_swallowed_by_a_hidden_field_is_thin() -> None:
    page = read_html(f"{LINK}<textarea style='display:none'>" + "words " * 1_000)
    assert page.text == "x"


def test_links_in_links_are_both_read() -> None:
    page = read_html("<a href=http://a.top>1<table><td><a href=http://b.top>2</a></table>3</a>")
    assert [(link.host, link.shown) for link in page.links] == [("b.top", "2"), ("a.top", "1 2 3")]
    page = read_html("<a href=http://a.top>1<a href=http://b.top>2")
    assert [(link.host, link.shown) for link in page.links] == [("a.top", "1"), ("b.top", "2")]


def test_relative_links_lead_to_the_base() -> None:
    page = read_html(
        "<a href='login?x'>x</a><base href='http://e.top/a/'><a href=http://f.top>y</a><a href='#z'>z</a>"
    )
    assert [link.target for link in page.links] == ["http://e.top/a/login?x", "http://f.top", "#z"]
    assert page.links[0].host == "e.top"
    assert read_html("<a href=login>x</a>").links[0].host == ""
    assert read_html("<base href='http://['><a href='//[x'>x</a>").links


@pytest.mark.parametrize(
    ("html", "scripts", "forms", "refresh", "images"),
    [
        ("<p>x", False, False, False, 0),
        ("<script>x", True, False, False, 0),
        ("<svg><script>x", True, False, False, 0),
        ("<p onclick=x>", True, False, False, 0),
        ("<form>", False, True, False, 0),
        ("<input type=Password>", False, True, False, 0),
        ("<meta http-equiv=refresh>", False, False, True, 0),
        ("<image><svg><image>", False, False, False, 2),
        ("<!--[if mso]><script></script><form><meta http-equiv=refresh><img><![endif]-->", True, True, True, 1),
    ],
)  # fmt: skip
def test_what_a_page_does(html: str, scripts: bool, forms: bool, refresh: bool, images: int) -> None:
    page = read_html(html)
    assert (page.scripts, page.forms, page.refresh, page.images) == (scripts, forms, refresh, images)


@pytest.mark.parametrize("condition", ["[if mso]", "[if gte mso 9]", "[IF !(IE)|(mso)]", "[ if mso ]"])
def test_what_only_outlook_shows_is_another_reading(condition: str) -> None:
    page = read_html(
        f"<p>for all<!--{condition}>for one <a href=http://e.top>click</a>"
        "<v:roundrect href=http://v.top><![endif]-->"
    )
    assert page.text == "for all"
    assert page.outlook == "for one click"
    assert [link.host for link in page.links] == ["e.top", "v.top"]
    assert page.only_outlook == 3


def test_what_outlook_shows_like_everybody_is_not_counted() -> None:
    """Newsletters write their buttons twice, and put Office settings into their heads."""
    page = read_html(
        "<!--[if mso]><xml><o:PixelsPerInch>96</o:PixelsPerInch></xml><style>p{}</style><![endif]-->"
        "<!--[if mso]><v:rect href='http://e.top/'>Buy now</v:rect><![endif]-->"
        "<!--[if !mso]><!--><a href='http://e.top/'>Buy now</a><!--<![endif]--><![if !mso]>shown<![endif]>"
    )
    assert (page.text, page.outlook, page.only_outlook) == ("Buy nowshown", "", 0)
    assert len(page.links) == 1


def test_conditional_comments_in_each_other_end() -> None:
    assert "deep" in read_html("<!--[if mso]>" * 3 + "deep").outlook
    assert read_html("<!--[if mso]>" * 50 + "deep").outlook == ""


def test_blocks_stand_on_lines_of_their_own() -> None:
    assert read_html("<p>a<b>b</b></p><div>c<br>d</div><ul><li>e<li>f</ul>").text == "ab\nc\nd\ne\nf"


def test_only_so_many_links() -> None:
    page = read_html("".join(f'<a href="https://x.example/{n}">x</a>' for n in range(MAX_LINKS + 5)))
    assert (len(page.links), page.more_links) == (MAX_LINKS, True)
    again = read_html(LINK * (MAX_LINKS + 5))
    assert (len(again.links), again.more_links) == (MAX_LINKS, False), "the same one again is no more"


@given(st.text(alphabet="<>/!-ab\"'= \n&;", max_size=200))
@settings(max_examples=300)
def test_nothing_raises(html: str) -> None:
    read_html(html)


def test_a_page_in_a_frame_is_another_reading() -> None:
    page = read_html(
        "<p>Hello</p><iframe srcdoc=\"<a href='http://e.top/'>Log in</a><input type='password'>\"></iframe>"
    )
    assert [link.host for link in page.links] == ["e.top"]
    assert page.passwords
    assert "Log in" in page.outlook


def test_frames_in_frames_end() -> None:
    html = "<input type=password>"
    for _ in range(6):
        html = f'<iframe srcdoc="{escape(html, quote=True)}"></iframe>'
    assert not read_html(html).passwords
    assert "unexaminable" in {f.rule for f in examine(arrived(mail("", html=html)), SHIPPED).findings}
