"""IN-AUTH: only our own checks count."""

import pytest

from filters.facts import Authentication
from tests.filters.inbound.arriving import look, mail, weight


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (Authentication(spf="fail", dkim="none", dmarc="fail", dmarc_policy="reject"), 6),
        (Authentication(spf="fail", dkim="none", dmarc="fail", dmarc_policy="quarantine"), 5),
        (Authentication(spf="pass", dkim="none", dmarc="fail", dmarc_policy="none"), 3),
        (Authentication(spf="fail", dkim="none", dmarc="none"), 3),
        (Authentication(spf="softfail", dkim="none", dmarc="none"), 1),
        (Authentication(spf="none", dkim="fail", dmarc="none"), 1),
        (Authentication(spf="softfail", dkim="pass", dmarc="none"), 0),
        (Authentication(spf="pass", dkim="pass", dmarc="pass"), 0),
        (Authentication(spf="temperror", dkim="temperror", dmarc="temperror"), 0),
        (Authentication(), 0),
    ],
)
def test_the_weight_follows_the_results(found: Authentication, expected: int) -> None:
    assert weight("authentication_failed", mail(), authentication=found) == expected


def test_results_that_others_wrote_into_the_mail_count_for_nothing() -> None:
    extra = "Authentication-Results: mx.other.example; dmarc=fail header.from=koyo-denki.example\r\n"
    assert not look("authentication_failed", mail(extra=extra))
