"""Which rules a mail wakes: one look at what it has, one pass over its texts, and only the woken rules are asked.

    waking = Waking(rules)                  compiled when the policy is loaded
    waking.awake(mail, organisation)        the rules to ask

All expressions of all rules are one RE2 set, and the texts that rules may ask for are searched with it together:
the sender's name, the subject, the bodies as they are shown and folded. Where a text cannot be had, or the set
cannot search it, every rule is awake: then each tells for itself what is wrong.
"""

from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from typing import Any

import re2

from config.policy import Organisation
from filters.facts import Facts
from filters.lures.phrases import FAMILIES, firsts_in
from filters.rule import Mail
from filters.trigger import Always, Field, Finds, Given, Says, Theme, Trigger
from mail.address import domain_of
from mail.long_lines import long_line

GIVEN: dict[Given, Callable[[Mail, Facts, Organisation], bool]] = {
    Given.FILE: lambda mail, _facts, _: bool(mail.reading.attachments),
    Given.PAGE: lambda mail, _facts, _: bool(mail.incoming.pages),
    Given.LINK: lambda mail, _facts, _: bool(mail.incoming.links),
    Given.CODE: lambda mail, _facts, _: bool(mail.incoming.code_links),
    Given.UNSEARCHED: lambda mail, _facts, _: bool(mail.incoming.unsearched),
    Given.LONG_LINE: lambda mail, _facts, _: long_line(mail.message.view) >= 0,
    Given.CUT_OFF: lambda mail, _facts, _: mail.incoming.is_cut_off,
    Given.AMBIGUOUS: lambda mail, _facts, _: bool(mail.reading.ambiguities),
    Given.NAME: lambda mail, _facts, _: bool(mail.incoming.name),
    Given.FOREIGN_HOST: lambda mail, _facts, _: not _is_plain(mail.incoming.domain),
    Given.OTHER_ENVELOPE: lambda mail, facts, _: (
        domain_of(facts.envelope.reverse_path) != mail.incoming.domain
    ),
    Given.STRANGER: lambda _mail, facts, _: not facts.learning,
    Given.KNOWN: lambda mail, _facts, _: mail.incoming.known(),
    Given.HABITS: lambda _, facts, __: bool(facts.habits),
    Given.ALIKE: lambda _mail, facts, _: bool(facts.alike),
    Given.FLOOD: lambda _mail, facts, _: bool(facts.flooded),
    Given.ANSWER: lambda _mail, facts, _: bool(facts.sent),
    Given.LISTED: lambda _mail, facts, _: bool(facts.listed),
    Given.RELEASED: lambda _mail, facts, _: bool(facts.released),
    Given.DMARC_FAIL: lambda _mail, facts, _: facts.authentication.dmarc == "fail",
    Given.SPF_FAIL: lambda _mail, facts, _: facts.authentication.spf in ("fail", "softfail"),
    Given.DKIM_FAIL: lambda _mail, facts, _: facts.authentication.dkim in ("fail", "policy"),
    Given.FORWARDER: lambda _mail, facts, _: bool(facts.authentication.forwarder),
    Given.VIRUS: lambda _mail, facts, _: facts.scan is not None and not facts.scan.clean,
    Given.SENDER: lambda _mail, facts, _: facts.sender is not None,
    Given.MEMORY: lambda _mail, facts, _: facts.memory is not None,
    Given.LOCKED: lambda _mail, facts, _: bool(facts.locked_lately),
    Given.REGISTERED: lambda _mail, _facts, organisation: bool(organisation.registered.indexes),
}
"""How each is seen."""
MEMORY = 128 << 20
"""Most bytes that the set may need."""


def _is_plain(host: str) -> bool:
    return host.isascii() and "xn--" not in host


class Waking:
    """The triggers of rules, compiled. A rule is a bit: the first one is 1, the next 2."""

    def __init__(self, rules: Sequence[tuple[tuple[Trigger, ...], dict[str, Any]]]) -> None:
        """`rules`: the triggers of each and its settings."""
        self._all = (1 << len(rules)) - 1
        self._always = 0
        self._given: dict[Given, int] = {}
        self._fields: dict[str, int] = {}
        self._firsts: dict[str, int] = {}
        self._finds: dict[str, int] = {}
        self._shapes: list[tuple[int, frozenset[int], int]] = []
        expressions: dict[str, int] = {"": 0}
        for number, (wakes, settings) in enumerate(rules):
            for trigger in wakes:
                self._add(trigger, 1 << number, settings, expressions)
        self._of = [0] * len(expressions)
        for bit, members, least in self._shapes:
            for expression in members if least == 1 else ():
                self._of[expression] |= bit
        self._asked = [(GIVEN[given], bits) for given, bits in self._given.items()]
        self._several = [shape for shape in self._shapes if shape[2] > 1]
        self._set = _compiled(tuple(expressions)) if self._shapes else None

    def _add(self, trigger: Trigger, bit: int, settings: dict[str, Any], expressions: dict[str, int]) -> None:
        match trigger:
            case Always():
                self._always |= bit
            case Given():
                _or(self._given, (trigger,), bit)
            case Field():
                more = settings.get(trigger.setting) or () if trigger.setting else ()
                _or(self._fields, (*trigger.names, *(name.lower() for name in more)), bit)
            case Theme():
                for name in trigger.families:
                    family = FAMILIES[name]
                    _or(self._firsts, family.strong_firsts if trigger.strong else family.firsts, bit)
            case Finds():
                _or(self._finds, trigger.names or ("",), bit)
            case Says():
                numbers = [expressions.setdefault(e, len(expressions)) for e in trigger.expressions]
                self._shapes.append((bit, frozenset(numbers), trigger.least))

    def awake(self, mail: Mail, organisation: Organisation) -> int:
        """The bits of the rules that the mail wakes; all of them when something cannot be seen."""
        try:
            return self._awake(mail, organisation)
        except Exception:
            return self._all

    def _awake(self, mail: Mail, organisation: Organisation) -> int:
        woken, facts = self._always, mail.facts
        for asked, bits in self._asked:
            if bits & ~woken and asked(mail, facts, organisation):
                woken |= bits
        for header in mail.message.headers:
            woken |= self._fields.get(header.name, 0)
        if self._set is not None:
            arrives = facts.direction == "inbound"
            woken |= self._shaped(self._set, mail.incoming.searched if arrives else mail.reading.said)
        if self._firsts:
            for first in firsts_in(mail.incoming.lures):
                woken |= self._firsts.get(first, 0)
        if self._finds:
            names = mail.reading.found(organisation)
            for name in names:
                woken |= self._finds.get(name, 0)
            if names:
                woken |= self._finds.get("", 0)
        return woken

    def _shaped(self, searched: "re2._Set", texts: bytes) -> int:
        found = searched.Match(texts)
        if not found or 0 not in found:
            return self._all  # the empty expression matches everywhere: the search was given up
        woken = 0
        for number in found:
            woken |= self._of[number]
        for bit, members, least in self._several:
            if not woken & bit and len(members.intersection(found)) >= least:
                woken |= bit
        return woken


def _or(table: dict[Any, int], names: Iterable[Any], bit: int) -> None:
    for name in names:
        table[name] = table.get(name, 0) | bit


@lru_cache(maxsize=8)
def _compiled(expressions: tuple[str, ...]) -> "re2._Set":
    """The set of these expressions: the same one for the same, so that what filters.warm has searched with it (RE2
    builds its automaton while it searches) is there for every policy and every examining process."""
    options = re2.Options()
    options.max_mem = MEMORY
    compiled = re2.Set.SearchSet(options)
    for expression in expressions:
        compiled.Add(f"(?i:{expression})")  # a text may be searched in lower case only
    compiled.Compile()
    return compiled
