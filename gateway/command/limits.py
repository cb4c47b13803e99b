"""Every limit of what a client may ask of us: whom it counts for, how much it is, what the peer hears (docs/limits.md).

A limit for everybody together is a way to shut everybody out. So beside each stands the limit of one client, and
tests/gateway/command/test_limits.py walks the settings: a new one must be here.
"""

import msgspec

from config.console import ConsoleLimits
from config.listening import ListenerSection
from config.policy import Sending
from config.section import Section
from config.settings import LimitsSection, WorkersSection
from config.words import say
from gateway import inbound, reporting
from gateway.deliver import courier
from gateway.listen import commands, connection, content, grammar, limits, login, transport
from gateway.locked import room
from gateway.web import head
from mail.reply import LOCAL_ERROR, Reply
from quarantine import password_attempts
from quarantine.queue.sender_limits import AGE, SHORT
from quarantine.reported import reports
from storage import tally

NODE, CLIENT, SESSION, MAIL, ACCOUNT, PERSON = (
    "everybody",
    "client",
    "connection",
    "mail",
    "account",
    "person",
)
HOP, DIRECTION = "next hop", "direction"
CLOSED, HELD, WAITS = "closed", "250, mail held", "waits"

SECTIONS: dict[str, type[Section]] = {
    "limits": LimitsSection,
    "console.limits": ConsoleLimits,
    "workers": WorkersSection,
    "listeners": ListenerSection,
}
"""The sections of settings.py with limits, by their place in the settings."""


class Limit(msgspec.Struct, frozen=True):
    """One limit. `name` is a setting, or a number of the program with its `value`; `counts` for whom; `hears` is what the
    peer hears who reaches it; `client` names the limit of one client where this one is for everybody."""

    name: str
    counts: str
    hears: Reply | str
    client: str = ""
    value: int | None = None

    @property
    def default(self) -> object:
        """Its value where nobody set another one."""
        if self.value is not None:
            return self.value
        section, _, field = self.name.rpartition(".")
        return SECTIONS[section].model_fields[field].default


NOT_LIMITS = {
    "limits.trusted": "whose addresses are not counted",
    "limits.stress": "when clients get less time",
    "workers.sandbox": "how processes are locked up",
    "workers.ocr": "whether words in pictures are read",
    **{f"listeners.{name}": "what a listener is" for name in ListenerSection.model_fields if name != "size_limit"},
}  # fmt: skip
"""Settings of these sections that limit nobody."""

TABLE: dict[str, tuple[Limit, ...]] = {
    "Connections": (
        Limit("limits.connections", NODE, limits.TOO_MANY, "limits.connections_per_address"),
        Limit("limits.connections_per_address", CLIENT, limits.TOO_MANY),
        Limit("limits.new_per_second", CLIENT, limits.TOO_FAST),
        Limit("limits.new_burst", CLIENT, limits.TOO_FAST),
        Limit("clients remembered", NODE, "the oldest is forgotten", "limits.connections_per_address", tally.MOST),
        Limit("limits.handshake", SESSION, CLOSED),
        Limit("limits.proxy", SESSION, CLOSED),
        Limit("limits.idle", SESSION, transport.TIMEOUT),
        Limit("limits.session", SESSION, transport.TIMEOUT),
        Limit("limits.errors", SESSION, connection.TOO_MANY_ERRORS),
        Limit("limits.junk", SESSION, connection.TOO_MANY_ERRORS),
    ),
    "Contents": (
        Limit("limits.recipients", MAIL, commands.TOO_MANY_RECIPIENTS),
        Limit("listeners.size_limit", MAIL, content.TOO_BIG),
        Limit("limits.overrun", MAIL, commands.TOO_MUCH),
        Limit("limits.grace", MAIL, transport.TIMEOUT),
        Limit("limits.rate", MAIL, transport.TIMEOUT),
    ),
    "Senders": (
        Limit("limits.future_release", MAIL, grammar.HELD_TOO_LONG),
        Limit("recipients in ten minutes (policy: `sending`)", ACCOUNT,
              Reply(452, say("en", "replies.smtp.ten_minutes", limit="600", time="hh:mm"), 7, 1), value=Sending().per_10_minutes),
        Limit("recipients in 24 hours (policy: `sending`)", ACCOUNT,
              Reply(550, say("en", "replies.smtp.day", limit="10000", time="hh:mm"), 7, 1), value=Sending().per_day),
    ),
    "Logins": (
        Limit("limits.auth_failures_per_session", SESSION, login.ENDED),
        Limit("limits.auth_failures", f"{CLIENT}; {ACCOUNT}", login.BLOCKED),
        Limit("limits.auth_window", f"{CLIENT}; {ACCOUNT}", login.BLOCKED),
        Limit("counters remembered", NODE, "the oldest is forgotten", "limits.auth_failures", tally.MOST),
        Limit("passwords for one locked file", MAIL, "no more tries", value=password_attempts.MOST),
    ),
    "Next hops": (
        Limit("limits.next_hop_connections", HOP, courier.BUSY, "limits.next_hop_connections_per_client"),
        Limit("limits.next_hop_connections_per_client", CLIENT, courier.BUSY),
        Limit("limits.next_hop_wait", MAIL, courier.BUSY),
        Limit("limits.next_hop_unused", SESSION, "nothing: the connection is lent to another"),
        Limit("next hops of one mail", MAIL, inbound.SEPARATELY, value=1),
    ),
    "Examination": (
        Limit("workers.count", DIRECTION, WAITS, "limits.examining_per_minute"),
        Limit("limits.examining_per_minute", f"{CLIENT}; {ACCOUNT}", Reply(451, say("en", "replies.smtp.overdrawn"), 7, 0)),
        Limit("octets of mails over 1 MB at once, a worker", NODE, WAITS, "limits.examining_per_minute", room.EACH),
        Limit("workers.mails", "process", "nothing: another process takes its place"),
        Limit("workers.seconds", MAIL, HELD),
        Limit("workers.megabytes", MAIL, HELD),
        Limit("seconds in which a process must be free", MAIL, LOCAL_ERROR, value=60),
    ),
    "Reports": (Limit("reports in a day", PERSON, reporting.ENOUGH, value=reports.DAILY),),
    "Console": (
        Limit("console.limits.connections", NODE, CLOSED, "console.limits.connections_per_address"),
        Limit("console.limits.connections_per_address", CLIENT, CLOSED),
        Limit("console.limits.head", SESSION, CLOSED),
        Limit("console.limits.body", SESSION, CLOSED),
        Limit("console.limits.write", SESSION, CLOSED),
        Limit("console.limits.idle", SESSION, CLOSED),
        Limit("octets of a head", SESSION, f"{head.FIELDS_TOO_LARGE}", value=head.LIMIT),
        Limit("fields of a head", SESSION, f"{head.FIELDS_TOO_LARGE}", value=head.FIELDS),
    ),
}  # fmt: skip


def markdown() -> str:
    """The tables for docs/limits.md."""
    lines = [
        "What a client may ask of the gateway, and what it hears who asks for more. A *client* is an IPv4 address or an"
        " IPv6 /64; those in `limits.trusted` are not counted, as they speak for many. Times are seconds, sizes octets;"
        " `workers.count = 0` is two for each processor, at least four; three in four of them examine mails of one client at a time.",
        "",
        "Where a node is several processes (`processes`), all of them count together; of the connections to next hops and of"
        " the examining processes each has its share. What somebody sent is read from the store, though: each process, on"
        f" whatever node, knows what others took {AGE:g} s later at most, {SHORT:g} s later once half of a sender's limit is"
        " used. A sender who writes through N of them at once may so go beyond it by N - 1 times the limit, if all is sent"
        " within that time; a steady stream by what the others take in these seconds.",
        "",
    ]
    heard: dict[str, Reply] = {}
    for title, entries in TABLE.items():
        lines += [f"## {title}", "", "| limit | counts for one | default | heard |", "|---|---|---|---|"]
        for each in entries:
            told = each.hears
            if isinstance(told, Reply):
                code = " ".join(str(told).split(" ")[:2])
                heard[str(told)] = told
                told = code
            name = f"`{each.name}`" if each.value is None else each.name
            counts = "– (everybody)" if each.counts == NODE else each.counts
            lines.append(f"| {name} | {counts} | {_number(each.default)} | {told} |")
        lines.append("")
    lines += ["## What is said", "", *(f"- `{reply}`" for reply in sorted(heard))]
    return "\n".join(lines) + "\n"


def _number(value: object) -> str:
    return (
        f"{value:,g}" if isinstance(value, float) else f"{value:,}" if isinstance(value, int) else str(value)
    )
