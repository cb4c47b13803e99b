"""What a rule saw, and where."""

import msgspec


class Evidence(msgspec.Struct, frozen=True):
    """A quotation a person can check. Secrets in `quote` are masked before they get here.

    `part` is the path of the MIME part ("" = envelope or whole mail, "header:subject" a header field,
    "2.1" a part, "2.1/a.zip/b.txt" a member inside it); `offset` counts characters in its text (-1: none).
    """

    quote: str
    part: str = ""
    offset: int = -1


class Finding(msgspec.Struct, frozen=True):
    """One thing that one rule saw.

    rule         the rule's name; control: its id in the controls list ("OUT-BCC")
    evidence     what was seen (at most a few; rules cap them)
    weight       how much it counts towards a warning (inbound indicators; small integers)
    recipients   indexes of the forward-paths it concerns; None = all of them
    values       words for the rule's sentence to people, such as {"count": "7"}
    """

    rule: str
    control: str
    evidence: tuple[Evidence, ...] = ()
    weight: int = 0
    recipients: tuple[int, ...] | None = None
    values: dict[str, str] = {}
