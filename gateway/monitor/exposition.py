"""Prometheus' text format, written: families of samples, each with its help and its kind.

Source: the Prometheus documentation, "Exposition formats", text-based format 0.0.4; its naming conventions (base units,
"_total" for counters, "_timestamp_seconds" for moments). tests/gateway/monitor asks `promtool check metrics`.
"""

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Literal

import msgspec

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_ESCAPES = str.maketrans({"\\": r"\\", "\n": r"\n", '"': r"\""})

Sample = tuple[Mapping[str, str], float]
"""Labels and a value."""


class MetricFamily(msgspec.Struct, frozen=True):
    """Figures of one name. A family without samples is left out: nothing is known of it."""

    name: str
    kind: Literal["counter", "gauge"]
    help: str
    samples: Sequence[Sample]

    def __post_init__(self) -> None:
        assert re.fullmatch(r"(sekisho|process)_[a-z0-9_]+", self.name), self.name
        assert self.name.endswith("_total") == (self.kind == "counter"), self.name


def one(name: str, kind: Literal["counter", "gauge"], text: str, value: float) -> MetricFamily:
    """A family of a single figure."""
    return MetricFamily(name, kind, text, [({}, value)])


def text(families: Iterable[MetricFamily]) -> str:
    """The whole page."""
    lines = []
    for family in families:
        if family.samples:
            lines += [f"# HELP {family.name} {family.help}", f"# TYPE {family.name} {family.kind}"]
            lines += [f"{family.name}{_labels(labels)} {_number(value)}" for labels, value in family.samples]
    return "".join(f"{line}\n" for line in lines)


def _labels(labels: Mapping[str, str]) -> str:
    if not labels:
        return ""
    inside = ",".join(f'{name}="{value.translate(_ESCAPES)}"' for name, value in labels.items())
    return f"{{{inside}}}"


def _number(value: float) -> str:
    if math.isinf(value):
        return "+Inf" if value > 0 else "-Inf"
    return (
        str(int(value))
        if float(value).is_integer()
        else f"{value:.6g}"
        if abs(value) < 1e6
        else f"{value:.3f}"
    )
