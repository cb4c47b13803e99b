"""Header and structure bombs through a real examining process (T30): held, within its memory and its time."""

import base64
from pathlib import Path

import pytest

from config.policy import Organisation, Policy
from filters.examined import UNEXAMINABLE, Examined
from filters.facts import Facts, Origin
from filters.verdict import Disposition
from gateway.locked import sandbox
from gateway.locked.workers import Workers
from mail.envelope import Envelope, ForwardPath
from storage.draft import LocalDraft

pytestmark = pytest.mark.skipif(
    "seccomp" not in sandbox.walls(), reason="no system call filters in this kernel"
)

MEMORY = 256 << 20
SECONDS = 30.0  # the least that a loaded machine needs; each takes far less alone
HEAD = b"From: a@b.example\r\nTo: c@us.example\r\nSubject: s\r\nMIME-Version: 1.0\r\n"


def nested(depth: int, kind: bytes = b"multipart/mixed") -> bytes:
    heads = b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n) for n in range(depth)
    )
    return HEAD + heads + b"\r\nx\r\n"


def inside(depth: int) -> bytes:
    return HEAD + b"Content-Type: message/rfc822\r\n\r\n" * depth + b"x"


def words(size: int) -> bytes:
    word = b"=?utf-8?q?=E7=A4=BE?="
    return HEAD + b"X-Long: " + b" ".join([word] * (size // len(word))) + b"\r\n\r\nx"


MIXED = HEAD + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n"
BOMBS = {
    "header of encoded words": words(1 << 20),
    "folded header of encoded words": HEAD + b"Subject: x" + b"\r\n =?utf-8?q?=E7=A4=BE?=" * 50_000 + b"\r\n\r\nx",
    "one From of 110 kB": HEAD + b"From: " + b"=?utf-8?q?a?= " * 8_000 + b"<a@b.example>\r\n\r\nx",
    "100,000 parts": MIXED + b"--b\r\n\r\n\r\n" * 100_000 + b"--b--\r\n",
    "20,000 addresses": HEAD + b"Cc: " + b", ".join(b"x%d@b.example" % n for n in range(20_000)) + b"\r\n\r\nx",
    "20,000 short addresses, many fields": HEAD + b"".join(b"Cc: " + b"a@b.cc, " * 2_000 + b"a@b.cc\r\n" for _ in range(10)) + b"\r\nx",
    "multiparts 10,000 deep": nested(10_000),
    "mails 10,000 deep": inside(10_000),
    "4,000 parameters": HEAD + b"Content-Type: text/plain" + b"".join(b";\r\n x*%d=y" % n for n in range(4_000)) + b"\r\n\r\nx",
    "2,000 nested comments": HEAD + b"Cc: " + b"(" * 30_000 + b"\r\nContent-Type: text/plain " + b"(" * 300_000 + b"\r\n\r\nx",
    "100,000 fields": HEAD + b"X: y\r\n" * 100_000 + b"\r\nx",
    "lines that nearly are boundaries": MIXED + b"--b x\r\n" * 200_000 + b"--b--\r\n",
    "readings without end": HEAD + b"\r\n" + b"".join(b"begin 644 %d.txt\r\n#86)C\r\n`\r\nend\r\n" % n for n in range(50_000)),
    "ambiguous parts": MIXED + b"".join(
        b"--b\r\nContent-Type: text/plain\r\nContent-Type: multipart/mixed; boundary=c%d\r\n\r\n%s" % (n, b"x\r\n" * 2_000) for n in range(450)
    ) + b"--b--\r\n",
}  # fmt: skip
HARMLESS = {
    "date in the far future": HEAD + b"Date: Mon, 15 Jan 99999999999 10:00:00 +0900\r\n\r\nx",
    "charsets that raise": HEAD + b"Content-Type: text/plain; charset=idna\r\n\r\n\xff\xfe",
    "2 MB of escapes": HEAD
    + b"Content-Type: text/plain; charset=iso-2022-jp\r\n\r\n"
    + b"\x1b$B4A\x1b(Ba" * 250_000,
    "blank lines": HEAD + b"\r\n" + b"\r\n" * 500_000,
    "quoted-printable of nothing": HEAD
    + b"Content-Transfer-Encoding: quoted-printable\r\n\r\n"
    + b"=\r\n" * 300_000,
    "base64 of padding": HEAD + b"Content-Transfer-Encoding: base64\r\n\r\n" + b"QQ==" * 200_000,
}
PAGE = HEAD + b"Content-Type: text/html; charset=utf-8\r\n\r\n"
COSTLY = {
    "elements opened again in every paragraph": PAGE + b"<p>" + b"".join(b"<font a=%d>" % n for n in range(3_000)) + b"</p>" + b"<p>x" * 3_000,
    "attributes of one element": PAGE + b"<a " + b" ".join(b"a%d=1" % n for n in range(100_000)) + b">",
    "elements in elements": PAGE + b"<div>" * 50_000,
}  # fmt: skip
HARMLESS |= {
    "a newsletter of 30,000 tags": PAGE + b"<table>" + b'<tr><td><b class="x">a</b></td></tr>\r\n' * 10_000 + b"</table>",
}  # fmt: skip
POLICY = Policy(organisation=Organisation(domains=("us.example",)))
BOMBS["multipart in base64, again and again"] = HEAD + b"Content-Type: multipart/mixed; boundary=b\r\nContent-Transfer-Encoding: base64\r\n\r\n" + base64.encodebytes(
    b"--b\r\n\r\nx\r\n" * 50_000
)  # fmt: skip


Results = dict[str, tuple[Examined, dict[str, int]]]


async def examined(mails: dict[str, bytes], tmp: Path) -> Results:
    """Each mail through the same processes: the answer, and how it came about."""
    envelope = Envelope("a@b.example", (ForwardPath("c@us.example"),))
    facts = Facts("inbound", Origin("inbound", "192.0.2.1"), envelope)
    workers = Workers(POLICY, count=1, time_limit=SECONDS, memory_limit=MEMORY)
    await workers.start()
    results: Results = {}
    try:
        for name, raw in mails.items():
            before = dict(workers.counts)
            draft = LocalDraft(tmp)
            try:
                draft.write(raw)
                answer = await workers.examine(draft, facts)
            finally:
                draft.discard()
            changed = {k: n - before.get(k, 0) for k, n in workers.counts.items() if n > before.get(k, 0)}
            results[name] = answer, changed
    finally:
        await workers.stop()
    return results


async def test_bombs_are_held_by_a_process_that_lives(tmp_path: Path) -> None:
    for name, (result, counts) in (await examined(BOMBS, tmp_path)).items():
        assert result.verdict.disposition is Disposition.HOLD, name
        assert counts.keys() <= {"examined", "replaced"}, (name, counts, [f.values for f in result.findings])
        assert counts["examined"] == 1, name


async def test_what_only_looks_like_one_is_examined(tmp_path: Path) -> None:
    for name, (_, counts) in (await examined(HARMLESS, tmp_path)).items():
        assert counts["examined"] == 1, (name, counts)


async def test_html_that_costs_too_much_is_held_and_not_tried_again(tmp_path: Path) -> None:
    """ADR 18: half a second of CPU time for one tree, or the memory of the process."""
    for name, (result, counts) in (await examined(COSTLY, tmp_path)).items():
        assert result.verdict.holds == {UNEXAMINABLE}, name
        assert not counts.keys() & {"retried", "crash"}, (name, counts)


async def test_long_html_that_is_quick_is_no_bomb(tmp_path: Path) -> None:
    ((result, counts),) = (
        await examined({"newsletter": HARMLESS["a newsletter of 30,000 tags"]}, tmp_path)
    ).values()
    assert counts["examined"] == 1
    assert UNEXAMINABLE not in {f.rule for f in result.findings}
