"""IN-SPOOF: names, replies and envelopes that do not fit the address."""

import pytest

from filters.facts import Authentication
from tests.filters.inbound.arriving import look, mail, weight


def test_a_known_authors_answers_to_a_free_mailbox() -> None:
    known = frozenset({"tanaka@koyo-denki.example"})
    raw = mail(extra="Reply-To: other@gmail.com\r\n")
    assert weight("reply_elsewhere", raw) == 2
    assert weight("reply_elsewhere", raw, known=known) == 5
    assert weight("reply_elsewhere", raw, known=known | {"other@gmail.com"}) == 2


@pytest.mark.parametrize(
    "sender",
    [
        '"tanaka@koyo-denki.example" <x@evil.example>',
        "Amazon.co.jp <x@evil.example>",
        "Аmazоn <x@evil.example>",
        "三井住友カード <x@evil.example>",
        "PayPal Service <service@evil.example>",
        "山田太郎 <yamada.taro@gmail.com>",
        "山田　太郎 様 <x@evil.example>",
        "SUZUKI Hanako <x@evil.example>",
        "光陽電機 営業部 <x@evil.example>",
        "関所商事 人事部 <x@evil.example>",
    ],
)
def test_a_borrowed_name_is_seen(sender: str) -> None:
    assert weight("spoofed_name", mail(sender=sender)) == 4


@pytest.mark.parametrize(
    "sender",
    [
        "Amazon.co.jp <auto-confirm@amazon.co.jp>",
        "三井住友カード <mail@contact.vpass.ne.jp>",
        "田中 一郎 <tanaka@koyo-denki.example>",
        "光陽電機 田中 <tanaka@koyo-denki.example>",
        "James Rogers <james@evil.example>",
        "野村 健 <ken@other.example>",
        "tanaka@koyo-denki.example <tanaka@koyo-denki.example>",
        "tanaka@koyo-denki.example",
    ],
)
def test_names_that_fit_pass(sender: str) -> None:
    assert not look("spoofed_name", mail(sender=sender))


def test_replies_that_go_elsewhere() -> None:
    assert weight("reply_elsewhere", mail(extra="Reply-To: boss@gmail.com\r\n")) == 2
    assert weight("reply_elsewhere", mail(extra="Reply-To: a@other.example\r\n")) == 1
    assert not look("reply_elsewhere", mail(extra="Reply-To: sales@mail.koyo-denki.example\r\n"))


def test_an_envelope_of_somebody_else() -> None:
    assert look("other_envelope", mail(), reverse_path="bounce@evil.example")
    assert not look("other_envelope", mail(), reverse_path="bounce@mail.koyo-denki.example")
    signed = Authentication(dkim="pass", dkim_domains=("koyo-denki.example",))
    assert not look("other_envelope", mail(), reverse_path="bounce@mailer.example", authentication=signed)
