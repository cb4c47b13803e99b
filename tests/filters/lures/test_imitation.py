"""Hosts that imitate a name: the more certain, the heavier."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from filters.lures.hosts import BRANDS
from filters.lures.imitation import imitated

OWN = ("koyo-denki.example", "aoba.co.jp", "日本語.jp")


def test_brands_imitate_nobody() -> None:
    for brand in BRANDS:
        for domain in brand.domains:
            assert imitated("www." + domain) is None


@pytest.mark.parametrize(
    ("host", "how", "lured", "word"),
    [
        ("koyo-denkl.example", "looks like", False, "koyo-denkl"),
        ("koyo-denki.evil.top", "contains", False, "koyo-denki"),
        ("koyo-denky.com", "typing error", False, "koyo-denky"),
        ("paypa1.com", "looks like", False, "paypa1"),
        ("xn--mazon-3ve.com", "looks like", False, "аmazon"),
        ("goggle.com", "typing error", False, "goggle"),
        ("amazon-login.top", "contains", True, "amazon"),
        ("amazon-co-jp.top", "contains", True, "amazon"),
        ("www.amazon.co.jp.evil.top", "contains", True, "amazon"),
        ("amazon-rainforest.example", "contains", False, "amazon"),
    ],
)
def test_how_a_name_is_imitated(host: str, how: str, lured: bool, word: str) -> None:
    found = imitated(host, OWN)
    assert found is not None
    assert (found.how, found.lured, found.word) == (how, lured, word)


@pytest.mark.parametrize(
    "host",
    ["aoba-clinic.jp", "www.aoba.or.jp", "aoba.net", "aobaku.jp", "suzuki-clinic.jp", "aoda.jp"],
)
def test_there_are_many_of_a_short_name(host: str) -> None:
    assert imitated(host, (*OWN, "suzuki.co.jp")) is None


def test_look_alike_letters_count_in_short_names_too() -> None:
    found = imitated("a0ba.co.jp", OWN)
    assert found is not None
    assert found.how == "looks like"


@pytest.mark.parametrize("host", ["日本語.jp", "xn--wgv71a119e.jp", "www.XN--WGV71A119E.jp."])
def test_a_name_is_its_a_label(host: str) -> None:
    assert imitated(host, OWN) is None
    assert imitated(host, ("xn--wgv71a119e.jp",)) is None


@given(st.text(max_size=80))
def test_anything_may_be_a_host(host: str) -> None:
    found = imitated(host, OWN)
    assert found is None or found.how in ("contains", "looks like", "typing error")
