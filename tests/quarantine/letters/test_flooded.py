"""The letters about a flooded mailbox."""

import pytest

from config.words import LANGUAGES
from quarantine.letters.flooded import NAMED, flooded


@pytest.mark.parametrize("language", list(LANGUAGES))
@pytest.mark.parametrize("owner", [True, False])
def test_what_its_reader_needs(language: str, owner: bool) -> None:
    letter = flooded({"sato@us.example": 34}, 20, language, owner=owner, contact="内線 1234")
    for told in ("sato@us.example", "34", "20"):
        assert told in letter.text + letter.subject
    assert ("内線 1234" in letter.text) is owner
    assert "{" not in letter.text + letter.subject


@pytest.mark.parametrize("language", list(LANGUAGES))
def test_where_nobody_said_whom_to_call(language: str) -> None:
    letter = flooded({"sato@us.example": 34}, 20, language, owner=True, contact="")
    assert str(LANGUAGES[language].sentences["letters.flooded.owner.contact"]) in letter.text


@pytest.mark.parametrize("language", list(LANGUAGES))
def test_who_is_in_charge_reads_of_all_mailboxes_in_one_letter(language: str) -> None:
    counts = {f"p{n}@us.example": 30 + n for n in range(NAMED + 3)}
    letter = flooded(counts, 20, language, owner=False, contact="")
    assert "p0@us.example" in letter.subject
    assert f"p{NAMED - 1}@us.example" in letter.text
    assert f"p{NAMED}@us.example" not in letter.text
    assert {"ja": "ほか3件", "en": "and 3 more"}[language] in letter.text
