"""Sections of the settings that say where and how long something is kept (config/settings.py)."""

from pathlib import Path
from typing import Annotated, Self

from pydantic import Field, model_validator

from config.section import Count, Section


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


class S3Section(Section):
    bucket: str
    endpoint: str = ""
    region: str = "us-east-1"
    access_key: str = ""
    secret_key_file: Path | None = None


class BackupSection(Section):
    """Where `sekisho backup` keeps backups, and what a restore needs besides (docs/howto/backup.md). Nothing here opens a
    content without the key folder.

    folder, bucket   where backups are kept: one of both; `prefix` of their names in the bucket
    key_file         the key of the backups; empty: backup.key in the state directory. Whoever lost it has no backup
    keep             how many backups are kept
    keys_mirror      a folder on another host or disk, to which the key folder is copied after each backup: without what was
                     destroyed since, which is overwritten there, too
    departures       a folder on another disk than the database: there stands, before it is committed, what happens to mail.
                     While it cannot be written nothing is taken and nothing leaves (451). Empty: a restore holds all mail
    alert_hours      age of the last backup from which the postmaster hears of it; 0: never
    """

    folder: Path | None = None
    bucket: S3Section | None = None
    prefix: Annotated[str, Field(pattern=r"^[A-Za-z0-9._/-]+$")] = "backup"
    key_file: Path | None = None
    keep: Count = 30
    keys_mirror: Path | None = None
    departures: Path | None = None
    alert_hours: Annotated[int, Field(ge=0, le=8784)] = 48

    @property
    def kept(self) -> bool:
        """Whether there is a place for backups."""
        return self.folder is not None or self.bucket is not None

    def late(self, age: float) -> bool:
        """Whether a last backup that was begun `age` seconds ago is too old."""
        return bool(self.alert_hours) and age > self.alert_hours * 3600

    @model_validator(mode="after")
    def _one_place(self) -> Self:
        if self.folder is not None and self.bucket is not None:
            raise ValueError("backups are kept in a folder or in a bucket: name one of both")
        return self
