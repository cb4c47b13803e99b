"""OUT-PRIVATE: automatic forwarding."""

import pytest

from tests.filters.mails import examined, findings, plain


@pytest.mark.parametrize(
    "extra",
    [
        "X-MS-Exchange-Inbox-Rules-Loop: a@us.example\r\n",
        "X-Forwarded-To: me@gmail.com\r\nX-Forwarded-For: a@us.example me@gmail.com\r\n",
        "Auto-Submitted: auto-forwarded\r\n",
        "Auto-Submitted: auto-generated\r\nResent-From: a@us.example\r\n",
    ],
)
def test_found(extra: str) -> None:
    (finding,) = findings("auto_forward", plain("x", extra=extra))
    assert finding.evidence[0].part == f"header:{finding.values['field']}"


@pytest.mark.parametrize(
    "extra",
    [
        "",
        "Auto-Submitted: auto-replied\r\n",
        "Auto-Submitted: no\r\nResent-From: a@us.example\r\n",
        "Resent-From: a@us.example\r\n",
        "X-Mailer: x\r\n",
    ],
)
def test_not_found(extra: str) -> None:
    assert findings("auto_forward", plain("x", extra=extra)) == []


def test_it_is_held_for_the_outside_only() -> None:
    raw = plain("x", extra="X-Autoforward: 1\r\n")
    copies = {
        c.recipients: c.verdict.holds for c in examined(raw, "b@us.example", "c@partner.example").copies
    }
    assert copies == {(0,): frozenset(), (1,): {"auto_forward"}}


def test_further_fields() -> None:
    assert findings("auto_forward", plain("x", extra="X-Ours: 1\r\n"), also=("X-Ours",))
