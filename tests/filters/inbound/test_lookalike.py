"""IN-LOOKALIKE: hosts that imitate brands, partners and ourselves."""

import pytest

from filters.lures.imitation import imitated
from filters.sentences import sentence
from tests.filters.inbound.arriving import look, mail, weight


@pytest.mark.parametrize(
    "host",
    ["amaz0n-login.top", "paypa1.com", "rnicrosoft.com", "xn--mazon-3ve.com", "smbc-card.evil.top", "www.amazon.co.jp.evil.top",
     "login-rakuten.evil.cn", "koyo-denk1.example", "goggle.com", "smbc-login.example", "amazon-co-jp.top"],
)  # fmt: skip
def test_an_imitation_is_seen_in_a_link(host: str) -> None:
    (finding,) = look("lookalike", mail(f"こちら https://{host}/login です"))
    assert finding.weight == 4


def test_an_imitation_is_seen_in_the_sender() -> None:
    assert look("lookalike", mail(sender="info@amazon-co-jp.top"))[0].evidence[0].part == "header:from"
    assert look("lookalike", mail(sender="boss@us-example.example"), settings=None) == []
    assert look("lookalike", mail(sender="tanaka@koyo-denkl.example"))


@pytest.mark.parametrize(
    "host",
    [
        "www.amazon.co.jp",
        "pay.amazon.com",
        "koyo-denki.example",
        "www.us.example",
        "example.org",
        "yahoo.co.uk",
    ],
)
def test_the_real_ones_pass(host: str) -> None:
    assert not look("lookalike", mail(f"https://{host}/"))


@pytest.mark.parametrize(
    "host", ["koyo-denki.evil.top", "amazon-rainforest.example", "postmaster.suica-fans.example"]
)
def test_a_name_that_is_only_contained_weighs_less(host: str) -> None:
    assert weight("lookalike", mail(f"こちら https://{host}/ です")) == 2
    assert weight("lookalike", mail(sender=f"info@{host}")) == 2


def test_the_heaviest_counts_and_its_word_is_shown() -> None:
    raw = mail("https://amazon-login.top/ https://paypa1.com/", sender="info@amazon-rainforest.example")
    (finding,) = look("lookalike", raw)
    assert (finding.weight, finding.values["word"]) == (4, "amazon")
    assert '"amazon"' in sentence(finding, "en")
    assert "「amazon」" in sentence(finding, "ja")


def test_one_name_among_many_links_of_a_newsletter_weighs_little() -> None:
    links = " ".join(f"https://site{n}.example/" for n in range(12))
    assert weight("lookalike", mail(links + " https://outlooksecure.example/")) <= 1


@pytest.mark.parametrize(
    ("own", "host"),
    [
        ("corp.example", "corp-example.jp.net"), ("corp.example", "corp-example-hr.com"), ("corp.example", "corpexample-mail.com"), ("aoba.co.jp", "aoba-co-jp.com"),
        ("fuji.co.jp", "fujicojp-secure.net"), ("fuji.co.jp", "login-fuji-co-jp.com"), ("aoba.co.jp", "aoba.co.jp.verify-page.com"), ("aoba.co.jp", "aoba-it-helpdesk.com"),
    ],
)  # fmt: skip
def test_our_whole_name_joined_anew_is_heavy_however_common_it_is(own: str, host: str) -> None:
    found = imitated(host, (own,))
    assert found is not None
    assert (found.name, found.lured) == (own, True)


@pytest.mark.parametrize(
    ("own", "host"),
    [("aoba.co.jp", "aoba-kensetsu.co.jp"), ("aoba.co.jp", "aoba.example"), ("fuji.co.jp", "fuji-net.example"), ("us.net", "us-net.example"), ("corp.example", "corporate-examples.com")],
)  # fmt: skip
def test_a_common_name_of_ours_in_anothers_is_an_accident(own: str, host: str) -> None:
    assert imitated(host, (own,)) is None
