"""IN-LOOKALIKE: addresses made to last a few days."""

import pytest

from tests.filters.inbound.arriving import look, mail, weight


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("kyctjnx.cn", 3),
        ("jafbyyamw.org", 2),
        ("quiet-pond-1234.web.app", 2),
        ("storage.googleapis.com", 2),
        ("shop.top", 1),
        ("account-verify.example", 2),
        ("e-summons-portal.example", 2),
        ("secureloginupdate.example", 2),
        ("www.smbc-card.com", 0),
        ("u1.ct.sendgrid.net", 0),
        ("www.koyo-denki.example", 0),
        ("msnbc.com", 0),
        ("nttpc.co.jp", 0),
    ],
)
def test_the_weight_of_a_host(host: str, expected: int) -> None:
    assert weight("odd_host", mail(f"https://{host}/x")) == expected


def test_a_sender_made_of_a_stem_and_a_number() -> None:
    assert weight("odd_host", mail(sender="no-reply@gey970.com")) == 2
    assert weight("odd_host", mail(sender="root@ubuntu-1vcpu-nyc1")) == 3


def test_one_odd_host_among_many_says_nothing() -> None:
    links = " ".join(f"https://site{n}.example/" for n in range(12))
    assert not look("odd_host", mail(links + " https://jafbyyamw.org/"))


def test_random_letters_behind_the_mail() -> None:
    assert weight("odd_host", mail(), reverse_path="a@jafbyyamw.org") == 2
    assert weight("odd_host", mail(extra="List-Id: <x.example>\r\n"), reverse_path="a@jafbyyamw.org") == 0


def test_a_house_of_functions_to_which_its_own_mail_leads() -> None:
    raw = mail("Please see https://xyz-kaiin-koushin.com/a", sender="Support <info@xyz-kaiin-koushin.com>")
    assert weight("odd_host", raw) == 3
    assert weight("odd_host", raw, known=frozenset({"info@xyz-kaiin-koushin.com"})) == 2
    assert weight("odd_host", mail("Hello", sender="Support <info@xyz-kaiin-koushin.com>")) == 2
