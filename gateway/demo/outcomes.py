"""What happened to each sample, in words, and all of them as a table for a terminal."""

import asyncio
import re
import unicodedata
from collections.abc import Sequence
from datetime import datetime

from config.approval import all_spoken
from config.tenant import DEFAULT
from filters.sentences import sentences
from gateway.app import Node
from gateway.demo.samples import Sample
from quarantine.item import Item, State, Status
from quarantine.store import Query


async def outcome(node: Node, sample: Sample, code: int, text: str) -> str:
    """What happened, in words: from the reply and from what custody holds."""
    if code >= 400:
        return f"refused in the session: {code} {' '.join(text.split())}"
    match = re.search(r"Accepted as ([a-z2-7]{16})", text)
    if match is None:  # the next hop's own words: the mail was passed on in line
        (entry,) = (await node.store.entries(DEFAULT, event="hand_over"))[-1:]
        if entry.detail.get("warned"):
            return "delivered with a warning: " + ", ".join(entry.detail["rules"])
        return "delivered, unchanged but for header fields"
    items: list[Item] = []
    for _ in range(100):
        found = await node.store.find(Query(DEFAULT, mail_id=match[1], order="oldest"))
        items = [item for item in found if item.direction != "notice"]
        if all(item.state not in (State.QUEUED, State.ACTIVE) for item in items):
            break
        await asyncio.sleep(0.05)
    return "; ".join(_told(item, node) for item in items)


def _told(item: Item, node: Node) -> str:
    to = ", ".join(r.path.address for r in item.recipients[:2]) + (
        f" +{len(item.recipients) - 2}" if len(item.recipients) > 2 else ""
    )
    words = []
    if item.state is State.HELD:
        until = (
            datetime.fromtimestamp(item.due_at - node.settings.margin_seconds).strftime("%H:%M:%S")
            if item.due_at is not None and item.due_at > item.accepted_at
            else ""
        )
        waits = [f"held until {until}"] if until else []
        if item.holds:
            waits.append(
                "in quarantine for the administrator: " + ", ".join(sentences(item.findings, "en")[:3])
            )
        if item.approvals:
            waits.append("waits for " + all_spoken(item.approvals, "en"))
        words.append(" and ".join(waits) or "held")
    elif all(r.status is Status.DELIVERED for r in item.recipients):
        words.append("delivered at once")
    else:
        words.append(item.state.value)
    if "bcc" in item.rewrites:
        words.append("leaves as Bcc")
    if item.passphrase_source:
        source = {
            "generated": "generated, only the sender sees it",
            "domain": "agreed with the domain",
            "address": "agreed with the address",
        }
        words.append(f"attachments encrypted (password: {source[item.passphrase_source]})")
    return f"{to}: {', '.join(words)}"


def drawn(rows: Sequence[tuple[str, str, str]], width: int = 140) -> str:
    """The rows as a table for a terminal; Japanese characters are two columns wide."""
    titles = max(_columns(title) for _, title, _ in rows)
    lines = []
    for direction, title, told in rows:
        room = max(40, width - titles - 14)
        for number, part in enumerate(_wrapped(told, room)):
            left = (f"{direction:9}", title) if number == 0 else (" " * 9, "")
            lines.append(f"{left[0]}  {left[1]}{' ' * (titles - _columns(left[1]))}  {part}")
    return "\n".join(lines)


def _columns(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def _wrapped(text: str, room: int) -> list[str]:
    lines, line, used = [], "", 0
    for word in text.replace(" ", "\0 ").split("\0"):
        size = _columns(word)
        if used + size > room and line:
            lines.append(line.strip())
            line, used = "", 0
        line, used = line + word, used + size
    return [*lines, line.strip()]
