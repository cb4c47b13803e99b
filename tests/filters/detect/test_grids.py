"""One table, in every form in which it may stand in a text."""

import json

import pytest

from filters.detect.grid_rows import Grid
from filters.detect.grids import grids
from filters.detect.text import Text

HEADS = ("氏名", "電話")
ROWS = [
    ("山田 太郎", "090-1234-0001"),
    ("佐藤 花子", "090-1234-0002"),
    ("鈴木 健", "090-1234-0003"),
    ("高橋 恵", "090-1234-0004"),
]
LINES = [HEADS, *ROWS]

FORMS = {
    "tabs": "\n".join("\t".join(r) for r in LINES),
    "tabs with frames": "\n\n".join("\t" + "\t\t".join(r) + "\t" for r in LINES),
    "commas": "\n".join(",".join(r) for r in LINES),
    "quoted": "\r\n".join(",".join(f'"{c}"' for c in r) for r in LINES),
    "semicolons": "\n".join(";".join(r) for r in LINES),
    "Markdown": "| 氏名 | 電話 |\n|---|---|\n" + "\n".join(f"| {a} | {b} |" for a, b in ROWS),
    "JSON": json.dumps([dict(zip(HEADS, r, strict=True)) for r in ROWS], ensure_ascii=False),
    "JSON lines": "\n".join(json.dumps(dict(zip(HEADS, r, strict=True)), ensure_ascii=False) for r in ROWS),
    "XML": "<r>" + "".join(f"<i><氏名>{a}</氏名><電話>{b}</電話></i>" for a, b in ROWS) + "</r>",
    "attributes": "".join(f'<i 氏名="{a}" 電話="{b}"/>' for a, b in ROWS),
    "told by attributes": "".join(
        f'<r><f name="氏名">{a}</f><f name="電話">{b}</f></r>' for a, b in ROWS
    ),
    "told by members": json.dumps(
        [{"label": h, "value": v} for r in ROWS for h, v in zip(HEADS, r, strict=True)], ensure_ascii=False
    ),
    "CDATA": "".join(
        f"<i><氏名><![CDATA[{a}]]></氏名><電話><![CDATA[{b}]]></電話></i>" for a, b in ROWS
    ),
    "by columns": json.dumps({"氏名": [a for a, _ in ROWS], "電話": [b for _, b in ROWS]}, ensure_ascii=False),
    "flowing": "\n".join(f"- {{氏名: {a}, 電話: {b}}}" for a, b in ROWS),
    "labels on a line": "\n".join(f"氏名:{a}、電話:{b}" for a, b in ROWS),
    "labels above": "\n\n".join(f"【氏名】\n{a}\n【電話】\n{b}" for a, b in ROWS),
    "slashes": "\n".join(" / ".join(r) for r in LINES),
    "labels": "\n\n".join(f"氏名：{a}\n電話：{b}" for a, b in ROWS),
    "brackets": "\n-----\n".join(f"[氏名] {a}\n[電話] {b}" for a, b in ROWS),
    "YAML": "\n".join(f"- 氏名: {a}\n  電話: {b}" for a, b in ROWS),
    "INSERT": "\n".join(f"INSERT INTO t (氏名, 電話) VALUES ('{a}', '{b}');" for a, b in ROWS),
    "one INSERT": "INSERT INTO t (氏名, 電話) VALUES\n" + ",\n".join(f"('{a}', '{b}')" for a, b in ROWS) + ";",
    "arrays": json.dumps({"columns": HEADS, "data": ROWS}, ensure_ascii=False),
    "tuples": "people = [\n" + "\n".join(f"    ({', '.join(map(repr, r))})," for r in LINES) + "\n]",
    "TOML": "\n".join(f'[[x]]\n氏名 = "{a}"\n電話 = "{b}"' for a, b in ROWS),
    "label and blank": "\n---\n".join(f"名簿 2026年\n氏名 {a}\n電話 {b}" for a, b in ROWS),
    "turned": "\n".join("\t".join(column) for column in zip(*LINES, strict=True)),
    "a cell on each line": "\n".join(c for r in LINES for c in r),
    "blank lines between": "\n\n".join(c for r in LINES for c in r),
    "wide blanks": "\n".join("　".join((a.replace(" ", ""), b)) for a, b in LINES),
    "two blanks": "\n".join("   ".join(r) for r in LINES),
    "label and tab": "\n\n".join(f"氏名\t{a}\n電話\t{b}" for a, b in ROWS),
}  # fmt: skip


def found(raw: str) -> list[Grid]:
    return list(grids(Text("1", raw, "content").cells, raw))


@pytest.mark.parametrize("form", FORMS)
def test_the_table_is_found(form: str) -> None:
    wanted = [(a.replace(" ", ""), b) for a, b in ROWS]
    rows = [
        tuple(c.replace(" ", "") for c in row.cells)
        for grid in found(FORMS[form])
        if grid.heads == HEADS
        for row in grid.rows
        if any(row.cells)
    ]
    assert rows[:4] == wanted


@pytest.mark.parametrize("form", ["tabs", "commas", "labels", "JSON"])
def test_rows_tell_where_they_stand(form: str) -> None:
    text = Text("1", FORMS[form], "content").cells
    grid = next(g for g in found(FORMS[form]) if g.heads == HEADS)
    assert "0002" in text[grid.rows[1].start : grid.rows[1].end]


def test_cells_in_quotes_may_have_commas_and_lines() -> None:
    text = 'name,address\n"Clark, Emily","1 Mill Lane,\nLeeds"\n"Smith, Al",x\n"Jones, Bo",y\n'
    assert any(("Clark, Emily", "1 Mill Lane,\nLeeds") in [r.cells for r in g.rows] for g in found(text))


def test_mailboxes_are_a_table() -> None:
    text = "; ".join(f"山田{n} <y{n}@one.example>" for n in range(4))
    assert any(len(g.rows) == 4 and g.heads == ("name", "mail") for g in found(text))


def test_single_blanks_part_a_name_from_what_belongs_to_it() -> None:
    text = "Employee Annual salary\nEmily Clark 45,000\nJohn van Dyk 52,000\nAnna Lee 61,000\n"
    grid = next(g for g in found(text) if g.heads == ("Employee", "Annual salary"))
    assert [row.cells for row in grid.rows] == [
        ("Emily Clark", "45,000"),
        ("John van Dyk", "52,000"),
        ("Anna Lee", "61,000"),
    ]


def test_prose_has_no_headings() -> None:
    text = "お世話になっております。\n先日はありがとうございました。\n明日、伺います。\n"
    assert not any(g.heads for g in found(text))


def test_mailboxes_with_the_family_name_in_front() -> None:
    raw = "\n".join(
        f'"{a}, {b}" <{a.lower()}{n}@one.example>;'
        for n, (a, b) in enumerate(
            [("Verhoeven", "Tomas"), ("Okafor", "Benedict"), ("Pryce", "Desmond"), ("Okafor", "Benedict")]
        )
    )
    text = Text("1", raw, "body")
    found = [grid for grid in grids(text.cells, text.raw) if grid.heads == ("氏名", "mail")]
    assert [row.cells[0] for row in found[0].rows][:2] == ["Verhoeven, Tomas", "Okafor, Benedict"]


def test_a_label_ends_the_value_before_it() -> None:
    lines = "Name: Emily Clark Age: 34\nName: John Smith Age: 51\nName: Anna Lee Age: 28"
    rows = [row.cells for grid in found(lines) if grid.heads == ("Name", "Age") for row in grid.rows]
    assert ("John Smith", "51") in rows


def test_labels_of_names_are_found_behind_any_number_of_others() -> None:
    others = "".join(f"項目{n}: 値{n}\n" for n in range(2_000))
    named = "".join(
        f"氏名:{who} 生年月日:1980/3/{n}\n"
        for n, who in enumerate(("山田 太郎", "佐藤 花子", "鈴木 一郎"), 1)
    )
    found = {
        cell for grid in grids(others + named, others + named) for row in grid.rows for cell in row.cells
    }
    assert {"山田 太郎", "佐藤 花子", "鈴木 一郎"} <= found
