"""IN-LINK: the recipient's address in a link."""

import base64

import pytest

from tests.filters.inbound.arriving import TO, look, mail, weight

CODE = base64.b64encode(TO.encode()).decode()


def page(link: str, extra: str = "") -> bytes:
    return mail("", html=f'<p><a href="{link}">ご確認</a></p>', sender="info@shop.example", extra=extra)


@pytest.mark.parametrize(
    "link",
    [
        f"https://elsewhere.example/?e={TO}",
        "https://elsewhere.example/#User%40us.example",
        f"https://elsewhere.example/#{CODE}",
        f"https://elsewhere.example/{base64.b64encode(b'x' + TO.encode()).decode()}",
        f"https://elsewhere.example/{base64.b64encode(b'id' + TO.encode() + b'zz').decode()}",
        f"https://kit.pages.dev/?login={TO}",
    ],
)
def test_the_address_is_found_as_it_is_and_in_base64(link: str) -> None:
    assert weight("recipient_in_link", page(link)) == 2


def test_the_sender_s_own_domain_only_when_it_is_disguised() -> None:
    assert weight("recipient_in_link", page(f"https://www.shop.example/#{CODE}")) == 1
    assert not look("recipient_in_link", page(f"https://www.shop.example/?mail={TO}"))


@pytest.mark.parametrize(
    "link",
    [
        "https://elsewhere.example/?e=other@us.example",
        f"https://accounts.google.com/AccountChooser?Email={TO}",
        f"https://elsewhere.example/unsubscribe?e={TO}",
        f"mailto:{TO}",
    ],
)
def test_ordinary_links_pass(link: str) -> None:
    assert not look("recipient_in_link", page(link))


def test_newsletters_pass() -> None:
    assert not look(
        "recipient_in_link",
        page(f"https://elsewhere.example/?e={TO}", "List-Unsubscribe: <https://a.example/>\r\n"),
    )
    many = "".join(f'<a href="https://e{n}.example/{TO}">a</a>' for n in range(20))
    assert not look("recipient_in_link", mail("", html=many, sender="info@shop.example"))
