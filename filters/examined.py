"""The checkpoint's answer: plain data that a locked process hands out."""

import msgspec

from filters.finding import Finding
from filters.verdict import PASS, Verdict
from mail.compose import Edit


class Copy(msgspec.Struct, frozen=True):
    """One version of the mail that leaves: for whom, under which verdict, and how it differs from the original.

    recipients         indexes of the envelope's forward-paths; each stands in exactly one copy
    edits              changes against the original bytes (none: leaves as it came)
    passphrase_source  "" (nothing encrypted), "address" or "domain" (vault), "generated"
    kept               what was removed is not lost: the mail with only these edits (such as the banner) stays in
                       the quarantine for those who ask. None: nothing was removed, or nothing is kept
    """

    recipients: tuple[int, ...]
    verdict: Verdict = PASS
    edits: tuple[Edit, ...] = ()
    passphrase_source: str = ""
    kept: tuple[Edit, ...] | None = None


TRACES = 100
"""Most hosts, and most files, that are kept to find a mail again."""


class Summary(msgspec.Struct, frozen=True):
    """What lists, notices and the trace show of a mail without opening it. All decoded and length-capped.

    hosts   where its links lead, in lower case (inbound; at most TRACES)
    files   SHA-256 (hex) of the content of its attachments (inbound; at most TRACES)
    automatic   it says that no person sent it (RFC 3834)
    """

    subject: str = ""
    author: str = ""
    author_name: str = ""
    message_id: str = ""
    to: str = ""
    cc: str = ""
    attachments: tuple[str, ...] = ()
    hosts: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    automatic: bool = False


class Reported(msgspec.Struct, frozen=True):
    """A mail as described by somebody who reports it (filters/reading/report.py): claims, none of them proved.

    mail_ids   our ids of it, from the address in our banner and from our Received line
    attached   it came whole, not as a quotation
    """

    summary: Summary
    mail_ids: tuple[str, ...] = ()
    attached: bool = False


class ShownFile(msgspec.Struct, frozen=True):
    """A file of a mail as text, for people: what the examining process could read of it, and nothing that acts.

    texts  (place inside the file, text); `cut` when there is more, `verdict` as in filters.extract
    """

    name: str
    kind: str = ""
    verdict: str = "ok"
    texts: tuple[tuple[str, str], ...] = ()
    cut: bool = False


class Features(msgspec.Struct, frozen=True):
    """What cases and exceptions are decided by besides facts and findings; nothing of a mail's text.

    size     bytes of the content
    author   the address in From of an arriving mail, when SPF or DKIM of its domain passed; else ""
    """

    size: int = 0
    author: str = ""


class Lesson(msgspec.Struct, frozen=True):
    """What the house may learn of a mail once it has left (outbound), or was delivered: names, no text.

    names     recipient -> the names by which the mail calls them, as filters.reading.greeting.plain makes them
    company   the only company that it greets
    visible   the addresses in To and Cc, in lower case
    reply_to  where an arriving mail wants its answers
    proved    of an arriving mail: its author is who they say (DMARC, SPF or DKIM)
    habits    of an arriving mail of somebody we know: how they write (filters/reading/habits.py)
    """

    names: dict[str, tuple[str, ...]] = {}
    company: str = ""
    visible: tuple[str, ...] = ()
    reply_to: str = ""
    proved: bool = False
    habits: dict[str, str] = {}


class Applied(msgspec.Struct, frozen=True, order=True):
    """A rule whose finding had a consequence for somebody. `by` names the case or exception, "" the rule's own."""

    rule: str
    by: str
    then: str


class Examined(msgspec.Struct, frozen=True):
    """Findings, the joined verdict of the whole mail, and the copies that leave.

    `warned` is True when the indicators together make a warning; `score` is the highest sum of
    weights of a recipient: for mail that leaves, its risk (filters.decision.decide.factors names what it is the sum of).
    `headers` are header lines (with CRLF) to put in front of every copy: X-Sekisho-*, or what a submitted mail lacks.
    `applied` is what the policy did with the findings, `policy` the version of it.
    `lesson` is what the house may remember of it (directory/past_mail.py).
    `reported` are the mails that a mail to the report address is about; only the summary is set besides.
    `apart` are files that a virus scanner may not find in the mail by itself, where they were asked for; `kept_back`: not all of
    them could be handed out.
    `shown` is the file whose text was asked for (filters/reading/shown.py); nothing is set besides.
    """

    findings: tuple[Finding, ...] = ()
    verdict: Verdict = PASS
    copies: tuple[Copy, ...] = ()
    summary: Summary = Summary()
    warned: bool = False
    score: int = 0
    headers: bytes = b""
    features: Features = Features()
    applied: tuple[Applied, ...] = ()
    policy: str = ""
    lesson: Lesson = Lesson()
    reported: tuple[Reported, ...] = ()
    shown: tuple[ShownFile, ...] = ()
    apart: tuple[bytes, ...] = ()
    kept_back: bool = False


SCORE = "warning_score"
"""Name of the hold that is due to the sum of the indicators' weights (policy.warn.hold_at)."""

LOCKED = "locked_attachment"
"""Name of the rule, and of its hold, for a file nobody could open: its recipient may type the password."""

UNDELIVERABLE = "undeliverable"
"""Name of the hold for a mail that a mailbox refused when the client already had its 250."""

UNKNOWN_SENDER = "unknown_sender"
"""Name of the hold for mail that an upstream brings of an address in our domains that is nobody's."""

DISARMED = "disarmed"
"""Name of the hold for what was removed from a delivered mail: it waits for somebody to ask for it."""

UNEXAMINABLE = "unexaminable"
"""Name of the finding that stands for "we could not look": always a hold, in both directions."""

UNSCANNED = {"inbound": "unscanned", "outbound": "unscanned_mail"}
"""Name of the rule, and of its hold, for mail in which nobody has looked for viruses; by direction."""

INFECTED = {"inbound": "virus", "outbound": "infected_mail"}
"""The same for mail in which a virus was found."""

UNREAD = frozenset(
    {
        UNEXAMINABLE,
        UNSCANNED["outbound"],
        INFECTED["outbound"],
        LOCKED,
        "encrypted_attachment",
        "corrupt_attachment",
        "oversized_attachment",
        "unsupported_attachment",
        "scanned_attachment",
    }
)
"""Names of holds for a content, or a part of it, that nobody could read, or that holds a virus: no lapse of time ends them."""
