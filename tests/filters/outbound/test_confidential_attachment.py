"""OUT-ENCRYPT in every kind of attachment."""

import pytest

from tests.filters.extract.documents import archive, pdf, sheet, slides, word
from tests.filters.mails import attached, findings

CARD = b"4111 1111 1111 1111"


@pytest.mark.parametrize(
    ("name", "content", "what"),
    [
        ("a.txt", "この資料は社外秘です".encode("cp932"), "社外秘"),
        ("a.csv", b"name,card\r\nx," + CARD, "card"),
        ("a.html", "<p>個人番号 <b>1234-5678-9018</b></p>".encode(), "my_number"),
        ("a.docx", word(), "社外秘"),
        ("a.xlsx", sheet(), "card"),
        ("a.pdf", pdf("部外秘 2025"), "社外秘"),
        ("極秘_計画.bin", bytes(range(256)), "極秘"),
        ("a.zip", archive(("内.csv", "極秘".encode("euc_jp"))), "極秘"),
        ("a.zip", archive(("社外秘.bin", bytes(range(256)))), "社外秘"),
    ],
)
def test_found(name: str, content: bytes, what: str) -> None:
    (finding,) = findings("confidential_attachment", attached((name, content)))
    assert finding.values["what"].split("\n")[0] == what
    assert finding.evidence[0].part.startswith("2/")
    assert "4111 1111" not in str(finding)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.txt", "社外秘ではありません".encode()),
        ("a.csv", b"4111,1111,1111,1111\r\n4111111111111112"),
        ("a.txt", b"order 1234 5678 9018"),
        ("a.pptx", slides()),
        ("a.txt", "グループ外秘".encode()),
        ("a.txt", b"This e-mail is confidential and may be privileged."),
    ],
)
def test_not_found(name: str, content: bytes) -> None:
    assert findings("confidential_attachment", attached((name, content))) == []


def test_each_attachment_is_a_finding_of_its_own() -> None:
    raw = attached(("a.txt", "極秘".encode()), ("b.txt", b"x"), ("c.txt", "社外秘".encode()))
    assert [f.evidence[0].part for f in findings("confidential_attachment", raw)] == ["2/a.txt", "4/c.txt"]


def test_the_level_is_a_setting() -> None:
    assert findings("confidential_attachment", attached(("a.txt", "グループ外秘".encode())), level=1)
    assert not findings("confidential_attachment", attached(("a.txt", "社外秘".encode())), level=3)
