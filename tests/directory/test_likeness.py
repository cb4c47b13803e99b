"""Finding the domain that was meant."""

import pytest

from config.policy import Organisation
from directory.likeness import candidates, ends

OURS = Organisation(
    domains=("us.example",), group_domains=("sister.example",), partners={"koyo-denki.co.jp": "光陽電機"}
)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("saporo-mart.jp", "sapporo-mart.jp"),
        ("sapporo-matr.jp", "sapporo-mart.jp"),
        ("sapporo-mart.co.jp", "sapporo-mart.jp"),
        ("ssapporo-mart.jp", "sapporo-mart.jp"),
        ("sapporo-mar.jp", "sapporo-mart.jp"),
        ("daisetsu.co.jp", "daisetu.co.jp"),
        ("asahi.jp", "asahil.jp"),
        ("kyoeis.jp", "kyoei.jp"),
        ("rnaruyama.jp", "maruyama.jp"),
    ],
)
def test_it_is_kept_where_it_is_looked_for(written: str, meant: str) -> None:
    assert set(ends(written, 1)) & set(ends(meant))
    assert candidates(written, [meant, "other-company.jp"], OURS) == [meant]


def test_short_names_and_free_mail_are_not_looked_for() -> None:
    assert ends("abc.jp") == ends("gmail.com") == ()
    assert candidates("gmail.com", ["gmai.com"], OURS) == []


def test_our_own_and_partners_come_first() -> None:
    assert candidates("koyo-denkl.co.jp", ["koyo-demki.co.jp"], OURS)[0] == "koyo-denki.co.jp"
    assert candidates("sisten.example", [], OURS) == ["sister.example"]
    assert candidates("mail.koyo-denki.co.jp", ["koyo-demki.co.jp"], OURS) == []
    assert candidates("sister.example", ["sisten.example"], OURS) == []
