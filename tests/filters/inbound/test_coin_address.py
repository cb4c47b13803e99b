"""IN-THEME: wallets."""

import pytest

from tests.filters.inbound.arriving import look, mail


@pytest.mark.parametrize(
    "wallet",
    ["bc1qxy2kgdygjrsqtzq2n0yrf2493p83kkfjhx0wlh", "1BoatSLRHtKNngkdXEeobR76b53LETtpyT",
     "0x52908400098527886E0F7030069857D2E4169EE7", "TJRabPrwbZy45sbavfcjinPJC18kjpRTv8"],
)  # fmt: skip
def test_a_wallet_is_seen(wallet: str) -> None:
    (finding,) = look("coin_address", mail(f"Send it to {wallet}."))
    assert finding.evidence[0].quote == wallet
    assert wallet not in finding.values["wallet"]


@pytest.mark.parametrize(
    "text",
    [
        "https://x.example/1BoatSLRHtKNngkdXEeobR76b53LETtpyT",
        "commit 1234567890123456789012345678901",
        "INV-1000000000000000000000000000",
    ],
)
def test_numbers_and_links_do_not_count(text: str) -> None:
    assert not look("coin_address", mail(text))


def test_a_correspondent_may_name_one() -> None:
    text = "bc1qxy2kgdygjrsqtzq2n0yrf2493p83kkfjhx0wlh"
    assert not look("coin_address", mail(text), known=frozenset({"tanaka@koyo-denki.example"}))
