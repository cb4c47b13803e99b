"""How often the policy applied, as both databases keep it."""

import asyncio

import pytest

from filters.examined import Applied
from quarantine.policies.counts import Counts, Month, PolicyUse, Use
from storage.interfaces import Database, StoreError

DELAYED = Applied("external_recipient", "", "delay 5m")
SALES = Applied("external_recipient", "sales to partners", "delay 1m")


async def test_mails_are_summed_by_day_rule_and_case_for_each_tenant(database: Database) -> None:
    one, two = Counts(database), Counts(database)
    for day in ("2026-10-31", "2026-11-01", "2026-11-02"):
        one.note("default", day, "outbound", [DELAYED, SALES])
        one.note("default", day, "outbound", [DELAYED])
        two.note("default", day, "inbound", [])
    two.note("acme", "2026-11-02", "outbound", [SALES])
    await one.flush()
    await two.flush()
    await one.flush()
    assert await one.since("default", "2026-11-01") == PolicyUse(
        {"outbound": 4, "inbound": 2},
        (
            Use("external_recipient", "", "delay 5m", 4, "2026-11-02"),
            Use("external_recipient", "sales to partners", "delay 1m", 2, "2026-11-02"),
        ),
    )
    assert (await one.since("acme", "2026-11-01")).uses == (
        Use("external_recipient", "sales to partners", "delay 1m", 1, "2026-11-02"),
    )
    assert await one.since("default", "2026-11-03") == PolicyUse()
    assert await one.by_month("default", "2026-10-01") == {
        ("external_recipient", "sales to partners"): [
            Month("2026-10", 1, "2026-10-31"),
            Month("2026-11", 2, "2026-11-02"),
        ]
    }


async def test_flushes_of_two_processes_add_up(database: Database) -> None:
    processes = [Counts(database) for _ in range(4)]
    for each in processes:
        each.note("default", "2026-11-01", "outbound", [DELAYED])
    await asyncio.gather(*(each.flush() for each in processes))
    assert (await processes[0].since("default", "2026-11-01")).examined == {"outbound": 4}


async def test_what_could_not_be_written_is_written_later(database: Database) -> None:
    class Away:
        async def write(self, operation: object) -> None:
            counts.note("default", "2026-11-01", "outbound", [])  # while it is being written
            raise StoreError("away")

    counts = Counts(Away())  # type: ignore[arg-type]
    counts.note("default", "2026-11-01", "outbound", [DELAYED])
    with pytest.raises(StoreError):
        await counts.flush()
    counts._database = database
    await counts.flush()
    assert (await counts.since("default", "2026-11-01")).examined == {"outbound": 2}
