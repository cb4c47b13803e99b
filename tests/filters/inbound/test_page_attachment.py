"""IN-MACRO: pages as attachments."""

import pytest

from tests.filters.inbound.arriving import archive, look, mail, weight


@pytest.mark.parametrize(
    ("content", "expected"),
    [(b"<html><body>hello</body></html>", 3), (b"<html><script>x()</script></html>", 5), (b"<form action='https://evil.example/'><input type=password></form>", 5),
     (b"<meta http-equiv=refresh content='0;url=https://evil.example/'>", 5), (b"<img src=x onerror=alert(1)>", 5)],
)  # fmt: skip
def test_an_active_page_weighs_more(content: bytes, expected: int) -> None:
    assert weight("page_attachment", mail(files={"明細.html": content})) == expected


def test_it_is_seen_under_other_names_and_in_archives() -> None:
    assert look("page_attachment", mail(files={"a.svg": b"<svg onload='x()'/>"}))
    assert look("page_attachment", mail(files={"a.zip": archive({"login.htm": b"<html></html>"})}))


def test_a_picture_with_a_link_is_a_page() -> None:
    link = b'<svg xmlns="http://www.w3.org/2000/svg"><a xlink:href="https://evil.example/x"><text>Open</text></a></svg>'
    still = b'<svg xmlns="http://www.w3.org/2000/svg"><a href="#top"><text>Open</text></a></svg>'
    assert weight("page_attachment", mail(files={"invoice.svg": link})) == 3
    assert weight("page_attachment", mail(files={"invoice.svg": still})) == 1


def test_others_pass() -> None:
    assert not look("page_attachment", mail(files={"a.pdf": b"%PDF-1.7"}))
    assert not look("page_attachment", mail("", html="<p>hello</p>"))
