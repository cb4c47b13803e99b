"""Verdicts by example; their laws are in tests/laws."""

import pytest

from filters.verdict import PASS, Disposition, Verdict


@pytest.mark.parametrize(
    ("verdict", "disposition"),
    [
        (PASS, Disposition.DELIVER),
        (Verdict(rewrites=frozenset({"bcc"})), Disposition.DELIVER),
        (Verdict(delay=1), Disposition.HOLD),
        (Verdict(approvals=frozenset({"president"})), Disposition.HOLD),
        (Verdict(holds=frozenset({"r"})), Disposition.HOLD),
        (Verdict(holds=frozenset({"r"}), rejects=frozenset({"s"})), Disposition.REJECT),
    ],
)
def test_disposition(verdict: Verdict, disposition: Disposition) -> None:
    assert verdict.disposition is disposition


def test_the_join_keeps_everything() -> None:
    one = Verdict(frozenset({"a"}), delay=5, approvals=frozenset({"x"}))
    two = Verdict(holds=frozenset({"b"}), delay=9, rewrites=frozenset({"bcc"}))
    assert one | two == Verdict(frozenset({"a"}), frozenset({"b"}), frozenset({"x"}), 9, frozenset({"bcc"}))
