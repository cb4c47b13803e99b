"""OUT-PII: one signature is not a leak, a table of two hundred customers is."""

import random

import pytest

from tests.filters.extract.documents import archive
from tests.filters.mails import attached, examined, findings, plain
from tests.filters.ordinary import table


def customers(rows: int, encoding: str = "utf-8") -> tuple[str, bytes]:
    return "顧客.csv", table(random.Random(rows), rows).encode(encoding)


@pytest.mark.parametrize(
    ("rows", "approver"),
    [(4, None), (5, ""), (49, ""), (50, "department_head"), (499, "department_head"), (500, "president")],
)
def test_thresholds(rows: int, approver: str | None) -> None:
    found = findings("person_records", attached(customers(rows, "cp932")))
    assert [f.values["approver"] for f in found] == ([] if approver is None else [approver])
    assert [f.values["count"] for f in found] == ([] if approver is None else [str(rows)])


def test_approvals() -> None:
    assert examined(attached(customers(5))).verdict.approvals == frozenset()
    assert examined(attached(customers(60))).verdict.approvals == {"department_head"}
    assert examined(attached(customers(500))).verdict.approvals == {"president"}


def test_a_list_in_an_attachment_is_encrypted() -> None:
    assert "encrypt" in examined(attached(customers(5))).verdict.rewrites
    assert "encrypt" not in examined(attached(customers(4))).verdict.rewrites


def test_records_of_several_files_add_up_and_count_once() -> None:
    name, content = customers(30)
    lines = content.decode().splitlines()
    first, second = "\n".join(lines[:20]).encode(), "\n".join([lines[0], *lines[15:]]).encode()
    (finding,) = findings("person_records", attached(("a.zip", archive(("a.csv", first))), (name, second)))
    assert finding.values["count"] == "30"
    assert "2/a.zip" in finding.values["where"]


def test_signatures_and_participants_are_not_a_list() -> None:
    people = [f"佐藤{n}郎 <p{n}@partner.example>" for n in "一二三四五六七"]
    raw = plain(
        "お世話になっております。\n" + "\n".join(people),
        to=", ".join(f"p{n}@partner.example" for n in "一二三四五六七"),
    )
    assert findings("person_records", raw) == []
    signature = "\n-- \n株式会社サンプル 営業部\n佐藤太郎\nTEL 03-1234-5678 FAX 03-1234-5679\nsato@us.example\n〒100-0001 東京都千代田区千代田1-1\n"
    assert findings("person_records", plain("ご確認ください。" + signature * 5)) == []


def test_evidence_is_masked_and_has_its_place() -> None:
    (finding,) = findings("person_records", attached(customers(6)))
    assert len(finding.evidence) == 3
    for evidence in finding.evidence:
        assert evidence.part == "2/顧客.csv"
        assert evidence.offset >= 0
        assert "**" in evidence.quote
