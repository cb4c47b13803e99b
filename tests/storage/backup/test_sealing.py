"""Pieces of a backup: sealed, named by what is in them, and noticed when they are others."""

import os

import pytest

from storage.backup.sealing import MAGIC, BackupKeys, DamagedBackup

ONE, TWO = bytes(32), bytes([1]) * 32
KEYS = BackupKeys([ONE])


@pytest.mark.parametrize("plain", [b"", b"a", b"page" * 70_000, os.urandom(5_000)])
@pytest.mark.parametrize("press", [True, False])
def test_a_piece_comes_back_as_it_was(plain: bytes, press: bool) -> None:
    name = KEYS.name_of(plain)
    sealed = KEYS.seal(plain, name, press=press)
    assert KEYS.piece(sealed, name) == plain
    assert plain[:16] not in sealed or len(plain) < 4
    assert len(sealed) <= len(plain) + 40
    assert KEYS.name_of(plain) == name, "equal pieces have one name"
    assert BackupKeys([TWO]).name_of(plain) != name, "a name tells nobody without the key what is in it"


def test_what_was_changed_cut_or_moved_is_noticed() -> None:
    name = KEYS.name_of(b"mail")
    sealed = KEYS.seal(b"mail", name)
    for wrong in (
        sealed[:-1],
        sealed + b"x",
        b"",
        MAGIC,
        sealed[:20] + bytes([sealed[20] ^ 1]) + sealed[21:],
    ):
        with pytest.raises(DamagedBackup):
            KEYS.piece(wrong, name)
    with pytest.raises(DamagedBackup):
        KEYS.piece(sealed, KEYS.name_of(b"other"))
    with pytest.raises(DamagedBackup, match="something else"):
        KEYS.piece(KEYS.seal(b"other", name), name)


def test_an_older_key_opens_what_it_sealed_and_another_one_nothing() -> None:
    name = KEYS.name_of(b"mail")
    sealed = KEYS.seal(b"mail", name)
    assert BackupKeys([TWO, ONE]).piece(sealed, name) == b"mail"
    with pytest.raises(DamagedBackup):
        BackupKeys([TWO]).open(sealed, name)
