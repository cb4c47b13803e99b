"""Edits of byte spans: their order and their repetition do not matter, and no other byte changes."""

from hypothesis import given, settings
from hypothesis import strategies as st

from mail.compose import Edit, RewriteError, applied

RAW = bytes(range(65, 91)) * 2
EDITS = st.lists(
    st.builds(
        lambda a, n, new: Edit(a, min(a + n, len(RAW)), new),
        st.integers(0, len(RAW)),
        st.integers(0, 6),
        st.binary(max_size=4),
    ),
    max_size=6,
)


def outcome(edits):
    try:
        return applied(RAW, edits)
    except RewriteError:
        return None


@settings(max_examples=200, deadline=None)
@given(EDITS, st.randoms(use_true_random=False))
def test_edits_commute_and_a_repeated_edit_is_one(edits, random):
    shuffled = [*edits, *edits]
    random.shuffle(shuffled)
    assert outcome(shuffled) == outcome(edits)


@settings(max_examples=200, deadline=None)
@given(EDITS)
def test_no_other_byte_changes(edits):
    result = outcome(edits)
    if result is None:
        return
    distinct = sorted(set(edits))
    position = at = 0
    for edit in distinct:
        length = edit.start - at
        assert result[position : position + length] == RAW[at : edit.start]
        assert result[position + length : position + length + len(edit.new)] == edit.new
        position += length + len(edit.new)
        at = edit.end
    assert result[position:] == RAW[at:]


@settings(max_examples=200, deadline=None)
@given(EDITS, EDITS)
def test_separate_sets_combine_or_are_refused_together(one, other):
    assert outcome([*one, *other]) == outcome([*other, *one])
