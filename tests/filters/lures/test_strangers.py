"""How a stranger's house is called, and whether anything in the mail is the reader's."""

import pytest

from config import lists
from filters.lures.belonging import TRADES
from filters.lures.strangers import ODD, house
from tests.filters.inbound.arriving import look, mail, weight

ASKED = "Your account is on hold. Please confirm your payment details by tomorrow.\n"


@pytest.mark.parametrize(
    "domain",
    [
        "anybank-verify-uk.com",
        "anycard-kakunin.net",
        "parcel-redelivery-desk.org",
        "anypost-aduana.lat",
        "somebank-freischaltung.de",
        "toll-unpaid-notice.com",
        "anybank-renzheng.cn",
    ],
)
def test_houses_called_after_deeds_are_odd(domain: str) -> None:
    assert house(domain) >= ODD


@pytest.mark.parametrize(
    "domain",
    [
        "hikari-card.example",
        "sakura-express.com",
        "mori-law.jp",
        "koyo-denki.co.jp",
        "smith-and-sons.com",
        "stadtwerke-musterau.de",
        "gmail.com",
        "amazon.co.jp",
        "city.kawasaki.jp",
        "",
    ],
)
def test_houses_with_a_name_are_not(domain: str) -> None:
    assert house(domain) < ODD


def test_trades_are_lure_words() -> None:
    assert {word.lstrip("!+~") for word in lists.entries("lure_words")} >= TRADES


def test_wide_rows_count_for_odd_houses_alone() -> None:
    def weighed(domain: str, text: str = ASKED) -> int:
        link = f"https://{domain}/p/1"
        return weight("scheme", mail(text + link, sender=f"Any Shop <info@{domain}>"))

    assert weighed("anyshop-kakunin-jp.com") == 4
    assert weighed("anyshop.com") == 0
    link = "https://anyshop-kakunin-jp.com/p/1"
    answered = mail(
        ASKED + link, sender="Any <a@anyshop-kakunin-jp.com>", extra="Auto-Submitted: auto-replied\r\n"
    )
    assert weight("scheme", answered) == 4
    personal = "Dear Yuki Sato,\nYour order no. 4471-22: confirm your payment details by tomorrow.\nTel. 03-3341-0200\n"
    assert weighed("anyshop-kakunin.com", personal) == 0


def test_a_single_sign_of_a_calm_author_is_no_warning() -> None:
    text = "To cancel your appointment, call 0113 220 0091 today. Missed appointments may be charged.\n"
    (calm,) = look("theme", mail(text, sender="Surgery <info@riversidesurgery.com>"))
    (odd,) = look("theme", mail(text, sender="Surgery <info@surgery-payout-notice.com>"))
    assert (calm.weight, odd.weight) == (3, 4)


def test_papers_are_asked_for_at_houses_with_a_name() -> None:
    text = "Dear Mr Yamada,\nBefore we release the refund, please upload a copy of your passport and a recent utility bill to our portal.\n"
    named = mail(text + "https://portal.grantthorley.com/", sender="GT <info@grantthorley.com>")
    odd = mail(text + "https://identity-kyc-desk.com/", sender="GT <info@identity-kyc-desk.com>")
    assert not look("asked", named)
    assert look("asked", odd)
