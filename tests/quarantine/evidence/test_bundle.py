"""The signed file of a mail's evidence, verified without the node (OPS-EVIDENCE)."""

import hashlib
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from gateway.command.operator import opened
from quarantine.evidence import bundle
from quarantine.evidence.bundle import NoEvidence, Verified
from tests.quarantine.evidence.made import MAIL, OTHERS, exported, handled
from tests.services.node import settings_of

Files = dict[str, bytes]


def verified(file: Path, *known: Any) -> Verified:
    with file.open("rb") as octets:
        return bundle.verify(octets, *known)


def changed(file: Path, change: Callable[[Files], None]) -> Path:
    """A copy with other files in it."""
    with zipfile.ZipFile(file) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    change(files)
    to = file.with_name("changed.zip")
    with zipfile.ZipFile(to, "w") as archive:
        for name, octets in files.items():
            archive.writestr(name, octets)
    return to


async def test_a_bundle_proves_what_happened_and_tells_of_nobody_else(tmp_path: Path) -> None:
    id, mail_id, carried, key = await handled(tmp_path)
    file = await exported(tmp_path, id)
    assert file.stat().st_mode & 0o777 == 0o600
    found = verified(file, key, carried)
    assert found.problems == ()
    assert (found.manifest.mail_id, found.manifest.reason, found.fingerprint) == (mail_id, "case 7", key)
    assert found.entries == 4, "accepted, leased, delivered, and that somebody gathers this"
    assert (found.proved, found.inside, found.unproved) == (3, 1, 0)
    with zipfile.ZipFile(file) as archive:
        assert archive.read(f"mail/{id}.eml") == MAIL
        text = b"".join(archive.read(name) for name in archive.namelist())
        readme = archive.read("README.txt").decode()
    assert OTHERS.encode() not in text
    assert "証拠一式" in readme
    assert "Evidence of one mail" in readme
    async with opened(settings_of(tmp_path, 9)) as store:
        last = (await store.entries("default", mail_id=mail_id))[-1]
    assert (last.event, last.detail) == ("evidence", {"reason": "case 7", "contents": True})


async def test_without_contents_nothing_of_the_mail_is_in_it(tmp_path: Path) -> None:
    _, mail_id, carried, key = await handled(tmp_path)
    file = await exported(tmp_path, mail_id, contents=False)
    with zipfile.ZipFile(file) as archive:
        assert not [name for name in archive.namelist() if name.startswith("mail/")]
        assert b"yamabiko" not in b"".join(archive.read(name) for name in archive.namelist())
    assert verified(file, key, carried).problems == ()


async def test_what_is_no_longer_kept_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    id, _, _, key = await handled(tmp_path)
    async with opened(settings_of(tmp_path, 9)) as store:
        await store.blobs.delete((await store.get(id, "default")).blob)
    file = await exported(tmp_path, id)
    assert f"{id}.eml is no longer kept" in capsys.readouterr().out
    assert verified(file, key).manifest.gone == (f"mail/{id}.eml",)


def _edited(name: str, old: bytes, new: bytes) -> Callable[[Files], None]:
    def change(files: Files) -> None:
        assert old in files[name]
        files[name] = files[name].replace(old, new)

    return change


def _resigned(change: Callable[[Files], None]) -> Callable[[Files], None]:
    """As somebody would who has no key of ours, but one of their own: all digests and the signature fit."""

    def signed(files: Files) -> None:
        change(files)
        key = Ed25519PrivateKey.generate()
        manifest = json.loads(files["manifest.json"])
        rest = {name: octets for name, octets in files.items() if not name.startswith("manifest.")}
        manifest["files"] = {name: hashlib.sha256(octets).hexdigest() for name, octets in rest.items()}
        manifest["key"] = key.public_key().public_bytes_raw().hex()
        files["manifest.json"] = json.dumps(manifest).encode()
        files["manifest.sig"] = key.sign(files["manifest.json"]).hex().encode()

    return signed


def _moved(files: Files) -> None:
    """An entry says another time, and its hash is made anew."""
    lines = [json.loads(line) for line in files["journal.jsonl"].splitlines()]
    lines[0]["entry"]["at"] = 5.0
    files["journal.jsonl"] = b"".join(json.dumps(line).encode() + b"\n" for line in lines)


CHANGES: dict[str, tuple[Callable[[Files], None], str]] = {
    "the reason": (_edited("manifest.json", b"case 7", b"case 8"), "the signature is wrong"),
    "a policy that was not there": (lambda f: f.update({"policy/9.toml": b"x"}), "policy/9.toml is not in the manifest"),
    "the mail": (lambda f: f.update({n: b"other" for n in f if n.startswith("mail/")}), ".eml was changed"),
    "an entry": (_edited("journal.jsonl", b"sender@example.jp", b"nobody@example.jp"), "journal.jsonl was changed"),
    "a file that is gone": (lambda f: f.pop("items.json") and None, "items.json is missing"),
    "another key": (_resigned(lambda f: None), "signed with another key"),
    "an entry and another key": (_resigned(_moved), "is not proved, or not what its proof is about"),
    "the mail and another key": (
        _resigned(lambda f: f.update({n: b"other" for n in f if n.startswith("mail/")})),
        "is not what the journal says came into custody",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CHANGES)
async def test_what_was_changed_is_found(name: str, tmp_path: Path) -> None:
    id, _, carried, key = await handled(tmp_path)
    change, said = CHANGES[name]
    found = verified(changed(await exported(tmp_path, id), change), key, carried)
    assert any(said in problem for problem in found.problems), found.problems


async def test_a_chain_that_was_rewritten_before_leads_to_no_head_that_was_carried(tmp_path: Path) -> None:
    """Whoever has the database and all keys makes a bundle that fits in itself."""
    id, _, carried, key = await handled(tmp_path)
    other = [msgspec.structs.replace(each, hash="2:" + "0" * 64) for each in carried]
    found = verified(await exported(tmp_path, id), key, other)
    assert found.proved == 0
    assert not found.whole
    assert "is not what the journal says came into custody" in found.problems[0]


@pytest.mark.parametrize("octets", [b"", b"PK\x03\x04", MAIL], ids=["empty", "cut", "a mail"])
def test_what_is_no_bundle_is_told(octets: bytes, tmp_path: Path) -> None:
    file = tmp_path / "x.zip"
    file.write_bytes(octets)
    with pytest.raises(NoEvidence):
        verified(file)


DAMAGED: dict[str, Callable[[Files], None]] = {
    "no JSON": lambda f: f.update({"manifest.json": b"{"}),
    "JSON of something else": lambda f: f.update({"manifest.json": b"[1, 2]"}),
    "a field too many": _edited("manifest.json", b'"format"', b'"formats"'),
    "no key": lambda f: f.update({"manifest.json": f["manifest.json"].replace(b'"key": "', b'"key": "zz')}),
    "nested without end": lambda f: f.update({"journal.jsonl": b"[" * 100_000}),
    "an entry without its fields": lambda f: f.update({"journal.jsonl": b'{"entry": {}, "hash": "", "proof": null}\n'}),
    "a signature that is no number": lambda f: f.update({"manifest.sig": b"\xff"}),
    "no journal": lambda f: f.pop("journal.jsonl") and None,
}  # fmt: skip


@pytest.mark.parametrize("name", DAMAGED)
async def test_what_is_damaged_is_told_and_is_no_traceback(name: str, tmp_path: Path) -> None:
    id, _, carried, key = await handled(tmp_path)
    with pytest.raises(NoEvidence):
        verified(changed(await exported(tmp_path, id), DAMAGED[name]), key, carried)


def _of_the_journal(change: Callable[[list[dict[str, Any]]], None]) -> Callable[[Files], None]:
    """The house itself, which has its key, makes another journal."""

    def changed(files: Files) -> None:
        lines = [json.loads(line) for line in files["journal.jsonl"].splitlines()]
        change(lines)
        files["journal.jsonl"] = b"".join(json.dumps(line).encode() + b"\n" for line in lines)

    return _resigned(changed)


def _forged(lines: list[dict[str, Any]]) -> None:
    lines[0]["entry"]["actor"] = "somebody"
    lines[0]["proof"] = None


INSIDE: dict[str, tuple[Callable[[Files], None], str]] = {
    "an entry without its proof": (_of_the_journal(_forged), "is not proved"),
    "an entry twice": (_of_the_journal(lambda lines: lines.append(lines[0])), "an entry stands in it twice"),
    "a hash of its own": (_of_the_journal(lambda lines: lines[0].update(hash="2:" + "0" * 64)), "is not proved"),
    "another mail, and an entry that says so": (
        _resigned(lambda f: f.update({n: b"other" for n in f if n.startswith("mail/")})),
        "is not what the journal says came into custody",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", INSIDE)
async def test_who_has_the_key_of_the_house_misses_the_heads(name: str, tmp_path: Path) -> None:
    id, _, carried, _ = await handled(tmp_path)
    change, said = INSIDE[name]
    found = verified(changed(await exported(tmp_path, id), change), "", carried)
    assert any(said in problem for problem in found.problems), found.problems


async def test_two_heads_that_differ_are_a_problem(tmp_path: Path) -> None:
    id, _, carried, key = await handled(tmp_path)
    other = [msgspec.structs.replace(each, hash="2:" + "0" * 64) for each in carried]
    found = verified(await exported(tmp_path, id), key, [*carried, *other])
    assert any("differ: one was not carried by the node" in problem for problem in found.problems)


def _commented(file: Path) -> None:
    with zipfile.ZipFile(file, "a") as archive:
        archive.comment = b"x"


def _packed(file: Path) -> None:
    with zipfile.ZipFile(file) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(file, "w", zipfile.ZIP_BZIP2) as archive:
        for name, octets in files.items():
            archive.writestr(name, octets)


ZIPS: dict[str, Callable[[Path], None]] = {
    "octets before": lambda file: file.write_bytes(b"PK\x03\x04 other" + file.read_bytes()) and None,
    "octets behind": lambda file: file.write_bytes(file.read_bytes() + b"more") and None,
    "a comment": _commented,
    "packed without a bound": _packed,
}


@pytest.mark.parametrize("name", ZIPS)
async def test_what_other_readers_may_see_otherwise_is_refused(name: str, tmp_path: Path) -> None:
    id, _, carried, key = await handled(tmp_path)
    file = await exported(tmp_path, id)
    ZIPS[name](file)
    with pytest.raises(NoEvidence):
        verified(file, key, carried)


async def test_a_manifest_that_grows_without_end_is_refused(tmp_path: Path) -> None:
    id, _, _, _ = await handled(tmp_path)
    file = changed(await exported(tmp_path, id), lambda f: f.update({"manifest.json": b" " * (65 << 20)}))
    with pytest.raises(NoEvidence):
        verified(file)
