"""Who may do what: the whole matrix of people and events."""

import pytest

from quarantine.item import Event, NotAllowed
from quarantine.lifecycle import accept
from quarantine.review import Viewer, check, choices, may_see, refusal
from tests.quarantine.items import item

E = Event
OWNER = Viewer("sender")
BOSS = Viewer("boss", frozenset({"department_head"}))
ADMIN = Viewer("admin", frozenset({"administrator"}))
OTHER = Viewer("other")
NOBODY = Viewer("")
OWN_BOSS = Viewer("sender", frozenset({"department_head", "administrator"}))
ELSEWHERE = Viewer("sender", frozenset({"department_head", "administrator"}), "tenant2")

MAY = {
    "owner": (OWNER, {E.RECALL, E.STOP, E.RESUME, E.SEND_NOW}),
    "boss": (BOSS, {E.APPROVE, E.DENY}),
    "admin": (ADMIN, {E.RELEASE, E.DISCARD}),
    "other": (OTHER, set()),
    "nobody": (NOBODY, set()),
    "own boss": (OWN_BOSS, {E.RECALL, E.STOP, E.RESUME, E.SEND_NOW, E.DISCARD}),
    "elsewhere": (ELSEWHERE, set()),
}


@pytest.mark.parametrize("who", MAY)
@pytest.mark.parametrize("event", list(Event))
def test_outbound(who: str, event: Event) -> None:
    viewer, allowed = MAY[who]
    assert (refusal(item(), viewer, event, "department_head") == "") is (event in allowed)
    if event not in allowed:
        with pytest.raises(NotAllowed):
            check(item(), viewer, event, "department_head")
    else:
        check(item(), viewer, event, "department_head")


def test_the_recipient_of_inbound_mail_does_not_act_on_it() -> None:
    inbound = item(direction="inbound", owner="sender")
    assert all(refusal(inbound, OWNER, event) for event in Event)


def test_mail_without_an_owner_belongs_to_nobody() -> None:
    assert all(refusal(item(owner=""), NOBODY, event, "department_head") for event in Event)


def test_another_role_does_not_count() -> None:
    assert refusal(item(), BOSS, E.APPROVE, "president")


def test_choices_are_what_is_allowed_and_possible_now() -> None:
    delayed = accept(item(delay=300), 0.0)
    assert choices(delayed, OWNER, 1.0) == [(E.SEND_NOW, ""), (E.STOP, ""), (E.RECALL, "")]
    assert choices(delayed, BOSS, 1.0) == []
    assert choices(delayed, ADMIN, 1.0) == [(E.DISCARD, "")]
    asked = accept(item(approvals=("department_head", "president"), holds=("a",)), 0.0)
    assert choices(asked, OWNER, 1.0) == [(E.STOP, ""), (E.RECALL, "")]
    assert choices(asked, BOSS, 1.0) == [(E.APPROVE, "department_head"), (E.DENY, "department_head")]
    assert choices(asked, ADMIN, 1.0) == [(E.RELEASE, ""), (E.DISCARD, "")]
    assert choices(asked, OTHER, 1.0) == []


def test_may_see() -> None:
    asked = item(approvals=("department_head",))
    seen = {who: may_see(asked, viewer) for who, (viewer, _) in MAY.items()}
    assert [who for who, sees in seen.items() if sees] == ["owner", "boss", "admin", "own boss"]
    assert not may_see(item(), BOSS)


@pytest.mark.parametrize("address", ["sales@example.jp", "SALES@example.jp", "sales+info@example.jp"])
def test_an_administrator_does_not_release_what_is_addressed_to_them(address: str) -> None:
    held = item(address, "other@example.jp", direction="inbound", owner="")
    mine = Viewer(
        "admin", frozenset({"administrator"}), mailboxes=frozenset({"admin@example.jp", "sales@example.jp"})
    )
    assert refusal(held, mine, E.RELEASE) == "nobody releases mail of their own"
    assert not refusal(held, mine, E.DISCARD)
    assert not refusal(held, ADMIN, E.RELEASE)
    outbound = item(address, direction="outbound", owner="somebody")
    assert not refusal(outbound, mine, E.RELEASE)
