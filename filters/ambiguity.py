"""What follows from each way in which a mail is ambiguous: one table.

Every other reading of an ambiguous mail is examined like the mail itself (filters.reading.reading). `STOP`
is for what can still hide content from that, or what no honest mail program writes; `NOTE` for what occurs in
ordinary mail, and of which all readings were examined.
"""

import msgspec

from config.policy import Organisation
from filters.finding import Evidence, Sight
from filters.views import ByForm
from mail.ambiguity import WHY

STOP, NOTE = "stop", "note"


class Severity(msgspec.Struct, frozen=True):
    """What a detector means for outbound and for inbound mail, and what is damaged ([damaged] of values.toml)."""

    outbound: str
    inbound: str
    what: str


def _table() -> dict[str, Severity]:
    rows = {
        ("header", STOP, STOP): "duplicate-content-type duplicate-transfer-encoding duplicate-disposition "
        "duplicate-singular junk-in-header missing-blank-line blank-folded-line space-before-colon "
        "bare-cr-in-header control-in-header mixed-line-ends content-type-invalid encoded-content-type",
        ("structure", STOP, STOP): "duplicate-boundary continued-boundary encoded-boundary unclosed-quote "
        "no-boundary boundary-not-found same-boundary-inside part-after-end headers-in-preamble "
        "headers-in-epilogue encoded-multipart boundary-with-text",
        # Old scanners write no end; we read the last part of a truncated mail to its end.
        ("structure", NOTE, NOTE): "no-end-boundary long-boundary",
        ("encoding", STOP, STOP): "unknown-encoding decorated-encoding base64-junk base64-after-padding "
        "base64-damaged unknown-message-type",
        # Exchange encodes enclosed mails; scripts write "=" in quoted-printable. Both readings were examined.
        # Some programs pad nothing; what readers make of the last group differs by two octets.
        ("encoding", NOTE, NOTE): "encoded-message quoted-printable-damaged base64-unpadded",
        ("inline", STOP, STOP): "uuencode yenc",
        ("inline", NOTE, NOTE): "base64-in-text utf-7-in-text tnef",
        ("elsewhere", STOP, STOP): "message-partial message-external-body",
        # People send each other sources of mails.
        ("structure", NOTE, STOP): "headers-in-body",
        ("name", STOP, STOP): "duplicate-filename gap-in-continuation control-in-filename",
        # Every name is examined, and IN-RLO warns.
        ("name", STOP, NOTE): "override-in-filename",
        # Every name is examined; many senders leave out quotes, give a type twice, or a name for old programs.
        ("name", NOTE, NOTE): "conflicting-filename conflicting-type-name unquoted-filename",
        ("charset", STOP, NOTE): "unknown-charset",
        ("header", STOP, NOTE): "duplicate-parameter",
    }  # fmt: skip
    return {
        name: Severity(out, into, what) for (what, out, into), names in rows.items() for name in names.split()
    }


SEVERITY = _table()
"""One row for every detector of mail.ambiguity."""


def doubt(
    mail: ByForm, organisation: Organisation, severity: str, ignored: tuple[str, ...], also: tuple[str, ...]
) -> Sight | None:
    """Everything that makes the mail ambiguous at this severity, or None.

    `ignored` detectors do not count, `also` count as STOP. A name that is no detector's is an error in the
    policy and has no effect here.
    """
    inbound = mail.facts.direction == "inbound"
    found = []
    for each in mail.reading.ambiguities:
        row = SEVERITY[each.name]
        decided = STOP if each.name in also else row.inbound if inbound else row.outbound
        if decided == severity and each.name not in ignored:
            found.append(each)
    if not found:
        return None
    evidence = tuple(Evidence(f"{a.name}: {a.quote}"[:200], a.part, a.offset) for a in found[:5])
    names = list(dict.fromkeys(a.name for a in found))
    values = {"what": SEVERITY[names[0]].what, "why": ", ".join(names[:5])}
    return Sight(evidence, values=values)


def markdown() -> str:
    """docs/ambiguity.md: every detector, why clients differ, and what follows in each direction."""
    lines = [
        "Each detector names one way in which mail clients read the same bytes differently. All readings are examined; what else follows depends on the direction.",
        "",
    ]
    follows = {
        (STOP, STOP): "Outbound: sent back. Inbound: held, and released only rebuilt",
        (STOP, NOTE): "Outbound: sent back. Inbound: noted",
        (NOTE, NOTE): "Noted in both directions",
    }
    for severities, heading in follows.items():
        chosen = [n for n in WHY if (SEVERITY[n].outbound, SEVERITY[n].inbound) == severities]
        lines += [f"## {heading}", "", *(f"- `{name}`: {WHY[name]}" for name in chosen), ""]
    return "\n".join([*lines, ""])
