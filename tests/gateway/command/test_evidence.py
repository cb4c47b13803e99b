"""`sekisho evidence`: what it says and answers."""

from pathlib import Path
from typing import IO

import pytest

from gateway.command import evidence
from gateway.command.cli import main
from storage import heads
from tests.gateway.command.test_cli import configured
from tests.quarantine.evidence.made import exported, handled
from tests.services.node import settings_of


async def test_by_the_command_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    id, _, carried, key = await handled(tmp_path)
    file = await exported(tmp_path, id)
    away = tmp_path / "heads"
    heads.to_file(away, carried)
    capsys.readouterr()
    assert evidence.verify(file, key, [away]) == 0
    told = capsys.readouterr().out
    assert "3 entries lead to a head that was carried elsewhere" in told
    assert "the one that you named" in told
    (tmp_path / "none").write_text("")
    assert evidence.verify(file, key, [tmp_path / "none"]) == 1
    assert evidence.verify(file, "dead beef", [away]) == 1
    assert "not the one that you named" in capsys.readouterr().out
    assert evidence.verify(file, "dead beef", [away]) == 1
    assert "WRONG: it was signed with another key" in capsys.readouterr().out


def test_what_is_no_bundle_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "x.zip"
    file.write_bytes(b"PK")
    assert main(["evidence", "verify", str(file)]) == 1
    assert "x.zip: no bundle of evidence" in capsys.readouterr().out


async def test_what_a_file_says_is_shown_and_not_obeyed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    id, _, _, _ = await handled(tmp_path)
    to = tmp_path / "odd.zip"
    reason = "ok\x1b[2J\x1b[1;1Hall is well\u202e"
    settings = settings_of(tmp_path, 9)
    assert await evidence.export(settings, "default", id, to, reason, contents=False) == 0
    capsys.readouterr()
    assert evidence.verify(to, "", []) == 0
    told = capsys.readouterr().out
    assert "ok\\u001b[2J" in told
    assert "\x1b" not in told
    assert "\u202e" not in told


async def test_a_full_disk_leaves_no_half_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    id, _, _, _ = await handled(tmp_path)

    def full(file: IO[bytes], *_: object, **__: object) -> None:
        file.write(b"PK")
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as broken:
        broken.setattr("quarantine.evidence.bundle.write", full)
        with pytest.raises(OSError, match="No space"):
            await exported(tmp_path, id)
    assert (await exported(tmp_path, id)).exists()


def test_what_is_missing_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    config = ["--config", str(configured(tmp_path))]
    to = ["--to", str(tmp_path / "proof.zip")]
    (tmp_path / "state").mkdir(exist_ok=True)
    assert main(["evidence", *config, "export", "m1", "--reason", " ", *to]) == 2
    assert "--reason is needed" in capsys.readouterr().err
    assert main(["evidence", *config, "export", "m1", "--reason", "x", *to]) == 1
    assert "nothing is known of a mail m1" in capsys.readouterr().out
    Path(to[1]).touch()
    assert main(["evidence", *config, "export", "m1", "--reason", "x", *to]) == 2
    assert "exists already" in capsys.readouterr().err
    assert main(["evidence", *config, "key"]) == 0
    assert "(signs now)" in capsys.readouterr().out
