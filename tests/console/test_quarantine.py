"""The quarantine."""

import pytest

from quarantine.item import State
from tests.console.premises import Premises


@pytest.mark.parametrize(
    ("query", "there", "absent"),
    [
        ("", ("アカウントの確認", "名簿"), ("見積書", "価格表")),
        ("?direction=inbound", ("アカウントの確認",), ("名簿",)),
        ("?state=held", ("見積書", "価格表", "名簿"), ("先日のお礼",)),
        ("?state=done", ("先日のお礼",), ("見積書",)),
        ("?state=any&text=価格表", ("価格表",), ("見積書",)),
        ("?state=nonsense&direction=nonsense", ("アカウントの確認",), ()),
        ("?text=%25", (), ("アカウントの確認",)),
    ],
)
async def test_filters(full: Premises, query: str, there: tuple[str, ...], absent: tuple[str, ...]) -> None:
    text = (await (await full.visitor("kanri")).get(f"/quarantine{query}")).text
    for word in there:
        assert word in text
    for word in absent:
        assert word not in text
    assert "/mail/foreign" not in text


@pytest.mark.parametrize(("right", "state"), [("release", State.QUEUED), ("discard", State.WITHDRAWN)])
async def test_a_decision_needs_a_reason_and_is_on_record(full: Premises, right: str, state: State) -> None:
    kanri = await full.visitor("kanri")
    assert (await kanri.post(f"/mail/review/{right}", reason="")).status_code == 400
    assert (await full.store.get("review", "default")).state is State.HELD
    await kanri.post(f"/mail/review/{right}", reason="本人に確認した")
    assert (await full.store.get("review", "default")).state is state
    (entry,) = await full.store.entries("default", event=right)
    assert (entry.actor, entry.detail["reason"]) == ("kanri", "本人に確認した")


async def test_hidden_characters_in_names_are_shown(full: Premises) -> None:
    text = (await (await full.visitor("kanri")).get("/mail/review")).text
    assert 'class="hidden-character">U+202E</span>fdp.exe' in text
    assert "\u202e" not in text
