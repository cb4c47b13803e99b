"""A mail in a loop."""

import pytest

from filters.examine import run
from filters.facts import Facts, Origin
from filters.ruleset import prepare
from filters.verdict import Disposition
from mail.envelope import Envelope, ForwardPath
from tests.services.node import policy_of


@pytest.mark.parametrize("direction", ["inbound", "outbound"])
def test_too_many_hops_end_the_journey(direction: str) -> None:
    facts = Facts(direction, Origin("x", "127.0.0.1"), Envelope("", (ForwardPath("a@example.co.jp"),)))
    prepared = prepare(policy_of())
    most = prepared.by_name["mail_loop"].settings["most"]
    hop = b"Received: from a by b; Mon, 02 Nov 2026 10:00:00 +0900\r\n"
    end = b"From: a@example.co.jp\r\n\r\nx\r\n"
    assert "mail_loop" in run(hop * (most + 1) + end, facts, prepared).verdict.rejects
    assert run(hop * most + end, facts, prepared).verdict.disposition is not Disposition.REJECT
