import pytest

from mail.compose import Edit, RewriteError, applied, ordered, pieces

RAW = b"0123456789"


@pytest.mark.parametrize(
    ("edits", "result"),
    [
        ([], RAW),
        ([Edit(2, 4, b"x")], b"01x456789"),
        ([Edit(2, 2, b"x")], b"01x23456789"),
        ([Edit(0, 10, b"")], b""),
        ([Edit(10, 10, b"end")], RAW + b"end"),
        ([Edit(4, 6, b"B"), Edit(2, 4, b"A")], b"01AB6789"),
        ([Edit(4, 4, b"y"), Edit(4, 4, b"x")], b"0123xy456789"),
        ([Edit(4, 4, b"x"), Edit(4, 4, b"x")], b"0123x456789"),
        ([Edit(4, 6, b"B"), Edit(4, 4, b"x")], b"0123xB6789"),
    ],
)
def test_applied(edits, result):
    assert applied(RAW, edits) == result
    assert applied(memoryview(RAW), reversed(edits)) == result


@pytest.mark.parametrize(
    "edits",
    [
        [Edit(2, 5, b""), Edit(4, 6, b"")],
        [Edit(9, 11, b"")],
        [Edit(5, 4, b"")],
        [Edit(-1, 0, b"")],
        [Edit(2, 5, b"a"), Edit(2, 5, b"b")],
    ],
)
def test_two_claims_on_one_byte_are_an_error(edits):
    with pytest.raises(RewriteError):
        ordered(edits, len(RAW))


def test_unchanged_stretches_are_views():
    assert [type(p) for p in pieces(RAW, [Edit(2, 4, b"x")])] == [memoryview, bytes, memoryview]
