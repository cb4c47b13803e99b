"""The block list: everybody's entries, and those of one person."""

from filters.listing import Listing
from tests.filters.inbound.arriving import TO, look, mail


def test_an_entry_for_everybody_concerns_everybody() -> None:
    (found,) = look("blocked", mail(), listed=(Listing("block", "host", "evil.example"),))
    assert found.recipients is None
    assert found.values == {"what": "evil.example"}


def test_an_entry_of_one_person_concerns_this_person() -> None:
    (found,) = look("blocked", mail(), listed=(Listing("block", "domain", "evil.example", (TO,)),))
    assert found.recipients == (0,)
    assert not look(
        "blocked", mail(), listed=(Listing("block", "domain", "evil.example", ("x@us.example",)),)
    )


def test_the_allow_list_blocks_nobody() -> None:
    assert not look("blocked", mail(), listed=(Listing("allow", "domain", "evil.example"),))
    assert not look("blocked", mail())
