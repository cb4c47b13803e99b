"""The text format: escapes, numbers, and what is left out."""

import math

import pytest

from gateway.monitor.exposition import MetricFamily, one, text


def test_what_stands_in_a_label_ends_neither_label_nor_line() -> None:
    page = text([MetricFamily("sekisho_x", "gauge", "X.", [({"a": 'b"\\\n'}, 1.5)])])
    assert page == '# HELP sekisho_x X.\n# TYPE sekisho_x gauge\nsekisho_x{a="b\\"\\\\\\n"} 1.5\n'


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (True, "1"),
        (0, "0"),
        (1795000000.25, "1795000000.250"),
        (0.1, "0.1"),
        (3e9, "3000000000"),
        (math.inf, "+Inf"),
    ],
)
def test_numbers(value: float, written: str) -> None:
    assert text([one("sekisho_x", "gauge", "X.", value)]).endswith(f"sekisho_x {written}\n")


def test_a_family_without_samples_is_left_out_and_a_bad_name_is_no_family() -> None:
    assert text([MetricFamily("sekisho_x", "gauge", "X.", [])]) == ""
    for name, kind in (("sekisho_x", "counter"), ("sekisho_x_total", "gauge"), ("x", "gauge")):
        with pytest.raises(AssertionError):
            one(name, kind, "X.", 1)  # type: ignore[arg-type]
