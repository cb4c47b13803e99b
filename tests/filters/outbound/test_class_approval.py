"""OUT-APPROVE: the class names who must approve."""

import pytest

from tests.filters.mails import attached, examined, findings


@pytest.mark.parametrize(
    ("text", "roles"),
    [
        ("社外秘", {"department_head"}),
        ("極秘", {"president"}),
        ("極秘\n\n本文\n\n\n\n\n社外秘", {"president"}),
        ("公開資料", set()),
        ("グループ外秘", set()),
    ],
)
def test_the_highest_class_decides(text: str, roles: set[str]) -> None:
    raw = attached(("a.txt", text.encode()))
    (finding,) = findings("class_approval", raw) or [None]
    assert ({finding.values["approver"]} if finding else set()) == roles
    assert examined(raw, "sister@sister.example").verdict.approvals == roles


def test_colleagues_need_no_approval() -> None:
    raw = attached(("a.txt", "極秘".encode()))
    copies = {c.recipients: c.verdict for c in examined(raw, "a@us.example", "b@partner.example").copies}
    assert copies[(0,)].approvals == frozenset()
    assert copies[(1,)].approvals == {"president"}
