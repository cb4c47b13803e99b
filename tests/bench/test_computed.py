"""What no file holds, by reason; everything else stays missing."""

import io
import zipfile
from pathlib import Path

import pytest

from bench.computed import apart


@pytest.mark.parametrize(
    ("file", "verdict", "missing", "ours", "reasons"),
    [
        ("a.xls", "corrupt", ["þÿ"], "", {"þÿ": "damaged"}),
        ("a.xlsx", "ok", ["0000969799503954037"], "9.69799503954038E-06", {"0000969799503954037": "digits"}),
        ("a.xlsx", "ok", ["66594062326289"], "0.665940623262889", {"66594062326289": "digits"}),
        ("a.xlsx", "ok", ["16667"], "0.1666666", {}),
        ("a.xlsx", "ok", ["123456789"], "987654321", {}),
        ("a.xls", "ok", ["err", "502"], "", {"err": "errors", "502": "errors"}),
        ("a.pdf", "ok", ["err", "i", "number"], "", {}),
        ("a.odt", "ok", ["iv", "7", "2026"], "", {"iv": "numbering", "7": "numbering"}),
        ("a.pptx", "ok", ["number", "plan"], "", {"number": "numbering"}),
    ],
)
def test_reasons(file: str, verdict: str, missing: list[str], ours: str, reasons: dict[str, str]) -> None:
    assert apart(Path(file), verdict, missing, ours) == reasons


def test_only_in_a_workbook_with_a_pivot_table_its_figures_are_computed(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    for name, reasons in (
        ("xl/pivotTables/pivotTable1.xml", {"total": "pivot", "42": "pivot"}),
        ("xl/a.xml", {}),
    ):
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as archive:
            archive.writestr(name, "x")
        path.write_bytes(out.getvalue())
        assert apart(path, "ok", ["total", "42", "tanaka"], "") == reasons
