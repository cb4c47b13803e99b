"""What people search for is folded, on both sides."""

from filters.examined import Summary
from quarantine.search.text import SEARCH_LIMIT, having, normalised, searched, words_of
from tests.quarantine.items import item


def test_search_text_is_folded_and_bounded() -> None:
    assert normalised("ＡＢＣ　ｶﾞｷﾞ\n Straße") == "abc ガギ strasse"
    assert len(searched(item(summary=Summary(subject="㍿" * 100_000)))) <= SEARCH_LIMIT


def test_words_are_folded_as_what_is_searched() -> None:
    assert words_of("ＡＢＣ　ｶﾞｷﾞ\n Straße") == ["abc", "ガギ", "strasse"]
    assert words_of(" 　 ") == []
    assert len(words_of("x " * 1000)) == 20


def test_what_a_pattern_would_read_is_taken_as_it_is() -> None:
    condition, values = having(["100%_\\", "b"])
    assert condition == "search LIKE :word0 ESCAPE '\\' AND search LIKE :word1 ESCAPE '\\'"
    assert values == {"word0": "%100\\%\\_\\\\%", "word1": "%b%"}
    assert having([]) == ("1 = 1", {})
