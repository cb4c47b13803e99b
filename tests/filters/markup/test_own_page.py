"""What an author sees of a page of their own."""

from filters.markup.dom import Document
from filters.markup.own_page import OwnPage


def test_what_is_seen_what_is_not_and_what_is_quoted() -> None:
    page = OwnPage(
        Document(
            "<html><head><title>t1</title><style>s1</style></head><body class=c1><p>one</p><p>two <b>three</b></p>"
            "<div style='display:none'>h1<p>h2</p></div><p>four</p><!-- k1 --><blockquote>q1<p title=q2></p></blockquote>"
            "<p>five</p><div class='gmail_quote'>q3</div><p>six</p><div id=x_divRplyFwdMsg>q4</div><p title=q5>q6</p></body></html>"
        )
    )
    assert page.seen.split() == ["one", "two", "three", "four", "five", "six"]
    unseen = " ".join(page.unseen).split()
    assert {"t1", "s1", "c1", "h1", "h2", "k1"} <= set(unseen)
    assert not [each for each in unseen if each.startswith("q")]


def test_words_of_one_line_stay_together_and_blocks_apart() -> None:
    page = OwnPage(Document("<p>ta<b>na</b>ka@x.example</p>b@y.example<br>c<div>d</div>"))
    assert page.seen.split() == ["tanaka@x.example", "b@y.example", "c", "d"]
