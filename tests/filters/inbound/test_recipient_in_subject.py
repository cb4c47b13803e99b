"""IN-THEME: addressed by e-mail address."""

from tests.filters.inbound.arriving import TO, look, mail, weight


def test_the_address_in_subject_or_name_is_seen() -> None:
    assert weight("recipient_in_subject", mail(subject=f"Security alert for {TO}")) == 2
    assert weight("recipient_in_subject", mail(sender=f'"{TO} storage" <x@evil.example>')) == 2


def test_a_greeting_by_address_weighs_less() -> None:
    assert weight("recipient_in_subject", mail(f"Dear {TO},\nyour mailbox")) == 1


def test_the_address_in_a_quoted_mail_is_ordinary() -> None:
    assert not look("recipient_in_subject", mail("返信です。\n" + "本文。" * 100 + f"\n> To: {TO}"))


def test_the_domain_of_the_recipient_as_a_name() -> None:
    assert weight("recipient_in_subject", mail(sender='"us.example support" <x@evil.example>')) == 2
    assert weight("recipient_in_subject", mail(subject="Notice for us.example staff")) == 1
    assert not look("recipient_in_subject", mail(sender='"us.example support" <x@us.example>'))
