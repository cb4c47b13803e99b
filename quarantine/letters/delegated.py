"""Letters about who acts for whom: to the one who acts, and to whose place it is (directory/delegations.py)."""

from datetime import datetime
from zoneinfo import ZoneInfo

from config.words import listed, say, when
from directory.delegations import ENDED, Delegation
from quarantine.letters.letter import Letter, write


def delegated(
    row: Delegation,
    language: str,
    *,
    to_delegate: bool,
    place: str,
    delegate: str,
    by: str,
    page: str,
    timezone: str,
) -> Letter:
    """To one of the two: a delegation was made, or ended before its time. `place`, `delegate` and `by` are what they are
    called."""
    reader = "delegate" if to_delegate else "owner"
    if row.state == ENDED:
        return write(f"undelegated.{reader}", language, place=place, delegate=delegate, by=by, page=page)
    tags = [say(language, f"console.delegations_tag_{action}") for action in row.actions]
    since, until = (
        when(language, "moment", datetime.fromtimestamp(at, ZoneInfo(timezone)))
        for at in (row.starts_at, row.ends_at - 60)
    )
    return write(
        f"delegated.{reader}", language, place=place, delegate=delegate, by=by, page=page, since=since, until=until,
        reason=row.reason, actions=listed(language, tags),
    )  # fmt: skip
