"""Rewriters: the changes that a verdict can ask for, by name. Each answers with edits of byte spans.

A rewriter is one function in one file of filters/rewriters, found by its name in Verdict.rewrites:

    @rewriter("banner")
    def banner(mail: Mail, policy: Policy, findings: Sequence[Finding], recipients: tuple[int, ...]) -> list[Edit]:
        body = mail.message.parts[0].body_span
        return [Edit(body[0], body[0], "注意 …".encode())]

`recipients` are the indexes of the forward-paths that will get this copy; `findings` are those that concern
at least one of them. All edits refer to the original bytes, so rewriters that do not know each other combine
in any order; `filters.sentences.sentence(finding, language)` gives a finding's words.

Diagnostics: a rewriter that cannot make its change safely raises RewriteError; the mail is then held for every
recipient and nothing of it is changed. A rewriter never falls back to leaving the mail as it is.
"""

from collections.abc import Callable, Sequence

import msgspec

from config.policy import Policy
from config.words import LANGUAGES
from filters.finding import Finding
from filters.rule import Mail
from mail.compose import Edit, RewriteError, ordered

Change = Callable[[Mail, Policy, Sequence[Finding], tuple[int, ...]], list[Edit]]


def language_of(mail: Mail, policy: Policy, recipients: tuple[int, ...]) -> str:
    """In which the recipients of one copy are told something; the organisation's when nobody said."""
    everybody = mail.facts.envelope.recipients
    said = mail.facts.languages.get(everybody[recipients[0]], "") if recipients else ""
    return said if said in LANGUAGES else policy.organisation.language


class Rewriter(msgspec.Struct, frozen=True):
    """A named change of a mail for some of its recipients."""

    name: str
    change: Change


REWRITERS: dict[str, Rewriter] = {}


def rewriter(name: str) -> Callable[[Change], Change]:
    """Register the decorated function as the rewriter of this name."""

    def register(change: Change) -> Change:
        if name in REWRITERS and REWRITERS[name].change.__module__ != change.__module__:
            raise ValueError(f"two rewriters are called {name}")
        REWRITERS[name] = Rewriter(name, change)
        return change

    return register


def changes(
    names: frozenset[str],
    mail: Mail,
    policy: Policy,
    findings: Sequence[Finding],
    recipients: tuple[int, ...],
) -> dict[str, list[Edit]]:
    """The edits of each named rewriter. Raises RewriteError for an unknown name, and what a rewriter raises."""
    unknown = sorted(names - REWRITERS.keys())
    if unknown:
        raise RewriteError(f"there is no rewriter called {unknown[0]}")
    return {name: REWRITERS[name].change(mail, policy, findings, recipients) for name in sorted(names)}


def combined(made: dict[str, list[Edit]], size: int) -> tuple[Edit, ...]:
    """All edits together, checked: in order, inside the message of `size` bytes, not overlapping.

    Raises RewriteError when two rewriters claim the same bytes.
    """
    return tuple(ordered((edit for edits in made.values() for edit in edits), size))
