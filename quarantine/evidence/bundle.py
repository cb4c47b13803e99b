"""The file that a mail's evidence is: a ZIP whose manifest names every other file by its SHA-256 and is signed (Ed25519).

Nobody needs the node, its database or a secret of it to verify one: the public key is inside, and its fingerprint is what
whoever verifies compares with the one that the house told them. What the entries of the journal prove hangs on heads that
were carried elsewhere, while the mail was handled (storage/heads.py).

Diagnostics: NoEvidence for a file that is none, or is damaged so far that nothing can be said of it.
"""

import hashlib
import lzma
import zipfile
import zlib
from collections.abc import Collection, Iterable, Sequence
from enum import Enum
from typing import IO, Any

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from config.words import LANGUAGES, say
from quarantine.evidence.gathering import Gathered
from quarantine.item import Item
from storage.journal_links import COLUMNS, ChainProof, MarkedHead, holds

FORMAT = 1
MANIFEST, SIGNATURE, JOURNAL = "manifest.json", "manifest.sig", "journal.jsonl"
_FILES = 10_000
_SMALL = 64 << 20
"""Octets of a manifest or a journal at most."""
_LARGE = 16 << 30
"""Octets of all files at most; what is longer than its head says is not read on."""
_CHUNK = 1 << 20

_json = msgspec.json.Encoder(order="sorted").encode


class NoEvidence(Exception):
    """The file is no bundle of evidence."""


class BundleManifest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is signed: of which mail it is, who made it and when (UTC seconds), and the SHA-256 of every other file."""

    format: int
    program: str
    tenant: str
    mail_id: str
    made_by: str
    made_at: float
    reason: str
    key: str
    files: dict[str, str]
    gone: tuple[str, ...] = ()


class ProvedEntry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An entry of the journal as it is hashed, and its proof."""

    entry: dict[str, str | int | float]
    hash: str
    proof: ChainProof | None


class Verified(msgspec.Struct, frozen=True):
    """What can be said of a bundle.

    problems      sentences, each of which means: do not trust it
    fingerprint   of the key that signed it
    entries       of the journal: `proved` of them lead to a head that was carried elsewhere, `inside` to one that stands in
                  the bundle alone, `unproved` to none
    """

    manifest: BundleManifest
    problems: tuple[str, ...]
    fingerprint: str
    entries: int
    proved: int
    inside: int
    unproved: int


def fingerprint(key: Ed25519PublicKey) -> str:
    """Of a public key, as people compare it: SHA-256, eight groups of four hex digits."""
    digits = hashlib.sha256(key.public_bytes_raw()).hexdigest()[:32]
    return " ".join(digits[at : at + 4] for at in range(0, 32, 4))


def write(
    to: IO[bytes],
    found: Gathered,
    key: Ed25519PrivateKey,
    *,
    program: str,
    made_by: str,
    made_at: float,
    reason: str,
) -> None:
    """Write a mail's evidence."""
    files: dict[str, bytes] = {
        JOURNAL: b"".join(
            _json(ProvedEntry({name: row[name] for name in COLUMNS}, row["hash"], proof)) + b"\n"
            for row, proof in zip(found.entries, found.proofs, strict=True)
        ),
        "items.json": msgspec.json.format(_json([_told(item) for item in found.items]), indent=1),
        "README.txt": "\n\n".join(say(each, "evidence.readme") for each in sorted(LANGUAGES)).encode(),
        **{f"mail/{name}": octets for name, octets in found.contents.items()},
        **{f"policy/{each.number}.toml": each.text.encode() for each in found.policies.values()},
    }
    manifest = BundleManifest(
        FORMAT, program, found.tenant, found.mail_id, made_by, made_at, reason,
        key.public_key().public_bytes_raw().hex(),
        {name: _digest(octets) for name, octets in sorted(files.items())},
        tuple(f"mail/{name}" for name in found.gone),
    )  # fmt: skip
    text = msgspec.json.format(_json(manifest), indent=1)
    with zipfile.ZipFile(to, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, octets in {MANIFEST: text, SIGNATURE: key.sign(text).hex().encode(), **files}.items():
            archive.writestr(name, octets)


def _told(item: Item) -> dict[str, Any]:
    """An item without what only the node's own keys open."""
    told: dict[str, Any] = msgspec.to_builtins(item, builtin_types=(bytes,))
    return {
        name: value for name, value in told.items() if name not in ("secret", "blob", "original", "token")
    }


def verify(file: IO[bytes], key: str = "", heads: Iterable[MarkedHead] | None = None) -> Verified:
    """Read a bundle, which may come from anybody. `key`: the fingerprint that it must have, "" for any; `heads`: what was
    carried elsewhere, None where nobody has it at hand. Raises NoEvidence."""
    try:
        with zipfile.ZipFile(file) as archive:
            return _verified(archive, key, heads)
    except (
        zipfile.BadZipFile, lzma.LZMAError, zlib.error, msgspec.MsgspecError, NotImplementedError, RuntimeError, EOFError,
        LookupError, ValueError, TypeError, OverflowError, OSError,
    ) as error:  # fmt: skip
        raise NoEvidence(f"no bundle of evidence, or a damaged one: {error}") from None


def _verified(archive: zipfile.ZipFile, key: str, heads: Iterable[MarkedHead] | None) -> Verified:
    names = archive.namelist()
    if len(names) > _FILES or len(set(names)) < len(names):
        raise ValueError("too many files in it, or two of one name")
    if sum(each.file_size for each in archive.infolist()) > _LARGE:
        raise ValueError("it is too large")
    text = _small(archive, MANIFEST)
    manifest = msgspec.json.decode(text, type=BundleManifest)
    public = Ed25519PublicKey.from_public_bytes(bytes.fromhex(manifest.key))
    problems = []
    if manifest.format != FORMAT:
        problems.append(f"format {manifest.format} is not known to this program")
    try:
        public.verify(bytes.fromhex(_small(archive, SIGNATURE).decode("ascii")), text)
    except InvalidSignature:
        problems.append("the signature is wrong: the manifest was changed")
    if key and _plain(key) != _plain(fingerprint(public)):
        problems.append(f"it was signed with another key: {fingerprint(public)}")
    for name in sorted({*manifest.files, *names} - {MANIFEST, SIGNATURE}):
        if name not in manifest.files:
            problems.append(f"{name} is not in the manifest")
        elif name not in names:
            problems.append(f"{name} is missing")
        elif _digest_of(archive, name) != manifest.files[name]:
            problems.append(f"{name} was changed")
    lines = [msgspec.json.decode(line, type=ProvedEntry) for line in _small(archive, JOURNAL).splitlines()]
    known = None if heads is None else {(each.chain, each.seq, each.hash) for each in heads}
    ways = [_way(line, known) for line in lines]
    problems += [
        f"entry {line.entry.get('seq')} of {line.entry.get('node')} is not what its proof is about"
        for line, way in zip(lines, ways, strict=True)
        if way is _Way.WRONG
    ]
    problems += _other_mails(manifest, lines)
    problems += _other_contents(manifest, lines)
    return Verified(
        manifest, tuple(problems), fingerprint(public), len(lines),
        ways.count(_Way.PROVED), ways.count(_Way.INSIDE), ways.count(_Way.NONE),
    )  # fmt: skip


class _Way(Enum):
    PROVED, INSIDE, NONE, WRONG = range(4)


def _way(line: ProvedEntry, known: Collection[tuple[str, int, str]] | None) -> _Way:
    proof = line.proof
    if proof is None:
        return _Way.NONE
    if not holds(proof, {**line.entry, "hash": line.hash}):
        return _Way.WRONG
    head = proof.head
    return _Way.PROVED if known and (head.chain, head.seq, head.hash) in known else _Way.INSIDE


def _other_mails(manifest: BundleManifest, lines: Sequence[ProvedEntry]) -> list[str]:
    whose = {(line.entry["tenant"], line.entry["mail_id"]) for line in lines}
    return [] if whose <= {(manifest.tenant, manifest.mail_id)} else ["entries of another mail are in it"]


def _other_contents(manifest: BundleManifest, lines: Sequence[ProvedEntry]) -> list[str]:
    """Contents of which no entry says that they came into custody, were examined anew or agreed to."""
    noted = {
        detail["sha256"]
        for line in lines
        if isinstance(detail := msgspec.json.decode(str(line.entry["detail"])), dict) and "sha256" in detail
    }
    return [
        f"{name} is not what the journal says came into custody"
        for name, digest in manifest.files.items()
        if name.startswith("mail/") and not name.endswith(".original.eml") and digest not in noted
    ]


def _small(archive: zipfile.ZipFile, name: str) -> bytes:
    """The octets of a file. Raises KeyError when it is missing, ValueError when it is too long, whatever its head says."""
    with archive.open(name) as file:
        octets = file.read(_SMALL + 1)
    if len(octets) > _SMALL:
        raise ValueError(f"{name} is too long")
    return octets


def _digest_of(archive: zipfile.ZipFile, name: str) -> str:
    digest = hashlib.sha256()
    with archive.open(name) as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def _digest(octets: bytes) -> str:
    return hashlib.sha256(octets).hexdigest()


def _plain(fingerprint: str) -> str:
    return "".join(fingerprint.split()).lower()
