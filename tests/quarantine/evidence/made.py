"""A mail of which there is evidence, handled between others."""

import hashlib
from pathlib import Path

from gateway.command import evidence
from gateway.command.operator import opened
from quarantine.evidence.bundle import fingerprint
from quarantine.item import Outcome, Status
from storage import journal
from storage.journal_links import MarkedHead
from storage.seal import open_seal
from tests.quarantine.items import item
from tests.services.node import settings_of

MAIL = b"From: sender@example.jp\r\nSubject: kuroshio\r\n\r\nyamabiko\r\n"
OTHERS = "tsukimi"
"""In mails that are handled meanwhile, and are nobody's business."""


async def handled(tmp_path: Path) -> tuple[str, str, list[MarkedHead], str]:
    """A mail that was delivered between others: its item, its id, the heads that were carried away, the key's fingerprint."""
    (tmp_path / "state").mkdir(exist_ok=True)
    settings = settings_of(tmp_path, 9)
    async with opened(settings) as store:
        seal = await open_seal(settings.seal_key, store.database)
        kept = await store.blobs.put([MAIL], "default")
        digest = hashlib.sha256(MAIL).hexdigest()
        one = item("b@example.com", blob=kept.key, size=len(MAIL), sha256=digest)
        other = [item(f"{OTHERS}{n}@example.com") for n in range(3)]
        await store.put([other[0]], 1000.0, "test")
        await store.put([one], 1000.0, "test")
        await store.put([other[1]], 1001.0, "test")
        carried = await journal.checkpoint(store.database, store.node, 1002.0, seal.mark)
        await store.put([other[2]], 1003.0, "test")
        for leased in await store.lease(1004.0, 10, 60):
            await store.finish(leased, [Outcome(0, Status.DELIVERED, "250 ok")], 1005.0, 1005.0)
        carried += await journal.checkpoint(store.database, store.node, 1006.0, seal.mark)
        return one.id, one.mail_id, carried, fingerprint(seal.signing_keys()[0].public_key())


async def exported(tmp_path: Path, id: str, name: str = "proof.zip", *, contents: bool = True) -> Path:
    to = tmp_path / name
    assert (
        await evidence.export(settings_of(tmp_path, 9), "default", id, to, "case 7", contents=contents) == 0
    )
    return to
