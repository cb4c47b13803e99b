"""Who may have a dangerous mail, by language, in letters of so many."""

from directory.account import Account
from filters.examined import Summary
from quarantine.reported.alerts import BATCH, batches, by_language, receivers
from quarantine.reported.sightings import Got, Sighted


def test_a_mailbox_is_named_once_by_the_first_mail_and_only_where_it_may_lie() -> None:
    one = Sighted(
        "m1", 1.0, Summary(), got=(Got("a+x@us.example", "delivered", 1.0), Got("b@us.example", "held", 1.0))
    )
    two = Sighted(
        "m2", 2.0, Summary(), got=(Got("a@us.example", "", 2.0), Got("c@us.example", "waiting", 2.0))
    )
    assert {a: m.mail_id for a, m in receivers([one, two]).items()} == {
        "a@us.example": "m1",
        "c@us.example": "m2",
    }
    assert list(receivers([one, two], {"a@us.example"})) == ["c@us.example"]


def test_languages_are_their_owners() -> None:
    owners = {"a@us.example": Account("a", language="en")}
    assert by_language(["a@us.example", "list@us.example"], owners) == {
        "en": ["a@us.example"],
        "": ["list@us.example"],
    }


def test_internationalised_addresses_get_letters_of_their_own() -> None:
    some = [f"p{n}@us.example" for n in range(BATCH + 1)] + ["山田@us.example"]
    assert [len(b) for b in batches(some)] == [BATCH, 1, 1]
    assert batches([]) == []
