"""People in calendars: birthdays and appointments; and calendars in which nobody is told of."""

import pytest

from filters.detect.calendars import events
from filters.detect.persons import records
from filters.detect.text import Text

NAMES = ("桑原 由香", "石田 美咲", "上野 大輔", "木下 恵")


def calendar(*titles: str) -> str:
    return "BEGIN:VCALENDAR\n" + "".join(
        f"BEGIN:VEVENT\nDTSTART;VALUE=DATE:198{n}0{n + 1}1{n}\nSUMMARY:{title}\nEND:VEVENT\n"
        for n, title in enumerate(titles)
    )


@pytest.mark.parametrize(
    "title",
    ["{}さん 誕生日", "{}の誕生日", "誕生日:{}", "{}'s birthday", "Geburtstag {}", "面接 {}", "{}様 往診"],
)
def test_people(title: str) -> None:
    raw = calendar(*(title.format(name) for name in NAMES))
    cells = Text("1", raw, "content").cells
    assert len(records(cells, raw, fields=True).records) == len(NAMES)


@pytest.mark.parametrize("title", ["{}日", "定例会議 {}", "会議室{}", "創立記念日 {}", "birthday party {}"])
def test_nobody(title: str) -> None:
    assert not list(events(calendar(*(title.format(n) for n in range(4)))))


def test_what_stands_in_the_description() -> None:
    raw = calendar(*NAMES).replace("END:VEVENT", "DESCRIPTION:誕生日\nEND:VEVENT")
    assert len(list(events(raw))) == 1


def test_two_are_no_list() -> None:
    assert not list(events(calendar("桑原 由香 誕生日", "石田 美咲 誕生日")))
