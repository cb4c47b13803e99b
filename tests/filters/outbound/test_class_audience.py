"""OUT-CLASS: only the audience of a class may receive it."""

from tests.filters.mails import attached, examined, findings

GROUP = attached(("グループ外秘_計画.txt", b"x"))


def test_group_secrets_go_to_the_group_only() -> None:
    (finding,) = findings("class_audience", GROUP, "a@us.example", "b@sister.example", "c@partner.example")
    assert finding.recipients == (2,)
    assert finding.values == {
        "what": "グループ外秘", "class": "グループ外秘", "who": "c@partner.example",
    }  # fmt: skip
    assert examined(GROUP, "a@us.example", "c@partner.example").verdict.rejects == {"class_audience"}


def test_the_audience_is_not_bothered() -> None:
    assert findings("class_audience", GROUP, "a@us.example", "b@sister.example") == []
    assert not findings("class_audience", attached(("社外秘.txt", b"x")), "c@partner.example")
