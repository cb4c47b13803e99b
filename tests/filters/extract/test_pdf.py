"""PDF: text, password, no text layer, damage."""

from filters.extract import Budget, extract
from tests.filters.extract.documents import pdf


def test_japanese_text_and_properties() -> None:
    found = extract("a.pdf", "", pdf(), Budget())
    assert found.verdict == "ok"
    text = "\n".join(t for _, t in found.texts)
    assert "関所の社外秘" in text
    assert "題名の印" in text


def test_a_password_is_recognised() -> None:
    assert extract("a.pdf", "", pdf(password="secret"), Budget()).verdict == "encrypted"


def test_an_owner_password_alone_hides_nothing() -> None:
    import io

    import pikepdf

    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf())) as document:
        document.save(out, encryption=pikepdf.Encryption(owner="o", user="", R=6))
    assert extract("a.pdf", "", out.getvalue(), Budget()).verdict == "ok"


def test_pictures_only_are_unsupported_not_clean() -> None:
    found = extract("a.pdf", "", pdf(text=""), Budget())
    assert (found.verdict, found.why) == ("unsupported", "pdf: no text layer")


def test_damage_is_corrupt() -> None:
    assert extract("a.pdf", "", b"%PDF-1.7\nnothing", Budget()).verdict == "corrupt"


def test_files_attached_inside_are_read() -> None:
    import io

    import pikepdf

    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf())) as document:
        document.attachments["メモ.txt"] = pikepdf.AttachedFileSpec(
            document, "極秘の中身".encode(), filename="メモ.txt"
        )
        document.save(out)
    found = extract("a.pdf", "", out.getvalue(), Budget())
    assert any("極秘の中身" in t for _, t in found.texts)
