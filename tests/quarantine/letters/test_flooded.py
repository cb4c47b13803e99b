"""The letters about a flooded mailbox."""

import pytest

from config.words import LANGUAGES
from quarantine.letters.flooded import flooded


@pytest.mark.parametrize("language", list(LANGUAGES))
@pytest.mark.parametrize("owner", [True, False])
def test_what_its_reader_needs(language: str, owner: bool) -> None:
    letter = flooded("sato@us.example", 34, 20, language, owner=owner, contact="内線 1234")
    for told in ("sato@us.example", "34", "20"):
        assert told in letter.text + letter.subject
    assert ("内線 1234" in letter.text) is owner
    assert "{" not in letter.text + letter.subject


@pytest.mark.parametrize("language", list(LANGUAGES))
def test_where_nobody_said_whom_to_call(language: str) -> None:
    letter = flooded("sato@us.example", 34, 20, language, owner=True, contact="")
    assert str(LANGUAGES[language].sentences["letters.flooded.owner.contact"]) in letter.text
