"""IN-MACRO: pages that build files or hide what they do."""

import base64

from tests.filters.inbound.arriving import archive, look, mail, weight

DATA = base64.b64encode(bytes(4000)).decode()
BUILDS = f"<html><script>var b=new Blob([atob('{DATA}')]);a.href=URL.createObjectURL(b);a.download='x.iso'</script></html>".encode()
HIDES = b"<html><script>eval(atob('YWxlcnQoMSk='))</script></html>"


def test_a_page_that_builds_a_file_weighs_most() -> None:
    (finding,) = look("smuggled_file", mail(files={"請求書.html": BUILDS}))
    assert (finding.weight, finding.values["name"]) == (6, "請求書.html")
    assert "new Blob(" in finding.evidence[0].quote
    assert weight("smuggled_file", mail(files={"請求書.htm": HIDES})) == 4


def test_under_other_names_and_inside_archives() -> None:
    assert (
        weight(
            "smuggled_file", mail(files={"図.svg": b"<?xml version='1.0'?><svg>" + BUILDS[6:-7] + b"</svg>"})
        )
        == 6
    )
    (finding,) = look("smuggled_file", mail(files={"a.zip": archive({"b.zip": archive({"c.html": BUILDS})})}))
    assert finding.values["name"] == "c.html"


def test_ordinary_pages_and_words_about_them() -> None:
    page = b"<html><script>document.getElementById('a').textContent='x'</script></html>"
    assert not look("smuggled_file", mail(files={"manual.html": page}))
    assert not look(
        "smuggled_file", mail("new Blob( atob( createObjectURL download= の使い方をご説明します。")
    )
