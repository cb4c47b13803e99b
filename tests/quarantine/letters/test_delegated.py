"""Letters about delegations, in every language."""

import pytest

from config.words import LANGUAGES
from directory.delegations import ENDED, Action, Delegation
from quarantine.letters.delegated import delegated

ROW = Delegation(
    "d1",
    "default",
    "taro",
    "",
    "jiro",
    tuple(Action),
    1_780_000_000.0,
    1_780_012_800.0,
    "出張のため",
    "kanri",
    1.0,
)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("to_delegate", [True, False])
def test_what_they_say(language: str, to_delegate: bool) -> None:
    said = {"place": "佐藤", "delegate": "田中", "by": "管理者", "page": "https://c.example/delegations"}
    letter = delegated(ROW, language, to_delegate=to_delegate, timezone="Asia/Tokyo", **said)
    for word in ("佐藤", "管理者", "出張のため", said["page"]):
        assert word in letter.text
    assert letter.text.count("2026") == 2, "both days"
    gone = Delegation(**{**{f: getattr(ROW, f) for f in ROW.__struct_fields__}, "state": ENDED})
    ended = delegated(gone, language, to_delegate=to_delegate, timezone="Asia/Tokyo", **said)
    assert "佐藤" in ended.subject
    assert "管理者" in ended.text
    assert ended.subject != letter.subject
