"""People in a calendar, an event for each: birthdays, interviews, visits (OUT-PII; RFC 5545 §3.6.1).

SUMMARY:山田 太郎さん 誕生日        DTSTART;VALUE=DATE:19810304        DESCRIPTION:090-…
"""

import re
from collections.abc import Iterator
from itertools import islice

import re2

from filters.detect.grid_rows import ROWS, SOME, Grid, TableRow
from filters.detect.person_names import NONE, likeness

_EVENT = re2.compile(r"(?s)BEGIN:VEVENT\s(.*?)END:VEVENT")
_FIELD = re.compile(
    r"^(SUMMARY|DTSTART|DESCRIPTION|LOCATION|CONTACT)(?:;[^:\n]*)?:([^\n]{1,300})", re.MULTILINE
)
_BIRTHDAY = re.compile(
    r"誕生日|生誕|birthdays?|b-?day|geburtstag|anniversaire|cumpleaños|compleanno|aniversário|verjaardag|生日|생일|день рождения",
    re.IGNORECASE,
)
_VISIT = re.compile(
    r"(?:一次|二次|最終|採用)?面接|面談|健診|検診|診察|往診|訪問(?:看護|介護)?|受診|予約|手術|入院|退院|相談|施術|カウンセリング|家庭訪問|interview(?: with)?|appointment(?: with)?|check-?up|consultation(?: with)?|surgery|visit(?: to| with)?",
    re.IGNORECASE,
)
_JOINTS = re.compile(
    r"(?:さん|様|さま|ちゃん|くん|君|氏)?(?:の|'s|’s)?$|^(?: ?[-–:|・(]+| of| von| de| di)? ?|[-–:|・()\[\]【】🎂🎉!]+",
    re.IGNORECASE,
)
_DAY = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})")


def events(cells: str) -> Iterator[Grid]:
    """Birthdays as one table, and what else is arranged with people, who are called in what the event is called."""
    born: list[TableRow] = []
    seen: list[TableRow] = []
    for event in islice(_EVENT.finditer(cells), ROWS):
        said = {m[1]: m[2].strip() for m in _FIELD.finditer(event[1])}
        title = said.get("SUMMARY", "")
        day = _DAY.match(said.get("DTSTART", ""))
        if day and (_BIRTHDAY.search(title) or _BIRTHDAY.search(said.get("DESCRIPTION", ""))):
            if name := _name(_BIRTHDAY.sub(" ", title, count=1)):
                born.append(TableRow((name, f"{day[1]}-{day[2]}-{day[3]}"), event.start(), event.end()))
        elif _VISIT.search(title) and (name := _name(_VISIT.sub(" ", title, count=1))):
            seen.append(TableRow((name, "面接"), event.start(), event.end()))
    if len(born) >= SOME:
        yield Grid(("氏名", "誕生日"), tuple(born))
    if len(seen) >= SOME:
        yield Grid(("氏名", "面接"), tuple(seen))


def _name(words: str) -> str:
    """What is left of a title, where that is a name alone."""
    for _ in range(2):
        words = _JOINTS.sub("", words.strip()).strip()
    return words if likeness(words) != NONE else ""
