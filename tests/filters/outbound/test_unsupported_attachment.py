"""OUT-ENCRYPT: the unsupported attachment has a verdict of its own."""

from tests.filters.extract.documents import archive, pdf
from tests.filters.mails import attached, examined, findings

CONTENT = b"\x60\x0e\x82\x60" + bytes(range(256)) * 20


def test_found() -> None:
    (finding,) = findings("unsupported_attachment", attached(("x.xdw", CONTENT), ("b.txt", b"x")))
    assert finding.values["name"] == "x.xdw"
    assert finding.evidence[0].part == "2"


def test_also_inside_an_archive() -> None:
    assert findings(
        "unsupported_attachment", attached(("a.zip", archive(("b.txt", b"x"), ("x.xdw", CONTENT))))
    )


def test_it_is_held_unless_its_extension_may_leave() -> None:
    assert "unsupported_attachment" in examined(attached(("x.xdw", CONTENT))).verdict.holds
    assert not findings("unsupported_attachment", attached(("x.XDW", CONTENT)), allowed=(".xdw",))


def test_what_can_be_read_is_left_alone() -> None:
    assert findings("unsupported_attachment", attached(("b.txt", b"x"), ("c.jpg", b"\xff\xd8\xff\xe0"))) == []


def test_the_other_verdicts_are_other_rules() -> None:
    others = {"encrypted", "corrupt", "oversized", "scanned", "opened"}
    assert not [o for o in others if findings(f"{o}_attachment", attached(("x.dat", CONTENT)))]
    assert not findings("unsupported_attachment", attached(("x.pdf", pdf(text=""))))
