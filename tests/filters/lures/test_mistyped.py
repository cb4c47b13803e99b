"""Domains that are written by mistake for another."""

import pytest

from filters.lures.mistyped import looks, mistyped, spelt


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("saporo-mart.jp", "sapporo-mart.jp"),
        ("sapporomart.jp", "sapporo-mart.jp"),
        ("sapporo-mart.co.jp", "sapporo-mart.jp"),
        ("sapporo-mart-jp.com", "sapporo-mart.jp"),
        ("sapporo-matr.jp", "sapporo-mart.jp"),
        ("daisetu.co.jp", "daisetsu.co.jp"),
        ("syouwa-kougyou.co.jp", "showa-kogyo.co.jp"),
        ("shimbashi-denki.jp", "sinbasi-denki.jp"),
        ("rnaruyama-tax.jp", "maruyama-tax.jp"),
        ("xn--koyo-dnki-l0h.co.jp", "koyo-denki.co.jp"),
        ("tohoku-senser.jp", "touhoku-sensor.jp"),
        ("ecloud-eest.jp", "ecloud-east.jp"),
    ],
)
def test_it_may_be_a_mistake(written: str, meant: str) -> None:
    assert mistyped(written, meant)
    assert mistyped(meant, written) or "-jp." in written


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("abc.jp", "abd.jp"),
        ("gmail.com", "gmall.com"),
        ("sapporo-mart-service.jp", "sapporo-mart.jp"),
        ("sapporo-bank.jp", "sapporo-mart.jp"),
        ("tokyo.co.jp", "kyoto.co.jp"),
    ],
)
def test_two_companies(one: str, other: str) -> None:
    assert not mistyped(one, other)


def test_spellings_of_one_sound() -> None:
    assert spelt("syouji") == spelt("shoji") == spelt("shouzi") == spelt("shohji")
    assert spelt("honma") == spelt("homma")
    assert looks("Shoji-Kogyo.co.jp") == looks("syouzikougyou.jp")
