"""What a rule saw, and where: rules yield sights; the engine (filters.rule.Rule.look) makes them findings."""

import msgspec


class Evidence(msgspec.Struct, frozen=True):
    """A quotation that a person can check. Secrets in `quote` are masked before they get here.

    `part` is the path of the MIME part ("" = envelope or whole mail, "header:subject" a header field,
    "2.1" a part, "2.1/a.zip/b.txt" a member inside it); `offset` counts characters in its text (-1: none).
    """

    quote: str
    part: str = ""
    offset: int = -1


class Sight(msgspec.Struct, frozen=True):
    """One thing that a rule saw, as the rule tells it.

    evidence     what was seen (at most a few; rules cap them)
    values       words for the rule's sentence to people, such as {"count": "7"}
    weight       how much it counts towards a warning (inbound; a small integer); a weight in the policy wins
    recipients   indexes of the forward-paths it concerns; None = all of them
    about        what is wrong: addresses, or names of files (OUT-MISSEND; the worst first)
    meant        the address or domain that was meant instead, if one can be told
    """

    evidence: tuple[Evidence, ...] = ()
    values: dict[str, str] = {}
    weight: int = 0
    recipients: tuple[int, ...] | None = None
    about: tuple[str, ...] = ()
    meant: str = ""


class Finding(msgspec.Struct, frozen=True):
    """A sight under the name of the rule that saw it, or something that the engine itself reports.

    rule      the rule's name
    control   its id in the controls list ("OUT-BCC"), "" for the engine's own

    The other fields are those of Sight; the weight is the one that counts.
    """

    rule: str
    control: str
    evidence: tuple[Evidence, ...] = ()
    weight: int = 0
    recipients: tuple[int, ...] | None = None
    values: dict[str, str] = {}
    about: tuple[str, ...] = ()
    meant: str = ""
