"""The policy: what the organisation wants to happen. Values only; `config.load` reads them from TOML.

Everything here is plain data (msgspec), so that it can be sent to the examining workers, compared between
versions and replayed. Unknown keys are errors.
"""

from collections.abc import Collection
from functools import lru_cache
from typing import Any, Literal

import msgspec

from config.cases import Calendar, Case, Group, Names, OwnWaits, PolicyException, Waits
from config.words import LANGUAGES, say
from mail.address import routes_onward


class ConfigError(Exception):
    """The configuration cannot be used. `problems` lists all that is wrong with it, one sentence each."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


class Class(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One confidentiality class (OUT-CLASS). `marks` are the words by which it is recognised.

    marks      words, or "@company", "@strict", "@group": all words of a list of config/lists/markings.toml
    level      order: 0 is public, higher is more confidential
    audience   who may receive it: "anyone", "group" (own and group domains), "internal"
    approver   who must agree before it leaves, as behind "approve" ("" = nobody)
    contains   kinds of content that belong to this class without any mark: "my_number", "card", "driver_licence",
               "passport", "health_insurance", "pension", "us_ssn", "national_number", "tax_number",
               "bank_account", "iban", "private_key", "token", "connection", "password", "person_records", "registered_data", "registered_document"
    english    its name for who reads English; an SMTP reply is in ASCII, which can write no other ("" = `name`)
    labels     GUIDs of sensitivity labels (Microsoft Purview) that mean this class: files may carry nothing else of them
    """

    name: str
    level: int
    marks: tuple[str, ...]
    audience: str = "anyone"
    approver: str = ""
    contains: tuple[str, ...] = ()
    english: str = ""
    labels: tuple[str, ...] = ()


class Pattern(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename={"of": "class"}):
    """The organisation's own words or pattern (a project's name, a form of customer numbers).

    words      any of these, as folded text: full-width, blanks and capitals do not matter
    pattern    an RE2 expression over folded text, capitals do not matter
    validator  "luhn" or "mynumber": the digits of a match must satisfy it; "none"
    threshold  at least so many different matches in a text
    context    one of these words must stand at most `near` characters away
    of         in the file `class`: what matches belongs to this class
    then       the consequence for this pattern ("" = that of the rule own_pattern)
    """

    name: str
    words: tuple[str, ...] = ()
    pattern: str = ""
    validator: str = "none"
    threshold: int = 1
    context: tuple[str, ...] = ()
    near: int = 300
    of: str = ""
    then: str = ""


class Registered(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Tables and documents that were registered to be found again (`sekisho register`).

    The policy file names `key_file` and `files` (relative to itself); `config.load` reads them into `key` and
    `indexes`, because the processes that examine mail can open no file (docs/adr/0006).
    """

    key_file: str = ""
    files: tuple[str, ...] = ()
    key: bytes = b""
    indexes: tuple[bytes, ...] = ()

    def __repr__(self) -> str:
        return f"Registered({len(self.indexes)} indexes)"


class Organisation(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Who we are. Domains in lower case; sub-domains count as ours.

    `partners` maps a partner's domain to its organisation name. `people` are names of our own people that
    an attacker may borrow, `people_of` more of them by tenant (the node adds those of the directory). `literal_local_parts` says that
    every host of ours takes "%", "!" and a quoted "@" in a local part as mere characters of a mailbox's name.
    `next_in_line` maps whom the policy asks to who is asked where nobody else than the sender can agree; `last_in_line` is
    asked where that line ends, and gives a reason (OUT-APPROVE). `may_exclude` are those of whom a sender may leave somebody
    out. From a class of `attention_level` on, who agrees has opened each reason; of what was agreed to, another approver looks
    at `second_look` percent.
    `language` is that of people who have not said another; `languages` are those in which everybody is told what one
    sentence must say to all, such as a refusal (none: every language that has files).
    """

    name: str = "Example"
    domains: tuple[str, ...] = ()
    group_domains: tuple[str, ...] = ()
    partners: dict[str, str] = {}
    people: tuple[str, ...] = ()
    people_of: dict[str, tuple[str, ...]] = {}
    language: str = "ja"
    languages: tuple[str, ...] = ()
    literal_local_parts: bool = False
    next_in_line: dict[str, str] = {}
    last_in_line: str = ""
    may_exclude: tuple[str, ...] = ()
    attention_level: int | None = None
    second_look: int = 0
    classes: tuple[Class, ...] = ()
    patterns: tuple[Pattern, ...] = ()
    registered: Registered = Registered()

    @property
    def speaks(self) -> tuple[str, ...]:
        """The languages for readers who are not known, the organisation's own first."""
        return tuple(dict.fromkeys((self.language, *(self.languages or LANGUAGES))))

    def names(self, tenant: str) -> tuple[str, ...]:
        """The names of a tenant's people."""
        return (*self.people, *self.people_of.get(tenant, ()))

    def ours(self, domain: str) -> bool:
        """True for one of our own domains or one below it."""
        return _below(domain, self.domains)

    def internal(self, address: str) -> bool:
        """True when mail to the address stays with us: a domain of ours, and no way on in the local part."""
        return self.ours(address.rpartition("@")[2]) and not self._leads_on(address)

    def group(self, address: str) -> bool:
        """True when the address is internal or a group company's."""
        domain = address.rpartition("@")[2]
        ours = self.ours(domain) or _below(domain, self.group_domains)
        return ours and not self._leads_on(address)

    def reroutes(self, address: str, routed: Collection[str] = ()) -> bool:
        """True for `user%other.example@ours` and its like: a host of ours could send it on past every control.

        `routed` are domains that are handed to hosts of ours besides our own and the group's.
        """
        domain = address.rpartition("@")[2].lower()
        known = self.ours(domain) or _below(domain, self.group_domains) or domain in routed
        return known and self._leads_on(address)

    def _leads_on(self, address: str) -> bool:
        return not self.literal_local_parts and routes_onward(address)


@lru_cache(maxsize=4096)
def _below(domain: str, domains: tuple[str, ...]) -> bool:
    domain = domain.lower().rstrip(".")
    return any(domain == d or domain.endswith("." + d) for d in domains)


RULE_MODES = ("off", "observe", "tell", "enforce")
"""What becomes of a rule's consequence: the rule does not look; it is noted only; noted, and the sender is told; done."""


class RulePolicy(msgspec.Struct, frozen=True):
    """What the policy file says of one rule; None, or a setting that is missing: as in the shipped policy.

    `weight` is for rules that do not grade what they see; for the others it replaces their grading.
    `cases` are other consequences where they fit, the first that fits counts. `mode` is one of RULE_MODES.
    `waits` is how a mail that waits for a person because of it ends when nobody does anything; a case may say otherwise.
    """

    then: str | None = None
    weight: int | None = None
    settings: dict[str, Any] = {}
    cases: tuple[Case, ...] = ()
    mode: str = "enforce"
    waits: OwnWaits | None = None


INNER = "inner archive"


class Encrypt(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How attachments are encrypted (OUT-ENCRYPT).

    hide_names     the names in an encrypted ZIP can be read by everybody. True: the files are called 1.docx, 2.pdf …, and a
                   list of their names lies beside them. INNER: they lie in an archive in the archive, which large
                   providers refuse. False: names are shown
    minimum_bits   weaker passphrases (config/strength.py) are not taken up, and not used: the mail is held
    """

    archive_name: str = "attachments.zip"
    inner_name: str = "documents.zip"
    hide_names: Literal["inner archive"] | bool = True
    minimum_bits: int = 70
    exclude_extensions: tuple[str, ...] = ("ics", "vcf", "p7s", "asc")
    passphrase_length: int = 20


class Warn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """When and how people are warned (IN-WARN). Thresholds compare with the sum of the findings' weights.

    warn_at        banner and subject mark
    hold_at        the mail waits in quarantine for the administrator
    several        at least this many different indicators make a warning whatever their weights (0: never)
    subject_mark   language -> the mark before the subject
    """

    warn_at: int = 5
    hold_at: int = 14
    several: int = 0
    subject_mark: dict[str, str] = {}
    reasons: int = 5

    def mark(self, language: str) -> str:
        """The mark before the subject of warned mail, "" for none: the policy's, or else that of the language."""
        said = self.subject_mark.get(language)
        return said if said is not None else say(language, "rewriters.mark.subject")

    @property
    def marks(self) -> tuple[str, ...]:
        """The marks in all languages."""
        return tuple(filter(None, (self.mark(language) for language in LANGUAGES)))


class Risk(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What becomes of outgoing mail that may go to the wrong people (OUT-MISSEND).

    stop_at  from this sum of the points of all factors on, for each recipient
    then     what happens to it there, beside what the rules want
    waits    how it ends when nobody does anything, where that differs from [waits]
    """

    stop_at: int = 6
    then: str = "review"
    waits: OwnWaits | None = None


class Whose(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename={"groups": "from"}):
    """Who sends: in the file `from`, groups of people."""

    groups: Names


class SendingCase(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Other limits for some; None: as for all."""

    when: Whose
    per_10_minutes: int | None = None
    per_day: int | None = None


class Sending(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """To how many recipients one person may write in ten minutes (then 452), and in a day (550); 0: any number (OUT-DELAY).
    The first case that fits counts."""

    per_10_minutes: int = 600
    per_day: int = 10_000
    cases: tuple[SendingCase, ...] = ()

    def of(self, case: SendingCase) -> "Sending":
        """The limits of a case."""
        return Sending(
            self.per_10_minutes if case.per_10_minutes is None else case.per_10_minutes,
            self.per_day if case.per_day is None else case.per_day,
        )


class Review(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a sender has to look at in a self-review (OUT-MISSEND): the consequence "review".

    addresses    up to so many external recipients are ticked one by one; with more, by domain
    attachments  each attachment is ticked
    must_open    extensions of files whose text has to be looked at before; "*" for all
    """

    addresses: int = 5
    attachments: bool = True
    must_open: tuple[str, ...] = ()


HTML = ("keep", "clean", "text")
LINKS = ("keep", "defang")
"""What can be done to the text of an arriving mail before people see it, from mild to strict."""


class Arriving(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How every arriving mail is shown, warned of or not (IN-TEXT).

    html           "keep"; "clean": scripts, forms, frames, remote pictures and the like are removed; "text": as plain text
    links          "keep"; "defang": written as hxxps://host[.]example, nothing can be clicked (HTML is cleaned then)
    keep_original  what loses content by this stays in the quarantine in its own form and can be asked for
    """

    html: Literal["keep", "clean", "text"] = "keep"
    links: Literal["keep", "defang"] = "keep"
    keep_original: bool = True


class Warned(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How a mail is shown that people are warned of: the stricter of this and Arriving (IN-TEXT, IN-MACRO).

    attachments    "keep"; "disarm": macros and the like are cut out of documents, a file that acts and cannot be
                   disarmed becomes a note; "note": every attachment becomes a note
    """

    html: Literal["keep", "clean", "text"] = "clean"
    links: Literal["keep", "defang"] = "defang"
    attachments: Literal["keep", "disarm", "note"] = "disarm"
    keep_original: bool = True


class Policy(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Everything that decides what happens to a mail.

    mode    "enforce", or "observe": findings are marked in header fields and journal only; nothing is held,
            refused or changed in the body, in either direction (the first weeks at a new site)
    """

    organisation: Organisation = Organisation()
    mode: str = "enforce"
    encrypt: Encrypt = Encrypt()
    warn: Warn = Warn()
    risk: Risk = Risk()
    review: Review = Review()
    warned: Warned = Warned()
    arriving: Arriving = Arriving()
    calendar: Calendar = Calendar()
    waits: Waits = Waits()
    sending: Sending = Sending()
    groups: dict[str, Group] = {}
    rules: dict[str, RulePolicy] = {}
    exceptions: tuple[PolicyException, ...] = ()
    version: str = ""

    def shown(self, warned: bool) -> Warned:
        """What is done to an arriving mail: as every one, for one that people are warned of also as those."""
        every = self.arriving
        if not warned:
            return Warned(every.html, every.links, "keep", every.keep_original)
        mine = self.warned
        return Warned(
            max(mine.html, every.html, key=HTML.index),
            max(mine.links, every.links, key=LINKS.index),
            mine.attachments,
            mine.keep_original,
        )
