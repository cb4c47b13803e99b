"""IN-ATTACH: files of strangers."""

from tests.filters.inbound.arriving import look, mail


def test_a_file_of_a_stranger_is_seen() -> None:
    (finding,) = look("attachment", mail(files={"見積書.pdf": b"%PDF-"}))
    assert finding.values["name"] == "見積書.pdf"


def test_not_of_a_correspondent_and_not_while_learning() -> None:
    raw = mail(files={"見積書.pdf": b"%PDF-"})
    assert not look("attachment", raw, known=frozenset({"tanaka@koyo-denki.example"}))
    assert not look("attachment", raw, learning=True)
    assert not look("attachment", mail())
