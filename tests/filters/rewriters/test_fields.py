"""Fields that never pass."""

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
