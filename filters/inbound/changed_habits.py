"""IN-SPOOF: somebody we know writes in another way than ever: another program, time zone, language, signature."""

from collections.abc import Iterator, Mapping

from config.policy import Organisation
from filters.finding import Evidence, Sight
from filters.reading.habits import CHARSET, LANGUAGE, PROGRAM, SIGNATURE, ZONE, zone_minutes
from filters.rule import rule
from filters.trigger import Given
from filters.views import ByText, TextView

ENOUGH = 5.0
"""Mails of late that show a habit."""
SUMMER = 90
"""Minutes between two zones of one place, and a neighbour's."""
_FIELDS = {PROGRAM: "header:x-mailer", CHARSET: "header:content-type", ZONE: "header:date"}


@rule(control="IN-SPOOF", direction="inbound", wakes=(Given.HABITS,))
def changed_habits(mail: ByText, organisation: Organisation) -> Iterator[Sight]:
    """Two or more of what the author's mail of late always showed are new at once: program or charset (a new device
    changes both), time zone, language, telephone numbers of the signature. Somebody on a journey with a new telephone
    does so, too: it weighs 2, and 3 where three are new, never enough for a warning."""
    incoming, past = mail.incoming, mail.facts.habits
    if not incoming.known() or incoming.is_bulk or organisation.internal(incoming.author.address):
        return
    now, new = incoming.habits, changed(incoming, past)
    kinds = {PROGRAM if aspect == CHARSET else aspect for aspect in new}
    if not new:
        return
    before = {aspect: max(past[aspect], key=lambda value, a=aspect: past[a][value]) for aspect in new}  # type: ignore[misc]
    evidence = tuple(
        Evidence(f"{aspect}: {before[aspect]} -> {now[aspect]}"[:120], _FIELDS.get(aspect, ""), 0)
        for aspect in new
        if aspect not in (LANGUAGE, SIGNATURE)
    ) or (incoming.from_field(),)
    yield Sight(evidence, weight=min(len(kinds), 3), values={"what": "\n".join(new)})


def changed(incoming: TextView, past: Mapping[str, Mapping[str, float]]) -> list[str]:
    """The aspects that are new in this mail, of at least two kinds; empty otherwise."""
    new = [
        a
        for a, value in incoming.habits.items()
        if sum(past.get(a, {}).values()) >= ENOUGH and _is_new(a, value, past[a])
    ]
    return new if len({PROGRAM if aspect == CHARSET else aspect for aspect in new}) >= 2 else []


def _is_new(aspect: str, value: str, before: Mapping[str, float]) -> bool:
    if aspect == ZONE:
        return all(abs(zone_minutes(value) - zone_minutes(known)) > SUMMER for known in before)
    return value not in before
