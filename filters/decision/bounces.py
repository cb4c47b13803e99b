"""What is said against reports on delivery, which machines write to whoever sent a mail: less than against a letter.

    null reverse-path, returns a Message-ID that we sent      only what concerns its files
    null reverse-path, written as mail systems write          everything but the author and that nobody knows it
    null reverse-path, formal, about recipients elsewhere     the same, and whose name it bears

A machine's address, its silence about itself and that it never wrote before say nothing. What it leads to does: a forged
report with a lure is a lure. A person's name over a report is no mail system (mail/returned.py).
"""

import re

from filters.decision.decide import OF_FILES
from filters.facts import Facts
from filters.finding import Finding
from filters.reading.incoming import Incoming
from mail.address import domain_of
from mail.returned import is_by_program

OF_AUTHORS = frozenset({"IN-SPOOF", "IN-FIRST", "IN-FREEMAIL", "IN-SIGNATURE", "IN-AUTH"})
"""Controls whose indicators judge who wrote a mail."""
OF_NAMES = frozenset({"IN-SPOOF", "IN-FREEMAIL"})
"""Those of them that judge in whose name."""
AGAINST_ANYBODY = OF_FILES | {"IN-REPORT", "IN-WARN"}
"""Controls that count whoever wrote: files, and what somebody here has decided."""
_NOBODY = re.compile(r"(?i)(?:no|do[-_.]?not)[-_.]?reply@|notifications?@")
REFUSING = "dmarc_reject"
"""Name of the rule that may refuse what the author's domain asks to refuse."""


def heard(facts: Facts, incoming: Incoming, findings: list[Finding]) -> list[Finding]:
    """Those of the findings that count against the mail."""
    if facts.direction != "inbound" or facts.envelope.reverse_path or not findings:
        return findings
    if facts.sent and not facts.sent.keys().isdisjoint(incoming.returned):
        return [f for f in findings if f.control in AGAINST_ANYBODY or not f.control]
    if len(incoming.authors) <= 1 and (is_by_program(incoming.author) or _answers_nobody(incoming)):
        excused = OF_AUTHORS
    elif len(incoming.authors) <= 1 and _is_formal(facts, incoming):
        excused = OF_AUTHORS - OF_NAMES
    else:
        return findings
    return [f for f in findings if f.control not in excused or f.rule == REFUSING]


def _is_formal(facts: Facts, incoming: Incoming) -> bool:
    """True for a report in the form for machines, about recipients in other domains than those who get it."""
    ours = {domain_of(address) for address in facts.envelope.recipients}
    return bool(incoming.undelivered) and ours.isdisjoint(map(domain_of, incoming.undelivered))


def _answers_nobody(incoming: Incoming) -> bool:
    """True for an address that takes no answers, over a report that returns a mail."""
    return bool(incoming.returned and _NOBODY.match(incoming.author.address))
