"""Open redirects: the address that is meant."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from filters.lures.links import final_host
from filters.lures.redirects import sent_on
from filters.markup.page import read_html


@pytest.mark.parametrize(
    ("url", "meant"),
    [
        ("https://www.google.com/url?q=https%3A%2F%2Fevil.example%2Fa&sa=D", "https://evil.example/a"),
        ("https://www.google.co.jp/url?sa=t&url=http://evil.example/", "http://evil.example/"),
        ("https://www.google.com/amp/s/evil.example/login", "https://evil.example/login"),
        ("https://a-b.cdn.ampproject.org/c/s/evil.example/x", "https://evil.example/x"),
        (
            "https://www.bing.com/ck/a?!&&p=1&u=a1aHR0cHM6Ly9ldmlsLmV4YW1wbGUvYQ&ntb=1",
            "https://evil.example/a",
        ),
        ("https://www.youtube.com/redirect?event=x&q=https%3A%2F%2Fevil.example", "https://evil.example"),
        ("https://l.facebook.com/l.php?u=https%3A%2F%2Fevil.example%2F&h=1", "https://evil.example/"),
        ("https://ad.doubleclick.net/clk;1;2?adurl=https://evil.example/a", "https://evil.example/a"),
        (
            "https://eu.safelinks.protection.outlook.com/?url=https%3A%2F%2Fevil.example%2F&data=5",
            "https://evil.example/",
        ),
        ("https://urldefense.com/v3/__https://evil.example/a__;!!x", "https://evil.example/a"),
        ("https://urldefense.proofpoint.com/v2/url?u=https-3A__evil.example_a&d=D", "https://evil.example/a"),
        (
            "https://www.google.com/url?q=https%3A%2F%2Fwww.youtube.com%2Fredirect%3Fq%3Dhttps%253A%252F%252Fevil.example",
            "https://evil.example",
        ),
    ],
)
def test_the_address_that_is_meant(url: str, meant: str) -> None:
    assert sent_on(url) == meant
    assert final_host(url) == "evil.example"


@pytest.mark.parametrize(
    "url",
    [
        "https://www.google.com/search?q=https",
        "https://shop.example/url?q=https://other.example/",
        "https://www.google.com.evil.example/url?q=https://other.example/",
        "https://www.google.com/amp/s/",
        "https://www.bing.com/ck/a?u=a1_____",
        "",
    ],
)
def test_other_links_mean_what_they_say(url: str) -> None:
    assert sent_on(url) == ""


def test_links_of_a_page_are_judged_by_where_they_end_up() -> None:
    (link,) = read_html('<a href="https://www.google.com/url?q=https://evil.example/">a</a>').links
    assert link.host == "evil.example"
    assert link.target.startswith("https://www.google.com/")


@settings(max_examples=50)
@given(st.text(max_size=80))
def test_nothing_raises(text: str) -> None:
    for start in (
        "https://www.google.com/url?q=http",
        "https://www.bing.com/ck/a?u=a1",
        "https://urldefense.com/v3/__",
    ):
        sent_on(start + text)
        final_host(start + text)
