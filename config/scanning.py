"""Sections of the settings: who looks for viruses, and how often a node proves itself (config/settings.py)."""

from typing import Annotated, Self

from pydantic import Field, model_validator

from config.section import Count, Seconds, Section


class ScannerSection(Section):
    """The virus scanner that is asked about every mail (IN-VIRUS, OUT-VIRUS): ClamAV's daemon by its
    socket, or another one by ICAP. What it finds, and
    that nobody could look, are findings: the policy decides (rules virus, unscanned, infected_mail, unscanned_mail).

    clamd                    "unix:///run/clamav/clamd.ctl" or "tcp://host:3310"; empty: it is not asked
    icap                     "icap://host:1344/avscan" (RFC 3507), in place of clamd; with database_days = 0, as ICAP does
                             not say how old signatures are
    seconds                  for one mail, waiting for its turn included; after that nobody has looked
    connections              mails that are scanned at the same time
    connections_per_client   of these, for the mails of one client (an account, an IPv4 address, an IPv6 /64)
    database_days            signatures that are older are as good as none; 0: their age does not matter
    """

    clamd: Annotated[str, Field(pattern=r"^$|^unix:///.+|^tcp://[^/\s]+:[0-9]{1,5}$")] = ""
    icap: Annotated[str, Field(pattern=r"^$|^icap://[^/\s@]+/[^\s]+$")] = ""
    seconds: Seconds = 20.0
    connections: Count = 8
    connections_per_client: Count = 4
    database_days: Annotated[int, Field(ge=0, le=366)] = 7

    @model_validator(mode="after")
    def _one_scanner(self) -> Self:
        if self.clamd and self.icap:
            raise ValueError("clamd and icap: name one of them")
        if self.icap and self.database_days:
            raise ValueError("an ICAP server does not say how old its signatures are: set database_days = 0")
        return self

    @property
    def asked(self) -> bool:
        """Whether anybody is."""
        return bool(self.clamd or self.icap)


class CanarySection(Section):
    """Mails of the node's own that must be judged as expected (gateway/rounds/canary_rounds.py): nobody gets them.

    minutes   between two rounds; 0: none
    """

    minutes: Annotated[int, Field(ge=0, le=1440)] = 60
