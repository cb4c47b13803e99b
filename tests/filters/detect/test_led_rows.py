"""Rows that a name leads, without a table around them."""

import pytest

from filters.detect.led_rows import led
from filters.detect.persons import records
from filters.detect.text import Text

NAMES = ["桑原 由香", "小西 健太", "平山 真理子", "松永 大樹", "川崎 亮"]
ABROAD = ["Oliver Bennett", "Grace Whitfield", "Samuel Adeyemi", "Jürgen Althaus", "Amélie Rousseau"]
BIRTHS = [f"19{n}1/3/{n}" for n in range(5, 10)]
PHONES = [f"07{n}23 45678{n}" for n in range(5)]
ILL = ["喘息", "痛風", "貧血", "胃潰瘍", "糖尿病"]

FORMS = {
    "brackets": "・{n}（{v}）\n",
    "colon": "{n}：{v}\n",
    "slash": "{n} / {v}\n",
    "dash": "1. {n} - {v}\n",
    "below": "{n}\n  {v}\n",
    "labelled": "- **{n}** — {h}: {v}\n",
    "keys": '"{n}": {{"{h}": "{v}"}},\n',
    "YAML": "{n}:\n  {h}: {v}\n",
    "sections": "[{n}]\n{h}={v}\n",
}
LABELLED = ("labelled", "keys", "YAML", "sections")


def count(form: str, names: list[str], values: list[str], label: str) -> int:
    raw = "".join(FORMS[form].format(n=n, v=v, h=label) for n, v in zip(names, values, strict=True))
    text = Text("2/a.txt", raw, "content")
    return len(records(text.cells, text.raw, fields=True).records)


@pytest.mark.parametrize("form", FORMS)
def test_people_with_a_date_of_birth_or_a_number(form: str) -> None:
    assert count(form, NAMES, BIRTHS, "生年月日") == 5
    assert count(form, ABROAD, PHONES, "Mobile") == 5


@pytest.mark.parametrize("form", LABELLED)
def test_a_label_behind_the_name_is_a_heading(form: str) -> None:
    assert count(form, NAMES, ILL, "病名") == 5


@pytest.mark.parametrize("form", FORMS)
def test_shops_and_stations_are_none(form: str) -> None:
    shops = ["渋谷店", "新宿店", "池袋店", "上野店", "品川店"]
    stations = ["博多", "小倉", "新神戸", "京都", "浜松"]
    towns = [f"浜松市中央区元城町10{n}-2" for n in range(5)]
    assert count(form, shops, [f"053-456-789{n}" for n in range(5)], "電話") == 0
    assert count(form, stations, towns, "所在地") == 0


def test_fewer_than_three_are_no_list() -> None:
    assert list(led("桑原 由香：1981/3/4\n小西 健太：1977/5/6\n")) == []
