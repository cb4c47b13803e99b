"""IN-ATTACH: files of strangers."""

import pytest

from tests.filters.inbound.arriving import look, mail


def test_a_file_of_a_stranger_is_seen() -> None:
    (finding,) = look("attachment", mail(files={"見積書.pdf": b"%PDF-"}))
    assert finding.values["name"] == "見積書.pdf"


def test_not_of_a_correspondent_and_not_while_learning() -> None:
    raw = mail(files={"見積書.pdf": b"%PDF-"})
    assert not look("attachment", raw, known=frozenset({"tanaka@koyo-denki.example"}))
    assert not look("attachment", raw, learning=True)
    assert not look("attachment", mail())


@pytest.mark.parametrize(
    "kind",
    [
        "text/calendar",
        "text/vcard",
        "application/pkcs7-signature",
        "application/pgp-signature",
        "message/delivery-status",
    ],
)
def test_what_programs_attach_by_themselves_is_not_a_file(kind: str) -> None:
    part = f"--mix\r\nContent-Type: {kind}; name=a.x\r\nContent-Disposition: attachment; filename=a.x\r\n\r\nx\r\n--mix--"
    raw = mail(files={"見積書.pdf": b"%PDF-"})
    head, _, _ = raw.partition(b"--mix\r\nContent-Type: application/octet-stream")
    assert not look("attachment", head + part.encode())


def test_a_picture_of_the_text_is_not_a_file() -> None:
    raw = (
        b"From: a@x.example\r\nTo: user@us.example\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=b\r\n\r\n--b\r\n"
        b"Content-Type: text/html\r\n\r\n<img src='cid:1@x'>\r\n--b\r\nContent-Type: image/png; name=image001.png\r\n"
        b"Content-Disposition: inline; filename=image001.png\r\nContent-ID: <1@x>\r\n\r\nx\r\n--b--\r\n"
    )
    assert not look("attachment", raw)
    assert look("attachment", raw.replace(b"cid:1@x", b"cid:2@x"))
