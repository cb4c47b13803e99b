"""IN-FREEMAIL: Japanese and foreign providers of free mail."""

import pytest

from tests.filters.inbound.arriving import look, mail, weight


@pytest.mark.parametrize(
    "domain",
    [
        "gmail.com",
        "yahoo.co.jp",
        "outlook.jp",
        "docomo.ne.jp",
        "QQ.com",
        "mail.goo.ne.jp",
        "proton.me",
        "web.de",
        "laposte.net",
    ],
)
def test_a_free_mail_sender_is_seen(domain: str) -> None:
    assert look("freemail_sender", mail(sender=f"A <a@{domain}>"))


@pytest.mark.parametrize(
    "domain", ["koyo-denki.example", "notgmail.com", "gmail.com.example", "yahoo.example"]
)
def test_others_are_not(domain: str) -> None:
    assert not look("freemail_sender", mail(sender=f"A <a@{domain}>"))


def test_the_list_can_be_changed() -> None:
    assert look("freemail_sender", mail(), {"also": ("koyo-denki.example",)})
    assert not look("freemail_sender", mail(sender="a@gmail.com"), {"allowed": ("gmail.com",)})


def test_offices_and_lures_at_free_mail_weigh_more() -> None:
    assert weight("freemail_sender", mail(sender="Tanaka <a@gmail.com>")) == 1
    assert weight("freemail_sender", mail(sender="Billing Dept <a@gmail.com>")) == 2
    assert weight("freemail_sender", mail("Please verify your account.", sender="Tanaka <a@gmail.com>")) == 2
