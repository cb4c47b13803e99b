"""What pages do besides being read."""

import pytest

from filters.extract import Budget, extract
from filters.extract.active import MOST, acts
from tests.filters.extract.documents import archive

STRING = "QUJD" * 1100


def names(page: str) -> set[str]:
    return {name for name, _ in acts(page)}


@pytest.mark.parametrize(
    ("page", "expected"),
    [
        ("<html><p>議事録です。onload の話。</p></html>", set()),
        ("<p>ご確認ください <a href='https://x.example/'>x</a></p>", set()),
        ("<script>1</script>", {"page_script"}),
        ("<body onload = go()>", {"page_script"}),
        ("<a href=' javascript:go()'>x</a>", {"page_script"}),
        ("<svg:script>1</svg:script>", {"page_script"}),
        ("<form action=x>", {"page_form"}),
        ("<input name=a type='password'>", {"page_form"}),
        ("<meta http-equiv='refresh' content='0;url=x'>", {"page_redirect"}),
        ("<iframe src=x>", {"page_redirect"}),
        ("<script>window.location='x'</script>", {"page_script", "page_redirect"}),
        ("<script>eval(unescape('%41'))</script>", {"page_script", "page_hides"}),
        ("<script>document.write(atob('x'))</script>", {"page_script", "page_hides"}),
        ("<p>eval( とは</p>", set()),
        (f"<script>a=atob('{STRING}');u=URL.createObjectURL(new Blob([a]));l.download='a.iso'</script>", {"page_script", "page_builds"}),
        (f"<script>navigator.msSaveOrOpenBlob(new Blob([atob(x)]),'{STRING}')</script>", {"page_script", "page_builds"}),
        ("<a download='a.zip' href='data:application/zip;base64,UEsDBA'>x</a>", set()),
    ],
)  # fmt: skip
def test_acts(page: str, expected: set[str]) -> None:
    assert names(page) == expected


def test_the_end_of_a_long_page_is_looked_at() -> None:
    assert names("<p>" + " " * (2 * MOST) + "<script>1</script>") == {"page_script"}


def test_signs_are_found_in_every_nesting_and_charset() -> None:
    page = "<html><script>window.location='https://x.example'</script></html>"
    for content in (page.encode(), page.encode("utf-16"), b"\xef\xbb\xbf" + page.encode()):
        assert {"page_script", "page_redirect"} <= extract("a.html", "", content, Budget()).traits
        assert {"page_script"} <= extract("a.zip", "", archive(("b.htm", content)), Budget()).traits
    svg = b"<?xml version='1.0'?><svg><script>1</script></svg>"
    assert "page_script" in extract("a.svg", "", svg, Budget()).traits
