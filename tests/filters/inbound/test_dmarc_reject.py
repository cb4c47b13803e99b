"""IN-AUTH: DMARC p=reject, observed, or refused when the policy says so."""

import msgspec
import pytest

from config.policy import Policy, RulePolicy
from filters.examine import examine
from filters.facts import Authentication
from filters.ruleset import prepare
from filters.verdict import Disposition
from tests.filters.inbound.arriving import US, arrived, look, mail

FAILED = Authentication(spf="fail", dkim="none", dmarc="fail", dmarc_policy="reject")


@pytest.mark.parametrize(
    ("changes", "seen"),
    [
        ({}, True),
        ({"dmarc_policy": "quarantine"}, False),
        ({"dmarc_policy": "none"}, False),
        ({"dmarc": "pass"}, False),
        ({"dmarc": "temperror"}, False),
        ({"dmarc": "permerror"}, False),
        ({"dmarc": "none", "dmarc_policy": ""}, False),
        ({"arc": "pass"}, True),
        ({"arc": "pass", "forwarder": "list.example"}, False),
    ],
)
def test_what_the_domain_asks_to_refuse(changes: dict[str, str], seen: bool) -> None:
    found = msgspec.structs.replace(FAILED, **changes)
    assert bool(look("dmarc_reject", mail(), authentication=found)) is seen


def test_it_is_refused_only_when_the_policy_says_so() -> None:
    arriving = arrived(mail(), authentication=FAILED)
    policy = Policy(organisation=US)
    said = examine(arriving, prepare(policy))
    assert said.verdict.disposition is not Disposition.REJECT
    assert "dmarc_reject" in {f.rule for f in said.findings}
    strict = msgspec.structs.replace(policy, rules={"dmarc_reject": RulePolicy(then="reject")})
    assert examine(arriving, prepare(strict)).verdict.disposition is Disposition.REJECT
