"""What was promised to clients, and whether it was kept.

The ledger notes every mail before it is sent and every reply to it. `audit` compares it with what the next hop
took and what the store holds: lost = promised − (delivered ∪ queued ∪ held ∪ quarantined) must be empty.
"""

import threading
import time
from collections import Counter
from dataclasses import dataclass, field

from tests.crash.custody import Custody
from tests.crash.mails import HANAKO, TARO, Mail
from tests.crash.sink import Sink

INSIDERS = (TARO, HANAKO)


@dataclass
class Sent:
    """A mail with what the client knows of it. `code` 0: no reply was heard, so nobody knows.

    `silences` counts the transactions that ended so: each may have been carried out. `doubts` counts those whose
    content was answered with 4yz: a store that fails while it commits may have done it or not. `dropped` are recipients
    who were taken back alone.
    """

    mail: Mail
    began: float
    code: int = 0
    text: str = ""
    silences: int = 0
    doubts: int = 0
    recalled: float = 0.0
    dropped: frozenset[str] = frozenset()

    @property
    def acked(self) -> bool:
        return self.code == 250


@dataclass
class Audit:
    """What was found; everything but `acked`, `duplicates` and `in_flight` should be empty."""

    acked: int = 0
    duplicates: int = 0
    in_flight: int = 0
    lost: list[str] = field(default_factory=list)
    damaged: list[str] = field(default_factory=list)
    unasked: list[str] = field(default_factory=list)
    early: list[str] = field(default_factory=list)
    repeated: list[str] = field(default_factory=list)

    @property
    def wrong(self) -> dict[str, list[str]]:
        names = ("lost", "damaged", "unasked", "early", "repeated")
        return {name: found for name in names if (found := getattr(self, name))}

    def __str__(self) -> str:
        return (
            f"acked {self.acked}, lost {len(self.lost)}, duplicates {self.duplicates}"
            f" of {self.in_flight} in flight, other {sum(map(len, self.wrong.values())) - len(self.lost)}"
        )


class Ledger:
    """Thread-safe: clients write into it at the same time."""

    def __init__(self) -> None:
        self.sent: dict[str, Sent] = {}
        self.in_flight: Counter[tuple[str, str]] = Counter()
        """How often a delivery to (message-id, recipient) was under way when a process was killed."""
        self._lock = threading.Lock()

    def begins(self, mail: Mail) -> Sent:
        with self._lock:
            return self.sent.setdefault(mail.message_id, Sent(mail, time.time()))

    def acked(self) -> list[Sent]:
        return [s for s in list(self.sent.values()) if s.acked]

    def unfinished(self) -> list[Sent]:
        """Mails that a real client would send again: nothing heard, or a temporary failure."""
        return [s for s in list(self.sent.values()) if s.code // 100 in (0, 4)]

    def killed(self, custody: Custody) -> None:
        """Note what was under way when the process died."""
        for row in custody.rows("active"):
            if row.status in ("waiting", "deferred"):
                self.in_flight[row.message_id, row.recipient] += 1

    def audit(self, custody: Custody, sink: Sink, delay: float = 0.0) -> Audit:
        """`delay`: seconds that mail to outsiders has to wait here."""
        rows = custody.rows()
        known: dict[tuple[str, str], list[int]] = {}
        for number, row in enumerate(rows):
            known.setdefault((row.message_id, row.recipient), []).append(number)
        audit = Audit(in_flight=sum(self.in_flight.values()))
        audit.damaged = [f"{r.item} {r.message_id}" for r in rows if r.live and not r.intact]
        for sent in list(self.sent.values()):
            audit.acked += sent.acked
            audit.in_flight += sent.silences
            for recipient in sent.mail.recipients:
                mine = [rows[n] for n in known.get((sent.mail.message_id, recipient), [])]
                taken = [
                    d
                    for d in list(sink.deliveries)
                    if d.message_id == sent.mail.message_id and recipient in d.recipients
                ]
                what = (
                    f"{sent.mail.message_id} to {recipient}: {sent.code}, {sent.silences} silences, "
                    f"{sent.doubts} doubts, {len(taken)} x, {mine}"
                )
                kept = any(r.live and r.intact for r in mine)
                ended = any(
                    (r.status == "failed" and recipient.startswith(sink.refused))
                    or (r.status == "withdrawn" and (sent.recalled or recipient in sent.dropped))
                    for r in mine
                )
                told = not any(r.status == "delivered" for r in mine) or taken
                if (sent.acked and not (taken or kept or ended)) or not told:
                    audit.lost.append(what)
                if taken and not _may_leave(sent, recipient):
                    audit.unasked.append(what)
                if any(sent.mail.secret and sent.mail.secret in d.content for d in taken):
                    audit.unasked.append(f"in the clear: {what}")
                if delay and recipient not in INSIDERS and any(d.at < sent.began + delay for d in taken):
                    audit.early.append(what)
                more = max(len(taken) - 1, 0)
                audit.duplicates += more
                unheard = max(
                    sent.silences, min(len({r.item for r in mine}) - 1, sent.silences + sent.doubts)
                )
                if more > self.in_flight[sent.mail.message_id, recipient] + unheard:
                    audit.repeated.append(what)
        reported = {r.mail_id for r in rows if r.direction == "dsn"}
        for row in rows:
            if row.status == "failed" and row.direction == "outbound" and row.mail_id not in reported:
                audit.lost.append(f"the report of {row}")
            if row.direction in ("dsn", "notice") and row.status == "delivered":
                taken = [d for d in list(sink.deliveries) if d.message_id == row.message_id]
                if not taken:
                    audit.lost.append(str(row))
                audit.duplicates += (more := len(taken) - 1)
                if more > self.in_flight[row.message_id, row.recipient]:
                    audit.repeated.append(str(row))
        return audit


def _may_leave(sent: Sent, recipient: str) -> bool:
    """False for what the checkpoint has to stop, for what was recalled, and for what nobody promised or left open."""
    if sent.mail.kind in ("quarantined", "forbidden"):
        return False
    if recipient in sent.dropped or (sent.recalled and recipient not in INSIDERS):
        return False
    return sent.acked or not sent.code or sent.silences > 0
