"""Fields that only we may write."""

from typing import Any

import pytest

from config.policy import Organisation, Policy
from filters.facts import Authentication
from filters.rewriters.cleanse import own_fields
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
        b"Authentication-Results : gw.other-name.example; dkim=pass\r\n",
        b"Authentication-Results: (a (b)) gw.other-name.example; dkim=pass\r\n",
        b"Authentication-Results: =?us-ascii?Q?gw.other-name.example?=;\r\n dkim=pass\r\n",
        b"Authentication-Results:\r\n\tgw.other-name.example;\r\n\tdkim=pass\r\n",
        b"authentication-results: (unclosed gw.other-name.example; dkim=pass\r\n",
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


def test_results_of_a_trusted_host() -> None:
    """They stay if the mail came through that host, and go if anybody could have written them."""
    field = b"Authentication-Results: edge.provider.example; dmarc=pass\r\n"
    ours = b"Authentication-Results: edge.us.example; dmarc=pass\r\n"
    other = b"Authentication-Results: x.provider.example; dmarc=pass\r\n"
    rest = b"From: a@x.example\r\n\r\nbody\r\n"

    def left(raw: bytes, **results: Any) -> bytes:
        mail = arrived(raw, authentication=Authentication(**results))
        return applied(raw, own_fields(mail, Policy(organisation=US), (), (0,)))

    came_by = {"believed": "edge.us.example"}
    assert (
        left(field + ours + other + rest, reserved=("edge.provider.example", "edge.us.example"))
        == other + rest
    )
    assert left(field + ours + rest, **came_by) == field + ours + rest
    assert left(field + ours.replace(b"edge", b"mx") + rest, **came_by) == field + rest
