"""What a sender has to look at: what was found stands where it belongs, and counts once."""

from typing import Any

import msgspec
import pytest

from config.cases import Case, When
from config.consequence import UNTIL_RELEASED
from config.policy import Organisation, Policy, Review, Risk, RulePolicy
from filters.examined import Summary
from filters.finding import Finding
from quarantine.waits.checklist import CheckKind, Checklist, Word, checklist
from tests.quarantine.items import item

ORGANISATION = Organisation(
    name="関所商事", domains=("us.example",), group_domains=("sister.example",),
    partners={"koyo.example": "株式会社光陽電機", "otaru.example": "小樽グランド観光"},
)  # fmt: skip
STRANGER = Finding("stranger", "OUT-MISSEND", weight=4, about=("x@new.example",))
OTHERS_FILE = Finding("misdirected", "OUT-MISSEND", weight=5, about=("見積.xlsx",))
NO_FILE = Finding("absent", "OUT-MISSEND", weight=3, about=("規格書を添付します",))
NOTED = Finding("external", "OUT-DELAY")


def checks(
    *addresses: str, files: tuple[str, ...] = (), found: tuple[Finding, ...] = (), **review: Any
) -> Checklist:
    policy = Policy(organisation=ORGANISATION, review=Review(**review), risk=Risk(stop_at=6))
    made = item(*addresses, findings=found, summary=Summary(attachments=files))
    return checklist([made], policy)


def test_unknown_organisations_come_first_then_partners_then_ours() -> None:
    found = checks(
        "taro@us.example", "b@koyo.example", "c@sister.example", "x@new.example", "a@otaru.example"
    )
    assert [(p.domain, p.scope, p.is_unknown) for p in found.parties] == [
        ("new.example", "external", True),
        ("otaru.example", "external", False),
        ("koyo.example", "external", False),
        ("sister.example", "group", False),
        ("us.example", "internal", False),
    ]
    assert found.parties[1].company == "小樽グランド観光"


def test_few_recipients_are_ticked_one_by_one_and_only_those_outside() -> None:
    found = checks("a@koyo.example", "b@koyo.example", "taro@us.example", "c@sister.example")
    assert [c.key for c in found.checks] == ["to:a@koyo.example", "to:b@koyo.example"]


def test_many_recipients_are_ticked_by_domain_but_those_that_stand_out() -> None:
    many = [f"p{n}@koyo.example" for n in range(6)]
    found = checks(*many, "x@new.example", found=(STRANGER,))
    assert [(c.key, c.kind) for c in found.checks] == [
        ("to:x@new.example", CheckKind.ADDRESS),
        ("at:koyo.example", CheckKind.DOMAIN),
    ]


def test_what_was_found_stands_at_what_it_names() -> None:
    found = checks(
        "x@new.example",
        "b@koyo.example",
        files=("見積.xlsx", "案内.pdf"),
        found=(NOTED, NO_FILE, STRANGER, OTHERS_FILE),
    )
    points = {c.key: c.points for c in found.checks}
    assert points == {
        "note:0": 3, "to:x@new.example": 4, "to:b@koyo.example": 0, "file:0": 5, "file:1": 0,
    }  # fmt: skip
    assert found.checks[0].found == (NO_FILE,)
    assert NOTED not in [f for c in found.checks for f in c.found]


@pytest.mark.parametrize(
    ("rule", "delay", "shown"),
    [
        (RulePolicy("delay until released"), UNTIL_RELEASED, True),
        (RulePolicy("bcc", cases=(Case(When(to="external"), "delay until released"),)), UNTIL_RELEASED, True),
        (RulePolicy("delay until released"), 300, False),  # it did not ask in this mail
        (RulePolicy("observe"), UNTIL_RELEASED, False),
    ],
)
def test_what_else_waits_for_the_sender_stands_on_the_same_page(
    rule: RulePolicy, delay: int, shown: bool
) -> None:
    """To look through a mail lets it go, whatever asked for that: it must be seen why."""
    meeting = Finding("attached_addresses", "OUT-BCC")
    policy = Policy(organisation=ORGANISATION, rules={"attached_addresses": rule})
    made = item("b@koyo.example", findings=(meeting,), summary=Summary(), self_review=True, delay=delay)
    notes = [check for check in checklist([made], policy).checks if check.kind is CheckKind.NOTE]
    assert [(n.found, n.points, n.required) for n in notes] == [((meeting,), 0, True)] * shown


def test_an_internal_recipient_is_ticked_only_where_something_was_found() -> None:
    found = checks(
        "b@koyo.example",
        "all@us.example",
        found=(msgspec.structs.replace(STRANGER, about=("all@us.example",)),),
    )
    assert [c.key for c in found.checks] == ["to:b@koyo.example", "to:all@us.example"]


def test_a_rule_counts_once_however_much_it_saw() -> None:
    twice = (STRANGER, msgspec.structs.replace(STRANGER, about=("y@new.example",)))
    found = checks("x@new.example", "y@new.example", found=twice)
    assert found.points() == 4
    assert [len(c.found) for c in found.checks] == [1, 1]


def test_points_fall_as_items_are_ticked_and_words_follow() -> None:
    found = checks("x@new.example", files=("見積.xlsx",), found=(STRANGER, OTHERS_FILE))
    assert (found.points(), found.word(found.points())) == (9, Word.WARNING)
    left = found.points({"file:0"})
    assert (left, found.word(left)) == (4, Word.CAUTION)
    assert found.word(found.points({"file:0", "to:x@new.example"})) is Word.SAFE


def test_what_is_missing() -> None:
    found = checks("b@koyo.example", files=("表.xlsx", "案内.pdf"), must_open=("xlsx",))
    assert [c.key for c in found.missing(())] == ["to:b@koyo.example", "file:0", "file:1"]
    ticked = {"to:b@koyo.example", "file:0", "file:1"}
    assert [c.key for c in found.missing(ticked)] == ["file:0"], "it was ticked and not opened"
    assert found.missing(ticked, {0}) == ()


def test_attachments_need_no_tick_where_the_policy_says_so() -> None:
    found = checks("b@koyo.example", files=("表.xlsx", "見積.xlsx"), found=(OTHERS_FILE,), attachments=False)
    assert [c.key for c in found.missing({"to:b@koyo.example"})] == ["file:1"], "something was found in it"


def test_pictures_of_signatures_are_not_asked_for() -> None:
    assert [c.key for c in checks("b@koyo.example", files=("image001.png", "図.png")).files] == ["file:1"]


def test_all_files_can_be_must_open() -> None:
    assert checks("b@koyo.example", files=("a.zip", ""), must_open=("*",)).files[0].must_open


def test_all_copies_of_a_mail_are_one_list() -> None:
    policy = Policy(organisation=ORGANISATION)
    made = [item("a@koyo.example", summary=Summary()), item("b@otaru.example", summary=Summary())]
    assert {p.domain for p in checklist(made, policy).parties} == {"koyo.example", "otaru.example"}
