"""IN-ICON: programs with the icon of something else."""

from tests.filters.extract.programs import program, sketch
from tests.filters.inbound.arriving import archive, look, mail


def test_a_program_with_the_icon_of_a_document_is_seen_also_in_an_archive() -> None:
    content = program(sketch("pdf"))
    (finding,) = look("disguised_icon", mail(files={"請求書.exe": content}))
    assert finding.values["kind"] == "pdf"
    (finding,) = look(
        "disguised_icon", mail(files={"a.zip": archive({"資料.exe": program(sketch("folder"))})})
    )
    assert finding.values == {"name": "資料.exe", "kind": "folder"}


def test_a_program_with_an_icon_of_its_own_is_not() -> None:
    assert not look("disguised_icon", mail(files={"setup.exe": program(sketch("wheel"))}))
    assert not look("disguised_icon", mail(files={"setup.exe": b"MZ" + bytes(500)}))
