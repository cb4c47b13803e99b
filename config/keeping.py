"""Sections of the settings that say how long something is kept (config/settings.py)."""

from typing import Annotated

from pydantic import Field

from config.section import Section


class QuarantineSection(Section):
    """Arriving mail that waits for a person.

    days               after which it expires undelivered; those who requested it are told
    requests_seconds   between two letters to the administrators about what people ask for
    """

    days: Annotated[int, Field(ge=1, le=366)] = 30
    requests_seconds: Annotated[float, Field(ge=0)] = 900.0


class RehearsalSection(Section):
    """What is remembered of examined mail, so that a new policy can be tried on it (`sekisho policy replay`): no content,
    no subject, addresses as digests.

    days   after which it is erased, with the keys of its digests; 0: nothing is remembered
    """

    days: Annotated[int, Field(ge=0, le=366)] = 30


KINDS: dict[str, frozenset[str]] = {
    "personal_data": frozenset({"OUT-PII"}),
    "credential": frozenset({"OUT-SECRET"}),
}
"""Kinds of data that have a time of their own in [retention.found], with the controls whose rules find them."""


class RetentionSection(Section):
    """Days for which the content of mail that has ended is kept, by how it ended (quarantine/retention); 0: until the day on
    which it came is over. What the journal says stays for `journal_months`, and what a legal hold names as long as that stands.

    found         by what was found in leaving mail, instead of that, whatever became of it: names of classes, and
                  "personal_data", "credential"; of several the shortest counts
    reports_days  contents of reports, after the decision; orphan_days   contents that belong to nothing, since that was noticed
    journal_months   whole months for which the journal, items without content and what is searched for stay; 0: for ever
    """

    delivered_days: Annotated[int, Field(ge=0, le=30)] = 7
    failed_days: Annotated[int, Field(ge=0, le=30)] = 7
    recalled_days: Annotated[int, Field(ge=0, le=30)] = 1
    denied_days: Annotated[int, Field(ge=0, le=30)] = 7
    discarded_days: Annotated[int, Field(ge=0, le=30)] = 7
    expired_days: Annotated[int, Field(ge=0, le=30)] = 7
    reports_days: Annotated[int, Field(ge=0, le=366)] = 30
    orphan_days: Annotated[int, Field(ge=1, le=366)] = 30
    journal_months: Annotated[int, Field(ge=0, le=1200)] = 36
    found: dict[str, Annotated[int, Field(ge=0, le=366)]] = Field(default_factory=dict)
