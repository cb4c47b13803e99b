"""What becomes of a mail for each recipient, as the policy decides and its mode allows: for the checkpoint, and for a rehearsal."""

from collections.abc import Sequence

import msgspec

from config.policy import Policy
from filters.decision.decide import Decided, decide
from filters.examined import UNEXAMINABLE, Features
from filters.facts import Facts
from filters.finding import Finding
from filters.rewrite import preserving
from filters.ruleset import REBUILD, Prepared
from filters.verdict import PASS, Verdict

MOST_COPIES, MOST_OCTETS = 200, 32 << 20
"""Of one copy each, and what they may take together."""


def outcome(
    prepared: Prepared, facts: Facts, measured: Features, findings: Sequence[Finding]
) -> tuple[Decided, list[Verdict]]:
    """What was decided, and each recipient's verdict as it counts. A mail that could not be examined waits, unless it was
    released; in the mode "observe" all pass."""
    if any(f.rule == UNEXAMINABLE for f in findings):
        decided = _whatever_it_is(prepared, facts, measured, findings)
        waits = PASS if facts.released else Verdict(holds=frozenset({UNEXAMINABLE}))
        verdicts = [verdict | waits for verdict in decided.verdicts]
    else:
        decided = decide(prepared, facts, measured, findings)
        verdicts = _parted([_whole(verdict) for verdict in decided.verdicts], measured.size)
    return decided, _in_mode(prepared.policy, verdicts)


def _parted(verdicts: list[Verdict], size: int) -> list[Verdict]:
    """The verdicts; where one copy each would be too many or too much, with one for all in which nobody is named."""
    count = sum("each" in verdict.rewrites for verdict in verdicts)
    if count <= MOST_COPIES and count * size <= MOST_OCTETS:
        return verdicts
    return [
        msgspec.structs.replace(v, rewrites=v.rewrites - {"each"} | {"bcc"}) if "each" in v.rewrites else v
        for v in verdicts
    ]


def _in_mode(policy: Policy, verdicts: list[Verdict]) -> list[Verdict]:
    return [PASS] * len(verdicts) if policy.mode == "observe" else verdicts


def _whatever_it_is(
    prepared: Prepared, facts: Facts, measured: Features, findings: Sequence[Finding]
) -> Decided:
    try:
        return decide(prepared, facts, measured, findings)
    except Exception:
        return Decided((PASS,) * len(facts.envelope.forward_paths))


def _whole(verdict: Verdict) -> Verdict:
    """The verdict without rewrites that remove anything, if the mail waits for a person: whoever releases it
    has seen it, and means the mail as it came."""
    if not verdict.holds or REBUILD in verdict.rewrites:
        return verdict
    return msgspec.structs.replace(verdict, rewrites=preserving(verdict.rewrites))
