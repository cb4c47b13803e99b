"""What wakes a rule: declared beside it, looked for once in each mail (filters.waking).

    @rule(control="IN-LINK", direction="inbound", wakes=(Given.LINK,))

    Given.FILE                        something that the mail has, or a fact about it
    Says(r"bc1[a-z0-9]{25}")         what stands in a text: RE2 expressions
    Theme("credentials")              a phrase of a family of config/lists/themes.toml may occur
    Field("reply-to")                 a header field
    Finds("mark")                     what the detector may find in a text of an outgoing mail
    Always("why")                     no trigger: the rule looks at every mail

Any one of a rule's triggers wakes it. A trigger may wake a rule that then sees nothing; it must never let one
sleep that would have seen something: tests/filters/test_waking.py compares both for every trigger.
"""

import enum
from typing import TypeAlias

import msgspec


class Given(enum.Enum):
    """What a mail has, or what is known about it; filters.waking tells how to see it."""

    FILE = "a file"
    PAGE = "a text in HTML"
    LINK = "a link"
    CODE = "a QR code with a link"
    UNSEARCHED = "more than is searched"
    LONG_LINE = "a line of more than 998 octets"
    CUT_OFF = "more text than is compared"
    AMBIGUOUS = "more than one reading"
    NAME = "a sender's name"
    FOREIGN_HOST = "a sender's domain that is not plain ASCII"
    OTHER_ENVELOPE = "a reverse-path of another domain"
    STRANGER = "an author of whom we know nothing"
    KNOWN = "an author to whom we write"
    HABITS = "an author whose habits are remembered"
    ALIKE = "a domain that looks like one to which we write"
    FLOOD = "many strangers who write to one mailbox"
    ANSWER = "an answer to mail of ours"
    LISTED = "an entry of a list"
    RELEASED = "a release"
    DMARC_FAIL = "DMARC fail"
    SPF_FAIL = "SPF fail or softfail"
    DKIM_FAIL = "DKIM fail or policy"
    FORWARDER = "a trusted forwarder"
    VIRUS = "what a virus scanner found, or did not look at"
    SENDER = "a person who sends"
    MEMORY = "what the house remembers of its recipients"
    REGISTERED = "registered data to compare with"
    LOCKED = "recipients who got a locked file lately"


class Says(msgspec.Struct, frozen=True):
    """RE2 expressions. Texts are searched as they are shown, and folded in lower case: names, subject, bodies; of
    leaving mail subject and bodies as they are shown.

    RE2 knows no look-around, its `\\b` and `\\s` know ASCII only, and it tells nothing about where the rest of
    the mail is: so an expression leaves out whatever surrounds the match. It counts nothing and has no wide
    gaps (`.{0,30}`): a hostile text would make the automaton grow with each octet.

    With `least` so many different expressions must match.
    """

    expressions: tuple[str, ...]
    least: int = 1


class Theme(msgspec.Struct, frozen=True):
    """Families of phrases. `strong`: only their strong phrases and pairs."""

    families: tuple[str, ...]
    strong: bool = False


class Field(msgspec.Struct, frozen=True):
    """Names of header fields, in lower case; `setting` names a setting of the rule that adds more."""

    names: tuple[str, ...]
    setting: str = ""


class Finds(msgspec.Struct, frozen=True):
    """What the detector may find (filters.detect.detector): "mark", "number", "person", "own", a kind; () = anything."""

    names: tuple[str, ...] = ()


class Always(msgspec.Struct, frozen=True):
    """No trigger, and why there can be none, or why one would cost more than the rule."""

    reason: str


Trigger: TypeAlias = Given | Says | Theme | Field | Finds | Always


def described(trigger: Trigger) -> str:
    """A trigger in words, for docs/rules.md."""
    match trigger:
        case Given():
            return trigger.value
        case Says():
            return "its words in a text"
        case Theme():
            return "phrases of " + ", ".join(trigger.families)
        case Field():
            more = f", those of `{trigger.setting}`" if trigger.setting else ""
            return "header fields " + ", ".join(f"`{name}`" for name in trigger.names) + more
        case Finds():
            return "what may be " + (", ".join(trigger.names) or "anything confidential")
        case Always():
            return f"every mail: {trigger.reason}"
