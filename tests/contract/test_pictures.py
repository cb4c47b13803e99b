"""Mails whose pictures are read while they are held, as both databases keep them."""

from pathlib import Path

import pytest

from quarantine.item import State
from quarantine.store import Store
from quarantine.waits import pictures
from quarantine.waits.pictures import Pictures
from storage.interfaces import Already, Database
from storage.spool import Spool
from tests.quarantine.items import item, settle_in

NOW = 1_800_000_000.0


@pytest.fixture
async def store(database: Database, tmp_path: Path) -> Store:
    await settle_in(database)
    return Store(database, Spool(tmp_path / "spool"), "node1")


async def test_a_mail_is_read_once_however_many_copies_and_nodes_there_are(store: Store) -> None:
    copies = [item(mail_id="m", state=State.HELD), item(mail_id="m", state=State.HELD)]
    gone = item(mail_id="n", state=State.QUEUED)
    await store.database.write(lambda t: pictures.note(t, copies))
    await store.database.write(lambda t: pictures.note(t, [gone]))
    (mail,) = await pictures.unread(store.database, NOW, 10)
    assert mail == Pictures("default", "m", 0.0)
    assert await pictures.take(store.database, mail, NOW + 60)
    assert not await pictures.take(store.database, mail, NOW + 60)
    assert await pictures.unread(store.database, NOW, 10) == []
    (late,) = await pictures.unread(store.database, NOW + 61, 10)
    assert late.until == NOW + 60
    await store.database.write(lambda t: pictures.forget(t, late))
    with pytest.raises(Already):
        await store.database.write(lambda t: pictures.forget(t, late))
