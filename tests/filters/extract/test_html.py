"""HTML as its reader sees it."""

from filters.extract.html import read, text_of


def test_words_stay_whole_and_blocks_are_parted() -> None:
    assert "社外秘" in text_of("<p>社<b>外</b>秘</p>")
    assert text_of("<td>4111</td><td>1111</td>").split() == ["4111", "1111"]
    assert "a\n" in text_of("<p>a</p><p>b</p>")


def test_entities_and_scripts() -> None:
    assert "社外秘" in text_of("&#31038;&#22806;&#31192;")
    assert "alert" not in text_of("<script>alert(1)</script>x")


def test_the_documents_own_charset_counts_without_a_label() -> None:
    page = '<meta http-equiv="Content-Type" content="text/html; charset=Shift_JIS"><p>極秘</p>'
    assert "極秘" in read(page.encode("cp932"))
    assert "極秘" in read("<p>極秘</p>".encode("euc_jp"), "euc-jp")


def test_deep_nesting_and_many_tags_end() -> None:
    assert "x" in text_of("<div>" * 50_000 + "x")
    assert "x" in text_of("<b>" * 250_000 + "x")
