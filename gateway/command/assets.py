"""`sekisho register document`: files and whole folders, with a class or by a ledger, and again what changed since.

Beside an index lies what it was made from (INDEX.sources), so that `register again` can repeat it. Nothing is dropped
silently: what cannot be read, and what is gone, stays in the index as it was and is told each time.

Diagnostics: ConfigError for a key, a ledger or an index that cannot be used, and where nothing could be registered.
"""

import hashlib
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import msgspec

from config.policy import ConfigError
from config.problems import why_not
from filters.detect.register import FEWEST, RegisteredDocument, document, document_index, registered_documents
from filters.extract import Budget, extract
from gateway.command import folders
from gateway.command.folders import shown
from gateway.command.ledger import Asset, read_ledger
from gateway.command.register import key_in, write
from mail.charset import fold

LONGEST = 500
"""Characters of a path that are told."""


class ReadFile(msgspec.Struct, frozen=True):
    """A file in the index, in its order, as it was when it was read. `path` is `_named`."""

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
    kept      what cannot be read any more and stays in the index as it was, and why
    """

    documents: int = 0
    read: int = 0
    skipped: dict[str, str] = {}
    kept: dict[str, str] = {}
    told: list[str] = []

    def lines(self, out: Path, size: int) -> list[str]:
        found = [f"{out}: {self.documents} documents, {self.read} of them read now, {size} bytes"]
        for heading, some in (("not registered", self.skipped), ("kept as it was", self.kept)):
            if some:
                found += [f"{heading}: {len(some)}", *(f"    {line}" for line in _lines(some))]
        return [*self.told, *found]


def _lines(some: Mapping[str, str]) -> list[str]:
    return [f"{shown(name[:LONGEST])}: {why}" for name, why in some.items()]


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
    """Register again, and say what was done; the exit status: 1 when something could not be read any more, 2 when the index
    could not be made at all. Other indexes are for the caller to go on with."""
    try:
        return _said(again(out, drop=drop), out)
    except ConfigError as error:
        print("\n".join(error.problems), file=sys.stderr)
        return 2


def _said(done: Registration, out: Path) -> int:
    print("\n".join(done.lines(out, out.stat().st_size)))
    return 1 if done.kept else 0


def documents(paths: Sequence[Path], of: str, key_file: Path, out: Path) -> Registration:
    """Register files, and folders with all below them, under one class ("": none). A file that is named must be usable."""
    assets = tuple(Asset(str(path.absolute()), of) for path in paths)
    if odd := [shown(each.path) for each in assets if _named(Path(each.path)) != each.path]:
        raise ConfigError([f"{each}: its name is no UTF-8; name a folder above it" for each in odd])
    done = _registered(Sources(str(key_file.absolute()), assets), out, Registration())
    named = {str(path.absolute()) for path in paths if not path.is_dir()}
    if wrong := {name: why for name, why in done.skipped.items() if name in named}:
        raise ConfigError(_lines(wrong))
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
            [f"{out}: it is not known what it was made from ({why_not(error)}); register it anew"]
        ) from None
    done = Registration()
    if sources.ledger:
        try:
            assets, done.told = read_ledger(Path(sources.ledger), sources.maps)
            sources = msgspec.structs.replace(sources, assets=tuple(assets))
        except ConfigError as error:
            done.kept = dict.fromkeys(error.problems, "its assets are taken as they were")
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
        name = _named(path)
        try:
            kept[name] = _taken(path, asset, key, before.documents.get(name), done)
        except (OSError, ValueError) as error:
            why = f"cannot be read ({why_not(error)})" if isinstance(error, OSError) else str(error)
            if name in before.documents:
                done.kept[name] = why
                kept[name] = before.documents[name]
            else:
                done.skipped[name] = why
    for name, former in before.documents.items():
        if name not in kept and not drop:
            done.kept.setdefault(name, "is gone; register again with --drop to forget it")
            kept[name] = former
    if not kept:
        problems = [*done.told, *_lines(done.skipped | done.kept)]
        raise ConfigError([*problems, f"{out}: there is nothing to register"])
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


def _named(path: Path) -> str:
    """A path as text that can be written down, whatever bytes it is of."""
    return str(path).encode("utf-8", "backslashreplace").decode()


def _files(assets: Sequence[Asset], done: Registration, before: _Before) -> Iterator[tuple[Path, Asset]]:
    """Every file of the assets once, with the asset that names it most closely."""
    found: dict[Path, Asset] = {}

    def passed_by(path: Path, why: str) -> None:
        (done.kept if why.startswith("cannot") else done.skipped)[_named(path)] = why

    for asset in sorted(assets, key=lambda each: len(Path(each.path).parts)):
        path = Path(asset.path)
        try:
            folder, there = path.is_dir(), path.exists()
        except OSError as error:  # such as a folder above it that we may not enter, a name that is too long
            passed_by(path, f"cannot be read ({why_not(error)})")
            continue
        if (folder or there) and _leads_out(asset):
            known = any(Path(name).is_relative_to(path) for name in before.documents)
            outside = f"leads out of {shown(asset.within)} (--map says what else is meant)"
            (done.kept if known else done.skipped)[_named(path)] = outside
        elif folder:
            inside = list(folders.below(path, passed_by))
            former = [name for name in before.documents if Path(name).is_relative_to(path)]
            if former and not inside:
                done.kept[_named(path)] = f"is empty, and had {len(former)} documents; is it mounted?"
            found |= dict.fromkeys(inside, asset)
        elif there or str(path) in before.documents:
            found[path] = asset
        else:
            (done.kept if before.documents else done.skipped)[_named(path)] = "is not there"
    yield from sorted(found.items())


def _leads_out(asset: Asset) -> bool:
    return bool(asset.within) and not Path(asset.path).resolve().is_relative_to(Path(asset.within).resolve())


def _taken(
    path: Path,
    asset: Asset,
    key: bytes,
    former: tuple[ReadFile, RegisteredDocument] | None,
    done: Registration,
) -> tuple[ReadFile, RegisteredDocument]:
    """The document in a file: as it was, where the file has not changed. Raises OSError, and ValueError with the reason why
    it cannot be registered."""
    # The operator's own way to an asset may lead over links; below it none does.
    top = Path(asset.path)
    place = top.resolve(strict=True) / path.relative_to(top)
    if _leads_out(asset):
        raise ValueError(f"leads out of {shown(asset.within)}")
    stat = folders.looked_at(place)
    if former is not None and former[0] == ReadFile(_named(path), stat.st_size, stat.st_mtime_ns):
        said = {"of": asset.of, "owner": asset.owner, "users": asset.users}
        return former[0], msgspec.structs.replace(former[1], **said)
    stat, content = folders.read(place)
    extracted = extract(path.name, "", content, Budget())
    if extracted.verdict != "ok":
        raise ValueError(f"{extracted.verdict} {extracted.why}".rstrip())
    flat = fold("\n".join(text for _, text in extracted.texts)).lower()
    found = document(shown(path.name), flat, key, of=asset.of, owner=asset.owner, users=asset.users)
    if len(found.pieces) < FEWEST:
        raise ValueError("too little text to know it again")
    done.read += 1
    return ReadFile(_named(path), stat.st_size, stat.st_mtime_ns), found
