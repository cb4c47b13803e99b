"""Real mail through the real inbound listener: nothing lost, nothing doubled, nothing changed that need not be.

Reads a corpus beside the project (../shared/corpus) where there is one; its mails never become part of the project.
The ledger: sent = delivered + held + refused with a reason.
"""

import hashlib
import re
import smtplib
from collections import Counter
from collections.abc import Callable
from email import message_from_bytes
from email.utils import parseaddr
from pathlib import Path

import msgspec
import pytest

from filters.examined import DISARMED
from quarantine.item import Item, State
from tests.interop.mails import TARO
from tests.services.served import Hop, Served, at, hop, served

ROOT = Path(__file__).parent.parent.parent
CORPUS = ROOT.parent / "shared" / "corpus"
SAMPLE = 60
FALLBACK = "sender@example.org"
ADDED = {b"Authentication-Results", b"Received", b"X-Sekisho-Warning", b"X-Sekisho-Findings"} | {
    b"ARC-Seal", b"ARC-Message-Signature", b"ARC-Authentication-Results",
}  # fmt: skip

pytestmark = pytest.mark.skipif(not CORPUS.is_dir(), reason="no corpus beside the project (../shared/corpus)")


class Row(msgspec.Struct):
    """One line of the ledger."""

    name: str
    sent: bytes
    code: int
    text: str


def mails() -> list[Path]:
    return sorted(p for p in CORPUS.rglob("*") if p.is_file() and p.name != "README.md")


def sample() -> list[Path]:
    """SAMPLE mails, the same each time, of every folder."""
    return sorted(mails(), key=lambda p: hashlib.sha256(p.name.encode()).digest())[:SAMPLE]


def as_sent(raw: bytes) -> bytes:
    """The bytes as a client puts them on the wire: every line ends with CRLF; mbox lines are no part of a mail."""
    if raw.startswith(b"From "):
        raw = raw.partition(b"\n")[2]
    raw = re.sub(rb"\r\n|\r|\n", b"\r\n", raw)
    return raw if raw.endswith(b"\r\n") else raw + b"\r\n"


def reverse_path(raw: bytes) -> str:
    """Return-Path, else From, else a fixed one."""
    for name in (rb"return-path", rb"from"):
        if field := re.search(rb"(?im)^" + name + rb":[ \t]*(.*(?:\r?\n[ \t].*)*)", raw[:20000]):
            address = parseaddr(field[1].decode("latin-1"))[1]
            if re.fullmatch(r"[A-Za-z0-9._+=-]+@[A-Za-z0-9.-]+\.[A-Za-z]{2,}", address):
                return address
    return FALLBACK


def play(node: Served, paths: list[Path]) -> list[Row]:
    """Send all, as one host of the internet does; a closed connection is opened again, once for a mail."""
    rows: list[Row] = []
    client: smtplib.SMTP | None = None
    for number, path in enumerate(paths):
        raw = as_sent(path.read_bytes())
        # An identifier of ours, in a field that no rule reads, tells the copies apart.
        content = b"X-Ledger: %d\r\n" % number + raw
        code, text = 0, ""
        for _ in range(2):
            try:
                if client is None:
                    client = node.connect("inbound")
                options = [] if content.isascii() else ["BODY=8BITMIME"]
                code, text = node.send(reverse_path(raw), [TARO], content, client=client, options=options)
                break
            except smtplib.SMTPServerDisconnected as error:
                client, code, text = None, 0, str(error)
        rows.append(Row(str(path.relative_to(CORPUS)), content, code, text))
    if client is not None:
        client.quit()
    return rows


def audit(node: Served, sink: Hop, rows: list[Row]) -> None:
    """Hold the ledger against what the next hop got and what custody holds.

    A warned mail out of which something was taken went through custody, and its original waits there.
    """
    delivered: dict[int, list[bytes]] = {}
    for taken in sink.sink.mails:
        mark = re.search(rb"(?m)^X-Ledger: (\d+)\r$", taken.content)
        assert mark
        delivered.setdefault(int(mark[1]), []).append(taken.content)
    held: dict[int, list[Item]] = {}
    originals: dict[int, bytes] = {}
    for item in node.items(direction="inbound"):
        raw = node.blob(item.original or item.blob)
        mark = re.search(rb"(?m)^X-Ledger: (\d+)\r$", raw[:60000])
        assert mark
        if item.holds == (DISARMED,):
            assert int(mark[1]) not in originals
            originals[int(mark[1])] = bytes(raw)
        elif item.state is not State.DONE:
            held.setdefault(int(mark[1]), []).append(item)
    counts: Counter[str] = Counter()
    folders: Counter[str] = Counter()
    wrong = []
    for number, row in enumerate(rows):
        copies, items = delivered.get(number, []), held.get(number, [])
        if row.code == 250 and len(copies) + len(items) == 1:
            counts["delivered" if copies else "held"] += 1
            if copies:
                what = told(row, copies[0], wrong, originals.pop(number, None))
                counts[what] += 1
                folders[f"{row.name.partition('/')[0]}: {what}"] += 1
            elif items[0].state is State.HELD and items[0].holds:
                folders[f"{row.name.partition('/')[0]}: held"] += 1
                counts[f"held for {', '.join(items[0].holds)}"] += 1
            else:
                wrong.append(f"{row.name}: in custody without a reason")
        elif row.code >= 400 and row.text.strip() and not copies and not items:
            counts["refused"] += 1
            print(f"refused: {row.name}: {row.code} {row.text.splitlines()[0]}")
        else:
            wrong.append(f"{row.name}: {row.code} {row.text!r}, {len(copies)} delivered, {len(items)} held")
    print(f"\n{len(rows)} sent: {dict(counts)}\n{dict(sorted(folders.items()))}")
    assert not wrong, "\n".join(wrong)
    assert not originals, "an original is kept of a mail that was not delivered"
    assert counts["delivered"] + counts["held"] + counts["refused"] == len(rows)
    for sign in ("Traceback", '"exception"', '"level": "error"'):
        assert sign not in node.log, [line for line in node.log.splitlines() if sign in line][:3]


def files(content: bytes) -> list[bytes]:
    """Everything in a mail that is no text for people."""
    leaves = [p for p in message_from_bytes(content).walk() if not p.is_multipart()]
    return [p.get_payload(decode=True) or b"" for p in leaves if p.get_content_maintype() != "text"]  # type: ignore[misc]


def told(row: Row, delivered: bytes, wrong: list[str], original: bytes | None) -> str:
    """ "warned", "cleaned" or "unchanged" for a delivered mail; what is neither goes to `wrong`."""
    if original is not None:
        if b"X-Sekisho-Warning: yes" not in delivered[:4000]:
            wrong.append(f"{row.name}: something was taken out without a warning")
        if original != row.sent:
            wrong.append(f"{row.name}: the original that was kept is not what came")
        return "cleaned"
    if b"X-Sekisho-Warning: yes" in delivered[:4000]:
        if len(delivered) < len(row.sent):
            wrong.append(f"{row.name}: a warned mail became shorter")
        if files(delivered) != files(row.sent):
            wrong.append(f"{row.name}: an attachment of a warned mail is not what it was")
        return "warned"
    if delivered.endswith(row.sent):
        head = delivered[: -len(row.sent)].rstrip(b"\r\n")
        names = {f.partition(b":")[0] for f in re.split(rb"\r\n(?![ \t])", head)}
        if names <= ADDED:
            return "unchanged"
    wrong.append(f"{row.name}: changed without a warning")
    return "changed"


@pytest.mark.parametrize(
    "paths",
    [
        pytest.param(sample, id="sample"),
        pytest.param(mails, id="all", marks=[pytest.mark.slow, pytest.mark.timeout(1800)]),
    ],
)
def test_the_ledger_balances(paths: Callable[[], list[Path]], capsys: pytest.CaptureFixture[str]) -> None:
    with hop() as sink, served(relay=at(sink.port), mailbox=at(sink.port)) as node:
        rows = play(node, paths())
        with capsys.disabled():
            audit(node, sink, rows)
        assert node.command("journal", "verify").returncode == 0
