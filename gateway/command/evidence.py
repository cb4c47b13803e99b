"""`sekisho evidence`: put what is kept about a mail into one signed file, verify such a file, show the keys (OPS-EVIDENCE).

`verify` needs neither the node nor its settings.
"""

import argparse
import asyncio
import contextlib
import os
import time
from datetime import UTC, datetime
from pathlib import Path

from config.policy import ConfigError
from config.settings import Settings
from config.tenant import DEFAULT
from gateway.command import trouble
from gateway.command.operator import hand, opened
from gateway.service.local_socket import name_of
from gateway.start.policies_in_force import keeper
from quarantine.evidence import bundle
from quarantine.evidence.gathering import TooMuch, gather
from quarantine.store import Missing, Query
from storage import heads
from storage.seal import open_seal

_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC


async def export(settings: Settings, tenant: str, id: str, to: Path, reason: str, *, contents: bool) -> int:
    """Write the evidence of a mail; who does it, and why, is on record before. Raises ConfigError, OSError, StoreError."""
    async with opened(settings) as store:
        named = await store.find(Query(tenant, ids=(id,), limit=1))
        mail_id = named[0].mail_id if named else id
        try:
            async with hand(settings) as work:
                await work.evidence(tenant, mail_id, reason, contents=contents)
        except Missing:
            print(f"nothing is known of a mail {id} in the tenant {tenant}")
            return 1
        now = time.time()
        try:
            found = await gather(
                store, tenant, mail_id, keeper=keeper(settings, tenant), contents=contents, now=now
            )
        except TooMuch as error:
            raise ConfigError([f"evidence export: {error}"]) from None
        key = (await open_seal(settings.seal_key, store.database)).signing_keys()[0]
        user = f"operator:{name_of(os.getuid())}"
        try:
            with os.fdopen(os.open(to, _NEW, 0o600), "wb") as file:
                bundle.write(
                    file, found, key, program=trouble.version(), made_by=user, made_at=now, reason=reason
                )
                file.flush()
                os.fsync(file.fileno())
        except FileExistsError:
            raise
        except OSError:
            with contextlib.suppress(FileNotFoundError):
                os.unlink(to)  # half a file is no evidence, and would be in the way of the next try
            raise
    print(f"{to}: {len(found.entries)} entries, {len(found.items)} items, {len(found.contents)} contents")
    for name in found.gone:
        print(f"{name} is no longer kept")
    young = sum(proof is not None and not proof.noted for proof in found.proofs)
    if young:
        print(f"{young} entries are younger than the last head of the journal: export again in a minute")
    print(f"signed with the key {bundle.fingerprint(key.public_key())}")
    return 0


async def key(settings: Settings) -> int:
    """Print the fingerprints of all keys, the current one first."""
    async with opened(settings) as store:
        keys = (await open_seal(settings.seal_key, store.database)).signing_keys()
    for place, each in enumerate(keys):
        print(f"{bundle.fingerprint(each.public_key())}{'' if place else '  (signs now)'}")
    return 0


def verify(file: Path, key: str, kept: list[Path]) -> int:
    """Say what a bundle proves; 1 where it is not to be trusted, 2 where not every entry leads to a head that was carried."""
    known = [head for each in kept for head in heads.read(each.read_text("utf-8", "replace").splitlines())]
    try:
        with file.open("rb") as octets:
            found = bundle.verify(octets, key, known if kept else None)
        told = found.manifest
        day = datetime.fromtimestamp(told.made_at, UTC)
    except (bundle.NoEvidence, ValueError, OverflowError) as error:
        print(_shown(f"{file.name}: {error}"))
        return 1
    made = f"made by {told.made_by} on {day:%Y-%m-%d %H:%M} UTC"
    print(_shown(f"mail {told.mail_id} of {told.tenant}, {made}: {told.reason}"))
    asked = "compare it with the one that you were told"
    if key:
        asked = f"{'' if bundle.is_named(key, found.fingerprint) else 'not '}the one that you named"
    print(f"signed with the key {found.fingerprint}: {asked}")
    print(f"{len(told.files)} files, {found.entries} entries of the journal")
    if kept:
        print(f"{found.proved} entries lead to a head that was carried elsewhere")
    if found.inside:
        print(f"{found.inside} entries lead to a head that stands in this file alone (--heads names others)")
    if found.unproved:
        print(
            f"{found.unproved} entries have no proof: only `sekisho journal verify` on the node can say more"
        )
    for name in told.gone:
        print(_shown(f"{name} was no longer kept"))
    for name in found.unnoted:
        print(_shown(f"{name}: the journal has no digest of it, the signature alone speaks for it"))
    print("whether entries were left out, nobody can tell from this file")
    for problem in found.problems:
        print(_shown(f"WRONG: {problem}"))
    if found.problems or (kept and not found.proved):
        return 1
    return 2 if kept and not found.whole else 0


def _shown(text: str) -> str:
    """Text out of a file that may come from anybody, without what a terminal obeys or does not show."""
    return "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in text)


def arguments(command: argparse.ArgumentParser) -> None:
    """What may stand behind `sekisho evidence`."""
    what = command.add_subparsers(dest="action", required=True, metavar="ACTION")
    made = what.add_parser("export", help="put what is kept about a mail into one signed file")
    made.add_argument("id", help="of the mail, or of one of its items")
    made.add_argument("--to", type=Path, required=True, metavar="FILE", help="must not exist")
    made.add_argument("--reason", required=True, help="kept in the journal")
    made.add_argument("--contents", action="store_true", help="with the mail itself; that is on record too")
    made.add_argument("--tenant", default=DEFAULT, help=f"whose ({DEFAULT})")
    tried = what.add_parser("verify", help="verify such a file; needs neither node nor settings")
    tried.add_argument("file", type=Path)
    tried.add_argument("--key", default="", metavar="FINGERPRINT", help="with which it must be signed")
    tried.add_argument(
        "--heads",
        type=Path,
        action="append",
        default=[],
        metavar="FILE",
        help="a file or log of carried heads",
    )
    what.add_parser("key", help="print the fingerprints of the keys that sign")


def run(settings: Settings, options: argparse.Namespace) -> int:
    """`export` or `key`."""
    if options.action == "key":
        return asyncio.run(key(settings))
    reason = options.reason.strip()
    if not reason:
        raise ConfigError(["evidence export: --reason is needed; it is kept in the journal"])
    if options.to.exists():
        raise ConfigError([f"evidence export: {options.to} exists already; nothing is overwritten"])
    return asyncio.run(
        export(settings, options.tenant, options.id, options.to, reason, contents=options.contents)
    )
