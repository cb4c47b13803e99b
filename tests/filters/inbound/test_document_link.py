"""IN-LINK: links in attached documents, invitations and mails."""

import pytest

from tests.filters.extract.documents import archive
from tests.filters.inbound.arriving import look, mail, weight

STRANGER = "Tanaka <tanaka@stranger.example>"


def pdf(address: str, text: str = "") -> bytes:
    """A page with a link and perhaps a text."""
    stream = f"BT /F 9 Tf 9 9 Td ({text}) Tj ET".encode()
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>/Annots[6 0 R]>>",
        b"<</Length %d>>stream\n%b\nendstream" % (len(stream), stream),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
        b"<</Type/Annot/Subtype/Link/Rect[0 0 9 9]/A<</S/URI/URI(%b)>>>>" % address.encode(),
    ]
    body = b"".join(b"%d 0 obj%b endobj\n" % (number, data) for number, data in enumerate(objects, 1))
    return b"%PDF-1.4\n" + body + b"trailer<</Root 1 0 R>>\n%%EOF\n"


def docx(address: str, text: str = "x") -> bytes:
    relation = f'<Relationships><Relationship Id="a" Type="http://x/relationships/hyperlink" Target="{address}" TargetMode="External"/></Relationships>'
    return archive(
        ("[Content_Types].xml", b"<Types/>"),
        ("word/document.xml", f"<w:p><w:t>{text}</w:t></w:p>".encode()),
        ("word/_rels/document.xml.rels", relation.encode()),
    )


def calendar(line: str) -> bytes:
    return f"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nSUMMARY:打ち合わせ\r\n{line}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n".encode()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("請求書.pdf", pdf("https://login.evil.example/a")),
        ("請求書.pdf", pdf("https://login.evil.example/a", "Click to view the invoice")),
        ("請求書.docx", docx("https://login.evil.example/a")),
        ("invite.ics", calendar("DESCRIPTION:https://login.evil.example/a を開いてください")),
        ("card.vcf", b"BEGIN:VCARD\r\nN:a\r\nURL:https://login.evil.example/\r\nEND:VCARD\r\n"),
        ("転送.eml", b"From: a@x.example\r\nSubject: x\r\nMIME-Version: 1.0\r\n\r\nhttps://login.evil.example/a\r\n"),
    ],
)  # fmt: skip
def test_a_link_inside_an_attachment_is_found(name: str, content: bytes) -> None:
    (finding,) = look("document_link", mail(sender=STRANGER, files={name: content}))
    assert finding.values == {"name": name, "host": "login.evil.example"}
    assert finding.evidence[0].part == f"2/{name}"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("会社案内.pdf", pdf("https://www.stranger.example/")),
        ("会社案内.pdf", pdf("https://www.us.example/")),
        ("仕様書.pdf", pdf("https://elsewhere.example/", "many words of a specification " * 40)),
        ("invite.ics", calendar("URL:https://teams.microsoft.com/l/meetup-join/1")),
        ("invite.ics", calendar("DESCRIPTION:https://us02web.zoom.us/j/1")),
        ("invite.ics", calendar("LOCATION:第一会議室")),
        ("memo.txt", b"https://elsewhere.example/"),
    ],
)  # fmt: skip
def test_ordinary_documents_are_left_alone(name: str, content: bytes) -> None:
    assert not look("document_link", mail(sender=STRANGER, files={name: content}))


def test_people_we_know_are_left_alone() -> None:
    raw = mail(files={"請求書.pdf": pdf("https://login.evil.example/a")})
    assert weight("document_link", raw, known=frozenset({"tanaka@koyo-denki.example"})) == 0
    assert weight("document_link", raw) == 2
