"""IN-CRYPT: files that could not be read to their end."""

from filters.examine import examine
from tests.filters.extract.documents import word
from tests.filters.extract.media import MEDIA, noise
from tests.filters.inbound.arriving import archive, arrived, look, mail, weight
from tests.filters.mails import SHIPPED


def warned(raw: bytes) -> bool:
    return examine(arrived(raw), SHIPPED).warned


def test_beyond_the_limits_weighs_most() -> None:
    content = archive({"a.txt": b"x"})
    for _ in range(7):
        content = archive({"b.zip": content})
    (finding,) = look("unread_attachment", mail(files={"資料.zip": content}))
    assert finding.weight == 4
    assert finding.values["why"] == "limit"


def test_a_damaged_archive() -> None:
    broken = archive({"a.txt": b"x"})[:-25]
    (finding,) = look("unread_attachment", mail(files={"資料.zip": broken}))
    assert (finding.weight, finding.evidence[0].quote) == (3, "資料.zip")
    assert weight("unread_attachment", mail(files={"a.7z": b"7z\xbc\xaf\x27\x1c" + bytes(30)})) == 3


def test_a_damaged_document_weighs_little() -> None:
    assert weight("unread_attachment", mail(files={"a.pdf": b"%PDF-1.7\n broken"})) == 1


def test_what_is_whole_is_silent() -> None:
    assert not look("unread_attachment", mail(files={"a.zip": archive({"a.txt": b"x"}), "b.docx": word()}))


def test_a_format_that_nobody_reads_is_on_record_and_weighs_nothing() -> None:
    (finding,) = look("unread_attachment", mail(files={"a.docx": word(), "b.dwg": b"AC1032" + noise(900)}))
    assert (finding.weight, finding.values["why"], finding.values["name"]) == (0, "format", "b.dwg")
    assert not warned(mail(files={"b.dwg": b"AC1032" + noise(900)}))


def test_octets_that_belong_to_nothing_weigh_little() -> None:
    picture = MEDIA["a.jpg"] + noise(3_000)
    (finding,) = look("unread_attachment", mail(files={"a.jpg": picture}))
    assert (finding.weight, finding.values["why"]) == (1, "rest")
    assert not warned(mail(files={"a.jpg": picture}))


def test_an_archive_that_nobody_reads_weighs_as_a_damaged_one() -> None:
    for name in ("a.br", "b.zpaq"):
        assert weight("unread_attachment", mail(files={name: noise(900)})) == 3
    packed = b"\x1f\x9d\x90" + noise(900)
    for files in ({"a.z": packed}, {"a.zip": archive({"a.z": packed, "b.txt": b"x"})}):
        (finding,) = look("unread_attachment", mail(files=files))
        assert (finding.weight, finding.values["why"]) == (3, "format")
