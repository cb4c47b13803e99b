"""What becomes of each mail of an older database, by what is told of it since."""

from collections.abc import Callable
from pathlib import Path

import pytest

from filters.examined import Summary
from mail.envelope import ForwardPath
from quarantine.item import Event, Item, Outcome, Recipient, State, Status, new_id
from quarantine.queue import restoring
from quarantine.queue.restoring import GOES_ON, HELD, KNOWN, Plan
from quarantine.rights import Actor, SystemPart
from quarantine.store import Store
from storage import journal
from storage.contents import Contents
from storage.database import dialect, open_database
from storage.departures import Departures
from storage.spool import Spool

NOW = 1_800_000_000.0
OPERATOR = Actor("operator", SystemPart.COMMAND_LINE)
HOUSE = Actor("house", SystemPart.HOUSEKEEPING)


class Here:
    """A database that is copied, and lives on."""

    def __init__(self, folder: Path, told: bool = True) -> None:
        self.folder = folder
        self.place = Departures(folder / "left", "n1") if told else None
        self.open()

    def open(self) -> None:
        database = open_database(f"sqlite:///{self.folder / 'db'}", departures=self.place)
        self.store = Store(database, Contents(database, Spool(self.folder / "spool")), "n1")

    async def close(self) -> None:
        await self.store.blobs.close()
        await self.store.database.close()

    async def mail(
        self, delay: int = 0, holds: tuple[str, ...] = (), to: int = 1, direction: str = "outbound"
    ) -> Item:
        blob = await self.store.blobs.put([b"mail"], "default")
        recipients = tuple(Recipient(ForwardPath(f"r{n}@client.example")) for n in range(to))
        item = Item(
            new_id(NOW), new_id(NOW), "default", direction, State.HELD, "taro@hinode.example", recipients, blob.key,
            blob.size, blob.sha256, NOW, owner="taro", delay=delay, holds=holds, summary=Summary(),
        )  # fmt: skip
        (stored,) = await self.store.put([item], NOW, "taro")
        return stored

    async def copied(self) -> None:
        """From here on, the database is another one than the copy."""
        await self.close()
        (self.folder / "copy").write_bytes((self.folder / "db").read_bytes())
        self.open()

    async def back(self) -> Plan:
        """The copy takes its place; what would become of its mails."""
        await self.close()
        for left in self.folder.glob("db*"):
            left.unlink()
        (self.folder / "copy").rename(self.folder / "db")
        self.place = None
        return self.plan()

    def plan(self) -> Plan:
        connection = dialect(f"sqlite:///{self.folder / 'db'}").connect(readonly=True)
        try:
            transaction = connection.begin()
            return restoring.plan(transaction, restoring.known(transaction, [self.folder / "left"]))
        finally:
            connection.close()

    def do(self, plan: Plan) -> None:
        connection = dialect(f"sqlite:///{self.folder / 'db'}").connect(readonly=False)
        try:
            restoring.done(
                connection.begin(), "n1/cli", plan, "b1", NOW + 99, "operator", lambda data: "mark"
            )
            connection.commit()
        finally:
            connection.close()


@pytest.fixture
def here(tmp_path: Path) -> Here:
    return Here(tmp_path)


def said(plan: Plan) -> dict[str, str]:
    return {each.item.id: each.what for each in plan.found}


async def leased(here: Here, now: float = NOW + 10) -> list[Item]:
    return await here.store.lease(now, 100, 60)


async def test_each_mail_by_what_happened_to_it_since(here: Here) -> None:
    waits = await here.mail(delay=3600)
    left = await here.mail(delay=5)
    half = await here.mail(delay=5, to=2)
    flying = await here.mail(delay=5)
    await here.copied()
    for item in await leased(here):
        status = Status.DELIVERED
        if item.id == left.id:
            await here.store.finish(item, [Outcome(0, status, "250")], NOW + 11, None)
        elif item.id == half.id:
            later = [Outcome(0, status, "250"), Outcome(1, Status.DEFERRED, "451")]
            await here.store.finish(item, later, NOW + 11, NOW + 400)
    came = await here.mail(delay=3600)
    plan = await here.back()
    assert plan.gaps == ()
    assert said(plan) == {waits.id: GOES_ON, left.id: KNOWN, half.id: KNOWN, flying.id: HELD}
    assert [lost.item for lost in plan.lost] == [came.id]
    here.do(plan)
    here.open()
    after = {item.id: await here.store.get(item.id, "default") for item in (waits, left, half, flying)}
    assert after[waits.id] == waits
    assert after[left.id].state is State.DONE
    assert [r.status for r in after[half.id].recipients] == [Status.DELIVERED, Status.DEFERRED]
    assert (after[flying.id].state, after[flying.id].holds) == (State.HELD, ("restored",))
    assert {item.id for item in await leased(here, NOW + 50)} == {half.id}, (
        "it goes on for whom it had not reached"
    )
    events = [entry.event for entry in await here.store.entries("default", since=NOW + 99)]
    assert sorted(events) == ["lost", "restore", "restore", "restore", "restored"]
    for chain in await journal.chains(here.store.database):
        assert await journal.verify(here.store.database, chain) is None
    # A person says that it had not left.
    released = await here.store.change(flying.id, Event.RELEASE, OPERATOR, NOW + 200)
    assert released.state is State.QUEUED
    await here.close()


@pytest.mark.parametrize(
    ("event", "what"),
    [(Event.DISCARD, KNOWN), (Event.STOP, HELD), (Event.SEND_NOW, GOES_ON)],
)
async def test_what_was_said_about_it_since(here: Here, event: Event, what: str) -> None:
    item = await here.mail(delay=3600)
    await here.copied()
    await here.store.change(item.id, event, OPERATOR, NOW + 1)
    plan = await here.back()
    assert said(plan) == {item.id: what}
    here.do(plan)
    here.open()
    after = await here.store.get(item.id, "default")
    wanted = {Event.DISCARD: State.WITHDRAWN, Event.STOP: State.HELD, Event.SEND_NOW: State.HELD}
    assert after.state is wanted[event]
    assert await leased(here) == []
    await here.close()


async def test_what_somebody_let_go_since_and_did_not_leave_waits_for_them_again(here: Here) -> None:
    item = await here.mail(holds=("executable",), direction="inbound")
    await here.copied()
    await here.store.change(item.id, Event.RELEASE, OPERATOR, NOW + 1)
    plan = await here.back()
    assert said(plan) == {item.id: GOES_ON}
    here.open()
    assert (await here.store.get(item.id, "default")).holds == ("executable",)
    await here.close()


async def test_a_delivery_that_had_begun_before_the_copy_and_has_no_end_is_held(here: Here) -> None:
    item = await here.mail()
    await leased(here)
    await here.copied()
    plan = await here.back()
    assert said(plan) == {item.id: HELD}
    here.do(plan)
    here.open()
    assert (await here.store.get(item.id, "default")).state is State.HELD
    await here.close()


async def test_a_failure_is_final_only_with_its_report(here: Here) -> None:
    """A sender whose report was lost with the database must hear of it after all."""
    told, untold = await here.mail(delay=5), await here.mail(delay=5)
    await here.copied()
    for item in await leased(here):
        blob = await here.store.blobs.put([b"report"], "default")
        report = Item(
            new_id(NOW), item.mail_id, "default", "dsn", State.HELD, "", (Recipient(ForwardPath("taro@hinode.example")),),
            blob.key, blob.size, blob.sha256, NOW,
        )  # fmt: skip
        await here.store.finish(item, [Outcome(0, Status.FAILED, "550")], NOW + 11, None, [report])
    for report in await leased(here, NOW + 20):
        if report.mail_id == told.mail_id:
            await here.store.finish(report, [Outcome(0, Status.DELIVERED, "250")], NOW + 21, None)
    plan = await here.back()
    outcomes = {each.item.id: [o.status for o in each.outcomes] for each in plan.found}
    assert outcomes == {told.id: [Status.FAILED], untold.id: []}
    assert said(plan)[untold.id] == GOES_ON
    await here.close()


async def test_where_nothing_is_told_or_some_of_it_is_missing_all_is_held(tmp_path: Path) -> None:
    def gone(folder: Path) -> None:
        for file in folder.rglob("*.jsonl"):
            file.unlink()

    def cut(folder: Path) -> None:
        (file,) = folder.rglob("*.jsonl")
        lines = file.read_bytes().splitlines(keepends=True)
        file.write_bytes(b"".join(lines[:-3] + lines[-2:]))

    def later(folder: Path) -> None:
        (file,) = folder.rglob("*.jsonl")
        file.write_bytes(b"".join(file.read_bytes().splitlines(keepends=True)[-2:]))

    damages: list[Callable[[Path], None]] = [gone, cut, later]
    for damage in damages:
        folder = tmp_path / damage.__name__
        folder.mkdir()
        here = Here(folder)
        item = await here.mail(delay=3600)
        await here.copied()
        for number in range(4):
            await here.mail(delay=3600 + number)
        damage(folder / "left")
        plan = await here.back()
        assert plan.gaps, damage.__name__
        assert said(plan) == {item.id: HELD}, damage.__name__
        await here.close()


async def test_a_second_restore_of_the_same_copy_knows_both_lives(here: Here) -> None:
    first, second = await here.mail(delay=5), await here.mail(delay=3600)
    await here.copied()
    copy = (here.folder / "copy").read_bytes()
    for item in await leased(here):
        await here.store.finish(item, [Outcome(0, Status.DELIVERED, "250")], NOW + 11, None)
    place = here.place
    assert place is not None
    here.do(await here.back())
    connection = dialect(f"sqlite:///{here.folder / 'db'}").connect(readonly=True)
    place.restored("b1", journal.heads(connection.begin()), NOW + 99)
    connection.close()
    here.place = Departures(place.folder.parent, "n1")
    here.open()
    await here.store.change(second.id, Event.SEND_NOW, OPERATOR, NOW + 100)
    for item in await leased(here, NOW + 101):
        await here.store.finish(item, [Outcome(0, Status.DELIVERED, "250")], NOW + 102, None)
    (here.folder / "copy").write_bytes(copy)
    plan = await here.back()
    assert said(plan) == {first.id: KNOWN, second.id: KNOWN}
    assert not plan.gaps
