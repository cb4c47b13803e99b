"""Words in pictures in a whole node: what leaves is read while it is held, what arrives before it is delivered."""

import asyncio
from pathlib import Path

import pytest

from gateway.locked import sandbox
from gateway.rounds import picture_rounds
from quarantine.item import Item, State
from quarantine.store import Query
from tests.filters.extract.pages import needs_ocr, picture, scan
from tests.filters.mails import attached
from tests.gateway.test_app import SATO, TARO
from tests.services.node import Site, site

pytestmark = [
    needs_ocr,
    pytest.mark.skipif("seccomp" not in sandbox.walls(), reason="no system call filters in this kernel"),
]


def leaving(*files: tuple[str, bytes]) -> bytes:
    return attached(*files, to=SATO).replace(b"sato@us.example", TARO.encode())


async def held(here: Site) -> Item:
    (item,) = await here.node.store.find(Query("default", state=(State.HELD,), direction="outbound"))
    return item


async def test_a_mark_on_a_scan_that_leaves(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(picture_rounds, "ROUND", 0.1)
    async with site(tmp_path) as here:
        assert here.node.workers.reads
        code, text = await here.send(
            TARO, [SATO], leaving(("a.pdf", scan(["マイナンバー", "1234 5678 9018"])))
        )
        assert code == 250, text
        before = await held(here)
        assert before.holds == before.approvals == ()
        for _ in range(600):
            after = await held(here)
            if after.holds or after.approvals:
                break
            await asyncio.sleep(0.1)
        assert after.holds or after.approvals
        assert any(e.part.endswith("OCR") for f in after.findings for e in f.evidence)
        assert after.blob == before.blob


async def test_where_nobody_wants_it_nothing_is_read(tmp_path: Path) -> None:
    async with site(tmp_path, workers={"ocr": "off"}) as here:
        assert not here.node.workers.reads
        code, _ = await here.send(TARO, [SATO], leaving(("a.png", picture("社外秘"))))
        assert code == 250
        rows = await here.node.store.database.read(lambda t: t.execute("SELECT * FROM picture", {}))
        assert rows == []


async def test_a_picture_that_arrives_is_on_record_as_read_or_not(tmp_path: Path) -> None:
    async with site(tmp_path) as here:
        raw = attached(("a.png", picture("振込先の口座が変わりました")), to=TARO)
        raw = raw.replace(b"sato@us.example", b"tanaka@partner.example")
        code, text = await here.send("tanaka@partner.example", [TARO], raw, name="inbound", login="")
        assert code == 250, text
        (caught,) = await here.caught(1)
        assert b"picture_of_text" in caught.content.partition(b"\r\n\r\n")[0]
