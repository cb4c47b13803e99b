"""IN-FIRST: strangers' mail to a flooded mailbox is marked, nobody else's."""

from tests.filters.inbound.arriving import TO, look, mail

SENDER = "tanaka@koyo-denki.example"


def test_strangers_are_marked_and_people_whom_we_know_are_not() -> None:
    flooded = {TO: 34}
    (finding,) = look("flooded_mailbox", mail(), flooded=flooded)
    assert finding.values["count"] == "34"
    assert finding.recipients == (0,)
    assert not look("flooded_mailbox", mail(), flooded=flooded, known=frozenset({SENDER}))
    assert not look("flooded_mailbox", mail(), flooded=flooded, familiar=frozenset({SENDER}))


def test_other_mailboxes_are_as_always() -> None:
    assert not look("flooded_mailbox", mail(), flooded={"other@us.example": 40})
    assert not look("flooded_mailbox", mail())
