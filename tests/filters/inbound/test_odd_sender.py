"""IN-SPOOF: made-up and broken senders."""

import pytest

from tests.filters.inbound.arriving import look, mail, weight


@pytest.mark.parametrize(
    "local", ["WkOhQAgTz", "lina_kilsby_21982", "zlxwgyuqyrir", "k3hd513reagvbx6gomyi", "user883920"]
)
def test_a_made_up_address_is_seen(local: str) -> None:
    assert weight("odd_sender", mail(sender=f"A <{local}@x.example>")) == 2


@pytest.mark.parametrize(
    "local",
    [
        "tanaka",
        "taro.yamada",
        "no-reply",
        "newsletter",
        "JohnSmith",
        "info2024",
        "y.suzuki3",
        "h-watanabe",
        "shinjirou",
        "kr",
        "bounce-1.2.3.x=y",
    ],
)
def test_names_of_people_and_offices_pass(local: str) -> None:
    assert not look("odd_sender", mail(sender=f"A <{local}@x.example>"))


@pytest.mark.parametrize(
    "sender",
    ["A, B <a@x.example>", "a@x.example, b@x.example", "A <a@localhost>", "just words", "A <a@'x.example>"],
)
def test_a_broken_from_is_seen(sender: str) -> None:
    assert weight("odd_sender", mail(sender=sender)) == 3


def test_a_birthday_behind_a_name_is_ordinary_where_millions_have_mailboxes() -> None:
    assert not look("odd_sender", mail(sender="A <sato.yuki.0412@gmail.com>"))
    assert weight("odd_sender", mail(sender="A <sato.yuki.0412@x.example>")) == 2
    assert weight("odd_sender", mail(sender="A <president.desk.0412@gmail.com>")) == 2
    assert weight("odd_sender", mail(sender="A <sato.yuki.041298@gmail.com>")) == 2


def test_random_letters_in_the_reverse_path() -> None:
    assert weight("odd_sender", mail(), reverse_path="ksqrneyzok@koyo-denki.example") == 2
    assert not look("odd_sender", mail(), reverse_path="bounce-k3hd513reagvbx6=us@koyo-denki.example")
    assert not look("odd_sender", mail(), reverse_path="shipment@koyo-denki.example")


LEAVES = [
    "To unsubscribe from future mailings write to Suite 700.", "Wenn Sie keine weiteren E-Mails wünschen, klicken Sie hier.",
    "Pour vous désabonner, cliquez ici.", "Para darse de baja, haga clic aquí.", "配信の停止はこちら", "退订",
]  # fmt: skip


@pytest.mark.parametrize("text", LEAVES)
def test_advertising_from_an_address_for_a_day(text: str) -> None:
    """Random letters alone, no List-Unsubscribe, and the text says how one gets no more of it."""
    body = f"Compare rates.\nhttps://x.example/4qcCfT2511\n{text}\n"
    made_up = "A <zlxwgyuqyrir@x.example>"
    assert weight("odd_sender", mail(body, sender=made_up)) == 4
    assert weight("odd_sender", mail(body, sender="A <search-ED20D7B9A49E402C@x.example>")) == 2, (
        "a reader's number"
    )
    assert weight("odd_sender", mail("Compare rates.\nhttps://x.example/4qc\n", sender=made_up)) == 2
    assert (
        weight("odd_sender", mail(body, sender=made_up, extra="List-Unsubscribe: <https://x.example/u>\r\n"))
        == 2
    )
    assert not look("odd_sender", mail(body, sender="A <news@x.example>"))
