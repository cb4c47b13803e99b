"""OUT-ENCRYPT: the oversized attachment has a verdict of its own."""

from tests.filters.extract.documents import archive
from tests.filters.mails import attached, findings

CONTENT = archive(("zero", bytes(40_000_000)))


def test_found() -> None:
    (finding,) = findings("oversized_attachment", attached(("x.dat", CONTENT), ("b.txt", b"x")))
    assert finding.values["name"] == "x.dat"
    assert finding.evidence[0].part == "2"


def test_what_can_be_read_is_left_alone() -> None:
    assert findings("oversized_attachment", attached(("b.txt", b"x"), ("c.jpg", b"\xff\xd8\xff\xe0"))) == []


def test_the_other_verdicts_are_other_rules() -> None:
    others = {"encrypted", "corrupt", "oversized", "unsupported"} - {"oversized"}
    assert not [o for o in others if findings(f"{o}_attachment", attached(("x.dat", CONTENT)))]
