"""IN-TEXT: what was written is read again, once, before it leaves."""

import pytest

from filters.markup.dom import Document
from filters.rewriters import cleaned
from filters.rewriters.cleaned import Cleaned
from filters.rewriters.placing import stands_first
from mail.compose import RewriteError

BANNER = '<div class="warning" style="a:\'b\'"><p>Caution &#12354; &amp;amp;</p></div>\r\n'
LETTERS = [
    "<p style=\"font-family:'A B'\" title='<&quot;&amp;lt;'>a \xa0 &#13; &lt;b&gt; \"q\" &amp;amp;</p>",
    "<title>t</title><style>p{color:red}\n@media(max-width:9px){p{color:blue}}</style><body bgcolor=red><a href=http://a.example/>x</a>",
    "<meta name=viewport content=x><table><td>x<li>y",
    "",
]


@pytest.mark.parametrize("html", LETTERS)
def test_what_leaves_is_read_again_once(html: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Lexbor writes what we wrote: so no second walk is needed to know that it is the same, banner and all."""
    read: list[str] = []
    clean = Cleaned(html)

    class Watched(Document):
        def __init__(self, html: str) -> None:
            read.append(html)
            super().__init__(html)

    monkeypatch.setattr(cleaned, "Document", Watched)
    made = clean.document(BANNER)
    assert read == [BANNER, made]
    assert clean.page == Cleaned(html).page
    assert stands_first(made, BANNER)


@pytest.mark.parametrize("change", ["<b>", "</body>x", "<!-- -->", "<title>", "&amp;x", "<svg>", " "])
def test_what_reads_differently_is_noticed(change: str) -> None:
    page = Cleaned("<table><tr><td>x</td></tr></table><p>y</p>").page
    made = page.document(BANNER)
    assert cleaned._is_read_as_meant(page, made, BANNER)
    for place in ("<table>", "<td>", "y</p>", '<div class="warning"'):
        assert not cleaned._is_read_as_meant(page, made.replace(place, change + place, 1), BANNER)


def test_a_warning_that_would_not_come_first_is_an_error() -> None:
    with pytest.raises(RewriteError, match="first"):
        Cleaned("<p>x").document("<div>Caution")


def test_pre_formatted_text_is_read_again_the_long_way() -> None:
    assert "<pre>\n\nx</pre>" in Cleaned("<pre>\n\nx</pre>").document(BANNER)
