"""OUT-PII: rows of registered tables (end to end: tests/gateway/command/test_register.py)."""

from collections.abc import Sequence

import msgspec

from config.policy import Policy, Registered
from filters.detect.register import document, document_index, table_index
from filters.finding import Finding
from mail.charset import fold
from tests.filters.mails import ORGANISATION, attached, examined, plain
from tests.filters.ordinary import JA, sentences

KEY = b"k" * 32
ROWS = [["山田太郎", "090-1234-5678", "taro@mail.example"], ["佐藤花子", "03-8765-4321", "hana@mail.example"]]
PLAN = "\n".join(sentences(JA, 150, seed=21))
REGISTERED = Registered(
    key=KEY,
    indexes=(
        table_index("顧客", ("氏名", "電話", "メール"), ROWS, KEY, 2),
        document_index([document("計画.docx", fold(PLAN).lower(), KEY)], KEY),
    ),
)


def found(raw: bytes, rule: str) -> Sequence[Finding]:
    policy = Policy(organisation=msgspec.structs.replace(ORGANISATION, registered=REGISTERED))
    return [f for f in examined(raw, rules=policy).findings if f.rule == rule]


def test_rows_are_counted_once() -> None:
    raw = attached(
        ("a.csv", "\n".join(",".join(row) for row in ROWS).encode()), body="山田太郎様 090-1234-5678"
    )
    (finding,) = found(raw, "registered_data")
    assert finding.values == {"name": "顧客", "count": "2", "where": "1"}
    assert "1234" not in str(finding)
    assert "山田" not in str(finding)


def test_nothing_else() -> None:
    assert found(plain("山田太郎様 03-8765-4321"), "registered_data") == []
