"""A month's report in words, in each language."""

import msgspec
import pytest

from config.words import LANGUAGES, say
from quarantine.item import ItemEnd
from quarantine.policies.counts import PolicyUse
from quarantine.reported.reports import VERDICTS
from quarantine.review.flow import WAITS, Answers, Continuity, Flow
from quarantine.review.month import ENDS, MonthFigures
from quarantine.review.sections import review, took
from tests.quarantine.review.figures import FIGURES, NOTHING


@pytest.mark.parametrize("language", LANGUAGES)
def test_everything_that_can_be_told_has_words(language: str) -> None:
    ends = {end.value: 1 for end in ItemEnd} | {WAITS: 1}
    flow = Flow(
        {"2026-11-01": {"outbound": 1}}, {"outbound": ends, "inbound": ends},
        {"pass": 1, "refuse": 1, "next_hop_refused": 1}, Answers(1, 5.0, 5.0), Answers(1, 5.0, 5.0),
        dict.fromkeys(VERDICTS, 2), (Continuity("node1", 5, 0),),
    )  # fmt: skip
    found = MonthFigures(
        "2026-11", PolicyUse(), (), (), {e.value: 1 for e in ENDS}, flow, Answers(1, 5.0, 5.0)
    )
    told = review(found, "Hinode", language)
    for section in told.sections:
        assert all(len(row) == len(section.headings) for row in section.rows), section.title
    ended = next(s for s in told.sections if s.title == say(language, "report.ended.title"))
    assert len(ended.rows) == len(ends) + 3
    assert ended.rows[len(ends) - 1][0] == say(language, "report.ended.waits"), "what waits stands last"


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_said_as_nothing(language: str) -> None:
    for section in review(NOTHING, "Hinode", language).sections:
        assert section.rows == ()
        assert section.empty
        assert section.said == ()


def test_a_log_with_a_gap_says_so() -> None:
    flow = msgspec.structs.replace(
        FIGURES.flow, chains=(Continuity("node1", 8, 2), Continuity("node2", 5, 0))
    )
    (log,) = review(msgspec.structs.replace(FIGURES, flow=flow), "Hinode", "en").sections[-1:]
    assert log.said == ("2 entries are missing: say sekisho journal verify, and open an incident.",)
    (log,) = review(FIGURES, "Hinode", "en").sections[-1:]
    assert log.said[0].startswith("No entry is missing.")


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(0.4, "0 s"), (119, "119 s"), (120, "2 min"), (7_199, "120 min"), (7_200, "2 h"), (172_800, "2 days")],
)
def test_times_are_told_in_the_unit_that_fits(seconds: float, said: str) -> None:
    assert took(seconds, "en") == said
