"""Fields that never pass."""

import pytest

from filters import ruleset
from filters.examined import UNEXAMINABLE
from filters.finding import Finding
from filters.rule import Rule
from filters.ruleset import discover
from mail.compose import applied
from tests.filters.mails import examined, plain, policy


def test_bcc_fields_never_leave_not_even_under_observation() -> None:
    raw = plain("x", extra="Bcc: a@secret.example\r\nResent-Bcc: b@secret.example\r\n")
    for mode in ("enforce", "observe"):
        copies = examined(raw, rules=policy(mode)).copies
        assert copies
        for copy in copies:
            assert b"secret.example" not in applied(raw, copy.edits)


def test_our_own_fields_from_outside_are_removed() -> None:
    raw = plain("x", extra="X-Sekisho-Warning: no\r\nX-Other: 1\r\n")
    (copy,) = examined(raw, "a@us.example", direction="inbound").copies
    assert b"X-Sekisho" not in applied(raw, copy.edits)
    assert b"X-Other: 1" in applied(raw, copy.edits)


def test_bcc_fields_never_leave_a_mail_that_could_not_be_examined(monkeypatch: pytest.MonkeyPatch) -> None:
    """Held, and released or only observed: it leaves nevertheless."""

    def fails(*_: object) -> list[Finding]:
        raise ValueError

    discover()
    monkeypatch.setattr(Rule, "look", fails)
    monkeypatch.setattr(ruleset, "COMPARING", False)  # those that sleep would fail as well
    raw = plain("x", extra="Bcc: a@secret.example\r\n")
    for mode in ("enforce", "observe"):
        (copy,) = (told := examined(raw, rules=policy(mode))).copies
        assert UNEXAMINABLE in {f.rule for f in told.findings}
        assert b"secret.example" not in applied(raw, copy.edits)
        assert bool(copy.verdict.holds) == (mode == "enforce")
    raw = plain("x", extra="X-Sekisho-Warning: no\r\n")
    (copy,) = examined(raw, "a@us.example", direction="inbound").copies
    assert b"X-Sekisho" not in applied(raw, copy.edits)
