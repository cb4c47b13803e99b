"""T31: names that mails bring (files, parts, people, members of archives) are words and no paths: whatever they say, nothing
is opened for writing, made or started that has such a name."""

import base64
import io
import re
import zipfile
from pathlib import Path

import pytest

from tests.crash.harness import Site
from tests.crash.inject import traced
from tests.crash.mails import SATO, TARO, Mail, mail

pytestmark = [pytest.mark.system, pytest.mark.timeout(600)]

MARK = "kanaria"
NAMES = (
    "../../../../../..{there}/{mark}1", "{there}/{mark}2", "..\\..\\{mark}3.exe", "{mark}4\x00.txt", "~/{mark}5",
    "file://{there}/{mark}6", "$(touch {there}/{mark}7)", "`touch {there}/{mark}8`", "| touch {there}/{mark}9",
    "; touch {there}/{mark}a;", "-rf {mark}b", "/proc/self/fd/1/{mark}c", "/dev/shm/{mark}d", "CON.{mark}e",
    "{mark}f" + "/x" * 500, "%2e%2e%2f{mark}g", "{mark}h\r\n..", "\u202e/{mark}i",
)  # fmt: skip
CALLS = "open,openat,openat2,creat,rename,renameat,renameat2,link,linkat,symlink,symlinkat,mkdir,mkdirat,mknod,mknodat,unlink,unlinkat,chmod,fchmodat,chown,execve,execveat"


def named(name: str, inbound: bool) -> Mail:
    """A mail with this name in every field that has one, and as that of a member of its archive."""
    made = mail("inbound" if inbound else "external")
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr(zipfile.ZipInfo(name.replace("\x00", "") or "x"), "text")
    word = f"=?utf-8?b?{base64.b64encode(name.encode()).decode()}?="
    percent = "".join(f"%{octet:02X}" for octet in name.encode())
    sender, recipient = (SATO, TARO) if inbound else (TARO, SATO)
    head = (
        f"From: {word} <{sender}>\r\nTo: {word} <{recipient}>\r\nSubject: {word}\r\n"
        f"Message-ID: {made.message_id}\r\nDate: Mon, 02 Nov 2026 10:00:00 +0900\r\nMIME-Version: 1.0\r\n"
        f'Content-Type: multipart/mixed; boundary="b"\r\n\r\n--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nx\r\n--b\r\n'
        f"Content-Type: application/zip; name=\"{word}\"; name*=utf-8''{percent}\r\n"
        f"Content-Disposition: attachment; filename=\"{word}\"; filename*=utf-8''{percent}\r\n"
        f"Content-ID: <{percent}@x>\r\nContent-Location: {percent}\r\nContent-Description: {word}\r\n"
        "Content-Transfer-Encoding: base64\r\n\r\n"
    )
    body = base64.encodebytes(packed.getvalue()).replace(b"\n", b"\r\n") + b"--b--\r\n"
    return Mail(made.kind, made.message_id, sender, (recipient,), head.encode() + body)


def test_no_name_of_a_mail_is_opened_made_or_started(tmp_path: Path) -> None:
    there = tmp_path / "canaries"
    there.mkdir()
    (there / "one").write_text("as it was")
    trace = tmp_path / "trace"
    with Site(tmp_path / "site", delay=3600) as site:
        site.start()
        mails = [
            named(name.format(there=there, mark=MARK), inbound) for name in NAMES for inbound in (True, False)
        ]
        with traced(site.running.pid, "-s", "4096", "-e", f"trace={CALLS}", trace=trace):
            sent = site.play(mails)
            assert site.quiet(60)
        assert len(sent) == len(mails)
        assert {one.code for one in sent} <= {250, 550}, [one.text for one in sent]
        calls = trace.read_text(errors="replace").splitlines()
        assert any("O_CREAT" in call or "O_WRONLY" in call or "O_RDWR" in call for call in calls), (
            "nothing was traced"
        )
        assert [call for call in calls if MARK in call] == []
        assert [call for call in calls if re.search(r"\bexecve(at)?\(", call)] == []
        assert [path.name for path in there.iterdir()] == ["one"]
        assert (there / "one").read_text() == "as it was"
        left = {s.code for s in sent if s.code == 250}
        assert left, "all were refused"
        assert not [path for path in site.state.rglob("*") if MARK in path.name]
        print(f"\n{len(mails)} mails, {len(calls)} calls, 0 with a name of theirs")
        site.stop()
    assert not [path for path in Path("/dev/shm").glob("*") if MARK in path.name]
