"""OUT-PII: numbers from official documents in subject and body."""

import pytest

from tests.filters.mails import attached, examined, findings, plain


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("旅券番号 TK1234567", "passport"),
        ("保険者番号 06139992", "health_insurance"),
        ("基礎年金番号 1234-567890", "pension"),
    ],
)
def test_found_in_the_body(text: str, what: str) -> None:
    (finding,) = findings("personal_identifier", plain(text))
    assert finding.values == {"what": what, "count": "1"}
    assert "1234567" not in str(finding)
    assert finding.evidence[0].part == "1"


def test_the_sender_looks_first() -> None:
    verdict = examined(plain("パスポート番号は TK1234567 です")).verdict
    assert verdict.delay == 10**9
    assert not verdict.rejects


def test_an_account_number_is_business_unless_set() -> None:
    raw = plain("みずほ銀行 新宿支店 普通 1234567")
    assert findings("personal_identifier", raw) == []
    assert findings("personal_identifier", raw, kinds=("bank_account",))


def test_attachments_are_encrypted_instead() -> None:
    raw = attached(("a.txt", "旅券番号 TK1234567".encode()))
    assert findings("personal_identifier", raw) == []
    assert findings("confidential_attachment", raw)


def test_least_is_a_setting() -> None:
    raw = plain("旅券番号 TK1234567")
    assert findings("personal_identifier", raw, least=2) == []
