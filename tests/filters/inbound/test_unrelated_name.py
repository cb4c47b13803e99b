"""IN-SPOOF: a name that nothing bears out."""

import pytest

from tests.filters.inbound.arriving import look, mail, weight


def page(*hosts: str) -> str:
    return "".join(f'<a href="https://{host}/">Open</a>' for host in hosts)


def test_three_strangers_weigh_two() -> None:
    assert (
        weight("unrelated_name", mail("", html=page("a.example"), sender="Canvas Prints <x@b.example>")) == 2
    )
    assert (
        weight(
            "unrelated_name", mail("", html=page("b.example", "a.top"), sender="Canvas Prints <x@b.example>")
        )
        == 1
    )


@pytest.mark.parametrize(
    "sender",
    [
        "Canvas Prints <news@canvas.example>",
        "Hanako Suzuki <h.suzuki@b.example>",
        "Institute for Bright Minds <info@ibm.example>",
        "Customer Service <x@b.example>",
        "田中 <x@b.example>",
        "Canvas Prints <x@gmail.com>",
    ],
)
def test_names_that_fit_or_say_nothing_pass(sender: str) -> None:
    assert not look("unrelated_name", mail("", html=page("a.example"), sender=sender))


def test_plain_texts_and_mails_that_lead_home_pass() -> None:
    assert not look("unrelated_name", mail("https://a.example/", sender="Canvas Prints <x@b.example>"))
    assert not look(
        "unrelated_name", mail("", html=page("www.bravo.example"), sender="Canvas <x@bravo.example>")
    )
