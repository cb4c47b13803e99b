"""OUT-ENCRYPT: the unsupported attachment has a verdict of its own."""

from tests.filters.extract.documents import pdf
from tests.filters.mails import attached, findings

CONTENT = pdf(text="")


def test_found() -> None:
    (finding,) = findings("unsupported_attachment", attached(("x.dat", CONTENT), ("b.txt", b"x")))
    assert finding.values["name"] == "x.dat"
    assert finding.evidence[0].part == "2"


def test_what_can_be_read_is_left_alone() -> None:
    assert findings("unsupported_attachment", attached(("b.txt", b"x"), ("c.jpg", b"\xff\xd8\xff\xe0"))) == []


def test_the_other_verdicts_are_other_rules() -> None:
    others = {"encrypted", "corrupt", "oversized", "unsupported"} - {"unsupported"}
    assert not [o for o in others if findings(f"{o}_attachment", attached(("x.dat", CONTENT)))]
