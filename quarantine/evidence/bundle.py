"""The file that a mail's evidence is: a ZIP whose manifest names every other file by its SHA-256 and is signed (Ed25519).

Nobody needs the node, its database or a secret of it to verify one: the public key is inside, and its fingerprint is what
whoever verifies compares with the one that the house told them. What the entries of the journal prove hangs on heads that
were carried elsewhere, while the mail was handled (storage/heads.py).

Diagnostics: NoEvidence for a file that is none, or is damaged so far that nothing can be said of it.
"""

import hashlib
import lzma
import struct
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
from storage.journal_links import COLUMNS, FORM, ChainProof, MarkedHead, holds, link

FORMAT = 1
MANIFEST, SIGNATURE, JOURNAL = "manifest.json", "manifest.sig", "journal.jsonl"
_FILES = 10_000
_SMALL = 64 << 20
"""Octets of a manifest or a journal at most."""
_LARGE = 16 << 30
"""Octets of all files at most; what is longer than its head says is not read on."""
_CHUNK = 1 << 20
_ORIGINAL = ".original.eml"
_PACKED = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_LOCAL = struct.Struct("<4s5H3I2H")
"""The head of a file in a ZIP (APPNOTE 4.3.7)."""
_END, _END_64 = 22, 76
"""Octets behind the list of files, and those more of a ZIP of over 4 GB (APPNOTE 4.3.14 to 4.3.16)."""

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


class HashedEntry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An entry of the journal, with all that its hash covers (COLUMNS)."""

    node: str
    seq: int
    at: float
    event: str
    actor: str
    item: str
    mail_id: str
    tenant: str
    detail: str


class ProvedEntry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An entry of the journal as it is hashed, and its proof."""

    entry: HashedEntry
    hash: str
    proof: ChainProof | None


class Verified(msgspec.Struct, frozen=True):
    """What can be said of a bundle.

    problems      sentences, each of which means: do not trust it
    fingerprint   of the key that signed it
    entries       of the journal: `proved` of them lead to a head that was carried elsewhere, `inside` to one that stands in
                  the bundle alone, `unproved` to none
    unnoted       contents of which the journal never had a digest: the signature alone speaks for them
    whole         every entry leads to a head that was carried elsewhere, but those that somebody gathers this
    """

    manifest: BundleManifest
    problems: tuple[str, ...]
    fingerprint: str
    entries: int
    proved: int
    inside: int
    unproved: int
    unnoted: tuple[str, ...] = ()
    whole: bool = True


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
            _json(ProvedEntry(HashedEntry(**{name: row[name] for name in COLUMNS}), row["hash"], proof))
            + b"\n"
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
            _plainly(archive, file)
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
    if key and not is_named(key, fingerprint(public)):
        problems.append(f"it was signed with another key: {fingerprint(public)}")
    for name in sorted({*manifest.files, *names} - {MANIFEST, SIGNATURE}):
        if name not in manifest.files:
            problems.append(f"{name} is not in the manifest")
        elif name not in names:
            problems.append(f"{name} is missing")
        elif _digest_of(archive, name) != manifest.files[name]:
            problems.append(f"{name} was changed")
    lines = [msgspec.json.decode(line, type=ProvedEntry) for line in _small(archive, JOURNAL).splitlines()]
    known, conflicts = _known(heads)
    problems += conflicts
    ways = [_way(line, known) for line in lines]
    problems += [
        f"entry {line.entry.seq} of {line.entry.node} is not proved, or not what its proof is about"
        for line, way in zip(lines, ways, strict=True)
        if way is _Way.WRONG
    ]
    if len({(line.entry.node, line.entry.seq) for line in lines}) < len(lines):
        problems.append("an entry stands in it twice")
    problems += _other_mails(manifest, lines)
    sure = _Way.INSIDE if known is None else _Way.PROVED
    trusted = [line for line, way in zip(lines, ways, strict=True) if way in (sure, _Way.PROVED)]
    problems += _other_contents(manifest, trusted)
    rest = {line.entry.event for line, way in zip(lines, ways, strict=True) if way is not _Way.PROVED}
    return Verified(
        manifest, tuple(problems), fingerprint(public), len(lines),
        ways.count(_Way.PROVED), ways.count(_Way.INSIDE), ways.count(_Way.NONE),
        tuple(name for name in manifest.files if name.endswith(_ORIGINAL)), rest <= {"evidence"},
    )  # fmt: skip


def _plainly(archive: zipfile.ZipFile, file: IO[bytes]) -> None:
    """Raises ValueError for a file in which other readers may see something else: what lies before, between or behind the
    members, a comment, other ways to pack, which are unpacked without a bound."""
    end, infos = archive.start_dir, sorted(archive.infolist(), key=lambda each: each.header_offset)
    at = 0
    for info in infos:
        file.seek(info.header_offset)
        head = file.read(_LOCAL.size)
        if (
            info.header_offset != at
            or len(head) < _LOCAL.size
            or info.compress_type not in _PACKED
            or info.flag_bits & 9
        ):
            raise ValueError("something lies between its files, or they are packed in another way")
        names, extra = _LOCAL.unpack(head)[-2:]
        if file.read(names) != info.orig_filename.encode():
            raise ValueError("a file has two names")
        at += _LOCAL.size + names + extra + info.compress_size
    file.seek(0, 2)
    behind = (
        file.tell() - end - sum(46 + len(each.orig_filename.encode()) + len(each.extra) for each in infos)
    )
    if at != end or archive.comment or behind not in (_END, _END + _END_64):
        raise ValueError("something lies before, between or behind its files")


def _known(heads: Iterable[MarkedHead] | None) -> tuple[set[tuple[str, int, str]] | None, list[str]]:
    """The heads that were carried elsewhere, and where two of them say different things; None where nobody has any."""
    if heads is None:
        return None, []
    found: dict[tuple[str, int], str] = {}
    conflicts = {}
    for each in heads:
        if found.setdefault((each.chain, each.seq), each.hash) != each.hash:
            conflicts[each.chain, each.seq] = (
                f"two heads of {each.chain} at {each.seq} differ: one was not carried by the node"
            )
    return {(chain, seq, hash) for (chain, seq), hash in found.items()}, list(conflicts.values())


class _Way(Enum):
    PROVED, INSIDE, NONE, WRONG = range(4)


def _way(line: ProvedEntry, known: Collection[tuple[str, int, str]] | None) -> _Way:
    """With heads at hand, an entry in today's form without a proof is wrong: the node leaves out none."""
    proof, row = line.proof, msgspec.structs.asdict(line.entry)
    if proof is None:
        return _Way.WRONG if known is not None and line.hash.startswith(FORM) else _Way.NONE
    if line.hash != link(proof.before, row) or not holds(proof, row):
        return _Way.WRONG
    head = proof.head
    return _Way.PROVED if known and (head.chain, head.seq, head.hash) in known else _Way.INSIDE


def _other_mails(manifest: BundleManifest, lines: Sequence[ProvedEntry]) -> list[str]:
    whose = {(line.entry.tenant, line.entry.mail_id) for line in lines}
    return [] if whose <= {(manifest.tenant, manifest.mail_id)} else ["entries of another mail are in it"]


def _other_contents(manifest: BundleManifest, trusted: Sequence[ProvedEntry]) -> list[str]:
    """Contents of which no entry of their item, as far as those are proved, says that they came into custody."""
    noted = {
        (f"mail/{line.entry.item}.eml", detail["sha256"])
        for line in trusted
        if isinstance(detail := msgspec.json.decode(line.entry.detail), dict)
        and isinstance(detail.get("sha256"), str)
    }
    return [
        f"{name} is not what the journal says came into custody"
        for name, digest in manifest.files.items()
        if name.startswith("mail/") and not name.endswith(_ORIGINAL) and (name, digest) not in noted
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


def is_named(key: str, found: str) -> bool:
    """Whether a fingerprint is the one that somebody typed, however they set its digits apart."""
    named, plain = ("".join(each.split()).lower() for each in (key, found))
    return named == plain
