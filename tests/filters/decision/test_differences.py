"""What another policy would do differently, in words."""

import pytest

from filters.decision.differences import Difference, differences
from filters.examined import Applied
from filters.verdict import PASS, Verdict

HELD = Verdict(holds=frozenset({"many_external"}))
WARNED = Verdict(rewrites=frozenset({"banner", "mark", "text"}))
URGENT = Applied("urgency", "", "warn")
HOLD = Applied("many_external", "", "hold")
DELAY = Applied("external_recipient", "", "delay 5m")
SOONER = Applied("external_recipient", "koyo", "delay 1m")


def only(was: Verdict, did: set[Applied], now: Verdict, does: set[Applied]) -> Difference:
    (found,) = differences([PASS, was], did, [PASS, now], does)
    return found


@pytest.mark.parametrize(
    ("was", "did", "now", "does", "what", "by"),
    [
        (PASS, set(), HELD, {HOLD}, "newly hold", ("many_external: hold",)),
        (HELD, {HOLD}, PASS, {Applied("many_external", "alumni", "observe")}, "no longer hold",
         ('many_external: hold, now observe by "alumni"',)),
        (HELD, {HOLD}, PASS, set(), "no longer hold", ("many_external: hold, now nothing",)),
        (Verdict(delay=300), {DELAY}, Verdict(delay=60), {SOONER}, "delay shorter",
         ('external_recipient: delay 1m by "koyo"',)),
        (Verdict(delay=60), {SOONER}, Verdict(delay=300), {DELAY}, "delay longer", ("external_recipient: delay 5m",)),
        (Verdict(delay=60), {SOONER}, PASS, set(), "no longer delay",
         ('external_recipient: delay 1m by "koyo", now nothing',)),
        (PASS, set(), Verdict(delay=300), {DELAY}, "newly delay", ("external_recipient: delay 5m",)),
        (PASS, set(), Verdict(approvals=frozenset({"president"})), {Applied("class_approval", "", "approve class")},
         "newly ask president to approve", ("class_approval: approve class",)),
        (PASS, set(), Verdict(rewrites=frozenset({"encrypt"})), {Applied("confidential_attachment", "", "encrypt")},
         "newly encrypt", ("confidential_attachment: encrypt",)),
        (PASS, set(), Verdict(rewrites=frozenset({"each"})), {Applied("many_external", "", "one copy each")},
         "newly send one copy each of", ("many_external: one copy each",)),
        (PASS, set(), Verdict(opening=True), {Applied("external_recipient", "", "delay until opening")},
         "newly delay until opening", ("external_recipient: delay until opening",)),
        (PASS, {HOLD}, HELD, {HOLD}, "newly hold", ("many_external: hold",)),
        (PASS, {URGENT}, WARNED, {URGENT}, "newly warn of", ("[warn]: the sum of weights",)),
        (WARNED, {URGENT}, PASS, {URGENT}, "no longer warn of", ("[warn]: the sum of weights",)),
        (PASS, set(), WARNED, {URGENT}, "newly warn of", ("urgency: warn",)),
    ],
)  # fmt: skip
def test_each_change_and_what_it_comes_from(
    was: Verdict, did: set[Applied], now: Verdict, does: set[Applied], what: str, by: tuple[str, ...]
) -> None:
    assert only(was, did, now, does) == Difference(what, by)


def test_nothing_changes_where_nothing_does() -> None:
    assert differences([HELD, PASS], {HOLD}, [HELD, PASS], {HOLD}) == []


def test_of_a_refused_mail_nothing_else_shows() -> None:
    refused = Verdict(rejects=frozenset({"x"}), delay=300)
    assert differences([refused], set(), [Verdict(rejects=frozenset({"y"}), delay=60)], set()) == []
    found = differences([refused], set(), [Verdict(delay=60)], {SOONER})
    assert [each.what for each in found] == ["no longer refuse", "newly delay"]


def test_several_changes_of_one_mail_each_count_once() -> None:
    refused = Verdict(rejects=frozenset({"x"}))
    found = differences([HELD] * 3, {HOLD}, [refused] * 3, {Applied("x", "", "reject")})
    assert [each.what for each in found] == ["newly refuse", "no longer hold"]
