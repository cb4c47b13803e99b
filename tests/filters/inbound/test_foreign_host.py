"""IN-LOOKALIKE: hosts that mix plain letters with others."""

import pytest

from tests.filters.inbound.arriving import mail, weight


def code(label: str) -> str:
    return "xn--" + label.encode("punycode").decode()


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        (code("shоp") + ".example", 3),  # Cyrillic o
        (code("οffice") + ".example", 3),  # Greek omicron
        ("www.shоp.example", 3),
        (code("münchen") + ".com", 1),
        (code("münchen") + ".de", 0),
        (code("ドメイン") + ".example", 0),
        (code("почта") + ".example", 0),
        ("www.shop.example", 0),
        ("xn--.example", 0),
        ("xn--\u00ff\u00ff.example", 1),
    ],
)
def test_mixed_hosts_in_links(host: str, expected: int) -> None:
    assert weight("foreign_host", mail("", html=f'<a href="https://{host}/">a</a>')) == expected


def test_the_sender_s_domain() -> None:
    assert weight("foreign_host", mail(sender=f"A <a@{code('shоp')}.example>")) == 3
