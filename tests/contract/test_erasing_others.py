"""What belongs to no item goes as well: agreements of the vault, contents of reports, contents that nothing names. On every
database."""

import base64
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from config.keeping import RetentionSection
from directory.people import People
from directory.vault import Vault
from filters.examined import Summary
from gateway.rounds.erasing_rounds import ErasingRounds
from quarantine.item import Event
from quarantine.reconcile import reconcile
from quarantine.reported.reports import MAIL, Report, Reports
from quarantine.reported.sightings import Sightings
from quarantine.retention import legal_holds
from storage.contents import SMALL
from storage.day_keys import DAY, Erased
from storage.day_seal import DaySeal
from storage.interfaces import Database, StoreError
from storage.seal import Seal, SealError
from tests.contract.test_erasing import House
from tests.quarantine.items import SENDER, item, settle_in
from tests.services.databases import ByHand

GOOD = "kN7%vRq2wLx9#Tz"


class Whole(House):
    """With a vault, reports, and the rounds of a node."""

    def __init__(self, database: Database, folder: Path) -> None:
        super().__init__(database, folder)
        self.master = Seal([b"m" * 32])
        self.secrets = DaySeal(self.master, self.day_keys)
        self.vault = Vault(database, self.secrets, lambda tenant: 70.0, clock=lambda: self.now)
        self.reports = Reports(self.store, Sightings(self.store))
        self.rounds = ErasingRounds(
            RetentionSection(),
            self.store,
            self.vault,
            self.day_keys,
            lambda: self.now,
            self.master,
            People(database),
        )

    async def erase(self) -> int:
        return await self.rounds.erase()

    async def rows(self) -> dict[str, bytes]:
        """What the database has of each agreement, by subject, as a backup would."""
        statement = "SELECT subject, sealed FROM partner_passphrases"
        rows = await self.database.read(lambda t: ByHand(t).execute(statement))
        return {row["subject"]: base64.b64decode(row["sealed"]) for row in rows}

    async def report(self, reporter: str, content: bytes = b"x", blob: str = "") -> Report:
        blob = blob or (await self.blobs.put([content], "default")).key
        report, _ = await self.reports.add(
            Report("default", reporter, self.now, MAIL, mail_id=f"m-{reporter}", blob=blob)
        )
        return report

    async def kinds(self) -> list[str]:
        return [e.detail["kind"] for e in await self.store.entries("default", event="erased")]


@pytest.fixture
async def house(database: Database, tmp_path: Path) -> AsyncIterator[Whole]:
    await settle_in(database)
    made = Whole(database, tmp_path)
    yield made
    await made.blobs.close()


async def test_an_agreement_that_is_removed_or_over_opens_in_no_copy(house: Whole) -> None:
    kept, removed, over = [
        await house.vault.add("default", name, GOOD, note="by telephone", by="admin", valid_until=until)
        for name, until in (("a.example", None), ("b.example", None), ("c.example", house.now + 3 * DAY))
    ]
    backup = await house.rows()
    ids = {"a.example": kept.id, "b.example": removed.id, "c.example": over.id}

    def opened(subject: str) -> bytes:
        return house.secrets.open(backup[subject], f"passphrase:default:{ids[subject]}".encode())

    assert [opened(name) for name in ids] == [GOOD.encode()] * 3
    for sealed in backup.values():
        with pytest.raises(SealError):
            house.master.open(sealed, f"passphrase:default:{kept.id}".encode())
    await house.vault.remove("default", removed.id)
    assert await house.later(0.5) == 0, "the day is not over"
    assert await house.later(1) == 1
    assert opened("a.example") == opened("c.example") == GOOD.encode()
    with pytest.raises(SealError, match="was erased"):
        opened("b.example")
    assert await house.later(2) == 1
    with pytest.raises(SealError, match="was erased"):
        opened("c.example")
    assert {a.subject for a in await house.vault.all("default")} == {"a.example", "c.example"}
    assert await house.vault.find("default", ["x@a.example", "x@c.example"]) == {
        "x@a.example": (GOOD, "domain")
    }
    assert await house.kinds() == ["passphrase", "passphrase"]


async def test_what_an_earlier_version_sealed_is_taken_over_once(house: Whole) -> None:
    older = Vault(house.database, DaySeal(house.master), lambda tenant: 70.0, clock=lambda: house.now)
    await older.add("default", "a.example", GOOD, note="by telephone", by="admin")
    before = await house.rows()
    await house.erase()
    after = await house.rows()
    assert before != after
    assert after["a.example"][:1] == b"\x02"
    await house.erase()
    assert await house.rows() == after
    assert await house.vault.find("default", ["x@a.example"]) == {"x@a.example": (GOOD, "domain")}


async def test_a_passphrase_that_was_made_for_a_mail_ends_with_it(house: Whole) -> None:
    blob = (await house.blobs.put([b"a locked archive"], "default")).key
    sealed = house.secrets.seal(GOOD.encode(), b"m1", blob)
    one = item(blob=blob, mail_id="m1", secret=sealed, accepted_at=house.now, delay=3600)
    await house.store.put([one], house.now, "test")
    await house.store.change(one.id, Event.RECALL, SENDER, house.now)
    assert house.secrets.open((await house.get(one)).secret, b"m1") == GOOD.encode()
    assert await house.later(1.2) == 1
    assert (await house.get(one)).secret == b""
    with pytest.raises(SealError, match="was erased"):
        house.secrets.open(sealed, b"m1")


async def test_a_secret_is_bound_to_its_place_and_name(house: Whole) -> None:
    first, second = await house.secrets.fresh("default"), await house.secrets.fresh("default")
    sealed = house.secrets.seal(b"word", b"place", first)
    assert house.secrets.open(sealed, b"place") == b"word"
    for changed in (
        sealed.replace(first.encode(), second.encode()), sealed[:-1] + bytes([sealed[-1] ^ 1]), sealed[:40], b"\x02", b"",
    ):  # fmt: skip
        with pytest.raises(SealError):
            house.secrets.open(changed, b"place")
    with pytest.raises(SealError, match="moved"):
        house.secrets.open(sealed, b"elsewhere")
    with pytest.raises(SealError, match="there are none"):
        DaySeal(house.master).open(sealed, b"place")


@pytest.mark.parametrize("size", [100, SMALL + 1])
async def test_what_a_report_brought_is_kept_until_it_is_decided_and_a_while(house: Whole, size: int) -> None:
    open_, decided, withdrawn = [await house.report(name, b"x" * size) for name in ("hanako", "taro", "jiro")]
    another = await house.report("saburo", blob=decided.blob)  # one mail brought two
    await house.reports.withdraw(withdrawn.id, "jiro", "default", house.now)
    house.now += DAY
    await house.database.write(lambda t: house.reports.close(t, [_closed(decided, house.now)]))
    blobs = open_.blob, decided.blob, withdrawn.blob
    assert await house.later(28) == 0
    assert await house.later(1.1) == 1
    assert await house.is_readable(*blobs) == [True, True, False]
    assert await house.later(30) == 0, "one of its reports is still open"
    await house.database.write(lambda t: house.reports.close(t, [_closed(another, house.now)]))
    assert await house.later(29.9) == 0
    assert await house.later(0.2) == 1
    assert await house.is_readable(*blobs) == [True, False, False]
    assert await house.kinds() == ["report", "report"]


def _closed(report: Report, now: float) -> Report:
    return Report(
        report.tenant, report.reporter, report.at, report.source, mail_id=report.mail_id, blob=report.blob,
        id=report.id, topic=report.topic, state="closed", verdict="spam", decided_by="admin", decided_at=now,
    )  # fmt: skip


async def test_a_legal_hold_keeps_what_a_person_reported(house: Whole) -> None:
    held, free = await house.report("hanako"), await house.report("taro")
    hold = await legal_holds.add(house.store, "default", ["Hanako"], reason="case 1", by="a", now=house.now)
    for each in (held, free):
        await house.reports.withdraw(each.id, each.reporter, "default", house.now)
    assert await house.later(31) == 1
    assert await house.is_readable(held.blob, free.blob) == [True, False]
    await legal_holds.end(house.store, "default", hold.id, by="a", now=house.now)
    assert await house.erase() == 1
    with pytest.raises(StoreError):
        await house.blobs.get(held.blob)


async def test_a_legal_hold_of_an_author_or_of_a_second_mail_keeps_what_was_reported(house: Whole) -> None:
    """One content can have brought several reports; and a hold by address is of whoever wrote, too."""
    first, other = await house.report("hanako"), await house.report("jiro")
    second = Report(
        "default", "taro", house.now, MAIL, Summary(author="Sato+x@p.example"), "m-2", blob=first.blob
    )
    second, _ = await house.reports.add(second)
    for name in ("m-2", "sato@p.example", "m-hanako"):
        hold = await legal_holds.add(house.store, "default", [name], reason="case", by="a", now=house.now)
        for each in (first, second, other):
            await house.reports.withdraw(each.id, each.reporter, "default", house.now)
        await house.later(31)
        assert await house.is_readable(first.blob, other.blob) == [True, False], name
        await legal_holds.end(house.store, "default", hold.id, by="a", now=house.now)
    assert await house.erase() == 1


async def test_a_content_of_nothing_is_reported_first_and_goes_later(house: Whole) -> None:
    stray, adopted = [(await house.blobs.put([b"x" * size], "default")).key for size in (100, SMALL + 1)]
    kept = await house.take(delay=99 * 86_400)
    copies = {p: p.read_bytes() for p in (house.folder / "spool" / "blobs").rglob("*") if p.is_file()}
    assert set((await reconcile(house.store, house.now)).orphans) == {stray, adopted}
    house.now += 29 * DAY
    assert set((await reconcile(house.store, house.now)).orphans) == {stray, adopted}, (
        "and it counts from the first time"
    )
    await house.store.put(
        [item(blob=adopted, accepted_at=house.now, delay=99 * 86_400)], house.now, "by hand"
    )
    assert await house.later(0.9) == 0
    assert await house.later(0.2) == 1
    assert await house.is_readable(stray, adopted, kept.blob) == [False, True, True]
    for path, octets in copies.items():
        path.write_bytes(octets)
    with pytest.raises(Erased):
        house.day_keys.of(stray)
    assert await house.kinds() == ["orphan"]


async def test_the_first_key_of_a_day_that_goes_takes_no_other_with_it(house: Whole) -> None:
    """A content of a mail, an agreement, an open report, one that is decided and one that belongs to nothing, of one day."""
    gone = await house.take()
    stays = await house.take(delay=99 * 86_400)
    await house.vault.add("default", "a.example", GOOD, note="by telephone", by="admin")
    reported = [await house.report(name) for name in ("hanako", "taro")]
    await house.reports.withdraw(reported[0].id, "hanako", "default", house.now)
    stray = (await house.blobs.put([b"x"], "default")).key
    await reconcile(house.store, house.now)
    await house.deliver(gone)

    async def nothing() -> AsyncIterator[list[str]]:
        for page in ():
            yield page

    house.blobs.keys = nothing  # type: ignore[method-assign]
    assert await house.later(8) == 1
    assert await house.is_readable(gone.blob, stays.blob, *(r.blob for r in reported), stray) == [
        False, True, True, True, True,
    ]  # fmt: skip
    assert await house.vault.find("default", ["x@a.example"]) == {"x@a.example": (GOOD, "domain")}
