"""What the house's operator is told of an organisation: its own numbers, and numbers alone."""

import datetime
from pathlib import Path

import msgspec

from filters.examined import Applied
from quarantine.item import Status
from quarantine.queue.volumes import DAYS, Volumes, volumes
from tests.console.premises import NOW, item, mail, premises

TODAY = datetime.date(2026, 6, 1)


async def test_each_has_its_own_numbers(tmp_path: Path) -> None:
    async with premises(tmp_path) as place:
        for tenant in ("default", "acme"):
            held = item(f"{tenant}h", mail("x", "y"), tenant=tenant, holds=("warning_score",))
            await place.keep(held, NOW - 50)
        await place.keep(item("acmeq", mail("x", "y"), tenant="acme"), NOW - 3600)
        deferred = {"status": Status.DEFERRED, "cause": "refused", "hop": "mx:25", "at": NOW - 60}
        await place.store.database.write(
            lambda t: t.execute(
                "UPDATE recipient SET status = :status, cause = :cause, hop = :hop, at = :at"
                " WHERE tenant = 'acme' AND item = 'acmeq'",
                deferred,
            )
        )
        for day, number in (("2026-06-01", 2), ("2026-05-31", 1), ("2026-05-01", 5)):
            for _ in range(number):
                place.parts.counts.note("acme", day, "inbound", [Applied("x", "", "hold")])
        await place.parts.counts.flush()
        found = {
            tenant: await volumes(place.store.database, tenant, NOW, 900.0, TODAY)
            for tenant in ("default", "acme", "nobody")
        }
    empty = {f"{TODAY - datetime.timedelta(days=ago)}": {} for ago in range(DAYS)}
    assert found["default"] == Volumes("default", 1, 0, 0, NOW - 50, empty)
    assert found["nobody"] == Volumes("nobody", 0, 0, 0, None, empty)
    days = empty | {"2026-06-01": {"inbound": 2}, "2026-05-31": {"inbound": 1}}
    assert found["acme"] == Volumes("acme", 1, 1, 1, NOW - 3600, days)


def test_it_has_no_place_for_a_text_of_a_mail() -> None:
    """Its name, and why the house suspended it, in the house's own words."""
    assert [f.name for f in msgspec.structs.fields(Volumes) if f.type is str] == ["tenant", "reason"]
