"""IN-LINK: links in QR codes."""

import base64

from tests.filters.extract.pictures import code, saved
from tests.filters.inbound.arriving import archive, arrived, look, mail, weight

PICTURE = saved(code("HTTPS://login.evil.example/m365"))


def test_the_host_behind_a_code_is_named() -> None:
    (finding,) = look("qr_link", mail(files={"image001.png": PICTURE}))
    assert finding.values == {"host": "login.evil.example"}
    assert finding.evidence[0].part == "2/image001.png"
    assert "evil.example" in finding.evidence[0].quote


def test_it_is_a_link_of_the_mail() -> None:
    (link,) = arrived(mail(files={"a.png": PICTURE})).incoming.links
    assert (link.host, link.shown, link.kind, link.part) == ("login.evil.example", "", "qr", "2/a.png")


def test_inside_an_archive_and_inside_the_html_itself() -> None:
    assert weight("qr_link", mail(files={"a.zip": archive({"b.png": PICTURE})})) == 3
    page = f'<p>ご確認ください</p><img src="data:image/png;base64,{base64.b64encode(PICTURE).decode()}">'
    assert weight("qr_link", mail(html=page)) == 3
    assert weight("qr_link", mail(html=page.replace("iVBOR", "!!!"))) == 0


def test_people_we_know_and_newsletters_weigh_less() -> None:
    raw = mail(files={"a.png": PICTURE})
    assert weight("qr_link", raw, known=frozenset({"tanaka@koyo-denki.example"})) == 1
    assert weight("qr_link", mail(files={"a.png": PICTURE}, extra="List-Id: <n.koyo-denki.example>\r\n")) == 1


def test_other_pictures_and_codes_are_left_alone() -> None:
    for text in (
        "https://www.koyo-denki.example/map",
        "https://us.example/x",
        "株式会社光陽電機",
        "tel:0312345678",
    ):
        assert not look("qr_link", mail(files={"a.png": saved(code(text))})), text
    assert not look("qr_link", mail(files={"a.png": b"\x89PNG broken"}))
