"""Findings are values."""

import msgspec

from filters.finding import Evidence, Finding


def test_a_finding_crosses_the_border_as_plain_data() -> None:
    finding = Finding("r", "OUT-X", (Evidence("見積", "2/a.zip/b.txt", 3),), 2, (0, 4), {"count": "7"})
    assert msgspec.json.decode(msgspec.json.encode(finding), type=Finding) == finding
