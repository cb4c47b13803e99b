"""What people report, on every database."""

from collections.abc import AsyncIterator
from pathlib import Path

import msgspec
import pytest

from filters.examined import Reported, Summary
from quarantine.item import NotAllowed
from quarantine.reported.reports import DAILY, Report, Reports, TooMany
from quarantine.reported.sightings import Sightings
from quarantine.store import Store
from storage.interfaces import Database
from storage.spool import Spool
from tests.contract.test_sightings import BAD, HANAKO, NOW, TARO, passed


@pytest.fixture
async def store(database: Database, tmp_path: Path) -> AsyncIterator[Store]:
    spool = Spool(tmp_path / "reports-spool")
    yield Store(database, spool, "node1")
    await spool.close()


@pytest.fixture
def reports(store: Store) -> Reports:
    return Reports(store, Sightings(store))


def report(reporter: str = "taro", at: float = NOW, **changes: object) -> Report:
    values = {
        "tenant": "default",
        "reporter": reporter,
        "at": at,
        "source": "page",
        "found": BAD,
        "mail_id": "m1",
    }
    return Report(**{**values, **changes})  # type: ignore[arg-type]


async def test_a_report_comes_back_as_it_was_made_and_is_on_record(reports: Reports, store: Store) -> None:
    made, new = await reports.add(report(comment="  怪しい \0", blob="b"))
    assert new
    assert (made.comment, made.state) == ("怪しい \N{REPLACEMENT CHARACTER}", "open")
    assert await reports.get(made.id, "default") == made
    assert await reports.get(made.id, "other") is None
    (entry,) = await store.entries("default", event="report")
    assert (entry.actor, entry.mail_id, entry.detail["comment"]) == ("taro", "m1", made.comment)


async def test_saying_it_again_makes_nothing_new(reports: Reports, store: Store) -> None:
    first, _ = await reports.add(report(comment="a", mail_id=""))
    again, new = await reports.add(report(comment="b", blob="x", at=NOW + 5))
    assert not new
    assert (again.id, again.comment, again.blob, again.mail_id) == (first.id, "b", "x", "m1")
    assert len(await store.entries("default", event="report")) == 1
    kept, _ = await reports.add(report())
    assert kept.comment == "b"


async def test_reports_on_one_wave_stand_together(reports: Reports) -> None:
    wave = msgspec.structs.replace(BAD, subject="Re: 口座の確認 99", message_id="<2@evil.example>")
    await reports.add(report("taro"))
    await reports.add(report("hanako", NOW + 1, found=wave, mail_id="m2"))
    await reports.add(report("hanako", NOW + 9, found=Summary("other", "x@y.example"), mail_id="m3"))
    await reports.add(report("jiro", NOW + 9, found=Summary(), mail_id=""))
    topics = await reports.open("default")
    assert [[r.reporter for r in t] for t in topics] == [["hanako", "taro"], ["hanako"], ["jiro"]] or [
        [r.reporter for r in t] for t in topics
    ] == [["hanako", "taro"], ["jiro"], ["hanako"]]
    assert [r.reporter for r in await reports.of_topic(topics[0][0].topic, "default")] == ["taro", "hanako"]
    assert await reports.open("other") == []


async def test_a_report_can_be_taken_back_by_its_reporter_alone(reports: Reports) -> None:
    made, _ = await reports.add(report())
    assert not await reports.withdraw(made.id, "hanako", "default", NOW)
    assert not await reports.withdraw(made.id, "taro", "other", NOW), "a namesake's"
    assert await reports.withdraw(made.id, "taro", "default", NOW)
    assert not await reports.withdraw(made.id, "taro", "default", NOW)
    assert await reports.open("default") == []
    assert await reports.mine("taro", "default") == []
    _, new = await reports.add(report())
    assert new, "and made again"


async def decide(reports: Reports, store: Store, *made: Report) -> list[Report]:
    closed = [
        msgspec.structs.replace(
            r, state="closed", verdict="dangerous", decided_by="admin", decided_at=NOW + 9, note="n", outcome={"alerted": 3}
        )
        for r in made
    ]  # fmt: skip
    await store.database.write(lambda t: reports.close(t, closed))
    return closed


async def test_a_decision_happens_once(reports: Reports, store: Store) -> None:
    made, _ = await reports.add(report())
    (closed,) = await decide(reports, store, made)
    assert await reports.get(made.id, "default") == closed
    assert [[r.id for r in t] for t in await reports.closed("default")] == [[made.id]]
    with pytest.raises(NotAllowed):
        await decide(reports, store, made)
    (entry,) = await store.entries("default", event="report_closed")
    assert (entry.detail["verdict"], entry.detail["alerted"]) == ("dangerous", 3)
    assert not await reports.withdraw(made.id, "taro", "default", NOW)
    _, new = await reports.add(report(at=NOW + 99))
    assert new, "the next one is a new report"


async def test_one_that_was_taken_back_stops_the_whole_decision(reports: Reports, store: Store) -> None:
    one, _ = await reports.add(report())
    two, _ = await reports.add(report("hanako"))
    await reports.withdraw(two.id, "hanako", "default", NOW)
    with pytest.raises(NotAllowed):
        await decide(reports, store, one, two)
    assert [[r.id for r in t] for t in await reports.open("default")] == [[one.id]]


async def test_nobody_reports_without_end(reports: Reports) -> None:
    for n in range(DAILY):
        await reports.add(report(found=Summary(f"subject {chr(0x4E00 + n)}", "a@b.example")))
    with pytest.raises(TooMany):
        await reports.add(report())
    await reports.add(report("hanako"))
    await reports.add(report(at=NOW + 90_000))


async def test_a_claim_is_resolved_among_the_mails_of_the_reporter_only(
    reports: Reports, store: Store
) -> None:
    await store.record(
        passed("m1", TARO), passed("m2", HANAKO, summary=msgspec.structs.replace(BAD, message_id="<2>"))
    )
    hanako = [HANAKO]

    async def resolved(claim: Reported, mailboxes: list[str] = hanako, now: float = NOW + 60) -> str:
        found = await reports.resolve(claim, mailboxes, "default", now)
        return found.mail_id if found else ""

    assert await resolved(Reported(Summary(), ("nothing", "m1", "m2"))) == "m2", "m1 is not hers"
    assert await resolved(Reported(Summary(message_id="<1@evil.example>"))) == ""
    assert await resolved(Reported(Summary(message_id="<1@evil.example>")), [TARO]) == "m1"
    quoted = Reported(Summary("Fwd: 口座の確認 7", "Bank@evil.example"))
    assert await resolved(quoted) == "m2"
    assert await resolved(quoted, now=NOW + 90 * 86_400) == ""
    assert await resolved(Reported(Summary("", "bank@evil.example"))) == ""
    assert await resolved(Reported(Summary("other", "bank@evil.example"))) == ""


async def test_one_mail_among_thousands_of_the_same_sender_is_resolved(
    reports: Reports, store: Store
) -> None:
    """Of a newsletter everybody gets their own: the newest few hundred are others'."""
    other = [passed(f"m{n}", TARO, at=NOW + n // 3) for n in range(1_200)]
    await store.record(passed("hers", HANAKO, at=NOW - 1), *other, passed("late", TARO, at=NOW + 500))
    for claim in (Summary(message_id="<1@evil.example>"), Summary("口座の確認 1", "bank@evil.example")):
        found = await reports.resolve(Reported(claim), [HANAKO], "default", NOW + 600)
        assert found is not None
        assert found.mail_id == "hers"
