"""Names of partners in file names and texts."""

import pytest

from config.policy import Organisation
from filters.detect.partner_names import bared, partner_names
from mail.charset import fold

ORGANISATION = Organisation(
    name="北斗食品販売株式会社",
    domains=("hokuto.example",),
    partners={
        "otaru-grand.example": "株式会社小樽グランド観光",
        "otaru-grand.test": "株式会社小樽グランド観光",
        "nemuro-suisan.example": "根室水産加工",
        "nemuro-gyogyo.example": "根室水産",
        "northgate-analytics.example": "Northgate Analytics GmbH",
        "kaede.example": "楓会計",
        "kitaguni.example": "北国食品印刷",
        "kitaguni-do.example": "北国食品堂",
    },
)


def found(text: str) -> list[str]:
    return [n.name for n in partner_names(ORGANISATION).found(fold(text).lower())]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("御見積書_小樽グランド観光_3121.xlsx", ["株式会社小樽グランド観光"]),
        ("株式会社小樽グランド観光 御中", ["株式会社小樽グランド観光"]),
        ("小樽グランド様_見積.xlsx", ["株式会社小樽グランド観光"]),
        ("ｵﾀﾙ 根室水産加工株式会社 御中", ["根室水産加工"]),
        ("根室水産 御中", ["根室水産"]),
        ("Quotation_Northgate_Analytics.pdf", ["Northgate Analytics GmbH"]),
        ("otaru-grand_v2.pdf", ["株式会社小樽グランド観光"]),
        ("北斗食品販売_会社案内.pdf", []),
        ("楓会計様", ["楓会計"]),
        ("北国食品の件", []),
        ("northgateanalyticsx", []),
        ("打ち合わせ議事録", []),
    ],
)
def test_found(text: str, names: list[str]) -> None:
    assert found(text) == names


def test_the_domains_of_a_partner_are_told_together() -> None:
    (named,) = partner_names(ORGANISATION).found("小樽グランド観光")
    assert named.domains == {"otaru-grand.example", "otaru-grand.test"}
    assert (named.offset, named.length, named.short) == (0, 8, False)


def test_names_without_the_form_of_the_company() -> None:
    assert bared("（株）光陽電機") == bared("光陽電機株式会社") == bared("光陽 電機") == "光陽電機"
    assert bared("Aoba Systems Co., Ltd.") == "aobasystems"


def test_nobody_is_named_where_there_are_no_partners() -> None:
    assert not list(partner_names(Organisation()).found("株式会社小樽グランド観光"))
