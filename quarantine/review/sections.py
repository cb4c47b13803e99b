"""A month's figures in the words of a language: headings, rows and sentences, whatever form they are printed in. Pure."""

import datetime
from collections.abc import Mapping, Sequence

import msgspec

from config.cases import named
from config.words import known, say, when
from quarantine.review.flow import WAITS, Answers, Flow
from quarantine.review.month import MonthFigures

DIRECTIONS = ("outbound", "inbound")


class ReviewSection(msgspec.Struct, frozen=True):
    """A part of the report.

    rows    below `headings`; none: `empty` is said instead
    said    sentences behind the table
    bars    of rows whose last cells are numbers: the numbers, to be drawn as bars
    """

    title: str
    headings: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    empty: str = ""
    said: tuple[str, ...] = ()
    bars: tuple[int, ...] = ()


class MonthReview(msgspec.Struct, frozen=True):
    """The whole report in a language: a title, what stands first, and its parts."""

    language: str
    title: str
    first: tuple[str, ...]
    sections: tuple[ReviewSection, ...]


def review(found: MonthFigures, organisation: str, language: str) -> MonthReview:
    """The report of a month."""
    month = when(language, "month", datetime.datetime.fromisoformat(f"{found.month}-01"))
    examined = {way: f"{found.use.examined.get(way, 0):,}" for way in DIRECTIONS}
    return MonthReview(
        language,
        _word(language, "title", organisation=organisation, month=month),
        (_word(language, "examined", **examined),),
        (
            _days(found.flow, language),
            _ended(found.flow, language),
            _rules(found, language),
            _exceptions(found, language),
            _approvals(found, language),
            _ends(found, language),
            _answers(found, language),
            _log(found.flow, language),
        ),
    )


def _word(language: str, key: str, **values: object) -> str:
    return say(language, f"report.{key}", **values)


def _heads(language: str, *keys: str) -> tuple[str, ...]:
    return tuple(_word(language, key) for key in keys)


def _days(flow: Flow, language: str) -> ReviewSection:
    numbers = [tuple(each.get(way, 0) for way in DIRECTIONS) for each in flow.days.values()]
    return ReviewSection(
        _word(language, "days.title"),
        _heads(language, "days.day", "days.outbound", "days.inbound"),
        tuple((day, *(f"{n:,}" for n in each)) for day, each in zip(flow.days, numbers, strict=True)),
        _word(language, "days.none"),
        bars=tuple(sum(each) for each in numbers),
    )


def _ended(flow: Flow, language: str) -> ReviewSection:
    names = sorted({end for each in flow.ended.values() for end in each}, key=lambda end: (end == WAITS, end))
    rows = [
        (_word(language, f"ended.{end}"), *(f"{flow.ended.get(way, {}).get(end, 0):,}" for way in DIRECTIONS))
        for end in names
    ]
    in_line = [
        (_word(language, f"ended.{event}"), "-", f"{number:,}") if event == "pass" else
        (_word(language, f"ended.{event}"), f"{number:,}", "")
        for event, number in sorted(flow.in_line.items())
    ]  # fmt: skip
    return ReviewSection(
        _word(language, "ended.title"),
        _heads(language, "ended.how", "days.outbound", "days.inbound"),
        (*rows, *in_line),
        _word(language, "days.none"),
    )


def _rules(found: MonthFigures, language: str) -> ReviewSection:
    rows = [
        (u.rule, named(u.source, language) or "-", u.consequence, f"{u.mails:,}", u.last)
        for u in sorted(found.use.uses, key=lambda use: (-use.mails, use.rule, use.source))
    ]
    return ReviewSection(
        _word(language, "rules"),
        _heads(language, "rule", "source", "then", "mails", "last"),
        tuple(rows),
        _word(language, "rules_none"),
    )


def _exceptions(found: MonthFigures, language: str) -> ReviewSection:
    rows = [
        (
            named(e.name, language), e.rule, _word(language, f"standing.{e.standing.value}"), e.until, e.owner,
            e.approved_by, f"{e.used:,}",
        )
        for e in found.exceptions
    ]  # fmt: skip
    return ReviewSection(
        _word(language, "exceptions"),
        _heads(language, "exception", "rule", "state", "until", "owner", "approved_by", "used"),
        tuple(rows),
        _word(language, "exceptions_none"),
    )


def _approvals(found: MonthFigures, language: str) -> ReviewSection:
    rows = [
        (
            d.person,
            str(d.approved),
            str(d.denied),
            str(d.blind),
            took(d.seconds, language) if d.approved else "-",
        )
        for d in found.decisions
    ]
    said = []
    if found.approved:
        percent = round(100 * found.blind / found.approved)
        said = [
            _word(language, "approvals.rate", blind=found.blind, approved=found.approved, percent=percent)
        ]
    keys = ("person", "approved", "denied", "blind", "time")
    return ReviewSection(
        _word(language, "approvals.title"),
        _heads(language, *(f"approvals.{key}" for key in keys)),
        tuple(rows),
        _word(language, "approvals.none"),
        tuple(said),
    )


def _ends(found: MonthFigures, language: str) -> ReviewSection:
    rows = [(_word(language, f"ends.{event}"), f"{number:,}") for event, number in found.ends.items()]
    return ReviewSection(
        _word(language, "ends.title"),
        _heads(language, "ended.how", "mails"),
        tuple(rows),
        _word(language, "ends.none"),
    )


def _answers(found: MonthFigures, language: str) -> ReviewSection:
    kinds = {"approvals": found.approvals, "requests": found.flow.requests, "reports": found.flow.reports}
    rows = [
        (_word(language, f"answers.{kind}"), *_times(each, language))
        for kind, each in kinds.items()
        if each.number or each.unanswered
    ]
    said = [
        _word(
            language,
            "answers.verdict",
            verdict=known(language, f"console.verdict_{verdict}") or verdict,
            count=n,
        )
        for verdict, n in sorted(found.flow.verdicts.items())
    ]
    keys = ("what", "number", "median", "slowest", "unanswered")
    return ReviewSection(
        _word(language, "answers.title"),
        _heads(language, *(f"answers.{key}" for key in keys)),
        tuple(rows),
        _word(language, "answers.none"),
        tuple(said),
    )


def _times(each: Answers, language: str) -> Sequence[str]:
    if not each.number:
        return "0", "-", "-", f"{each.unanswered:,}"
    return (
        f"{each.number:,}",
        took(each.median, language),
        took(each.slowest, language),
        f"{each.unanswered:,}",
    )


def _log(flow: Flow, language: str) -> ReviewSection:
    rows = [(each.chain, f"{each.entries:,}", f"{each.missing:,}") for each in flow.chains]
    said = _word(language, "log.gap", count=flow.missing) if flow.missing else _word(language, "log.whole")
    return ReviewSection(
        _word(language, "log.title"),
        _heads(language, "log.chain", "log.entries", "log.missing"),
        tuple(rows),
        _word(language, "log.none"),
        (said,) if rows else (),
    )


_UNITS: Mapping[str, int] = {"days": 86_400, "hours": 3_600, "minutes": 60}


def took(seconds: float, language: str) -> str:
    """A time in the unit that fits, such as "3 h": from two of a unit on."""
    for unit, length in _UNITS.items():
        if seconds >= 2 * length:
            return _word(language, f"took.{unit}", count=round(seconds / length))
    return _word(language, "took.seconds", count=round(seconds))
