"""OUT-MISSEND: free mail that is rare for everybody."""

from filters.facts import Acquaintance, Acquaintances
from tests.filters.mails import plain, recalled

HOME = "hanako1980@gmail.com"


def test_who_hardly_ever_got_mail() -> None:
    assert recalled("rare_private", plain("x"), HOME, memory=Acquaintances())
    assert recalled("rare_private", plain("x"), HOME, memory=Acquaintances({HOME: Acquaintance(0, 1, 1)}))
    assert not recalled("rare_private", plain("x"), HOME, memory=Acquaintances({HOME: Acquaintance(0, 5, 2)}))
    assert not recalled(
        "rare_private", plain("x"), HOME, memory=Acquaintances({HOME: Acquaintance(0.7, 0.7, 1)})
    )
    assert not recalled("rare_private", plain("x"), "a@partner.example", memory=Acquaintances())
    assert not recalled("rare_private", plain("x"), HOME, memory=Acquaintances(), learning=True)
