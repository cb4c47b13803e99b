"""Rewriters: the changes that a verdict can ask for, by name. Each answers with edits of byte spans.

A rewriter is one function in one file of filters/rewriters, found by its name in Verdict.rewrites:

    @rewriter("banner", reach=TEXTS)
    def banner(mail: Mail, policy: Policy, findings: Sequence[Finding], recipients: tuple[int, ...]) -> list[Edit]:
        body = mail.message.parts[0].body_span
        return [Edit(body[0], body[0], "注意 …".encode())]

`recipients` are the indexes of the forward-paths that get this copy; `findings` are those that concern at
least one of them. `reach` is where it works: changes elsewhere are not believed (gateway/locked/answer_check.py).
A rewriter that removes something says so, and when: `@rewriter("text", takes=loses, reach=TEXTS)`. All
edits refer to the original bytes, so rewriters that do not know each other combine in any order;
`filters.sentences.sentence(finding, language)` gives a finding's words.

Diagnostics: a rewriter that cannot make its change safely raises RewriteError; the mail is then held
unchanged for every recipient. A rewriter never falls back to leaving the mail as it is.
"""

from collections.abc import Callable, Sequence

import msgspec

from config.policy import Policy
from config.words import LANGUAGES
from filters.finding import Finding
from filters.rule import Mail
from mail.compose import Edit, RewriteError, ordered

Change = Callable[[Mail, Policy, Sequence[Finding], tuple[int, ...]], list[Edit]]
Takes = Callable[[Mail, Policy], bool]
Beside = Callable[[Mail, Sequence[Edit]], list[Edit]]


def language_of(mail: Mail, policy: Policy, recipients: tuple[int, ...]) -> str:
    """The language for the recipients of one copy; the organisation's when nobody said."""
    everybody = mail.facts.envelope.recipients
    said = mail.facts.languages.get(everybody[recipients[0]], "") if recipients else ""
    return said if said in LANGUAGES else policy.organisation.language


class Reach(msgspec.Struct, frozen=True):
    """Where a rewriter changes mail of one direction.

    removes   names of header fields that it takes out or rewrites; "*" stands for the rest of a name
    kept      names that it leaves alone whatever `removes` says
    adds      names of header fields that it writes
    body      True when it changes what comes after the header
    folds     True when it breaks header fields at blanks (RFC 5322 2.2.3)
    whole     True when nothing is left as it was
    """

    direction: str
    removes: tuple[str, ...] = ()
    kept: frozenset[str] = frozenset()
    adds: tuple[str, ...] = ()
    body: bool = False
    folds: bool = False
    whole: bool = False

    def takes(self, name: str) -> bool:
        """True for a header field that may be gone afterwards."""
        return name not in self.kept and _matches(name, self.removes)

    def gives(self, name: str) -> bool:
        """True for a header field that may be new afterwards."""
        return _matches(name, self.adds)


def _matches(name: str, patterns: tuple[str, ...]) -> bool:
    return any(name.startswith(p[:-1]) if p.endswith("*") else name == p for p in patterns)


TEXTS = Reach("inbound", removes=("content-*",), adds=("content-*", "mime-version"), body=True)
"""Of rewriters that change what people read or open of an arriving mail."""


class Rewriter(msgspec.Struct, frozen=True):
    """A named change of a mail for some of its recipients, within its reach. `takes` tells whether the mail then lacks
    something that it had (IN-TEXT, IN-MACRO); None: it never does. `beside` makes the edits of one that gives way to those
    of all others."""

    name: str
    change: Change
    reach: Reach
    takes: Takes | None = None
    beside: Beside | None = None


REWRITERS: dict[str, Rewriter] = {}


def rewriter(
    name: str, *, reach: Reach, takes: Takes | None = None, beside: Beside | None = None
) -> Callable[[Change], Change]:
    """Register the decorated function as the rewriter of this name."""

    def register(change: Change) -> Change:
        if name in REWRITERS and REWRITERS[name].change.__module__ != change.__module__:
            raise ValueError(f"two rewriters are called {name}")
        REWRITERS[name] = Rewriter(name, change, reach, takes, beside)
        return change

    return register


def preserving(names: frozenset[str]) -> frozenset[str]:
    """Those of the names that never take anything from a mail."""
    return frozenset(n for n in names if n not in REWRITERS or REWRITERS[n].takes is None)


class Rewritten(msgspec.Struct, frozen=True):
    """What several rewriters have made of a mail.

    edits    of all of them, in order
    by       the names of those that changed something
    lacking  True when a reader would miss something that the mail had
    """

    edits: tuple[Edit, ...] = ()
    by: frozenset[str] = frozenset()
    lacking: bool = False


def rewritten(
    names: frozenset[str],
    mail: Mail,
    policy: Policy,
    findings: Sequence[Finding],
    recipients: tuple[int, ...],
) -> Rewritten:
    """What the named rewriters make of a mail. Raises RewriteError for an unknown name, for edits outside the
    message, when two rewriters claim the same bytes, and whatever a rewriter raises."""
    unknown = sorted(names - REWRITERS.keys())
    if unknown:
        raise RewriteError(f"there is no rewriter called {unknown[0]}")
    chosen = [REWRITERS[name] for name in sorted(names)]
    made = {each.name: each.change(mail, policy, findings, recipients) for each in chosen if not each.beside}
    for each in chosen:
        if each.beside:
            made[each.name] = each.beside(mail, [edit for edits in made.values() for edit in edits])
    return Rewritten(
        tuple(ordered((edit for edits in made.values() for edit in edits), len(mail.message.raw))),
        frozenset(name for name, edits in made.items() if edits),
        any(each.takes(mail, policy) for each in chosen if each.takes is not None),
    )
