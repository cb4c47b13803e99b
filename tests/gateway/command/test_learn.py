"""Sent mail of earlier times teaches whom we know; hostile files teach nothing and stop nothing."""

import mailbox
import os
from pathlib import Path

import pytest

from config.policy import ConfigError, Organisation
from directory.correspondents import Correspondents
from directory.past_mail import PastMail
from gateway.command import learn
from gateway.command.operator import opened
from tests.services.node import settings_of

US = Organisation(name="US", domains=("us.example",), group_domains=("sister.example",))
NOW = 1_795_000_000.0
SENT = b"From: Sato <sato@us.example>\r\nTo: Tanaka <Tanaka@koyo-denki.example>\r\nDate: Mon, 02 Mar 2026 10:00:00 +0900\r\n\r\nx\r\n"
FROM_THEM = SENT.replace(b"sato@us.example", b"x@evil.example")


def eml(folder: Path, name: str, content: bytes) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(content)
    return folder


def test_an_mbox_a_maildir_and_a_folder_teach_the_same(tmp_path: Path) -> None:
    box = mailbox.mbox(tmp_path / "sent.mbox")
    maildir = mailbox.Maildir(tmp_path / "Maildir")
    for each in (SENT, FROM_THEM):
        box.add(each)
        maildir.add(each)
    box.flush()
    eml(tmp_path / "folder", "a.eml", SENT)
    eml(tmp_path / "folder/deeper", "b.eml", FROM_THEM)
    for path in ("sent.mbox", "Maildir", "folder"):
        learnt = learn.read([tmp_path / path], US, NOW)
        assert list(learnt.addresses) == ["tanaka@koyo-denki.example"], path
        assert (learnt.mails, learnt.ours, learnt.others) == (2, 1, 1), path
        assert 1_772_400_000 < learnt.addresses["tanaka@koyo-denki.example"] < 1_772_500_000


@pytest.mark.parametrize(
    ("content", "known"),
    [
        (SENT.replace(b"Mon, 02 Mar 2026", b"Mon, 02 Mar 2096"), 1),
        (SENT.replace(b"Date: Mon", b"Date: \xff\xff"), 1),
        (SENT.replace(b"From: Sato <sato@us.example>", b"From: a@us.example, b@evil.example"), 0),
        (SENT.replace(b"Tanaka@koyo-denki.example", b"y@us.example, z@sister.example"), 0),
        (SENT.replace(b"Tanaka <Tanaka@koyo-denki.example>", b"y@us.example, z@sister.example"), 0),
        (b"To: x@y.example\r\n\r\n", 0),
        (b"\x00" * 10_000, 0),
        (b"", 0),
        (b"From: sato@us.example\r\nTo: " + b", ".join(b"a%d@x.example" % n for n in range(500)) + b"\r\n\r\n", 0),
    ],
)  # fmt: skip
def test_odd_mails(tmp_path: Path, content: bytes, known: int) -> None:
    learnt = learn.read([eml(tmp_path / "m", "a.eml", content)], US, NOW)
    assert len(learnt.addresses) == known
    assert all(0 < at <= NOW for at in learnt.addresses.values())


def test_links_and_pipes_are_not_opened(tmp_path: Path) -> None:
    (tmp_path / "outside.eml").write_bytes(SENT)
    folder = tmp_path / "m"
    folder.mkdir()
    (folder / "link.eml").symlink_to(tmp_path / "outside.eml")
    os.mkfifo(folder / "pipe")
    learnt = learn.read([folder], US, NOW)
    assert learnt.addresses == {}
    assert learnt.unreadable == 2
    with pytest.raises(ConfigError):
        learn.read([tmp_path / "none"], US, NOW)


def test_there_is_an_end_to_everything(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(learn, "MAILS", 3)
    folder = tmp_path / "m"
    for number in range(5):
        eml(folder, f"{number}.eml", SENT)
    learnt = learn.read([folder], US, NOW)
    assert learnt.cut
    assert learnt.mails == 3
    assert "run it on parts" in learnt.told(0)[-1]
    assert learn.read([eml(tmp_path / "large", "a.eml", SENT + b"x" * 3_000_000)], US, NOW).ours == 1


async def test_what_is_learnt_is_known_at_once_and_twice_is_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "state").mkdir()
    settings = settings_of(tmp_path, 9)
    folder = eml(tmp_path / "m", "a.eml", SENT)
    with pytest.raises(ConfigError):
        await learn.run(settings, US, "default", [folder])
    async with opened(settings):
        pass
    assert await learn.run(settings, US, "default", [folder]) == 0
    assert "1 sent by us to 1 outside addresses; 1 were new" in capsys.readouterr().out
    async with opened(settings) as store:
        before = await store.database.read(
            lambda t: list(t.execute("SELECT * FROM remembered ORDER BY kind, name", {}))
        )
        memory = Correspondents(store.database)
        assert await memory.known("default", ["tanaka@koyo-denki.example"])
        assert not await memory.known("other", ["tanaka@koyo-denki.example"])
        assert not await memory.learning("default")
        past = PastMail(store.database)
        _, alike = await past.of_arriving("default", [], ["koyo-dennki.example"], US)
        assert alike == {"koyo-dennki.example": ("koyo-denki.example",)}
    assert await learn.run(settings, US, "default", [folder, folder]) == 0
    assert "; 0 were new" in capsys.readouterr().out
    async with opened(settings) as store:
        after = await store.database.read(
            lambda t: list(t.execute("SELECT * FROM remembered ORDER BY kind, name", {}))
        )
    assert [(r["name"], r["counts"]) for r in before] == [(r["name"], r["counts"]) for r in after]
