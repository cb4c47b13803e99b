"""OPS-EXCEPTION from a real client to the next hop: an exception counts until its last day, is counted, and is seen."""

import datetime
from pathlib import Path

import pytest

from config.cases import Group, PolicyException, Staff, When
from quarantine.item import State
from quarantine.policies.exceptions import ExceptionState, with_figures
from quarantine.store import Query
from tests.gateway.test_app import SATO, TARO, mail
from tests.services.node import policy_of, site

YEAR = datetime.timedelta(days=365)


@pytest.mark.parametrize("over", [False, True])
async def test_it_ends_by_itself(tmp_path: Path, over: bool) -> None:
    until = datetime.date.today() + (-YEAR if over else YEAR)
    exception = PolicyException(
        "external_recipient", When(sender="sales"), "hanako", "a campaign", "admin", until, name="campaign"
    )
    policy = policy_of(groups={"sales": Group(people=Staff(department="sales"))}, exceptions=(exception,))
    async with site(tmp_path, policy) as here:
        assert (await here.send(TARO, [SATO], mail(SATO)))[0] == 250
        held = await here.node.store.find(Query("default", state=(State.HELD,)))
        assert len(held) == over, "over: the rule holds it again, without anybody's doing"
        if not over:
            (caught,) = await here.caught(1)
            assert caught.recipients == (SATO,)
        await here.node.counts.flush()
        (seen,) = await with_figures(policy, here.node.counts, "default", datetime.date.today())
        assert (seen.used, seen.standing) == (
            (0, ExceptionState.OVER) if over else (1, ExceptionState.IN_FORCE)
        )
