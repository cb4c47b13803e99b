"""OUT-MISSEND: domains that a list calls young."""

from filters.facts import Acquaintances
from tests.filters.mails import plain, recalled


def test_domains_of_the_list_and_below() -> None:
    said = {"memory": Acquaintances(), "domains": ("Young.example",)}
    assert recalled("young_domain", plain("x"), "a@mail.young.example", **said)
    assert not recalled("young_domain", plain("x"), "a@notyoung.example", **said)
    assert not recalled("young_domain", plain("x"), "a@young.example", memory=Acquaintances())
