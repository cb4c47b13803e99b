"""Figures of a month for tests."""

from quarantine.policies.counts import Month, PolicyUse, Use
from quarantine.policies.exceptions import SeenException
from quarantine.review.flow import Answers, Continuity, Flow
from quarantine.review.month import MonthFigures
from quarantine.waits.attention import Decisions

FIGURES = MonthFigures(
    "2026-11",
    PolicyUse({"outbound": 4210}, (Use("many_external", "koyo", "observe", 14, "2026-11-30"),)),
    (
        SeenException(
            "many_external", "koyo", {"to": "koyo"}, "observe", "hanako", "seki", "r", "2026-11-20", -10,
            (Month("2026-11", 14, "2026-11-19"),),
        ),
    ),
    (Decisions("hanako", {}, 8, 1, 2, 21.4), Decisions("seki", {}, 0, 1, 0, 0.0)),
    {"due": 300, "deny": 2},
    Flow(
        {"2026-11-01": {"outbound": 10, "inbound": 40}, "2026-11-02": {"outbound": 5}},
        {"outbound": {"delivered": 1200, "recalled": 3, "waits": 1}, "inbound": {"discarded": 9}},
        {"pass": 800},
        Answers(4, 600.0, 90_000.0, 1),
        Answers(),
        {"harmless": 2, "dangerous": 1},
        (Continuity("node1", 2100, 0),),
    ),
    Answers(10, 3_600.0, 200_000.0),
)  # fmt: skip
NOTHING = MonthFigures(
    "2026-11", PolicyUse(), (), (), {}, Flow({}, {}, {}, Answers(), Answers(), {}, ()), Answers()
)
