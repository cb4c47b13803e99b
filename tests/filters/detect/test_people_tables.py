"""Whose table it is: people's with something personal, or anything else."""

import pytest

from filters.detect.grid_rows import Grid, TableRow
from filters.detect.people_tables import judged

NAMES = ["青木 健一", "石田 美咲", "上野 大輔", "大西 直子", "川口 拓也", "木下 恵", "小松 翔太", "斉藤 香織"]
LATIN = [
    "Emily Clark",
    "John Smith",
    "Anna Lee",
    "Peter Brown",
    "Mary Jones",
    "Paul Young",
    "Laura Hill",
    "Kevin Moss",
]
TOWNS = ["豊田市元町5-1-10", "川越市脇田町6-25", "呉市中通3-13", "姫路市飾磨区4-2"] * 2


def table(heads: tuple[str, ...], *columns: list[str]) -> Grid:
    rows = tuple(TableRow(cells, 10 * n, 10 * n + 9) for n, cells in enumerate(zip(*columns, strict=True)))
    return Grid(heads, rows)


def eight(form: str) -> list[str]:
    return [form.format(n) for n in range(1, 9)]


PEOPLE = [
    table(("氏名", "ご住所"), NAMES, TOWNS),
    table(("氏名", "携帯"), NAMES, eight("901234567{}")),
    table(("氏名", "電話"), NAMES, eight("03-1234-567{}")),
    table(("姓", "名", "生年月日"), [n.split()[0] for n in NAMES], [n.split()[1] for n in NAMES], eight("1978/3/{}")),
    table(("社員名", "基本給"), NAMES, eight("3{}0000")),
    table(("患者名", "病名"), NAMES, ["肺炎"] * 8),
    table(("氏名", "フリガナ"), NAMES, ["アオキ ケンイチ"] * 8),
    table(("氏名", "年齢", "性別"), NAMES, eight("3{}"), ["男", "女"] * 4),
    table(("カナ氏名", "TEL"), ["アオキ ケンイチ"] * 8, eight("090-1234-567{}")),
    table(("Name", "Date of birth"), LATIN, eight("1978-03-0{}")),
    table(("Employee", "Annual salary"), LATIN, eight("{}0,000")),
    table(("会社名", "氏名", "メール"), ["青木商事株式会社"] * 8, NAMES, eight("a{}@one.example")),
    table(("顧客名", "住所"), NAMES, TOWNS),
    table((), NAMES, TOWNS),
    table((), NAMES, [f"{f}08123456{n}" for f in "789" for n in range(3)][:8]),
    table((), NAMES, eight("昭和5{}年7月14日")),
    table((), LATIN, eight("{} Mill Lane, Leeds LS2 9TQ")),
    table(("生年月日", "住所"), eight("1978/3/{}"), [f"{town}{n}" for n, town in enumerate(TOWNS)]),
    table(("Mitarbeiter", "Geburtstag"), LATIN, eight("0{}.03.1978")),
    table(("債務者名", "連絡先"), NAMES, eight("090-1234-567{}")),
    table((), eight("{}"), eight("a{}@one.example"), eight("090-1234-567{}")),
]  # fmt: skip
OTHERS = [
    table(("会社名", "所在地", "代表電話"), ["青木商店"] * 8, TOWNS, eight("03-1234-567{}")),
    table(("会社名", "代表者", "所在地"), ["青木商店"] * 8, NAMES, TOWNS),
    table(("店名", "店長", "住所", "TEL"), eight("{}号店"), NAMES, TOWNS, eight("03-1234-567{}")),
    table(("順位", "選手", "タイム"), eight("{}"), NAMES, eight("2:1{}:30")),
    table(("書名", "著者", "発行日"), eight("本{}"), NAMES, eight("1998/5/{}")),
    table(("題名", "監督", "公開した日"), eight("夜の海{}"), NAMES, eight("1998/5/{}")),
    table(("課題", "担当", "期限"), eight("課題{}"), NAMES, eight("2026/12/{}")),
    table(("氏名", "部署"), NAMES, ["営業部"] * 8),
    table(("name", "price"), ["Oak Table", "Steel Chair"] * 4, eight("{}0")),
    table(("name", "address"), ["Corner Bakery", "Park Inn", "Hotel Bristol", "Mill House"] * 2, eight("{} Mill Lane, Leeds LS2 9TQ")),
    table(("料理", "価格", "アレルゲン"), ["親子丼"] * 8, eight("{}00"), ["卵"] * 8),
    table(("人物", "生年", "没年"), NAMES, eight("15{}2"), eight("16{}1")),
    table(("背番号", "選手名", "身長"), eight("{}"), NAMES, eight("18{}")),
    table(("院名", "院長", "住所"), ["大友内科"] * 8, NAMES, TOWNS),
    table((), ["有限会社さくら", "青木商店"] * 4, TOWNS, eight("03-1234-567{}")),
    table((), eight("2026/11/{}"), NAMES),
]  # fmt: skip


@pytest.mark.parametrize("grid", PEOPLE, ids=lambda g: "/".join(g.heads) or g.rows[0].cells[-1])
def test_tables_of_people(grid: Grid) -> None:
    assert len(judged(grid, 100).people) == 8


@pytest.mark.parametrize("grid", OTHERS, ids=lambda g: "/".join(g.heads) or g.rows[0].cells[-1])
def test_other_tables(grid: Grid) -> None:
    assert judged(grid, 100).people == ()


def test_lists_of_companies_are_known() -> None:
    assert judged(OTHERS[0], 100).organisations
    assert not judged(OTHERS[3], 100).organisations


def test_rows_without_a_name_or_without_a_datum_do_not_count() -> None:
    rows = [
        *zip(NAMES[:4], eight("090-1234-567{}")[:4], strict=True),
        ("合計", "4件"),
        ("", "090-1234-5679"),
        ("林 誠", "-"),
    ]
    grid = Grid(("氏名", "電話"), tuple(TableRow(r, n, n) for n, r in enumerate(rows)))
    assert len(judged(grid, 100).people) == 4 + 1  # a sum is taken for a person: rather one too many


def test_our_own_at_work_are_told_from_what_is_private() -> None:
    work = judged(table(("氏名", "メール"), NAMES, eight("a{}@corp.example")), 100).people
    home = judged(
        table(("氏名", "メール", "生年月日"), NAMES, eight("a{}@corp.example"), eight("1978/3/{}")), 100
    ).people
    assert [p.private for p in work] == [False] * 8
    assert [p.private for p in home] == [True] * 8
    assert home[0].mail == "a1@corp.example"


def test_no_more_than_asked_for() -> None:
    assert len(judged(PEOPLE[0], 3).people) == 3


def test_family_names_and_how_they_are_read_are_nobodys() -> None:
    names = ["堀越", "蓮見", "安藤", "須藤", "越智", "横溝", "江口", "樋口"]
    kana = ["ホリコシ", "ハスミ", "アンドウ", "スドウ", "オチ", "ヨコミゾ", "エグチ", "ヒグチ"]
    assert not judged(
        table(("順位", "苗字", "よみ", "世帯数"), eight("{}"), names, kana, eight("795{}")), 100
    ).people


def test_ages_with_schools_and_readings_beside_names() -> None:
    schools = ["緑丘高校", "青葉高校"] * 4
    ages = eight("1{}")
    assert len(judged(table(("氏名", "年齢", "学校"), NAMES, ages, schools), 99).people) == 8
    assert not judged(table(("氏名", "学校"), NAMES, schools), 99).people
    read = [f"{name}(アオキ ケン)" for name in NAMES]
    assert len(judged(table(("お客様", "連絡先"), read, TOWNS), 99).people) == 8
