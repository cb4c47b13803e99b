"""OUT-MISSEND: hidden content of outgoing documents."""

import pytest

from tests.filters.mails import attached, findings
from tests.filters.outbound.missend import File
from tests.filters.outbound.missend.documents import content

BOOK = content(File("見積.xlsx", "項目,金額", ("sheet: 外注原価, 740000", "rows: 粗利, 0.46")))
LETTER = content(
    File("契約書.docx", "契約書", ("comment: 年5％までなら譲れる", "change: 違約金は14.6％とする"))
)


def test_told_with_kind_count_and_the_first_place() -> None:
    (finding,) = findings("hidden_content", attached(("見積.xlsx", BOOK)))
    assert finding.values == {"name": "見積.xlsx", "what": "rows\nsheet", "count": "2", "first": "2"}
    assert finding.about == ("見積.xlsx",)
    (finding,) = findings("hidden_content", attached(("契約書.docx", LETTER)))
    assert set(finding.values["what"].split("\n")) == {"change", "comment"}
    assert finding.values["count"] == "3"
    assert any("違約金は**.*％とする" in e.quote for e in finding.evidence)


@pytest.mark.parametrize(
    "body",
    [
        "変更履歴を残したまま添付します。",
        "コメントと変更履歴がそのまま入っています。",
        "Tracked changes are left in.",
    ],
)
def test_what_is_announced_is_meant(body: str) -> None:
    assert findings("hidden_content", attached(("契約書.docx", LETTER), body=body)) == []


def test_the_name_of_the_file_may_announce_it() -> None:
    assert findings("hidden_content", attached(("契約書_修正履歴付.docx", LETTER))) == []


@pytest.mark.parametrize("body", ["コメントをいただけますと幸いです。", "Comments are welcome."])
def test_to_ask_for_comments_does_not_announce_any(body: str) -> None:
    assert findings("hidden_content", attached(("契約書.docx", LETTER), body=body))


def test_one_announcement_does_not_excuse_another_kind() -> None:
    (finding,) = findings("hidden_content", attached(("見積.xlsx", BOOK), body="変更履歴を残しています。"))
    assert finding.values["count"] == "2"


def test_kinds_are_a_setting() -> None:
    (finding,) = findings("hidden_content", attached(("契約書.docx", LETTER)), hidden=("comment",))
    assert finding.values["what"] == "comment"


def test_nobody_outside_gets_it() -> None:
    raw = attached(("契約書.docx", LETTER))
    assert findings("hidden_content", raw, "suzuki@us.example", "kato@sister.example") == []
