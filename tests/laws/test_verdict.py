"""The laws of the verdict: a join, so that the order of rules can never matter."""

from hypothesis import given
from hypothesis import strategies as st

from config.cases import STRICTER, Waits, strictest
from filters.verdict import PASS, Verdict

names = st.frozensets(st.sampled_from(["a", "b", "c"]))
verdicts = st.builds(
    Verdict,
    names,
    names,
    names,
    st.integers(0, 10**9),
    names,
    names,
    fixed=st.integers(0, 3600),
    opening=st.booleans(),
    waits=st.frozensets(st.builds(Waits, st.sampled_from(STRICTER), st.sampled_from([1.0, 10.0]))),
)


@given(verdicts, verdicts)
def test_commutative(a: Verdict, b: Verdict) -> None:
    assert a | b == b | a


@given(verdicts, verdicts, verdicts)
def test_associative(a: Verdict, b: Verdict, c: Verdict) -> None:
    assert (a | b) | c == a | (b | c)


@given(verdicts, verdicts)
def test_of_two_ends_the_stricter_counts(a: Verdict, b: Verdict) -> None:
    both, each = (
        strictest((a | b).waits, Waits("send", 0)),
        [strictest(v.waits, Waits("send", 0)) for v in (a, b)],
    )
    assert both in each
    assert STRICTER.index(both.on_timeout) == max(STRICTER.index(w.on_timeout) for w in each)


@given(verdicts)
def test_idempotent_and_neutral(a: Verdict) -> None:
    assert a | a == a
    assert a | PASS == a == PASS | a


@given(verdicts, verdicts)
def test_a_join_is_never_milder(a: Verdict, b: Verdict) -> None:
    assert a <= a | b
    assert a.disposition <= (a | b).disposition


@given(verdicts, verdicts)
def test_milder_or_equal_is_an_order(a: Verdict, b: Verdict) -> None:
    assert a <= a
    if a <= b and b <= a:
        assert a == b
