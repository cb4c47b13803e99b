"""OUT-MISSEND: domains that are one letter off."""

import pytest

from config.policy import Organisation
from filters.facts import Acquaintances
from tests.filters.mails import ORGANISATION, plain, recalled, written_to

PARTNER = Organisation(domains=("us.example",), partners={"koyo-denki.co.jp": "光陽電機"})


@pytest.mark.parametrize(
    ("domain", "known", "found"),
    [
        ("koyo-denkl.co.jp", "koyo-denki.co.jp", True),
        ("koyo-denki.jp", "koyo-denki.co.jp", True),
        ("koyodenki.co.jp", "koyo-denki.co.jp", True),
        ("koyo-denki-service.co.jp", "koyo-denki.co.jp", False),
    ],
)
def test_one_letter_or_another_ending(domain: str, known: str, found: bool) -> None:
    memory = Acquaintances(alike={domain: (known,)}, domains={known: written_to()})
    sights = recalled("mistaken_domain", plain("x", to=f"a@{domain}"), f"a@{domain}", memory=memory)
    assert bool(sights) is found
    if sights:
        assert (sights[0].about, sights[0].meant) == ((f"a@{domain}",), known)


def test_the_mailbox_that_was_meant_is_named_when_it_is_known() -> None:
    memory = Acquaintances(
        alike={"koyo-denkl.co.jp": ("koyo-demki.co.jp", "koyo-denki.co.jp")},
        domains={"koyo-denki.co.jp": written_to(), "koyo-demki.co.jp": written_to(mine=9)},
        addresses={"mori@koyo-denki.co.jp": written_to()},
    )
    (found,) = recalled("mistaken_domain", plain("x"), "Mori@koyo-denkl.co.jp", "b@us.example", memory=memory)
    assert found.meant == "mori@koyo-denki.co.jp"
    assert found.recipients == (0,)


def test_a_known_domain_must_be_written_to_a_partners_need_not() -> None:
    memory = Acquaintances(
        alike={"koyo-denkl.co.jp": ("koyo-denki.co.jp",)}, domains={"koyo-denki.co.jp": written_to(ours=1)}
    )
    raw, to = plain("x"), "a@koyo-denkl.co.jp"
    assert not recalled("mistaken_domain", raw, to, memory=memory)
    assert recalled("mistaken_domain", raw, to, memory=memory, organisation=PARTNER)
    assert not recalled("mistaken_domain", raw, "a@us.example", memory=memory, organisation=ORGANISATION)
