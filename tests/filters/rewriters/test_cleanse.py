"""Fields that only we may write."""

import pytest

from config.policy import Organisation, Policy
from filters.rewriters.cleanse import authserv_id, own_fields
from mail.compose import applied
from tests.filters.inbound.arriving import US, arrived


def cleansed(raw: bytes) -> bytes:
    return applied(
        raw, own_fields(arrived(raw, authserv_id="gw.other-name.example"), Policy(organisation=US), (), (0,))
    )


@pytest.mark.parametrize(
    "field",
    [
        b"X-Sekisho-Warning: no; mode=enforce\r\n",
        b"x-sekisho-findings : a,\r\n b\r\n",
        b"Authentication-Results: gw.other-name.example; spf=pass\r\n",
        b"AUTHENTICATION-RESULTS: (hi) GW.Other-Name.Example 1;\r\n\tspf=pass\r\n",
        b'Authentication-Results: "gw.other-name.example"; spf=pass\r\n',
        b"Authentication-Results:\r\n mail.us.example; dkim=pass\r\n",
    ],
)
def test_what_others_wrote_in_our_name_goes(field: bytes) -> None:
    assert cleansed(b"From: a@x.example\r\n" + field + b"Subject: s\r\n\r\nX-Sekisho-Warning: body\r\n") == (
        b"From: a@x.example\r\nSubject: s\r\n\r\nX-Sekisho-Warning: body\r\n"
    )


def test_what_is_theirs_stays_to_the_byte() -> None:
    raw = (
        b"From: a@x.example\r\nAuthentication-Results: mx.google.com; spf=pass\r\nX-Sekish: a\r\n"
        b"Authentication-Results: us.example.evil.top; spf=pass\r\n\r\nbody\r\n"
    )
    assert cleansed(raw) == raw


def test_without_a_name_of_ours_only_our_domains_count() -> None:
    raw = b"Authentication-Results: ; spf=pass\r\n\r\n"
    assert own_fields(arrived(raw), Policy(organisation=Organisation()), (), (0,)) == []


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("a.example; spf=pass", "a.example"),
        (" (x) A.example 1; none", "a.example"),
        ('"b c"; none', "b"),
        ("", ""),
        ("(", "("),
    ],
)
def test_the_name_in_a_result(value: str, expected: str) -> None:
    assert authserv_id(value) == expected
