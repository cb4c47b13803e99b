"""The table of limits has them all, and none is for everybody without one for each client."""

import pytest

from gateway.command.limits import HOP, NODE, NOT_LIMITS, SECTIONS, TABLE, markdown
from gateway.listen.limits import TOO_MANY

ENTRIES = [entry for entries in TABLE.values() for entry in entries]
NAMES = {entry.name for entry in ENTRIES}


@pytest.mark.parametrize("place", SECTIONS)
def test_each_setting_stands_in_the_table(place: str) -> None:
    settings = {f"{place}.{field}" for field in SECTIONS[place].model_fields}
    told = {name for name in NAMES | NOT_LIMITS.keys() if name.rpartition(".")[0] == place}
    assert settings == told
    assert not NAMES & NOT_LIMITS.keys()


def test_no_limit_stands_there_twice() -> None:
    assert len(NAMES) == len(ENTRIES)


def test_what_everybody_shares_is_limited_for_each_client_too() -> None:
    shared = [entry for entry in ENTRIES if entry.counts in (NODE, HOP)]
    assert {entry.name for entry in shared} >= {"limits.connections", "console.limits.connections"}
    for entry in shared:
        partner = next((other for other in ENTRIES if other.name == entry.client), None)
        assert partner is not None, entry.name
        assert "client" in partner.counts, entry.name
        if isinstance(partner.default, int) and entry.value is None:
            assert partner.default < int(str(entry.default)), f"one client can take all of {entry.name}"


def test_the_document_says_the_numbers_and_the_words() -> None:
    text = markdown()
    assert "| `limits.connections_per_address` | client | 50 | 421 4.3.2 |" in text
    assert f"- `{TOO_MANY}`" in text
    for entry in ENTRIES:
        assert entry.name in text
        assert entry.default is not None
