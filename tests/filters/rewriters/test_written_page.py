"""IN-TEXT: a mail's HTML without everything that acts, fetches or hides."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from filters.rewriters.cleaned import Cleaned
from filters.rewriters.written_page import ATTRIBUTES, ELEMENTS, LONGEST, WrittenPage, address
from mail.compose import RewriteError


def cleaned(html: str, links: str = "defang") -> WrittenPage:
    return Cleaned(html, links).page


@pytest.mark.parametrize(
    "html",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "<form action=https://e.example><input type=password></form>",
        "<iframe src=https://e.example></iframe>",
        "<object data=x></object>",
        "<embed src=x>",
        '<meta http-equiv="refresh" content="0;url=https://e.example">',
        '<link rel=stylesheet href="https://e.example/a.css">',
        '<base href="https://e.example/">',
        '<img src="https://e.example/a.png">',
        '<table background="https://e.example/a.png"></table>',
        "<svg onload=alert(1)>",
        '<a href="javascript:alert(1)">x</a>',
        '<a href="data:text/html,x">x</a>',
    ],
)
def test_active_parts_go_and_it_is_said(html: str) -> None:
    page = cleaned(f"<p>前</p>{html}<p>後</p>")
    assert "e.example" not in page.body
    assert "alert" not in page.body
    assert "前" in page.body
    assert "後" in page.body
    assert page.lost


def test_an_ordinary_page_loses_nothing() -> None:
    html = '<table width="100%"><tbody><tr><td style="color:red" align="center">表 &amp; <b>太字</b><br></td></tr></tbody></table>'
    page = cleaned(f"<html><head><title>t</title></head><body bgcolor='#fff'>{html}</body></html>")
    assert page.body == html
    assert page.attributes == ' bgcolor="#fff"'
    assert not page.lost


def test_a_link_shows_where_it_leads() -> None:
    page = cleaned('<a href="https://evil.example/login">https://bank.example/</a>')
    assert page.body == "<u>hxxps://bank[.]example/</u> &lt;hxxps://evil[.]example/login&gt; "
    assert not page.lost
    assert cleaned('<a href="http://a.example/">a.example</a>').body == "<u>a.example</u>", "once is enough"
    assert (
        cleaned('<a href="mailto:a@b.example?subject=x">書く</a>').body == "<u>書く</u> &lt;a@b.example&gt; "
    )
    assert cleaned('<a href="#top">上へ</a>').body == "上へ"


def test_links_can_be_kept_but_not_those_that_run() -> None:
    page = cleaned(
        '<a href="https://a.example/" onclick=x target=_blank>a</a><a href=javascript:x>b</a>', "keep"
    )
    assert page.body == '<a href="https://a.example/" rel="noopener noreferrer">a</a>b'


def test_pictures_of_the_mail_stay() -> None:
    html = '<img src="cid:logo" alt="ロゴ"><img src="data:image/png;base64,AAAA"><img src="data:image/svg+xml;base64,AAAA" alt="x">'
    assert cleaned(html).body == '<img src="cid:logo" alt="ロゴ"><img src="data:image/png;base64,AAAA">[x]'
    assert not cleaned('<img width="1" height="1" src="https://t.example/p.gif">').lost, (
        "nobody misses a tracking pixel"
    )


def test_words_of_a_remote_picture_stand_in_its_place() -> None:
    assert (
        cleaned('<img src="https://t.example/p.png" alt="ご請求額 www.evil.com">').body
        == "[ご請求額 www[.]evil[.]com]"
    )


@pytest.mark.parametrize(
    "comment", ["<!-- x -->", "<!--[if mso]><a href='https://e.example'>x</a><![endif]-->", "<![if !mso]>"]
)
def test_comments_go_also_those_that_some_programs_read(comment: str) -> None:
    assert cleaned(f"a{comment}b").body == "ab"


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(["<", ">", "</", "<a href=", "<p ", "style=", "<style>", "</style>", "<script>", "<!--", "-->", "<title>",
    "onload=x ", '"', "'", " ", "=", "javascript:x", "x", "<svg><style>", "<math>", "<textarea>", "&lt;", "\x00", "<noscript>", "<![CDATA["]), max_size=30))  # fmt: skip
def test_a_browser_finds_nothing_that_we_did_not_write(pieces: list[str]) -> None:
    """Whatever is nested in what: the document has only elements and attributes that are named here."""
    tree = LexborHTMLParser(cleaned("".join(pieces)).document())
    for node in tree.css("*"):
        assert node.tag in ELEMENTS | {"html", "head", "body", "meta", "style"}
        assert set(node.attributes) <= ATTRIBUTES | {"src", "style", "charset"}


HIDES = [
    "<!-->", "<!--->", "<!-- x --!>", "<!-- a <!-- b -->", "<svg><style>p{}</style>", "<svg></p>", "<math><mtext></mtext>",
    "<noscript>", "<table>", "<select><option>", "<a href=x>", "<form><form>", "</ x>", "<?x>", "<!x>", "<![CDATA[x]]>",
]  # fmt: skip


@pytest.mark.parametrize("before", HIDES)
@pytest.mark.parametrize("links", ["defang", "keep"])
def test_no_letter_is_lost(before: str, links: str) -> None:
    """Five octets (`<!-->`) took the whole letter away, and nobody was told that something was lost."""
    assert "letter" in cleaned(f"{before}<p>The letter.</p>", links).body


def test_what_only_outlook_shows_is_missed_when_nobody_else_is_shown_it() -> None:
    assert cleaned("x<!--[if mso]>Call 110<![endif]-->").lost
    assert not cleaned("Call 110<!--[if mso]><td>Call 110</td><style>p{}</style><![endif]-->").lost


PIECES = [
    "<p>", "</p>", "<table>", "<tr>", "<td>", "</table>", "<b>", "<i>", "</b>", "<a href='http://a.example/'>", "</a>", "<div>", "</div>",
    "<h1>", "<h2>", "<li>", "<ul>", "</ul>", "<pre>", "\n", "<object>", "</object>", "<button>", "</button>", "<svg>", "<foreignObject>", "</svg>",
    "<math><mi>", "<caption>", "<col>", "<tbody>", "<dl><dt>", "<dd>", "<ruby><rt>", "<nobr>", "<select>", "<option>", "<form>", "<marquee>",
    "<img alt=x>", "x", " ", "&#13;", "&lt;", "\xa0", "<style>p{color:red}/*", "</style>", "<font color=red>", "<body class='a'>", "<template>", "<hr>",
]  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=25), st.sampled_from(["defang", "keep"]))
def test_what_is_written_reads_as_it_was_written(pieces: list[str], links: str) -> None:
    """parse(serialise(tree)) == tree for everything that is allowed: else RewriteError, which this never meets."""
    page = cleaned("".join(pieces), links)
    again = cleaned(page.document(), links)
    assert again.body.strip() == page.body.strip()
    assert (again.styles, again.attributes) == (page.styles, page.attributes)


def test_a_page_for_narrow_screens_stays_one() -> None:
    page = cleaned(
        "<meta name=viewport content='width=device-width, initial-scale=1'><body text='#eee' bgcolor='#111'>x"
    )
    assert '<meta name="viewport" content="width=device-width">' in page.document()
    assert '<body text="#eee" bgcolor="#111">' in page.document(), "light words on a dark page stay legible"


def test_an_address_is_short_and_has_no_controls() -> None:
    assert address("https://a.example/" + "x" * 500).endswith("…")
    assert address("tel:03-1234-5678") == "03-1234-5678"
    assert address("https://a.example/\u202egpj.exe") == "hxxps://a[.]example/gpj.exe"


def test_html_beyond_all_limits_is_held() -> None:
    with pytest.raises(RewriteError):
        cleaned("x" * (LONGEST + 1))
