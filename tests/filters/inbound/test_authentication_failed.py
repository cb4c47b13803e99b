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
        (Authentication(spf="pass", dkim="policy", dmarc="none"), 2),
        (Authentication(spf="fail", dkim="policy", dmarc="none"), 3),
        (Authentication(spf="fail", dkim="none", dmarc="permerror"), 3),
        (Authentication(spf="neutral", dkim="none", dmarc="none"), 0),
        (Authentication(spf="permerror", dkim="permerror", dmarc="none"), 0),
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


def test_a_trusted_forwarder_that_found_it_right_silences_the_failure() -> None:
    failed = {"spf": "fail", "dkim": "fail", "dmarc": "fail", "dmarc_policy": "reject", "arc": "pass"}
    assert weight("authentication_failed", mail(), authentication=Authentication(**failed)) == 6
    known = Authentication(**failed, forwarder="list.example")
    assert not look("authentication_failed", mail(), authentication=known)


def test_a_mailing_list_breaks_signatures() -> None:
    found = Authentication(spf="pass", dkim="fail", dmarc="none")
    assert weight("authentication_failed", mail(extra="List-Id: <l.example>\r\n"), authentication=found) == 0
