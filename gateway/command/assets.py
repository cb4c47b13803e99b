"""`sekisho register document`: files and whole folders, with a class or by a ledger, and again what changed since.

Beside an index lies what it was made from (INDEX.sources), so that `register again` can repeat it. Nothing is dropped
silently: what cannot be read, and what is gone, stays in the index as it was and is told each time.

Diagnostics: ConfigError for a key, a ledger or an index that cannot be used, and where nothing could be registered.
"""

import hashlib
import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import msgspec

from config.policy import ConfigError
from filters.detect.register import FEWEST, RegisteredDocument, document, document_index, registered_documents
from filters.extract import Budget, extract
from gateway.command.ledger import Asset, read_ledger
from gateway.command.register import key_in, write
from mail.charset import fold

LARGEST = 250_000_000
"""Bytes of a file that is read."""
_PASSING = ("~$", ".", "thumbs.db", "desktop.ini")
"""How names begin of files that nobody wrote."""


class ReadFile(msgspec.Struct, frozen=True):
    """A file in the index, in its order, as it was when it was read."""

    path: str
    size: int
    changed: int


class Sources(msgspec.Struct, frozen=True):
    """What an index was made from. `index` is its SHA-256: another one was not made from this."""

    key: str
    assets: tuple[Asset, ...]
    ledger: str = ""
    maps: dict[str, str] = {}
    files: tuple[ReadFile, ...] = ()
    index: str = ""


class Registration(msgspec.Struct):
    """What was done, for the operator.

    skipped   files that are not in the index, and why
    kept      what cannot be read any more and stays in the index as it was
    """

    documents: int = 0
    read: int = 0
    skipped: list[str] = []
    kept: list[str] = []
    told: list[str] = []

    def lines(self, out: Path, size: int) -> list[str]:
        found = [f"{out}: {self.documents} documents, {self.read} of them read now, {size} bytes"]
        for heading, lines in (("not registered", self.skipped), ("kept as it was", self.kept)):
            if lines:
                found += [f"{heading}: {len(lines)}", *(f"    {line}" for line in lines)]
        return [*self.told, *found]


def registered(
    files: Sequence[Path], of: str, ledger: Path | None, maps: Sequence[str], key_file: Path, out: Path
) -> int:
    """Register files and folders, or what a ledger names, and say what was done; the exit status."""
    if bool(files) == (ledger is not None):
        raise ConfigError(["either files and folders, or a ledger"])
    if ledger is not None and of:
        raise ConfigError(["--class: in a ledger each asset has its own"])
    if wrong := [each for each in maps if "=" not in each]:
        raise ConfigError([f"--map: {each!r} is not THERE=HERE" for each in wrong])
    if ledger is not None:
        here = {there: place for there, _, place in (each.partition("=") for each in maps)}
        return _said(by_ledger(ledger, here, key_file, out), out)
    return _said(documents(files, of, key_file, out), out)


def repeated(out: Path, *, drop: bool) -> int:
    """Register again, and say what was done; the exit status: 1 when something could not be read any more."""
    return _said(again(out, drop=drop), out)


def _said(done: Registration, out: Path) -> int:
    print("\n".join(done.lines(out, out.stat().st_size)))
    return 1 if done.kept else 0


def documents(paths: Sequence[Path], of: str, key_file: Path, out: Path) -> Registration:
    """Register files, and folders with all below them, under one class ("": none). A file that is named must be usable."""
    assets = tuple(Asset(str(path.absolute()), of) for path in paths)
    done = _registered(Sources(str(key_file.absolute()), assets), out, Registration())
    named = {str(path.absolute()) for path in paths if not path.is_dir()}
    if wrong := [line for line in done.skipped if line.partition(": ")[0] in named]:
        raise ConfigError(wrong)
    return done


def by_ledger(ledger: Path, maps: Mapping[str, str], key_file: Path, out: Path) -> Registration:
    """Register what a ledger names."""
    assets, told = read_ledger(ledger, maps)
    sources = Sources(str(key_file.absolute()), tuple(assets), str(ledger.absolute()), dict(maps))
    return _registered(sources, out, Registration(told=told))


def again(out: Path, *, drop: bool = False) -> Registration:
    """Repeat what an index was made from: what is new or changed is read. With `drop`, what is gone leaves the index."""
    try:
        sources = msgspec.json.decode(beside(out).read_bytes(), type=Sources)
    except (OSError, msgspec.MsgspecError) as error:
        raise ConfigError(
            [f"{out}: it is not known what it was made from ({type(error).__name__}); register it anew"]
        ) from None
    done = Registration()
    if sources.ledger:
        try:
            assets, done.told = read_ledger(Path(sources.ledger), sources.maps)
            sources = msgspec.structs.replace(sources, assets=tuple(assets))
        except ConfigError as error:
            done.kept = [f"{problem}; its assets are taken as they were" for problem in error.problems]
    return _registered(sources, out, done, drop=drop)


def beside(out: Path) -> Path:
    """Where it stands what an index was made from."""
    return out.with_name(out.name + ".sources")


class _Before(msgspec.Struct, frozen=True):
    """What the index has had so far."""

    documents: dict[str, tuple[ReadFile, RegisteredDocument]] = {}
    shared: tuple[int, ...] = ()


def _registered(sources: Sources, out: Path, done: Registration, *, drop: bool = False) -> Registration:
    key = key_in(Path(sources.key))
    before = _before(sources, out, key)
    kept: dict[str, tuple[ReadFile, RegisteredDocument]] = {}
    for path, asset in _files(sources.assets, done, before):
        name = str(path)
        try:
            kept[name] = _taken(path, asset, key, before.documents.get(name), done)
        except (OSError, ValueError) as error:
            why = str(error) if isinstance(error, ValueError) else f"cannot be read ({type(error).__name__})"
            if name in before.documents:
                done.kept.append(f"{name}: {why}")
                kept[name] = before.documents[name]
            else:
                done.skipped.append(f"{name}: {why}")
    for name, former in before.documents.items():
        if name not in kept and not drop:
            if not any(line.startswith(f"{name}: ") for line in done.kept):
                done.kept.append(f"{name}: is gone; register again with --drop to forget it")
            kept[name] = former
    if not kept:
        raise ConfigError([*done.told, *done.skipped, *done.kept, f"{out}: there is nothing to register"])
    done.documents = len(kept)
    files = tuple(file for file, _ in kept.values())
    if done.read or list(kept) != list(before.documents) or any(kept[n] != before.documents[n] for n in kept):
        data = document_index((each for _, each in kept.values()), key, before.shared)
        write(out, data)
        sources = msgspec.structs.replace(sources, files=files, index=hashlib.sha256(data).hexdigest())
        write(beside(out), msgspec.json.format(msgspec.json.encode(sources)))
    return done


def _before(sources: Sources, out: Path, key: bytes) -> _Before:
    """Nothing, where the index was not made from this."""
    try:
        data = out.read_bytes()
        if not sources.index or hashlib.sha256(data).hexdigest() != sources.index:
            return _Before()
        found, shared = registered_documents(data, key)
    except (OSError, ValueError):
        return _Before()
    return _Before({f.path: (f, each) for f, each in zip(sources.files, found, strict=True)}, shared)


def _files(assets: Sequence[Asset], done: Registration, before: _Before) -> Iterator[tuple[Path, Asset]]:
    """Every file of the assets once, with the asset that names it most closely."""
    found: dict[Path, Asset] = {}
    for asset in sorted(assets, key=lambda each: len(Path(each.path).parts)):
        path = Path(asset.path)
        if path.is_dir():
            inside = list(_below(path, done))
            former = [name for name in before.documents if Path(name).is_relative_to(path)]
            if former and not inside:
                done.kept.append(f"{path}: is empty, and had {len(former)} documents; is it mounted?")
            found |= dict.fromkeys(inside, asset)
        elif path.exists() or str(path) in before.documents:
            found[path] = asset
        else:
            (done.kept if before.documents else done.skipped).append(f"{path}: is not there")
    yield from sorted(found.items())


def _below(folder: Path, done: Registration) -> Iterator[Path]:
    def unreadable(error: OSError) -> None:
        done.kept.append(f"{error.filename}: cannot be read ({type(error).__name__})")

    for here, folders, names in os.walk(folder, onerror=unreadable):
        folders[:] = sorted(each for each in folders if not each.startswith("."))
        for name in sorted(names):
            path = Path(here) / name
            if path.is_symlink():
                done.skipped.append(f"{path}: is a link")
            elif not name.lower().startswith(_PASSING):
                yield path


def _taken(
    path: Path,
    asset: Asset,
    key: bytes,
    former: tuple[ReadFile, RegisteredDocument] | None,
    done: Registration,
) -> tuple[ReadFile, RegisteredDocument]:
    """The document in a file: as it was, where the file has not changed. Raises OSError, and ValueError with the reason why
    it cannot be registered."""
    stat = path.stat()
    file = ReadFile(str(path), stat.st_size, stat.st_mtime_ns)
    if former is not None and former[0] == file:
        said = {"of": asset.of, "owner": asset.owner, "users": asset.users}
        return file, msgspec.structs.replace(former[1], **said)
    if stat.st_size > LARGEST:
        raise ValueError(f"is larger than {LARGEST // 1_000_000} MB")
    extracted = extract(path.name, "", path.read_bytes(), Budget())
    if extracted.verdict != "ok":
        raise ValueError(f"{extracted.verdict} {extracted.why}".rstrip())
    flat = fold("\n".join(text for _, text in extracted.texts)).lower()
    found = document(path.name, flat, key, of=asset.of, owner=asset.owner, users=asset.users)
    if len(found.pieces) < FEWEST:
        raise ValueError("too little text to know it again")
    done.read += 1
    return file, found
