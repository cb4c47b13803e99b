"""The pages, by subject; importing this package fills the table of pages. May open: what console/ may."""

from console.pages import (
    approvals,
    delegations,
    devices,
    door,
    exceptions,
    held_for_me,
    home,
    listings,
    on_hold,
    partners,
    people,
    quarantine,
    received,
    reports,
    review,
    trace,
)

__all__ = [
    "approvals",
    "delegations",
    "devices",
    "door",
    "exceptions",
    "held_for_me",
    "home",
    "listings",
    "on_hold",
    "partners",
    "people",
    "quarantine",
    "received",
    "reports",
    "review",
    "trace",
]
