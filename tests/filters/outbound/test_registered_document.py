"""OUT-CLASS: registered documents, whole and in part."""

import pytest

from tests.filters.mails import attached, plain
from tests.filters.outbound.test_registered_data import PLAN, found


@pytest.mark.parametrize("part", [1.0, 0.3])
def test_found(part: float) -> None:
    text = PLAN[: int(len(PLAN) * part)]
    for raw in (attached(("別名.txt", text.encode())), plain(text)):
        (finding,) = found(raw, "registered_document")
        assert finding.values["name"] == "計画.docx"
        assert abs(int(finding.values["share"]) - 100 * part) < 12


def test_a_few_lines_do_not_count() -> None:
    assert found(plain(PLAN[:400]), "registered_document") == []
