"""Ledgers of information assets, as offices write them."""

from pathlib import Path

import openpyxl
import pytest

from config.policy import ConfigError
from gateway.command.ledger import Asset, read_ledger

ROWS = [
    ["情報資産管理台帳", "", "", "", ""],
    ["", "", "", "", "2026年11月"],
    ["No.", "保管場所（パス）", "機密区分", "管理部門", "利用者の範囲"],
    ["1", "\\\\fs01\\kikaku\\計画.docx", "極秘", "経営企画部", "経営企画部、役員室"],
    ["2", "\\\\FS01\\Eigyo", "社外秘", "営業部", "全社"],
    ["3", "見積/一覧.xlsx", "社外秘", "営業部", ""],
    ["", "", "", "", ""],
    ["4", "", "極秘", "営業部", ""],
    ["5", "x.docx", "", "", ""],
]
MAPS = {"\\\\fs01": "/mnt/fs01"}


def written(folder: Path, kind: str) -> Path:
    file = folder / f"台帳.{kind}"
    text = "\n".join(",".join(row) for row in ROWS)
    if kind == "csv":
        file.write_bytes(text.encode("cp932"))
    elif kind == "tsv":
        file.write_text("\ufeff" + text.replace(",", "\t"), encoding="utf-8")
    else:
        book = openpyxl.Workbook()
        for row in ROWS:
            book.active.append(row)
        book.save(file)
    return file


@pytest.mark.parametrize("kind", ["csv", "tsv", "xlsx"])
def test_a_ledger_is_read_as_it_is_kept(tmp_path: Path, kind: str) -> None:
    assets, told = read_ledger(written(tmp_path, kind), MAPS)
    assert assets == [
        Asset("/mnt/fs01/kikaku/計画.docx", "極秘", "経営企画部", ("経営企画部", "役員室"), "/mnt/fs01"),
        Asset("/mnt/fs01/Eigyo", "社外秘", "営業部", (), "/mnt/fs01"),
        Asset(str(tmp_path / "見積/一覧.xlsx"), "社外秘", "営業部", (), str(tmp_path)),
    ]
    assert told == [f"台帳.{kind}: row 8: no path", f"台帳.{kind}: row 9: no class"]


def test_english_headings(tmp_path: Path) -> None:
    (tmp_path / "l.csv").write_text("Path,Class,Owner,Users\na.docx,Secret,sales,sales; board\n")
    assert read_ledger(tmp_path / "l.csv")[0] == [
        Asset(str(tmp_path / "a.docx"), "Secret", "sales", ("sales", "board"), str(tmp_path))
    ]


@pytest.mark.parametrize("text", ["", "a,b\n1,2\n", "path,owner\nx,y\n"])
def test_what_is_no_ledger_is_said_with_what_is_looked_for(tmp_path: Path, text: str) -> None:
    (tmp_path / "l.csv").write_text(text)
    with pytest.raises(ConfigError, match=r"no heading with a path and a class.*保管場所.*機密区分"):
        read_ledger(tmp_path / "l.csv")
