"""What a finding leads to, as the policy file writes it: "warn", "delay 5m", "approve president", "one copy each"."""

import re

import msgspec

from config.approval import chain, written
from config.policy import ConfigError
from config.problems import meant

OPENING = "opening"
"""The delay until the organisation opens next; none while it is open."""
UNTIL_RELEASED = 10**9
"""A delay that ends only when somebody acts (seconds; longer than any real one)."""


class Consequence(msgspec.Struct, frozen=True):
    """What a finding leads to. `kind` is one of KINDS; `argument` is seconds or OPENING for a delay, a chain for an
    approval. `fixed`: the sender cannot shorten the delay."""

    kind: str
    argument: int | str = ""
    fixed: bool = False

    def __str__(self) -> str:
        """As the policy file writes it."""
        if self.kind == "each":
            return EACH
        if self.kind != "delay":
            return f"{self.kind} {self.argument}".rstrip()
        if self.argument == OPENING:
            return "delay until opening"
        seconds = int(self.argument)
        if seconds == UNTIL_RELEASED:
            return "delay until released"
        told = f"delay {seconds // 60}m" if seconds and seconds % 60 == 0 else f"delay {seconds}s"
        return f"{told} fixed" if self.fixed else told


REWRITES = ("bcc", "each", "encrypt", "tidy", "wrap")
EACH = "one copy each"
"""How the policy file writes the consequence "each"."""
KINDS = ("off", "observe", "tell", "warn", "hold", "reject", "delay", "review", "approve", *REWRITES)
FORMATS = {"zip-aes": "encrypt", "zip-crypto": "zip_crypto", "office": "", "pdf": ""}
"""How attachments can be encrypted for a partner -> the name of the change ("": not built yet)."""
SEALING = "encrypt"
"""What stands in the place of the rule in an exception that is about the format."""
LONGEST_DELAY = 3600
"""Seconds (OUT-DELAY: 0 to 60 minutes, or until released)."""
_SUCH = {
    "delay": 'a delay is written "delay 5m", "delay 30s" (up to 60m), "delay 5m fixed", "delay until opening" or'
    ' "delay until released"',
    "approve": 'who has to agree stands behind it: "approve department_head", "approve 2 of directors"',
}
_DELAY = re.compile(r"delay (?:(\d{1,6})\s*(s|m)( fixed)?|(until released)|until opening)", re.ASCII)


def consequence(text: str) -> Consequence:
    """Read a `then` such as "warn", "delay 5m", "delay until released", "approve president", "bcc", "one copy each"; behind
    "approve" stands a chain (config/approval.py), or "class"; "delay 5m fixed" is a delay that its sender cannot shorten;
    "delay until opening" lasts until business hours begin, where it is not within them; "hold rebuilt" holds an inbound mail
    that is rebuilt when it is released (filters/rewriters/rebuild.py).

    Raises ConfigError for anything else.
    """
    if match := _DELAY.fullmatch(text):
        if match[4]:
            return Consequence("delay", UNTIL_RELEASED)
        if match[1] is None:
            return Consequence("delay", OPENING)
        seconds = int(match[1]) * (60 if match[2] == "m" else 1)
        if seconds > LONGEST_DELAY:
            raise ConfigError([f'"{text}": a delay is 60 minutes at most, or "delay until released"'])
        return Consequence("delay", seconds, bool(match[3]))
    if text == "hold rebuilt":
        return Consequence("hold", "rebuilt")
    if text == EACH:
        return Consequence("each")
    word, _, argument = text.partition(" ")
    if word == "approve" and argument:
        try:
            return Consequence("approve", written(chain(argument)))
        except ValueError as error:
            raise ConfigError(
                [f'"{text}": {error}; such as "approve department_head, then 2 of directors"']
            ) from None
    if word in KINDS and word not in ("approve", "delay", "each") and not argument:
        return Consequence(word)
    if word in ("delay", "approve"):
        raise ConfigError([f'"{text}" is not a consequence; {_SUCH[word]}'])
    raise ConfigError([f'"{text}" is not a consequence; one of: off, observe, tell, warn, hold, hold rebuilt, reject, '
                       f'delay 5m, delay 5m fixed, delay until released, delay until opening, review, approve ROLE, '
                       f'approve ROLE, then ROLE, approve 2 of GROUP, bcc, {EACH}, encrypt, tidy, wrap{meant(word, KINDS)}'])  # fmt: skip


def sealing(text: str) -> Consequence:
    """Read a `then` such as "encrypt zip-crypto". Raises ConfigError for another one, and for a format that is not built."""
    word, _, form = text.partition(" ")
    if word != "encrypt" or form not in FORMATS:
        known = ", ".join(f'"encrypt {each}"' for each in FORMATS)
        raise ConfigError([f'"{text}" says no format of encryption; one of: {known}{meant(form, FORMATS)}'])
    if not FORMATS[form]:
        raise ConfigError([f'"{text}": this format is not built yet; "encrypt zip-crypto" is'])
    return Consequence("encrypt", form)


REPLACES = {
    "approve": ("approve", "hold", "reject"),
    "bcc": ("bcc", "each", "hold", "reject"),
    "each": ("bcc", "each", "hold", "reject"),
    "encrypt": ("encrypt", "hold", "reject"),
    "tidy": ("tidy", "hold", "reject"),
    "hold": ("hold", "reject"),
    "reject": ("reject",),
}
"""What a case may put in the place of a consequence that only an exception loosens; any other one may be replaced."""


def loosens(case: Consequence, usual: Consequence) -> bool:
    """True when a case would let through what usually needs somebody's agreement, a change, or a refusal."""
    return case.kind not in REPLACES.get(usual.kind, KINDS)
