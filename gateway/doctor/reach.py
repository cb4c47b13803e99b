"""What answers: the node's own ports, next hops, database, bucket, virus scanner. Nothing is changed, no mail is sent."""

import asyncio
import io
import zipfile
from collections.abc import AsyncIterator, Iterator

from config.policy import ConfigError
from config.settings import Settings
from config.words import known
from gateway.command import check_hops, health
from gateway.command.operator import opened, ran
from gateway.deliver.courier import Offered
from gateway.doctor.ailment import Ailment, fails, note
from gateway.from_settings import database_password
from gateway.scan.clamd import Heard, ScanLack
from gateway.scan.scanner import Scanner, engine
from gateway.start.claims import LOCK
from mail.cause import Cause
from storage.claim import held
from storage.database import apart
from storage.interfaces import StoreError

EICAR = "X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + "EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
"""The harmless text that every scanner reports (eicar.org); in two pieces, so that none reports this file."""
DEEP = 40
"""Archives inside archives that no scanner opens to the last."""


def of_ports(settings: Settings) -> Iterator[Ailment]:
    """Whether the node that runs here answers where it should; blocks."""
    if not held(settings.state_dir / LOCK):
        yield fails("ports", "node_stopped", path=str(settings.state_dir))
        return
    for trouble in health.ailments(settings):
        yield fails("ports", "port_silent", what=trouble)


async def of_hops(settings: Settings) -> list[Ailment]:
    found = []
    answers = await check_hops.asked(settings)
    for hop, names, answer in answers:
        if not isinstance(answer, Offered):
            cause = answer.cause or Cause.SESSION_REFUSED
            said = {"hop": hop.name, "names": ", ".join(names), "cause": cause.value, "reason": answer.reason}
            found.append(fails("hops", "hop_refuses", **said))
    if not answers:
        found.append(fails("hops", "hops_missing"))
    return found


async def of_store(settings: Settings) -> AsyncIterator[Ailment]:
    """The database, its keys, and where contents lie."""
    if not await asyncio.to_thread(ran, settings):
        yield note("store", "store_new")
        return
    try:
        async with opened(settings) as store:
            if not await asyncio.to_thread(store.blobs.room):
                yield fails("disk", "store_full")
            async for _ in store.blobs.keys():
                break
        state = await asyncio.to_thread(apart, settings.database_url, database_password(settings))
        if state is not None and not state.whole:
            first = "; ".join(state.first) or "-"
            yield note("store", "store_open", login=state.login, first=first)
    except (StoreError, ConfigError, OSError) as error:
        yield fails("store", "store_broken", why=str(error)[:300])


async def of_scanner(settings: Settings) -> list[Ailment]:
    """Whether viruses are looked for, with signatures that find the test file, and whether the scanner says so when it did
    not look to the end."""
    section = settings.scanner
    if not section.asked:
        return [note("scanner", "scanner_unset")]
    clamd = engine(section)
    known_file = await clamd.scan([EICAR.encode()], before=b"")
    if known_file.lack:
        return [fails("scanner", "scanner_lost", why=_lack(known_file), detail=known_file.detail)]
    found = [] if known_file.names else [note("scanner", "scanner_blind")]
    age = await Scanner(section, logs=False).age()
    if age.lack:
        found.append(fails("scanner", "scanner_stale", detail=age.detail, days=str(section.database_days)))
    deep = await clamd.scan([_deep()], before=b"")
    if deep.lack != ScanLack.LIMIT:
        found.append(fails("scanner", "scanner_lenient"))
    return found


def _lack(answer: Heard) -> str:
    return known("en", f"values.unscanned.{answer.lack}") or answer.lack


def _deep() -> bytes:
    data = bytes(1_000)
    for _ in range(DEEP):
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("a.zip", data)
        data = packed.getvalue()
    return data
