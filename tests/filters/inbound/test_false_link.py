"""IN-LINK: links that lead elsewhere than they say."""

import pytest

from tests.filters.inbound.arriving import look, mail, weight


def page(link: str) -> bytes:
    return mail("", html=f"<p>ご確認ください {link}</p>", sender="info@shop.example")


@pytest.mark.parametrize(
    "link",
    [
        '<a href="http://evil.top/x">https://www.bank.co.jp/login</a>',
        "<a href='http://evil.top/x'><b>www.bank</b>.co.jp</a>",
        "<A HREF=http://evil.top/x>bank.co.jp</A>",
        '<a title="a>b" href="//evil.top">https://bank.co.jp</a>',
        '<a href="http://www.bank.co.jp@evil.top/">こちら</a>',
        '<a href="javascript:alert(1)">こちら</a>',
        '<a href="data:text/html;base64,AAAA">こちら</a>',
        '<a href="http:&#47;&#47;evil.top">bank.co.jp</a>',
    ],
)
def test_a_false_link_is_seen_where_it_stands(link: str) -> None:
    (finding,) = look("false_link", page(link))
    assert finding.weight == 3
    assert finding.evidence[0].part == "1"


@pytest.mark.parametrize(
    "before", ["<!-->", "<!--->", "<!-- --!>", "<svg><style></p>", "<svg><style><p>", "<!--[if mso]>"]
)
def test_nothing_in_front_of_it_hides_a_false_link(before: str) -> None:
    """A browser, or Outlook, shows each of these."""
    (finding,) = look("false_link", page(f"{before}<a href='http://evil.top/x'>www.bank.co.jp</a>"))
    assert finding.weight == 3


@pytest.mark.parametrize(
    "link",
    [
        '<a href="https://www.bank.co.jp/a">bank.co.jp</a>',
        '<a href="https://login.bank.co.jp/a">www.bank.co.jp</a>',
        '<a href="https://elsewhere.example/">こちらをご覧ください</a>',
        '<a href="mailto:a@b.example">a@b.example</a>',
        '<a href="https://elsewhere.example/">Version 1.2 notes</a>',
        '<a href="https://partner-my.sharepoint.com/:b:/g/x">report.pdf</a>',
        '<a href="https://nodejs.org/">Node.js</a>',
        '<a href="https://www.example.org/a">詳細（www.example.org）。</a>',
    ],
)
def test_honest_links_pass(link: str) -> None:
    assert not look("false_link", page(link))


def test_a_newsletter_that_counts_clicks_weighs_little() -> None:
    links = "".join(f'<a href="http://click.mailer.example/{n}">www.shop{n}.example</a> ' for n in range(12))
    assert weight("false_link", mail("", html=links)) == 1
    brand = links + '<a href="http://click.mailer.example/99">www.paypal.com</a>'
    assert weight("false_link", mail("", html=brand)) == 2
