"""IN-SHORTCUT: shortcuts by name and content."""

import pytest

from tests.filters.inbound.arriving import archive, look, mail

LNK = b"L\0\0\0\x01\x14\x02\0" + bytes(100)


@pytest.mark.parametrize(
    "name",
    [
        "資料.lnk",
        "a.pdf.lnk",
        "site.URL",
        "x.library-ms",
        "x.search-ms",
        "x.scf",
        "x.settingcontent-ms",
        "x.webloc",
    ],
)
def test_a_shortcut_is_known_by_its_name(name: str) -> None:
    assert look("shortcut", mail(files={name: b"x"}))


def test_a_shortcut_is_known_by_its_content_also_in_an_archive() -> None:
    assert look("shortcut", mail(files={"a.pdf": LNK}))
    assert look("shortcut", mail(files={"a.zip": archive({"議事録.pdf.lnk": LNK})}))


@pytest.mark.parametrize("name", ["links.txt", "url.pdf", "lnk.docx"])
def test_other_files_do_not_count(name: str) -> None:
    assert not look("shortcut", mail(files={name: b"x"}))
