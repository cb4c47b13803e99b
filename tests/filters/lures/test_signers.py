"""Who signs a letter, and where the signature stands in it."""

import pytest

from config.policy import Organisation
from filters.lures.signers import LINES, last_lines, signer
from mail.charset import fold

HOUSE = Organisation(
    name="関所商事", domains=("us.example",), partners={"koyo-denki.example": "株式会社光陽電機"}
)


def signed(text: str, domain: str, *, is_known: bool = False) -> tuple[str, str] | None:
    found = signer(text, "\n".join(last_lines(fold(text).lower())), domain, HOUSE, is_known=is_known)
    return found[:2] if found else None


def test_the_last_lines_are_the_authors_own() -> None:
    text = "\n".join(f"line {n}" for n in range(40)) + "\n\n> quoted\n> more"
    assert last_lines(text) == [f"line {n}" for n in range(40 - LINES, 40)]
    assert last_lines("a\n\n-----original message-----\nb") == ["a"]


@pytest.mark.parametrize(
    ("text", "domain", "found"),
    [
        ("株式会社光陽電機\n営業部 田中\nTEL 03-1234-5678", "shop.example", ("organisation", "株式会社光陽電機")),
        ("株式会社光陽電機\n営業部 田中\nTEL 03-1234-5678", "koyo-denki.example", None),
        ("関所商事株式会社\n総務部\nTEL 03-1234-5678", "shop.example", ("organisation", "関所商事")),
        ("関所商事株式会社 御中\nTEL 03-1234-5678", "shop.example", None),
        ("あおい物産株式会社\nhttps://www.aoi-bussan.example/", "shop.example", ("site", "aoi-bussan.example")),
        ("あおい物産株式会社\nhttps://www.aoi-bussan.example/", "aoi.example", None),
        ("よろしくお願いします", "shop.example", None),
    ],
)  # fmt: skip
def test_whose_name_or_site_it_is(text: str, domain: str, found: tuple[str, str] | None) -> None:
    assert signed(text, domain) == found


def test_a_site_elsewhere_is_nothing_of_somebody_known() -> None:
    assert (
        signed("あおい物産株式会社\nhttps://www.aoi-bussan.example/", "shop.example", is_known=True) is None
    )
