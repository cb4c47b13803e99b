"""Recipients cost what they are, in calls: no list of all of them is made again for each."""

import pytest

from bench.stand import counting
from filters import ruleset
from filters.examine import run
from filters.ruleset import prepare
from tests.filters.mails import attached, facts, plain, policy

PREPARED = prepare(policy())


@pytest.mark.parametrize(
    ("direction", "raw"),
    [
        ("outbound", attached(("a.txt", "社外秘".encode()))),
        ("outbound", plain("極秘です")),
        ("inbound", plain("https://203.0.113.7/")),
    ],
)
def test_a_thousand_more_cost_a_thousand_times_as_much(
    direction: str, raw: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ruleset, "COMPARING", False)
    domain = "partner.example" if direction == "outbound" else "us.example"
    costs = []
    for count in (100, 1100):
        told = facts(*(f"person{n}@{domain}" for n in range(count)), direction=direction)
        run(raw, told, PREPARED)
        counted = counting.calls(lambda told=told: run(raw, told, PREPARED))
        costs.append(counted["calls"] + counted["c calls"])
    assert (costs[1] - costs[0]) / 1000 < 80
